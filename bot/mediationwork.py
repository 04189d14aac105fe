"""A mediation in the shell: who joins it, its people as they stand; decided by flows/mediation/desk.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot import casework
from bot.world import World
from flows import effects as fx
from flows import refusals
from flows.complaint.rules import scrubbed
from flows.domain.mediation import SIDES, Event, Mediation, Part, Step, check
from flows.errors import NotAllowed
from flows.mediation import desk, texts
from flows.mediation.around import Around, invitation, options
from flows.mediation.clock import CLOCK
from nlu.late import regex
from nlu.normalize import aligned
from storage import alerts, cases, codes, community, guesses, mediations, people, personal, sequence

if TYPE_CHECKING:
    from bot.effects import Here
    from bot.turn import Scene

INVITED = timedelta(days=14)
CODE = regex(r"(邀请码)?[\s:：]*(\d{10})")
ASKS_MORE = {"propose", "record", "plan", "offer_hand_over", "write"}
OWN_DESK = frozenset({"community_staff", "duty_leader", "supervisor", "administrator"})


def write(conn: Connection, world: World, here: Here, effect: fx.MediationEffect) -> list[fx.Effect]:
    """Write one effect about a mediation; what follows from it."""
    match effect:
        case fx.OpenMediation():
            return _open(conn, world, here, effect)
        case fx.ActOnMediation(id, action, data):
            return _act(conn, world, here, id, action, data)
        case fx.ChangeMediation(id, version, step, actor, data, written):
            before = mediations.load(conn, id)
            if before.version != version:
                raise cases.Overtaken(before.number)
            mediations.append(conn, before, Event(version + 1, step, here.now, actor, data), written)
    return []


# -- beginning --------------------------------------------------------------------------------------------------------


def _open(conn: Connection, world: World, here: Here, effect: fx.OpenMediation) -> list[fx.Effect]:
    own = effect.sides["a"][0] is not None
    opener = None if own or here.staff is None else here.staff.id
    if not own and (here.staff is None or not _covers(conn, world, here.staff, effect.area)):
        raise NotAllowed(texts.OTHERS_AREA)
    day = here.now.astimezone(casework.zone(conn, world, effect.area)).strftime("%y%m%d")
    case = cases.by_number(conn, effect.case) if effect.case else None
    if effect.case and case is None:
        raise NotAllowed(texts.NO_CASE)
    made = mediations.open_mediation(
        conn,
        data={
            "number": f"T{day}-{sequence.next_number(conn, f'T{day}')}",
            "kind": effect.kind,
            "area": effect.area,
            "case": case,
            "opener": opener,
        },
        parties=effect.sides,
        intake=effect.intake,
        actor=here.actor,
        now=here.now,
    )
    plain = {side: _code(conn, made.id, side, here.now) for side in SIDES if effect.sides.get(side, (None,))[0] is None}
    lapse = fx.Schedule(
        "mediation.lapse", f"mediation.{made.id}.lapse", here.now + INVITED, {"mediation": made.id, "area": made.area}
    )
    if own:
        said = texts.OPENED.format(number=made.number, code=plain["b"])
        row = options(made, here.person, (texts.WITHDRAW, "withdraw"))
        yes = fx.ActOnMediation(made.id, "consent", {"quiet": True})
        return [fx.Say(said, options=(row,)), lapse, yes]
    said = texts.OPENED_STAFF.format(number=made.number, code_a=plain["a"], code_b=plain["b"])
    if here.chat and here.chat.kind == "private":
        return [fx.Say(said), lapse]
    assert here.staff and here.person  # the codes are for the one who hands them on, not for the whole work group
    return [fx.Say(texts.OPENED_HERE.format(number=made.number)), fx.Say(said, to=fx.Privately(here.person)), lapse]


def of_case(conn: Connection, world: World, here: Here, case_id: int) -> fx.BeginFlow:
    """A mediation is asked for from the card of a case: what is known of it is not asked again."""
    case = cases.load(conn, case_id)
    if here.staff is None or case.area is None or not _covers(conn, world, here.staff, case.area):
        raise NotAllowed(texts.OTHERS_AREA)
    given = {"area": str(case.area), "case": case.number, "words": scrubbed(case.description)[:1000]}
    return fx.BeginFlow("mediation_register", given)


def _code(conn: Connection, id: int, side: str, now: datetime) -> str:
    return codes.issue(
        conn, kind="party", subject={"mediation": id, "side": side}, now=now, lifetime=INVITED, digits=10
    )


def _covers(conn: Connection, world: World, staff: people.Staff, area: int) -> bool:
    places = world.known(conn).places
    return any(r.role in casework.GRID | OWN_DESK and places.inside(area, r.area) for r in staff.roles)


def invited(scene: Scene, text: str) -> list[fx.Effect] | None:
    """Somebody sent the one-time code of a side; None: it is no such code."""
    found = CODE.fullmatch(aligned(text).strip())
    if found is None or not scene.said.private:
        return None
    if not guesses.allowed(scene.conn, scene.person.id, scene.now):
        return [fx.Say(refusals.TOO_MANY_GUESSES)]
    row = codes.find(scene.conn, found[2], kind="party", now=scene.now)
    if row is None:
        guesses.missed(scene.conn, scene.person.id, scene.now)
        return [fx.Say(texts.CODE_WRONG)] if found[1] else None
    id, side = int(row.subject["mediation"]), str(row.subject["side"])
    if not mediations.join(scene.conn, id, side, scene.person.id):
        return [fx.Say(texts.CODE_OWN)]
    codes.use(scene.conn, row.id, scene.now)
    return [invitation(mediations.load(scene.conn, id), scene.person.id)]


# -- going on ---------------------------------------------------------------------------------------------------------


def may(conn: Connection, world: World, here: Here, id: int, step: str) -> None:
    """Raises NotAllowed before anything is asked of somebody who may not do it anyhow."""
    m = mediations.load(conn, id)
    around = _around(conn, world, here, m)
    if step == "write":
        if not around.side:
            raise NotAllowed("这件调解不归您管。")
        return
    check(m, Step(step), around.parts, around.side)


def _act(conn: Connection, world: World, here: Here, id: int, action: str, data: Mapping[str, Any]) -> list[fx.Effect]:
    m = mediations.load(conn, id)
    around = _around(conn, world, here, m)
    if action == "write":
        return _write(conn, m, around, str(data.get("words", "")))
    if action in CLOCK:
        return list(CLOCK[action](m, around))
    if action == Step.OFFER_HAND_OVER:
        data = {**data, "office": _office(conn, m.area, str(data.get("office", "")))}
    if action == Step.RECORD:
        around = replace(around, agreement=str(data.get("words", "")))
    effects = desk.act(m, Step(action), _after(here, around, action), data)
    if data.get("quiet"):  # consent given with the request itself needs no answer
        effects = tuple(e for e in effects if not isinstance(e, fx.Say))
    return list(effects)


def _after(here: Here, around: Around, action: str) -> Around:
    """The people as they stand after the step: who has just taken it, who is left when somebody steps aside."""
    if action == Step.TAKE and here.staff:
        return replace(around, mediator=(here.staff.person, here.staff.name))
    if action == Step.RECUSE and here.staff:
        return replace(around, candidates=tuple(p for p in around.candidates if p != here.staff.person))
    if action == Step.OBJECT:
        return replace(around, candidates=tuple(p for p in around.candidates if p != around.mediator[0]))
    return around


def _write(conn: Connection, m: Mediation, around: Around, words: str) -> list[fx.Effect]:
    """What a side wants the mediator to know: kept, and shown to the mediator who has it."""
    if not around.side:
        raise NotAllowed("这件调解不归您管。")
    mediations.tell(conn, m.id, around.side, words)
    told: list[fx.Effect] = [fx.Say(texts.TOLD)]
    if around.mediator[0]:
        line = texts.WORDS_OF.format(side=f"{m.number} {texts.SIDES[around.side]}", words=words)
        told.append(fx.Say(line, to=fx.Privately(around.mediator[0]), lane=fx.Lane.PUSH))
    return told


def _around(conn: Connection, world: World, here: Here, m: Mediation) -> Around:
    persons = mediations.parties(conn, m.id)
    side = next((s for s, p in persons.items() if p is not None and p == here.person), "") if here.person else ""
    staff = None if side else here.staff  # who is a side is nothing else to it
    written = mediations.written(conn, m.id)
    mediator = people.staff_by_id(conn, [m.mediator]) if m.mediator else []
    opener = people.staff_by_id(conn, [m.opener]) if m.opener else []
    candidates = _candidates(conn, m, persons)
    office = _office_staff(conn, m.area, m.offered or m.office)
    return Around(
        now=here.now,
        zone=casework.zone(conn, world, m.area),
        area=world.known(conn).places.label(m.area),
        community=world.known(conn).places.above(m.area, "community") or m.area,
        actor=f"staff:{staff.id}" if staff else here.actor,
        parts=_parts(conn, world, here, m, side, staff, candidates, office),
        side=side,
        persons=persons,
        names=_names(conn, world, persons),
        mediator=(mediator[0].person, mediator[0].name) if mediator else (None, ""),
        candidates=tuple(dict.fromkeys(person for _, person in candidates)),
        office=tuple(person for _, person in office),
        opener=opener[0].person if opener else None,
        place=written.place,
        agreement=written.agreement,
        words={"": written.intake, **written.sides},
    )


def _names(conn: Connection, world: World, persons: Mapping[str, int | None]) -> dict[str, str]:
    """Who the sides are: name and building, as far as known; the desk says it to mediators when both have agreed."""
    places = world.known(conn).places
    found = {}
    for side, person in persons.items():
        lives = people.area_of_person(conn, person) if person else None
        name = personal.read(conn, person).get("name", "") if person else ""
        known = lives is not None and lives in places and places.place(lives).level == "building"
        where = places.label(lives) if lives is not None and known else ""
        found[side] = f"{name}（{where}）" if name and where else name or where
    return found


def _parts(
    conn: Connection,
    world: World,
    here: Here,
    m: Mediation,
    side: str,
    staff: people.Staff | None,
    candidates: list[tuple[int, int]],
    office: list[tuple[int, int]],
) -> frozenset[Part]:
    if here.actor == "clock":
        return frozenset({Part.CLOCK})
    if side:
        return frozenset({Part.SIDE})
    if staff is None:
        return frozenset()
    found = set()
    if staff.id == m.mediator:
        found.add(Part.MEDIATOR)
    if not m.office and staff.id in {id for id, _ in candidates}:
        found.add(Part.CANDIDATE)
    if m.office and staff.id in {id for id, _ in office}:
        found.add(Part.OFFICE)
    places = world.known(conn).places
    held = [r for r in staff.roles if r.role in OWN_DESK and places.inside(m.area, r.area)]
    if held or staff.id == m.opener:
        found.add(Part.DESK)
    if any(r.area in places and places.place(r.area).level in ("subdistrict", "city") for r in held):
        found.add(Part.SUBDISTRICT)
    return frozenset(found)


def _candidates(conn: Connection, m: Mediation, persons: Mapping[str, int | None]) -> list[tuple[int, int]]:
    """The mediators to ask: of the nearest area and of the field, neither a side nor stepped aside; staff, person."""
    found = [
        h
        for h in alerts.holders_at(conn, m.area, ("mediator",))
        if h.person and h.staff not in m.recused and h.person not in persons.values()
    ]
    fitting = [h for h in found if h.department in (None, texts.KINDS[m.kind])]
    nearest = [h for h in fitting if h.area == fitting[0].area]
    special = [h for h in nearest if h.department]
    return [(h.staff, h.person) for h in special or nearest if h.person]


def _office(conn: Connection, area: int, word: str) -> str:
    """The office of this place that is meant by 派出所 or 司法所."""
    known = [str(d["name"]) for d in community.options(conn, area).get("departments", ())]
    found = next((name for name in known if word and name.endswith(word)), "")
    if not found:
        raise NotAllowed(f"这里还没有登记{word}，请先打电话联系。")
    return found


def _office_staff(conn: Connection, area: int, name: str) -> list[tuple[int, int]]:
    if not name:
        return []
    found = alerts.holders_at(conn, area, ("department",))
    return [(h.staff, h.person) for h in found if h.department == name and h.person]
