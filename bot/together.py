"""Cases that several people report: merged, split again, rated by the majority; each person is told privately."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot import casework
from flows.complaint import texts
from flows.complaint.rules import scrubbed
from flows.domain.case import ALIVE, Action, Case
from flows.domain.interest import covered
from flows.domain.similar import verdict
from flows.effects import (
    CardKey,
    Effect,
    Join,
    KeepFrom,
    Lane,
    Leave,
    Notice,
    Option,
    Part,
    Privately,
    Say,
    ShowCase,
    Vote,
)
from flows.errors import NotAllowed
from storage import bars, cases, parties
from storage.parties import Party

if TYPE_CHECKING:
    from bot.effects import Here
    from bot.world import World

Rule = Callable[[Connection, "World", "Here", Case, Mapping[str, Any]], list[Effect]]


def held(conn: Connection, case_id: int, action: Action, data: Mapping[str, Any]) -> list[int]:
    """The cases an action holds, in the order they are locked in: two merges at once never wait for each other."""
    return sorted({case_id, _into(conn, data)}) if action is Action.MERGE else [case_id]


def _into(conn: Connection, data: Mapping[str, Any]) -> int:
    """The case that is merged with, or the one that goes on for it."""
    into = int(data["into"]) if data.get("into") else _numbered(conn, data)
    return parties.chain(conn, into)[-1]


def _merge(conn: Connection, world: World, here: Here, case: Case, data: Mapping[str, Any]) -> list[Effect]:
    """The younger case goes on within the older one, whose clock runs on."""
    into = _into(conn, data)
    cases.lock(conn, into)  # held already, unless it went on within another while we waited
    other = cases.load(conn, into)
    if other.id == case.id:
        raise NotAllowed("这两件已经合在一起了。")
    opening = bool(data.get("opening"))
    younger, older = (case, other) if opening or case.id > other.id else (other, case)
    if younger.status not in ALIVE or older.status not in ALIVE:
        raise NotAllowed("其中一件已经办完了，合不了。")
    if not _near(conn, world, younger, older):
        raise NotAllowed("这两件不在一个网格，合不了。")
    coming = parties.of_case(conn, younger.id)
    told = casework.decided(conn, world, here, younger, Action.MERGE, {"into": older.id})
    if not covered(bars.of_case(conn, younger.id), bars.of_case(conn, older.id)):  # said only to who may see it
        raise NotAllowed(texts.KEPT_APART)
    if opening:  # it never had a card; its reporter has a receipt
        told = [e for e in told if not (isinstance(e, Say) and e.card == CardKey("case", younger.id))]
    joined = [Join(older.id, p.person, p.via or younger.id) for p in coming]
    return [*told, *joined, *([] if opening else _told_merged(conn, world, younger, older, coming)), ShowCase(older.id)]


def _numbered(conn: Connection, data: Mapping[str, Any]) -> int:
    """The case of a number somebody wrote."""
    number = str(data.get("number") or data.get("note") or "").strip()
    found = cases.by_number(conn, number)
    if found is None:
        raise NotAllowed(texts.NO_SUCH_NUMBER.format(number=number))
    return found


def _meant(conn: Connection, case: Case, data: Mapping[str, Any]) -> Case:
    """The merged case that is to be split off: this one, the one of the number, or the only one there is."""
    within = parties.merged_in(conn, case.id)
    if data.get("number") or data.get("note"):
        chosen = _numbered(conn, data)
        if case.id not in parties.chain(conn, chosen)[1:]:
            raise NotAllowed(texts.NOT_TOGETHER)
        return cases.load(conn, chosen)
    if case.merged_into is not None:
        return case
    if not within:
        raise NotAllowed(texts.NOT_TOGETHER)
    if len(within) > 1:
        numbers = "、".join(cases.load(conn, one).number for one in within)
        raise NotAllowed(texts.SPLIT_WHICH.format(numbers=numbers))
    return cases.load(conn, within[0])


def _step_aside(conn: Connection, world: World, here: Here, case: Case, data: Mapping[str, Any]) -> list[Effect]:
    """Somebody declares an interest: from now on it is kept from them, and who is told is told elsewhere."""
    if here.staff is None:
        raise NotAllowed("回避由工作人员自己申报。")
    told = casework.decided(conn, world, here, case, Action.STEP_ASIDE, data)
    return [KeepFrom(case.id, here.staff.id), *told]


def _near(conn: Connection, world: World, one: Case, other: Case) -> bool:
    places = world.known(conn).places
    if one.area is None or other.area is None:
        return False
    return places.inside(one.area, other.area) or places.inside(other.area, one.area)


def _told_merged(conn: Connection, world: World, younger: Case, older: Case, coming: Sequence[Party]) -> list[Effect]:
    title = casework.title_of(world, younger.service)
    said: list[Effect] = [Notice(texts.MERGED_NOTICE.format(number=older.number))]
    numbers = parties.numbers(conn, coming)
    for p in coming:
        text = texts.MERGED_INTO.format(number=numbers.get(p.person, younger.number), title=title)
        own = {"case": p.via or younger.id}
        said.append(
            Say(
                text,
                to=Privately(p.person),
                options=((Option("不是同一件事", "case.split", own),),),
                lane=Lane.PUSH,
                neutral="",
            )
        )
    return said


def _split(conn: Connection, world: World, here: Here, case: Case, data: Mapping[str, Any]) -> list[Effect]:
    """A merged case stands for itself again, with the clock it had; those who came with it go with it."""
    case = _meant(conn, case, data)
    chain = parties.chain(conn, case.id)
    own = parties.of_case(conn, case.id)
    via = (case.id, *(p.via for p in own if p.via))
    told = casework.decided(conn, world, here, case, Action.SPLIT, data)
    numbers = parties.numbers(conn, own)
    title = casework.title_of(world, case.service)
    said = [
        Say(texts.SPLIT_OFF.format(number=numbers.get(p.person, case.number), title=title), to=Privately(p.person))
        for p in own
    ]
    return [Part(tuple(chain[1:]), via), ShowCase(chain[-1]), *told, *said]


def _rate(conn: Connection, world: World, here: Here, case: Case, data: Mapping[str, Any]) -> list[Effect]:
    """One of several says what the result is worth; the majority of those who answer decides."""
    votes = _votes(conn, case)
    person = here.person
    if len(votes) < 2 or person not in votes:
        return casework.decided(conn, world, here, case, Action.RATE, data)
    return _voted(conn, world, here, case, int(data["rating"]))


def _reopen(conn: Connection, world: World, here: Here, case: Case, data: Mapping[str, Any]) -> list[Effect]:
    votes = _votes(conn, case)
    if len(votes) < 2 or here.person not in votes:
        return [*casework.decided(conn, world, here, case, Action.REOPEN, data), Vote(case.id, None, None)]
    return _voted(conn, world, here, case, 1)


def _voted(conn: Connection, world: World, here: Here, case: Case, rating: int) -> list[Effect]:
    assert here.person is not None
    votes = _votes(conn, case) | {here.person: rating}
    casework.permitted(conn, world, here, case, Action.RATE)
    kept: list[Effect] = [Vote(case.id, here.person, rating)]
    match verdict(votes):
        case "close":
            told = casework.decided(conn, world, here, case, Action.RATE, {"rating": _mean(votes), "final": True})
            others = [p for p in votes if p != here.person]
            return [*kept, *told, *_told_all(conn, world, case, others, texts.CLOSED_BY_MOST)]
        case "reopen":
            told = casework.decided(conn, world, here, case, Action.REOPEN, {})
            others = [p for p in votes if p != here.person]
            return [
                *kept,
                *told,
                Vote(case.id, None, None),
                *_told_all(conn, world, case, others, texts.REOPENED_BY_MOST),
            ]
    return [*kept, Say(texts.VOTED.format(people=len(votes)), to=Privately(here.person))]


def _lapse(conn: Connection, world: World, here: Here, case: Case, data: Mapping[str, Any]) -> list[Effect]:
    """Time is over: closed, unless most of those who answered say that it is not solved."""
    votes = _votes(conn, case)
    if len(votes) < 2 or verdict(votes, over=True) == "close":
        return casework.decided(conn, world, here, case, Action.LAPSE, data)
    unhappy = next(p for p, vote in votes.items() if vote is not None and vote < 3)
    again = casework.decided(
        conn, world, replace(here, actor=f"person:{unhappy}", person=unhappy), case, Action.REOPEN, {}
    )
    return [*again, Vote(case.id, None, None), *_told_all(conn, world, case, list(votes), texts.REOPENED_BY_MOST)]


def _withdraw(conn: Connection, world: World, here: Here, case: Case, data: Mapping[str, Any]) -> list[Effect]:
    """Who withdraws takes back the own report only; the case goes on as long as anybody reports it."""
    own = parties.of_case(conn, case.id)
    chain = parties.chain(conn, case.id)
    if len(chain) > 1:
        told = casework.decided(conn, world, here, case, Action.WITHDRAW, data)
        told = [e for e in told if not (isinstance(e, Say) and e.card)]
        via = (case.id, *(p.via for p in own if p.via))
        return [Part(tuple(chain[1:]), via), *told, ShowCase(chain[-1])]
    if len(own) < 2 or here.person is None:
        return casework.decided(conn, world, here, case, Action.WITHDRAW, data)
    casework.permitted(conn, world, here, case, Action.WITHDRAW)
    return [Leave(case.id, here.person), Say(texts.LEFT), ShowCase(case.id)]


def _told_all(conn: Connection, world: World, case: Case, people: Sequence[int], text: str) -> list[Effect]:
    numbers = parties.numbers(conn, parties.of_case(conn, case.id))
    title = casework.title_of(world, case.service)
    return [
        Say(text.format(number=numbers.get(p, case.number), title=title), to=Privately(p), lane=Lane.PUSH, neutral="")
        for p in people
    ]


def _votes(conn: Connection, case: Case) -> dict[int, int | None]:
    return {p.person: p.rating for p in parties.of_case(conn, case.id)}


def _mean(votes: Mapping[int, int | None]) -> int:
    given = [v for v in votes.values() if v is not None]
    return round(sum(given) / len(given))


def each_own(effects: Sequence[Effect], case: Case, numbers: Mapping[int, str]) -> list[Effect]:
    """What is told to the parties, with the number each of them knows."""
    return [
        replace(e, text=e.text.replace(case.number, numbers[e.to.person]))
        if isinstance(e, Say) and isinstance(e.to, Privately) and e.to.person in numbers
        else e
        for e in effects
    ]


def for_all(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What staff write about a case of several: nothing in it may tell one of them of another."""
    return {**data, "note": scrubbed(str(data["note"]))} if data.get("note") else data


RULES: dict[Action, Rule] = {
    Action.MERGE: _merge,
    Action.SPLIT: _split,
    Action.STEP_ASIDE: _step_aside,
    Action.RATE: _rate,
    Action.REOPEN: _reopen,
    Action.LAPSE: _lapse,
    Action.WITHDRAW: _withdraw,
}
