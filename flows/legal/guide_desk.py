"""How a good answer becomes a guide: a draft without personal facts, edited by its author, reviewed by another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flows import refusals
from flows.domain.scrub import scrubbed
from flows.domain.thread import LEGAL
from flows.effects import CardKey, ChangeGuide, DraftGuide, Effect, Lane, Notice, OnDuty, Option, Privately, Say
from flows.errors import NotAllowed
from flows.legal import guide_texts as texts
from flows.legal.texts import ROLES
from nlu.late import regex

_GREETING = regex(r"^[^，。！!\n]{0,8}?(?:您好|你好)[，,。！!、\s]*", re.MULTILINE)  # 张女士您好，
LONGEST_QUESTION, LONGEST_ANSWER = 200, 1_500  # characters


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer on its way to becoming a guide: draft, review, published or dropped."""

    id: int
    question: str
    answer: str
    role: str
    author: int
    area: int | None
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class Around:
    """Who acts, whom it concerns, and what the library says of the citations."""

    staff: int
    person: int | None
    author_person: int | None
    reviewers: Mapping[str, tuple[int, ...]]  # role: who holds it where the question was asked
    place: int | None  # where that was
    doubts: tuple[str, ...]
    marks: Mapping[str, str]  # citation to a mark of the article's text


def drafted(
    thread: int, question: str, answers: tuple[str, ...], role: str, author: int, area: int | None
) -> DraftGuide:
    """The draft of a thread's answer, without what tells who asked."""
    said = scrubbed(_GREETING.sub("", "\n".join(answers)))[:LONGEST_ANSWER]
    return DraftGuide(thread, scrubbed(question)[:LONGEST_QUESTION], said, role, author, area)


def act(draft: Draft, action: str, data: Mapping[str, Any], around: Around) -> tuple[Effect, ...]:
    """Everything that follows; raises NotAllowed and changes nothing."""
    match action:
        case "show":
            return (card(draft, around),)
        case "edit":
            return _edit(draft, str(data.get("text", "")).strip(), around, page=bool(data.get("page")))
        case "submit":
            return _submit(draft, around)
        case "approve":
            return _approve(draft, around)
        case "return":
            return _return(draft, str(data.get("text", "")).strip(), around)
        case "withdraw":
            return _withdraw(draft, str(data.get("text", "")).strip(), around)
        case "drop":
            _own(draft, around, "draft")
            return (_change(draft, "dropped"), Notice(texts.DROPPED))
        case _:
            raise NotAllowed(refusals.NO_STEP)


def card(draft: Draft, around: Around, first: str = "") -> Say:
    """The draft as its author sees it, after what has to be said first: a reply to it is the new text."""
    if around.author_person is None:
        raise NotAllowed(texts.NO_CHAT)
    args = {"guide": draft.id}
    row = (
        Option(texts.SUBMIT, "guide.submit", args, person=around.author_person),
        Option(texts.DROP, "guide.drop", args, person=around.author_person),
    )
    said = f"{first}\n\n" if first else ""
    said += texts.DRAFT.format(question=draft.question, answer=draft.answer)
    about = CardKey("guide", draft.id)
    return Say(said, to=Privately(around.author_person), options=(row,), about=about)


def _edit(draft: Draft, text: str, around: Around, *, page: bool = False) -> tuple[Effect, ...]:
    """The author's reply is the new text; a reviewer's is why it goes back."""
    if not text:
        raise NotAllowed("请打字写改好的内容。")
    if draft.state == "review" and around.staff != draft.author:
        return _return(draft, text, around)
    after = _written(draft, text, around)
    told = Notice(texts.SAVED) if page else card(after, around)
    return (_change(draft, "draft", question=after.question, answer=after.answer), told)


def _written(draft: Draft, text: str, around: Around) -> Draft:
    """The draft with what its author wrote instead, without what tells who somebody is."""
    _own(draft, around, "draft")
    question, answer = texts.parts(text)
    question = scrubbed(question or draft.question)[:LONGEST_QUESTION]
    answer = scrubbed(answer)[:LONGEST_ANSWER]
    if not answer:
        raise NotAllowed("请打字写改好的内容。")
    return replace(draft, question=question, answer=answer, version=draft.version + 1)


def _submit(draft: Draft, around: Around) -> tuple[Effect, ...]:
    _own(draft, around, "draft")
    if around.doubts:
        raise NotAllowed(texts.doubtful(around.doubts))
    role = _reviewing(draft, around)
    if role is None or around.place is None:
        raise NotAllowed(texts.NO_REVIEWER)
    args = {"guide": draft.id}
    row = (
        Option(texts.APPROVE, "guide.approve", args, roles=LEGAL, area=around.place),
        Option(texts.RETURN, "guide.return", args, roles=LEGAL, area=around.place),
    )
    said = texts.REVIEW.format(role=ROLES.get(draft.role, ""), question=draft.question, answer=draft.answer)
    heard = OnDuty(around.place, role, (draft.author,), stand_ins=False)
    shown = Say(said, to=heard, options=(row,), about=CardKey("guide", draft.id), lane=Lane.PUSH)
    return (_change(draft, "review"), shown, Notice(texts.SUBMITTED))


def _withdraw(draft: Draft, why: str, around: Around) -> tuple[Effect, ...]:
    """Whoever may review it, or its author, takes a public one back; the author hears why."""
    own = around.staff == draft.author
    if not own and not any(around.staff in held for held in around.reviewers.values()):
        raise NotAllowed("这份解答不归您管。")
    if draft.state != "published":
        raise NotAllowed(texts.STATES.get(draft.state, "这份解答没有公开。"))
    said = texts.TOLD_WITHDRAWN.format(question=draft.question, why=f"：{why}" if why else "。")
    return (_change(draft, "withdrawn"), Notice(texts.WITHDRAWN), *(() if own else _to_author(said, around)))


def _reviewing(draft: Draft, around: Around) -> str | None:
    """Advisers review first; where there is no second one, a legal guide."""
    there = (role for role in reversed(LEGAL) if any(one != draft.author for one in around.reviewers.get(role, ())))
    return next(there, None)


def _approve(draft: Draft, around: Around) -> tuple[Effect, ...]:
    _other(draft, around)
    if around.doubts:
        raise NotAllowed(texts.doubtful(around.doubts))
    told = _to_author(texts.PUBLISHED, around)
    marks = dict(around.marks)
    return (_change(draft, "published", reviewer=around.staff, cited=marks), Notice(texts.APPROVED), *told)


def _return(draft: Draft, why: str, around: Around) -> tuple[Effect, ...]:
    _other(draft, around)
    said = texts.RETURNED.format(why=f"：{why}" if why else "。")
    after = replace(draft, state="draft", version=draft.version + 1)
    shown = (card(after, around, said),) if around.author_person is not None else ()
    return (_change(draft, "draft"), Notice(texts.SENT_BACK), *shown)


def _own(draft: Draft, around: Around, state: str) -> None:
    if around.staff != draft.author:
        raise NotAllowed("这份解答由写它的人来改。")
    if draft.state != state:
        raise NotAllowed(texts.STATES.get(draft.state, "这份解答现在不能改。"))


def _other(draft: Draft, around: Around) -> None:
    if around.staff == draft.author:
        raise NotAllowed("自己写的要请另一位来复核。")
    if draft.state != "review":
        raise NotAllowed(texts.STATES.get(draft.state, "这份解答现在不用复核。"))
    if not any(around.staff in held for held in around.reviewers.values()):
        raise NotAllowed("这份解答不归您复核。")


def _to_author(text: str, around: Around) -> tuple[Effect, ...]:
    if around.author_person is None:
        return ()
    return (Say(text, to=Privately(around.author_person), lane=Lane.PUSH),)


def _change(
    draft: Draft,
    state: str,
    *,
    question: str | None = None,
    answer: str | None = None,
    reviewer: int | None = None,
    cited: Mapping[str, str] | None = None,
) -> ChangeGuide:
    return ChangeGuide(draft.id, draft.version, state, question, answer, reviewer, cited)
