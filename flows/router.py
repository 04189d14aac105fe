"""Which flow a message goes to: danger, a person who has taken over, global words, the open question, a new matter."""

from __future__ import annotations

from flows import asides, cared, forwarded, later, offers, pausing, people, pieces, retold, set_aside, subject, taken_up
from flows import flow as kernel
from flows.assistant import flow as assistant
from flows.assistant import texts
from flows.effects import BeginFlow, Notice, Option, Say
from flows.facts import Query
from flows.flow import Flow, Outcome, State, Turn
from flows.legal import own as consultations
from flows.legal.fields import OTHER, field_of
from flows.mine import flow as mine
from flows.registry import Registry
from flows.talk import OPENED, titled
from flows.words import ANGRY, BACK, CALLS, CANCEL, END, FIND, HELP, HUMAN, MINE, NODS, gives_up, word
from nlu.frozen import replace
from nlu.late import regex

GUESSED = assistant.GUESSED
SURE = 0.5  # below: ask back
MARKS = regex(r"[\s!-/:-@\[-`{-~。，、！？；：…—·～]+")  # nothing but punctuation


def route(flows: Registry, state: State, turn: Turn) -> Outcome | Query:
    """What a message in a private chat (or a staff member's answer to a question) comes to."""
    turn = cared.calmed(turn, state.flow)
    said = turn.said
    if said.understood.danger and not said.answer and not said.begin:
        return assistant.danger(state, turn, said.understood.danger)
    if (answer := cared.answered(flows, state, turn)) is not None:
        return answer
    worried = cared.worried(turn)
    if worried and _only_a_concern(state, turn):
        return cared.asked(Outcome(state, ()), turn, worried)
    if own := consultations.told(flows, state, turn):
        return own
    with_people = people.with_people(flows, state, turn, _fresh)
    if said.changed and not with_people:
        put_right = retold.retold(flows, state, turn)
        return put_right if not isinstance(put_right, Turn) else route(flows, state, put_right)
    turn, waiting = (turn, ()) if with_people else later.narrowed(flows, state, titled(turn))
    outcome: Outcome | Query | None = with_people or _global(flows, state, turn)
    outcome = outcome or mine.guardian_first(state, turn)
    if outcome is None:
        state, again = set_aside.taken(flows, state, turn)
        outcome = set_aside.asked_again(flows, state, turn) if again else None
    if outcome is None:
        outcome = _open_question(flows, state, turn) if state.flow else _fresh(flows, state, turn)
    if not isinstance(outcome, Outcome):
        return outcome
    if outcome.state.tries > state.tries:  # no answer to what was asked: kept for a person who may take over
        outcome = replace(outcome, state=assistant.heard(outcome.state, turn))
    if outcome.person_wanted:
        outcome = assistant.hand_over(outcome.state, turn, tries=True)
    resumed = _resumed(flows, state, outcome, turn)
    if not isinstance(resumed, Outcome):
        return resumed
    outcome = cared.missed(state, resumed if with_people else later.offered(flows, resumed, waiting))
    if worried:
        outcome = cared.asked(outcome, turn, worried)
    return offers.kept(outcome)


def foreseen(flows: Registry, state: State, turn: Turn) -> Query | None:
    """What most answers to the open question need looked up, known before they are read: so they are read once."""
    open_flow = flows.get(state.flow)
    if open_flow is None or not open_flow.ahead or open_flow.ask(state.asking) is None:
        return None
    return open_flow.look(state.answers, turn) if open_flow.look else None


def _only_a_concern(state: State, turn: Turn) -> bool:
    """Somebody may be in danger and asks for nothing else: the caring question stands alone."""
    said = turn.said
    asked = said.answer or said.begin or state.flow or assistant.open_thread(turn, "handover", "alarm")
    told = said.understood.concern and said.understood.flow is not None and said.understood.confidence >= SURE
    return not asked and not told


def _global(flows: Registry, state: State, turn: Turn) -> Outcome | Query | None:
    said = turn.said
    if said.answer:
        fresh = (
            state.flow
            and said.answer[0] == state.asking
            and (state.since or state.step) <= said.answer[2] <= state.step
        )
        return None if fresh else Outcome(state, (Notice(texts.STALE),))
    if said.begin:
        return None
    said_word = word(said.text)
    if said_word in CANCEL or (state.flow and _gives_up(flows, state, turn)):
        if not state.flow:
            return assistant.show_menu(texts.NOTHING_TO_CANCEL, state)
        return Outcome(taken_up.let_be(state, turn), (Say(texts.CANCELLED),))
    if said_word in BACK:
        open_flow = flows.get(state.flow)
        if open_flow is None:
            return assistant.show_menu(texts.NOTHING_TO_GO_BACK, state)
        return kernel.back(open_flow, state, turn)
    if said_word in HELP:
        return _help(flows, state, turn)
    if said_word in MINE:
        return mine.show(state, turn)
    if (said_word in HUMAN or FIND.fullmatch(said_word)) and not _picks(flows, state, turn):
        return assistant.hand_over(state, turn)
    return None


def _gives_up(flows: Registry, state: State, turn: Turn) -> bool:
    """Whether the open matter is let be; 结束 or 算了 alone may be an answer (no photo), 算了不投诉了 is none."""
    said_word = word(turn.said.text)
    let_be = said_word in END or gives_up(said_word)
    return let_be and (len(said_word) > 3 or not _picks(flows, state, turn))


def _help(flows: Registry, state: State, turn: Turn) -> Outcome | Query:
    """The menu; in the middle of a matter the open question, with the words that lead out of it."""
    open_flow = flows.get(state.flow)
    if open_flow is None or not open_flow.title:
        return assistant.show_menu(turn.facts.texts.get("help", texts.HELP), state)
    return kernel.unlooked(open_flow, state, turn) or _again(texts.HELP_HERE, open_flow, state, turn)


def _picks(flows: Registry, state: State, turn: Turn) -> bool:
    """Whether 算了 or 找人 answers the open question (no photo; a person for this very matter)."""
    open_flow = flows.get(state.flow)
    return open_flow is not None and kernel.picks(open_flow, state, turn)


def _open_question(flows: Registry, state: State, turn: Turn) -> Outcome | Query:
    open_flow = flows.get(state.flow)
    if open_flow is None:  # a deploy removed the flow
        return assistant.show_menu(texts.FLOW_GONE, kernel.stop(state))
    if query := kernel.unlooked(open_flow, state, turn):
        return query
    if turn.said.begin:
        return _switch(flows, state, turn, open_flow)
    if turn.said.voice and not turn.said.text:
        return _again(texts.RECORDED_HERE if turn.said.recorded else texts.VOICE_HERE, open_flow, state, turn)
    if told := asides.between(open_flow, state, turn):
        return _again(told, open_flow, state, turn)
    if pausing.pauses(turn.said.text) and not kernel.picks(open_flow, state, turn):
        return Outcome(state, (Say(texts.PAUSED),))
    if subject.changed(open_flow, state, turn):
        asks_help = turn.said.understood.flow == "help"
        return _help(flows, state, turn) if asks_help else _switch(flows, state, turn, open_flow)
    return kernel.advance(open_flow, state, turn)


def _again(first: str, open_flow: Flow, state: State, turn: Turn) -> Outcome:
    """A word in between, and the open question once more; its new buttons belong to the new state."""
    return kernel.resume(open_flow, state, turn).after(Say(first))


def _switch(flows: Registry, state: State, turn: Turn, open_flow: Flow) -> Outcome | Query:
    keeps = kernel.begun(open_flow, state)
    outcome = _fresh(flows, kernel.beneath(state, keeps), turn)
    if keeps and isinstance(outcome, Outcome) and outcome.state.flow not in ("", open_flow.name):
        return outcome.after(
            Say(texts.SWITCHED.format(title=open_flow.title) if open_flow.title else texts.SWITCHED_FROM)
        )
    return outcome


def _resumed(flows: Registry, before: State, outcome: Outcome, turn: Turn) -> Outcome | Query:
    """When a flow has ended and uncovered the one it interrupted, ask that one's question again."""
    after = outcome.state
    if any(isinstance(effect, BeginFlow) for effect in outcome.effects):  # first what is begun now (`begin`)
        return outcome
    if not after.flow and after.suspended:
        after = kernel.stop(after)
    elif not (after.flow and after.flow != before.flow and len(after.suspended) < len(before.suspended)):
        return outcome
    uncovered = flows.get(after.flow)
    if uncovered is None:
        return replace(outcome, state=after)
    if query := kernel.unlooked(uncovered, after, turn):
        return query
    again = kernel.resume(uncovered, after, turn)
    return again.after(*outcome.effects, Say(texts.RESUMED.format(title=uncovered.title)))


def _fresh(flows: Registry, state: State, turn: Turn) -> Outcome | Query:
    said = turn.said
    seen = said.understood
    if said.begin == "human":  # asked for in a group
        return assistant.hand_over(state, turn)
    if said.begin:
        begun = flows.get(said.begin)
        return _begin(begun, seen.intent, state, turn) if begun else assistant.show_menu(texts.MENU, state)
    if said.voice and not said.text:
        return assistant.show_menu(texts.RECORDED if said.recorded else texts.VOICE, state)
    if turn.private and forwarded.forwarded(said.text):
        return Outcome(state, (Say(forwarded.TOLD, options=((Option("找人工", "human"),),)),))
    if turn.private and (told := asides.told(said.text, str(state.last.get("flow", "")))):
        return Outcome(replace(state, unclear=0), (Say(told),))
    if turn.private and (own := mine.wished(state, turn)):
        return own
    if again := taken_up.again(flows, state, turn):
        return again
    if seen.intent == later.NO:
        return Outcome(state, (Say(texts.LATER_NO),))
    if chosen_of := offers.which(state, turn):
        return chosen_of
    if not seen.plain.strip() and not said.photos and not said.location:
        return assistant.show_menu(texts.EMPTY, state)
    if MARKS.fullmatch(said.text) and not said.photos:
        return assistant.show_menu(texts.HERE, state)
    before = consultations.before(state, turn)
    last = flows.get(before.get("flow")) if turn.private else None
    further = last.goes_on(turn, before) if last and last.goes_on else None
    if isinstance(further, Say):
        return Outcome(replace(state, unclear=0), (further,))
    if last and further is not None:
        return kernel.start(last, turn, replace(state, last={}), further)
    name = "complaint" if (said.photos or said.location) and seen.flow is None else seen.flow
    if name == "human":
        return assistant.hand_over(state, turn)
    if name == "help" and not ANGRY.search(word(said.text)):
        return assistant.show_menu(turn.facts.texts.get("help", texts.HELP), replace(state, unclear=0))
    name = "legal" if consultations.may_be_told(turn) else name
    chosen = flows.get(name)
    if chosen and (name != seen.flow or seen.confidence >= SURE or said.photos or said.location):
        return _begin(chosen, seen.intent, state, turn)
    return _unsure(flows, state, turn)


def _begin(chosen: Flow, intent: str, state: State, turn: Turn) -> Outcome | Query:
    before, state = state, assistant.begun(state, turn)
    entry = chosen.entries.get(intent) or (
        chosen.entries.get(OPENED) if turn.said.begin and not turn.said.text else None
    )
    if entry and (answered := entry(state, turn)):
        return answered
    if not turn.said.begin and chosen.name in ("complaint", "legal") and GUESSED in before.last:
        return kernel.start(chosen, _with_unclear(before, turn, chosen.name), state)
    if chosen.instead and not turn.said.begin and (told := chosen.instead(state, turn)):
        return told
    return kernel.start(chosen, turn, state)


def _with_unclear(before: State, turn: Turn, flow: str) -> Turn:
    """What is told, with the words it began with, which were unclear: 老板跑了 …, 没签合同."""
    words = f"{before.last.get(assistant.UNCLEAR, '')}\n{turn.said.text}".strip()
    said = replace(turn.said, text=words)
    return replace(turn, said=replace(said, understood=said.understood.but(text=words)) if flow == "legal" else said)


def _unsure(flows: Registry, state: State, turn: Turn) -> Outcome | Query:
    """Small talk gets a short answer; what might be a matter is asked back, and the third time a person is called."""
    seen = turn.said.understood
    said_word = word(turn.said.text)
    if said_word in CALLS:
        return assistant.show_menu(texts.HERE, replace(state, unclear=0))
    if ANGRY.search(said_word):
        return Outcome(state, (Say(texts.ANGRY),))
    if said_word in NODS or gives_up(said_word):
        return Outcome(state, (Say(texts.NOD),))
    if seen.intent in ("greet", "thanks") and seen.confidence >= SURE:
        if seen.intent == "thanks":
            return Outcome(state, (Say(texts.THANKS),))
        return assistant.show_menu(turn.facts.texts.get("greeting", texts.GREETING), replace(state, unclear=0))
    if seen.flow is None and seen.confidence >= SURE and GUESSED not in state.last:
        return assistant.show_menu(texts.CHATTER, pieces.kept(state, turn.said.text, turn.now))
    if state.unclear + 1 >= kernel.TRIES:
        return assistant.hand_over(state, turn, tries=True)
    before = state.last.get(GUESSED, ())
    legal = flows.get("legal") if "legal" in before and "complaint" not in before else None
    if legal and field_of(seen.plain) != OTHER:  # 没有遗嘱, after what might have been a question of law
        return _begin(legal, seen.intent, state, turn)
    state = assistant.unclear(state, turn)
    guesses = [f for name in before or [name for name, _ in seen.ranking[:3]] if (f := flows.get(name)) and f.title][:2]
    if not guesses:
        return assistant.show_menu(texts.UNCLEAR, state)
    told = str(state.last.get(assistant.UNCLEAR, turn.said.text))[-500:]
    state = replace(state, last={**state.last, GUESSED: [f.name for f in guesses]})
    rows = tuple((Option(f.title, "begin", {"flow": f.name, "text": told}),) for f in guesses)
    return Outcome(state, (Say(texts.UNSURE, options=(*rows, (Option("都不是，看菜单", "menu"),))),))


def begin(flows: Registry, name: str, state: State, turn: Turn, given: kernel.Answers) -> Outcome:
    """Start a named flow with what is known already (a staff member's press)."""
    chosen = flows.get(name)
    assert chosen is not None, name
    open_flow = flows.get(state.flow)
    kept = open_flow is not None and bool(open_flow.title) and kernel.begun(open_flow, state) and name != state.flow
    begun = kernel.start(chosen, turn, kernel.beneath(state, kept), given)
    assert isinstance(begun, Outcome), name  # what staff are asked needs nothing looked up
    return begun
