"""What follows when somebody does something with a legal question: taking it, words both ways, the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flows import refusals
from flows.domain.scrub import scrubbed
from flows.domain.thread import LEGAL, Thread, claim, close, pass_on, release, step_aside
from flows.effects import AddLine, CardKey, Effect, Lane, Notice, Option, Privately, Say, Schedule, Unschedule
from flows.errors import NotAllowed
from flows.legal import correcting
from flows.legal import desk_texts as texts
from flows.legal.handing import Around, appoint, change, hand_on, missed, remind, to_asker, who_acts
from flows.legal.own_texts import PICTURE
from flows.legal.texts import ROLES

FOLLOW_UP = timedelta(days=21)


def act(thread: Thread, action: str, data: Mapping[str, Any], around: Around) -> tuple[Effect, ...]:
    """Everything that follows; raises NotAllowed and changes nothing."""
    text = str(data.get("text", "")).strip()
    match action:
        case "claim":
            return _claim(thread, around)
        case "decline":
            return hand_on(thread, step_aside(thread, who_acts(around)), around, Notice(texts.STEPPED_ASIDE))
        case "pass":
            return hand_on(thread, pass_on(thread, who_acts(around)), around, Notice(texts.PASSED))
        case "say" | "reveal":
            told = _say(thread, text, around, revealed=action == "reveal")
            return (*told, to_asker(thread, PICTURE, lane=Lane.REPLY)) if data.get("photos") else told
        case "nudge":
            return _nudge(thread, around)
        case "another":
            return _another(thread, around)
        case "missed":
            return missed(thread, around)
        case "reply" | "send":
            return _reply(thread, text, around, anyway=bool(data.get("anyway")))
        case "rewrite":
            return (Notice(texts.REWRITE),)
        case "recheck":
            return correcting.recheck(thread, around)
        case "correct":
            number = data.get("answer")
            which = int(number) if number is not None else None
            return correcting.correct(thread, text, around, answer=which, anyway=bool(data.get("anyway")))
        case "close":
            return _close(thread, around)
        case "rate":
            return _rate(thread, int(data["rating"]), around)
        case "appoint":
            return appoint(thread, str(data.get("kind", "")), around)
        case "settled":
            return (AddLine(thread.id, "asker", texts.SETTLED_LATER), Say(texts.GLAD))
        case _:
            raise NotAllowed(refusals.NO_STEP)


# -- taking it, and words both ways ---------------------------------------------------------------------------------


def _claim(thread: Thread, around: Around) -> tuple[Effect, ...]:
    after = claim(thread, who_acts(around))
    held = (role for role in (thread.role, *LEGAL) if after.owner in around.holders.get(role, ()))
    after = replace(after, role=next(held, thread.role))  # what went up may be taken below
    reveal = ((Option(texts.REVEAL, "thread.reveal", {"thread": thread.id}),),)
    said = to_asker(thread, texts.CLAIMED.format(who=ROLES.get(after.role, "法律工作者")), reveal)
    waits = remind(thread, around.now)
    gone = Unschedule(f"thread.{thread.id}.waiting")
    return (change(thread, after), gone, waits, Notice(texts.taken(around.load + 1)), *_shown(after, around), said)


def _shown(thread: Thread, around: Around) -> tuple[Say, ...]:
    """The question, what was found and what was said so far, for who has taken it; on the page for who has no chat."""
    if around.person is None:
        return ()
    args = {"thread": thread.id}
    row = [Option(texts.END, "thread.close", args, person=around.person)]
    if thread.role == LEGAL[0]:
        row.append(Option(texts.TO_ADVISER, "thread.pass", args, person=around.person))
    said = texts.question(thread.number, around.subject, around.lines)
    return (Say(said, to=Privately(around.person), options=(tuple(row),), about=CardKey("thread", thread.id)),)


def _say(thread: Thread, text: str, around: Around, *, revealed: bool) -> tuple[Effect, ...]:
    """The resident's words go to the owner, without what tells who they are, unless they want that told."""
    if thread.state == "closed":
        raise NotAllowed(texts.OVER)
    kept = AddLine(thread.id, "bot", texts.TOLD_CONTACT) if revealed else AddLine(thread.id, "asker", text)
    if around.owner_gone:
        return (kept, *hand_on(thread, release(thread), around))
    if thread.owner is None:
        noted = texts.noted(thread.number, thread.role, (around.duty or {}).get(thread.role), around.now, around.place)
        return (kept, to_asker(thread, noted, lane=Lane.REPLY))
    again = remind(thread, around.now)
    done = (to_asker(thread, texts.RELAYED, lane=Lane.REPLY),) if revealed or around.owner_person is None else ()
    if back := around.away.get(thread.owner):
        row = (Option(texts.ANOTHER, "thread.another", {"thread": thread.id}),)
        done = (to_asker(thread, texts.owner_away(thread.role, back, around.now), (row,), lane=Lane.REPLY),)
    if around.owner_person is None:  # the owner reads it on the staff page
        return (kept, again, *done)
    form = texts.REVEALED if revealed else texts.FROM_ASKER
    said = form.format(number=thread.number, text=text if revealed else scrubbed(text))
    return (kept, again, Say(said, to=Privately(around.owner_person), about=CardKey("thread", thread.id)), *done)


def _another(thread: Thread, around: Around) -> tuple[Effect, ...]:
    """The resident does not wait for who is away: it goes to the next."""
    if thread.state != "claimed" or thread.owner not in around.away:
        raise NotAllowed(texts.BACK_AGAIN)
    assert thread.owner
    return hand_on(thread, replace(release(thread), aside=(*thread.aside, thread.owner)), around)


def _nudge(thread: Thread, around: Around) -> tuple[Effect, ...]:
    """The resident asks how it goes: whoever has it hears that they wait."""
    if thread.state != "claimed" or around.owner_person is None:
        return ()
    said, about = texts.NUDGED.format(number=thread.number), CardKey("thread", thread.id)
    return (Say(said, to=Privately(around.owner_person), about=about, lane=Lane.PUSH),)


def _reply(thread: Thread, text: str, around: Around, *, anyway: bool) -> tuple[Effect, ...]:
    """The answer goes to the resident once its citations are right, or its author says so."""
    if not text:
        raise NotAllowed("这条没有文字，居民看不到，请打字回复。")
    staff = who_acts(around)
    if thread.state == "closed":
        if thread.owner == staff and around.answered:
            return correcting.asked(thread, text, around)
        raise NotAllowed(texts.OVER)
    if thread.owner is None:
        raise NotAllowed(texts.TAKE_FIRST)
    if thread.owner != staff:
        raise NotAllowed("已经有同事接了，由他来回复。")
    if anyway and ("staff", text) in around.lines:  # pressed twice
        raise NotAllowed("这条已经发过了。")
    if around.doubts and not anyway:
        return _asked_back(thread, text, around)
    args = {"thread": thread.id}
    rows = ((Option(texts.SOLVED, "thread.close", args), Option(texts.MORE, "thread.more", args)),)
    said = to_asker(thread, texts.answer(text, thread.role), rows)
    said = replace(said, card=correcting.shown_as(thread, len(correcting.given(around.lines))))
    gone = Unschedule(f"thread.{thread.id}.unanswered")
    return (AddLine(thread.id, "staff", text), gone, said, Notice(f"已转给居民（{thread.number}）。"))


def _asked_back(thread: Thread, text: str, around: Around) -> tuple[Effect, ...]:
    asked = texts.DOUBT.format(doubts="\n".join(f"· {one}" for one in around.doubts))
    if around.person is None:
        raise NotAllowed(asked)
    args = {"thread": thread.id}
    row = (
        Option(texts.SEND_ANYWAY, "thread.send", {**args, "text": text, "anyway": True}, person=around.person),
        Option(texts.CHANGE_IT, "thread.rewrite", args, person=around.person),
    )
    return (Say(asked, to=Privately(around.person), options=(row,), about=CardKey("thread", thread.id)),)


# -- the end, and after ---------------------------------------------------------------------------------------------


def _close(thread: Thread, around: Around) -> tuple[Effect, ...]:
    after = close(thread, around.staff)
    args = {"thread": thread.id}
    rows = (
        (
            Option(texts.HELPFUL, "thread.rate", {**args, "rating": 5}),
            Option(texts.NOT_HELPFUL, "thread.rate", {**args, "rating": 1}),
        ),
    )
    effects: list[Effect] = [change(thread, after), Unschedule(f"thread.{thread.id}.*")]
    let_go = around.staff is None and not around.answered
    said = texts.LET_GO.format(number=thread.number) if let_go else texts.CLOSED
    effects.append(to_asker(thread, said, rows if around.answered else ()))
    if around.answered:
        at = around.now + FOLLOW_UP
        effects.append(Schedule("thread.follow_up", f"thread.{thread.id}.follow_up", at, {"thread": thread.id}))
    if around.staff is not None:
        effects.append(Notice(texts.ENDED if around.answered else "已结束。"))
    elif around.owner_person is not None:
        said = (texts.ASKER_LET_GO if let_go else texts.ASKER_ENDED).format(number=thread.number)
        about = CardKey("thread", thread.id)
        effects.append(Say(said, to=Privately(around.owner_person), about=about, lane=Lane.PUSH))
    return tuple(effects)


def _rate(thread: Thread, rating: int, around: Around) -> tuple[Effect, ...]:
    """Once. What helped may help the next one too: its author is asked for a guide."""
    if thread.state != "closed":
        raise NotAllowed("结束以后再评价就行。")
    if thread.rating is not None:
        return (Notice("已经收到过您的评价了，谢谢。"),)
    told: tuple[Effect, ...] = (change(thread, thread, rating), Say("谢谢，收到您的评价了。"))
    if rating < 4 or around.owner_person is None or not around.answered:
        return told
    row = (Option(texts.MAKE_GUIDE, "guide.draft", {"thread": thread.id}, person=around.owner_person),)
    asked = texts.OFFER_GUIDE.format(number=thread.number)
    return (*told, Say(asked, to=Privately(around.owner_person), options=(row,), lane=Lane.PUSH))


def follow_up(thread: Thread, around: Around) -> tuple[Effect, ...]:
    """Weeks later, once: whether it came right."""
    if thread.state != "closed" or not thread.question:
        return ()
    rows = (
        (
            Option(texts.SETTLED, "thread.settled", {"thread": thread.id}),
            Option(texts.NOT_SETTLED, "begin", {"flow": "legal", "text": thread.question[:500]}),
        ),
    )
    return (to_asker(thread, texts.FOLLOW_UP.format(number=thread.number), rows),)
