"""Teams of volunteers: which there are, joining one, leaving it, who is in those one leads."""

from __future__ import annotations

from flows.effects import Effect, Option, Say
from flows.effects.volunteers import JoinTeam, LeaveTeam
from flows.errors import Unclear
from flows.facts import Query
from flows.flow import Answers, Ask, Choice, Flow, Outcome, State, Turn, start
from flows.volunteer import own
from flows.volunteer import team_texts as said
from flows.volunteer_facts import TeamView
from nlu.normalize import plain

SHOWN = 9


def join_team(state: State, turn: Turn) -> Outcome | Query:
    """To be in a team, somebody has to be known by a name."""
    known = turn.facts.volunteering
    if not known.teams:
        return Outcome(state, (Say(said.NONE),))
    if not _open(turn):
        return Outcome(state, (Say(said.ALL_MINE),))
    if known.me is None:
        return Outcome(state, (Say(said.REGISTER_FIRST, options=own.REGISTER_NOW),))
    return start(JOIN, turn, state)


def my_teams(state: State, turn: Turn) -> Outcome:
    """Those one belongs to, and those one leads with everybody in them."""
    known = turn.facts.volunteering
    parts = [said.LED.format(name=t.name, count=t.members, names=_names(t.people)) for t in _led(turn)]
    mine = [t for t in known.teams if t.mine]
    parts += [said.MINE.format(name=t.name, leader=t.leader_name, about=said.about(t.about)) for t in mine]
    others = [said.LINE.format(name=t.name, count=t.members, about=said.about(t.about)) for t in _open(turn)[:SHOWN]]
    if others:
        parts.append("\n".join([said.OTHERS, *others]))
    join = Option(said.JOIN, "begin", {"flow": "volunteer", "intent": "join_team"})
    return Outcome(state, (Say("\n".join(parts) or said.NONE, options=((join,),) if others else ()),))


def leave_team(state: State, turn: Turn) -> Outcome | Query:
    if not any(t.mine for t in turn.facts.volunteering.teams):
        return Outcome(state, (Say(said.NOT_IN_ANY),))
    return start(LEAVE, turn, state)


def _led(turn: Turn) -> tuple[TeamView, ...]:
    known = turn.facts.volunteering
    return tuple(t for t in known.teams if known.staff is not None and t.leader == known.staff)


def _names(names: tuple[str, ...]) -> str:
    return "、".join(names) if names else said.NOBODY


def _open(turn: Turn) -> tuple[TeamView, ...]:
    return tuple(t for t in turn.facts.volunteering.teams if not t.mine)


def _choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(t.id), t.name) for t in _open(turn)[:SHOWN])


def _mine(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(t.id), t.name) for t in turn.facts.volunteering.teams if t.mine)


def _named(teams: tuple[TeamView, ...], turn: Turn) -> str | None:
    """The team a sentence names."""
    found = [t for t in teams if plain(t.name) in turn.said.understood.plain]
    return str(found[0].id) if len(found) == 1 else None


def _meant(turn: Turn, answers: Answers) -> str | None:
    return _named(_open(turn), turn)


def _leaving(turn: Turn, answers: Answers) -> str | None:
    mine = tuple(t for t in turn.facts.volunteering.teams if t.mine)
    return str(mine[0].id) if len(mine) == 1 else _named(mine, turn)


def _typed(turn: Turn, answers: Answers) -> str:
    raise Unclear(said.WHICH_AGAIN)


def _name(answers: Answers, turn: Turn) -> str:
    return next((t.name for t in turn.facts.volunteering.teams if str(t.id) == answers["team"]), said.THIS)


def _joined(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    name = _name(answers, turn)
    return (JoinTeam(int(answers["team"]), turn.person), Say(said.JOINED.format(name=name)))


def _left(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    name = _name(answers, turn)
    return (LeaveTeam(int(answers["team"]), turn.person), Say(said.LEFT.format(name=name)))


JOIN = Flow(
    name="volunteer_team",
    title="加入队伍",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(Ask("team", said.WHICH, choices=_choices, parse=_typed, fill=_meant, name="队伍"),),
    confirm=lambda a, t: said.CONFIRM.format(name=_name(a, t)),
    finish=_joined,
)
LEAVE = Flow(
    name="volunteer_team_leave",
    title="退出队伍",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(Ask("team", said.WHICH_LEAVE, choices=_mine, parse=_typed, fill=_leaving, name="队伍"),),
    confirm=lambda a, t: said.CONFIRM_LEAVE.format(name=_name(a, t)),
    finish=_left,
)
