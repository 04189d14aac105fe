"""双报到, the lists of needs, posts and resources, what one promised, and asking for a volunteer's help."""

from __future__ import annotations

from datetime import datetime, time

from flows.domain.volunteering import SKILLS, named
from flows.effects import Consent, Effect, Option, Say
from flows.effects.volunteers import ActOnNeed, OfferOneself, OpenNeed
from flows.errors import Unclear
from flows.facts import Query
from flows.flow import Answers, Ask, Choice, Flow, Outcome, State, Turn, start
from flows.volunteer import moments, need_desk
from flows.volunteer import need_texts as said
from flows.volunteer import organise_texts as asked
from flows.volunteer.organise import area, optional, organise, several, where
from flows.volunteer.register import TEXT_VERSION
from flows.when import HOURS, coming

SHOWN = 8
PARTS = {"中午": time(12), "下午": time(14), "晚上": time(19), "傍晚": time(18)}


def report_in(state: State, turn: Turn) -> Outcome | Query:
    if turn.facts.community is None and not turn.facts.communities:
        return Outcome(state, (Say(said.NO_COMMUNITY),))
    return start(REPORT_IN, turn, state)


def community_needs(state: State, turn: Turn) -> Outcome | Query:
    """What can be promised here, each with its button; whoever is of no community yet reports in first."""
    rows = [n for n in turn.facts.volunteering.needs if n.state == "open" and n.kind in said.KINDS]
    if not rows and turn.facts.community is None and turn.facts.communities:
        begun = report_in(state, turn)
        return begun.after(Say(said.NEEDS_WHERE)) if isinstance(begun, Outcome) else begun
    if not rows:
        return Outcome(state, (Say(said.NO_NEEDS),))
    lines = [
        said.LINE.format(number=i, kind=said.KINDS[n.kind], title=n.title, about=said.more(n.about))
        for i, n in enumerate(rows[:SHOWN], 1)
    ]
    options = tuple(
        (Option(said.PROMISE.format(number=i), "need.promise", {"need": n.id}),) for i, n in enumerate(rows[:SHOWN], 1)
    )
    return Outcome(state, (Say("\n".join([said.NEEDS, *lines]), options=options),))


def community_resources(state: State, turn: Turn) -> Outcome:
    rows = turn.facts.volunteering.resources
    lines = "\n".join(f"· {unit}：{offer or said.ANYTHING}" for unit, offer in rows)
    return Outcome(state, (Say(said.RESOURCES.format(lines=lines) if rows else said.NO_RESOURCES),))


def my_promises(state: State, turn: Turn) -> Outcome:
    """What the person promised, and asked for, with what can be done with each."""
    known = turn.facts.volunteering.needs
    mine = [n for n in known if n.promised and n.state == "promised"]
    effects: list[Effect] = [Say(said.MINE.format(title=n.title), options=(need_desk.own_steps(n.id),)) for n in mine]
    for n in known:
        if n.asked and n.state in ("open", "promised"):
            stop = Option(said.NO_MORE, "need.withdraw", {"need": n.id})
            effects.append(Say(said.ASKED.format(title=n.title, state=said.STATES[n.state]), options=((stop,),)))
    return Outcome(state, tuple(effects) or (Say(said.NOTHING_MINE),))


def ask_volunteer(state: State, turn: Turn) -> Outcome | Query:
    if turn.facts.community is None and not turn.facts.communities:
        return Outcome(state, (Say(said.NO_COMMUNITY),))
    return start(HELP, turn, state)


def open_need(state: State, turn: Turn) -> Outcome | Query:
    return start(NEED, turn, state) if turn.facts.volunteering.organises else organise(state, turn)


# -- 双报到 -----------------------------------------------------------------------------------------------------------


def _words(turn: Turn, answers: Answers) -> str:
    text = " ".join(turn.said.text.split())
    if not 2 <= len(text) <= 60:
        raise Unclear(asked.BAD_LINE.format(longest=60))
    return text


def _maybe(turn: Turn, answers: Answers) -> str:
    return optional(turn, 200)


def _places(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(id), name) for id, name in turn.facts.communities[:20])


def _nowhere(answers: Answers, turn: Turn) -> bool:
    return turn.facts.community is None


def _community(answers: Answers, turn: Turn) -> int:
    return int(answers["place"]) if "place" in answers else turn.facts.community or 0


def _reported(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    me = turn.person
    here = OfferOneself(me, _community(answers, turn), str(answers["unit"]), str(answers["offer"]))
    return (Consent(me, "check_in", TEXT_VERSION), here, Say(said.REPORTED))


def _report(answers: Answers, turn: Turn) -> str:
    return said.REPORT_SUMMARY.format(unit=answers["unit"], offer=answers["offer"] or said.ANYTHING)


REPORT_IN = Flow(
    name="volunteer_report_in",
    title="双报到",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(
        Ask("place", said.WHERE, choices=_places, when=_nowhere, name="社区"),
        Ask("unit", said.UNIT, parse=_words, name="单位", free=True),
        Ask("offer", said.OFFER, parse=_maybe, name="资源", free=True),
    ),
    confirm=_report,
    finish=_reported,
)


# -- a need or post of the community ----------------------------------------------------------------------------------

KINDS = (Choice("need", "需求"), Choice("post", "岗位"))


def _need(answers: Answers, turn: Turn) -> str:
    kind = said.KINDS[str(answers["kind"])]
    return asked.NEED_SUMMARY.format(kind=kind, title=answers["title"], about=answers["about"] or "（没有别的交代）")


def _need_opened(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    if not turn.facts.volunteering.organises:
        return (Say(asked.NOT_AN_ORGANISER),)
    made = OpenNeed(str(answers["kind"]), area(answers, turn), str(answers["title"]), str(answers["about"]))
    return (made, Say(asked.NEED_OPENED))


NEED = Flow(
    name="volunteer_need",
    title="发布需求",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(
        Ask("area", asked.AREA, choices=where, when=several, name="社区"),
        Ask("kind", asked.KIND, choices=lambda a, t: KINDS, name="种类"),
        Ask("title", asked.NEED_TITLE, parse=_words, name="内容", free=True),
        Ask("about", asked.NEED_ABOUT, parse=_maybe, name="说明", free=True),
    ),
    confirm=_need,
    finish=_need_opened,
)


def _minutes(turn: Turn, answers: Answers) -> int:
    return moments.minutes(turn.said.text)


DONE = Flow(
    name="volunteer_done",
    title="",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(Ask("minutes", said.HOW_LONG, parse=_minutes),),
    finish=lambda a, t: (ActOnNeed(int(a["need"]), "done", int(a["minutes"])),),
)


# -- a neighbour asks -------------------------------------------------------------------------------------------------


def _skills(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    listed = (Choice(key, label, words) for key, (label, words) in SKILLS.items() if key in said.ASKABLE)
    return (*listed, Choice("", said.OTHER, ("别的", "都不是")))


def _skill_said(turn: Turn, answers: Answers) -> str | None:
    found = [key for key in named(turn.said.understood.plain, SKILLS) if key in said.ASKABLE]
    return found[0] if len(found) == 1 else None


def _when(turn: Turn, answers: Answers) -> str:
    """The day and part of day meant, as an instant; raises Unclear."""
    now = turn.now.astimezone(turn.zone)
    found = coming(turn.said.understood.plain, now, ask=said.BAD_WHEN)
    if found.start is None:
        raise Unclear(said.BAD_WHEN)
    at = found.start
    if found.grain not in HOURS:
        at = datetime.combine(at.date(), PARTS.get(found.part, time(9)), turn.zone)
    if at <= now:
        raise Unclear(said.PAST)
    return at.isoformat()


def _help(answers: Answers, turn: Turn) -> str:
    at = datetime.fromisoformat(str(answers["when"])).astimezone(turn.zone)
    return said.HELP_SUMMARY.format(
        what=_title(answers), when=said.moment(at), address=answers["address"], note=answers["note"] or "没有"
    )


def _title(answers: Answers) -> str:
    key = str(answers["skill"])
    return SKILLS[key][0] if key in SKILLS else said.OTHER_TITLE


def _helped(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    made = OpenNeed(
        "help",
        area=(turn.facts.area or _community(answers, turn)) if "place" not in answers else _community(answers, turn),
        title=_title(answers),
        about=str(answers["note"]),
        skill=str(answers["skill"]),
        asker=turn.person,
        wanted_at=datetime.fromisoformat(str(answers["when"])),
        address=str(answers["address"]),
        receipt=said.ASKING,
    )
    return (Consent(turn.person, "volunteer_help", TEXT_VERSION), made)


HELP = Flow(
    name="volunteer_help",
    title="找志愿者帮忙",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(
        Ask("place", said.WHERE, choices=_places, when=_nowhere, name="社区"),
        Ask("skill", said.WHAT, choices=_skills, fill=_skill_said, name="帮什么"),
        Ask("when", said.WHEN, parse=_when, name="时间"),
        Ask("address", said.ADDRESS, parse=_words, name="地址", free=True),
        Ask("note", said.NOTE, parse=_maybe, name="交代", free=True),
    ),
    confirm=_help,
    finish=_helped,
)
FLOWS = (REPORT_IN, NEED, DONE, HELP)
ENTRIES = {
    "report_in": report_in,
    "community_needs": community_needs,
    "community_resources": community_resources,
    "my_promises": my_promises,
    "ask_volunteer": ask_volunteer,
    "open_need": open_need,
    "organise": organise,
}
