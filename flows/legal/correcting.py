"""A wrong legal answer is corrected, also after the end: the resident hears the right one, the wrong one is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows import refusals
from flows.domain.scrub import scrubbed
from flows.domain.thread import LEGAL, Thread, take_over
from flows.effects import AddLine, CardKey, ChangeGuide, Effect, Lane, Notice, Option, Privately, Say, Strike
from flows.errors import NotAllowed
from flows.legal import correcting_texts as texts
from flows.legal import desk_texts
from flows.legal.guide_desk import LONGEST_ANSWER
from flows.legal.handing import Around, change, to_asker, who_acts

ANSWERS = ("staff", "wrong")  # authors of what went out as an answer, and of what was corrected since
MOST = 1_000  # answers of one thread that are told apart


def shown_as(thread: Thread, answer: int) -> CardKey:
    """The message that shows the resident an answer of a thread, the first being 0."""
    return CardKey("answer", thread.id * MOST + min(answer, MOST - 1))


def given(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every answer of a thread, corrected ones too."""
    return [line for line in lines if line[0] in ANSWERS]


def recheck(thread: Thread, around: Around) -> tuple[Effect, ...]:
    """A colleague who says that there is no conflict of interest takes over what has ended, to correct it."""
    staff = who_acts(around)
    mine = LEGAL[LEGAL.index(thread.role) :] if thread.role in LEGAL else LEGAL
    if not any(staff in around.holders.get(role, ()) for role in mine):
        raise NotAllowed(refusals.NOT_YOUR_MATTER)
    after = take_over(thread, staff)
    told: tuple[Effect, ...] = ()
    if around.owner_person is not None:
        said = texts.TAKEN_OVER.format(number=thread.number)
        told = (Say(said, to=Privately(around.owner_person), lane=Lane.PUSH),)
    return (change(thread, after), AddLine(thread.id, "bot", texts.RECHECKED), Notice(texts.MAY_CORRECT), *told)


def asked(thread: Thread, text: str, around: Around) -> tuple[Effect, ...]:
    """What is written in chat after the end may be a correction: its author is asked."""
    if around.person is None:
        raise NotAllowed(desk_texts.OVER)
    doubts = "\n".join(f"· {one}" for one in around.doubts)
    said = texts.ASK_DOUBTFUL.format(number=thread.number, doubts=doubts) if doubts else ""
    args = {"thread": thread.id}
    row = (
        Option(texts.CORRECT, "thread.correct", {**args, "text": text, "anyway": True}, person=around.person),
        Option(desk_texts.CHANGE_IT, "thread.rewrite", args, person=around.person),
    )
    asked = Say(said or texts.ASK.format(number=thread.number), to=Privately(around.person), options=(row,))
    return (replace(asked, about=CardKey("thread", thread.id)),)


def correct(
    thread: Thread, text: str, around: Around, *, answer: int | None = None, anyway: bool = False
) -> tuple[Effect, ...]:
    """The right answer goes out, the wrong one is marked where the resident has it, and no guide goes on with it."""
    staff = who_acts(around)
    if not text:
        raise NotAllowed("请写上更正后的答复。")
    if thread.owner != staff:
        raise NotAllowed(texts.NOT_YOURS)
    if ("staff", text) in around.lines:
        raise NotAllowed("这条已经发过了。")
    answers = given(around.lines)
    number = _which(answers, answer)
    if around.doubts and not anyway:
        raise NotAllowed(desk_texts.DOUBT.format(doubts="\n".join(f"· {one}" for one in around.doubts)))
    wrong = answers[number][1]
    marked = Say(texts.marked(wrong, thread.role), to=Privately(thread.person), card=shown_as(thread, number))
    more = ((Option(desk_texts.MORE, "begin", {"flow": "legal"}),),) if thread.state == "closed" else ()
    right = to_asker(thread, texts.corrected(text, thread.number, thread.role), more)
    new = replace(right, card=shown_as(thread, len(answers)), about=shown_as(thread, number))
    guide, said = _guide(text, around)
    return (Strike(thread.id, number), AddLine(thread.id, "staff", text), marked, new, *guide, Notice(said))


def _which(answers: Sequence[tuple[str, str]], answer: int | None) -> int:
    """The answer that was wrong: the one named, else the last one that still stands."""
    if not answers:
        raise NotAllowed(texts.NOTHING)
    standing = [number for number, (author, _) in enumerate(answers) if author == "staff"]
    number = standing[-1] if answer is None and standing else answer
    if number not in standing:
        raise NotAllowed("这条已经更正过了。")
    return number


def _guide(text: str, around: Around) -> tuple[tuple[Effect, ...], str]:
    """What becomes of the guide that was made of it: a public one goes, a draft is corrected."""
    guide = around.guide
    if guide is None or guide.state not in ("published", "review", "draft"):
        return (), texts.CORRECTED
    if guide.state == "published":
        return (ChangeGuide(guide.id, guide.version, "withdrawn"),), texts.CORRECTED + texts.GUIDE_GONE
    right = scrubbed(text)[:LONGEST_ANSWER]
    return (ChangeGuide(guide.id, guide.version, "draft", answer=right),), texts.CORRECTED + texts.GUIDE_CHANGED
