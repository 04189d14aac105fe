"""Legal questions: what the law says, whether that helped, and otherwise a person who answers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from flows.effects import ActOnThread, Effect, OpenThread, Option, Say
from flows.errors import Unclear
from flows.facts import Articles, ArticleView, FindArticles, Query, ThreadView
from flows.flow import Answers, Ask, Choice, Flow, Outcome, State, Turn, start, stop
from flows.legal import texts
from flows.legal.article import short_title
from flows.legal.citations import REPLACED, citations, old_laws

SHOWN = 3  # articles in one answer
FAR = 0.22  # of the best one's score: what is further off would only fill the space
KEPT = 2_000  # characters of a question
SHORTEST = 3  # characters of substance a question needs
CODE_OF_ECOLOGY = date(2026, 8, 15)  # 生态环境法典 art. 1242: what it replaced ended on this day

_GENERAL = re.compile(
    r"我|想|要|需要|咨询|諮詢|法律|问题|問題|一下|律师|律師|请问|請問|请教|问|問|有|个|個|找|顾问|帮忙|帮|你好|您好|在吗|"
    r"可以|吗|嗎|呢|求助|援助|知识|服务|了解|关于|关於|方面|的|点|事情|事|些|下|啊|吧|[\W_]"
)
_NEXT = re.compile(r"(?:[。？?！!；;\s]|^)\s*(?:另外|还有一?[个件]|还想问|顺便问|再问|第二[个件]?|其次|2[.、．)）])")
_SAME = ("刚才", "刚刚", "那件", "上次", "上回", "接着", "补充", "还没回", "没回复", "回复了", "答复", "顾问怎么说")
_OTHER = ("另外", "另一", "别的", "换个", "新的问题")
_FOLLOWING = re.compile(r"^(?:那|如果|要是|可是|但是|但|不过|他|她|它|对方|这)")
_GOING_ON = re.compile(r"^(?:那|如果|要是|可是|但是|不过)")
_EVERYWHERE = frozenset(("怎么", "么办", "不给", "公司", "合同", "对方", "赔偿", "起诉"))  # tell no matter from another
_ASKING = re.compile(r"[?？]|吗|呢|怎么|咋|如何|多少|多久|能不能|可不可以|算不算|是不是|哪里|哪儿|什么|啥|要不要|谁")


# -- the question ---------------------------------------------------------------------------------------------------


def substance(text: str) -> str:
    """What remains of a question without the words that only say that one has a question."""
    return _GENERAL.sub("", text)


def first_question(text: str) -> tuple[str, bool]:
    """The first of several matters in one text, and whether there are more."""
    found = _NEXT.search(text, pos=min(8, len(text)))
    if found is None or len(substance(text[: found.start()])) < SHORTEST:
        return text, False
    return text[: found.start() + 1].strip(), True


def _question_said(turn: Turn, answers: Answers) -> str | None:
    text = turn.said.understood.text.strip()
    return text[:KEPT] if len(substance(text)) >= SHORTEST else None


def _question_typed(turn: Turn, answers: Answers) -> str:
    said = _question_said(turn, answers)
    if said is None:
        raise Unclear(texts.NO_PICTURE if turn.said.photos else texts.TOO_SHORT)
    return said


def _query(answers: Answers, turn: Turn) -> FindArticles:
    question, _ = first_question(str(answers["question"]))
    return FindArticles(question, turn.now.astimezone(turn.zone).date())


def _look(answers: Answers, turn: Turn) -> Query | None:
    """Articles are needed to answer, and again for the thread that says what was found."""
    settled = answers.get("solved") == "yes" or answers.get("person") == "no" or _following(answers, turn)
    if "question" not in answers or settled or _which_open(answers, turn):
        return None
    return _query(answers, turn)


def _found(answers: Answers, turn: Turn) -> Articles | None:
    return turn.facts.answers.get(_query(answers, turn))


# -- a question while another one waits -----------------------------------------------------------------------------


def _thread(turn: Turn) -> ThreadView | None:
    return next((t for t in turn.facts.threads if t.kind == "legal" and t.state != "closed"), None)


def _which_open(answers: Answers, turn: Turn) -> bool:
    return "question" in answers and "which" not in answers and "solved" not in answers and _thread(turn) is not None


def _which_said(turn: Turn, answers: Answers) -> str | None:
    """Whether a sentence goes on with the waiting question; None when that is unclear."""
    text, thread = str(answers.get("question", "")), _thread(turn)
    if any(word in text for word in _OTHER):
        return "other"
    about = substance(thread.question) if thread else ""
    shared = any(about[i : i + 2] in text for i in range(len(about) - 1) if about[i : i + 2] not in _EVERYWHERE)
    return "same" if shared or any(word in text for word in _SAME) or _GOING_ON.match(text) else None


def _which_text(answers: Answers, turn: Turn) -> str:
    thread = _thread(turn)
    return texts.WHICH.format(number=thread.number if thread else "")


def _which_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    same = Choice("same", texts.SAME, ("接着", "那件", "刚才那件", "是", "对"))
    return same, Choice("other", texts.ANOTHER, ("另一件", "另外", "不是", "新的"))


def _following(answers: Answers, turn: Turn) -> bool:
    return answers.get("which") == "same" and _thread(turn) is not None


# -- the answer -----------------------------------------------------------------------------------------------------


def _confident(answers: Answers, turn: Turn) -> bool:
    found = _found(answers, turn)
    return bool(found and (found.guide or (found.confident and found.articles)))


def _shown(found: Articles | None) -> tuple[ArticleView, ...]:
    """The articles that may be shown: few, and none that is much further off than the best."""
    if found is None or not found.confident or not found.articles:
        return ()
    best = found.articles[0].score
    least = best - abs(best) * FAR
    return tuple(a for a in found.articles[:SHOWN] if a.score >= least)


def _answered(answers: Answers, turn: Turn) -> bool:
    return not _following(answers, turn) and _confident(answers, turn)


def _unsure(answers: Answers, turn: Turn) -> bool:
    """Nothing fits, but there is somebody to ask."""
    settled = "solved" in answers or _following(answers, turn)
    return turn.facts.staffed and not settled and not _confident(answers, turn)


def _answer_text(answers: Answers, turn: Turn) -> str:
    found = _found(answers, turn)
    if found is None:
        return texts.SOLVED_LATER
    notes = _notes(answers, turn, found)
    return texts.answer(_shown(found), found.guide, _query(answers, turn).text, notes)


def _nothing_text(answers: Answers, turn: Turn) -> str:
    found = _found(answers, turn)
    return "\n".join((*_notes(answers, turn, found), texts.NOTHING)) if found else texts.NOTHING_LATER


def _notes(answers: Answers, turn: Turn, found: Articles) -> tuple[str, ...]:
    """What has to be said before the answer: which question it is, laws that are no more, articles that are not."""
    question, more = first_question(str(answers["question"]))
    notes = [texts.FIRST_OF_SEVERAL.format(first=_short(question))] if more else []
    today = turn.now.astimezone(turn.zone).date()
    for old in old_laws(question):
        if REPLACED[old] != "生态环境法典" or today >= CODE_OF_ECOLOGY:
            notes.append(texts.OLD_LAW.format(old=old, new=REPLACED[old]))
    known = {(short_title(a.law), a.number) for a in found.articles}
    for cited in citations(question)[:SHOWN]:
        if cited.law and not cited.replaced_by and (cited.law, cited.number) not in known:
            notes.append(texts.NO_SUCH_ARTICLE.format(law=cited.law, number=cited.number))
    if found.outside and not found.confident:
        notes.append(texts.OUTSIDE.format(law=found.outside))
    return tuple(notes)


def _short(text: str) -> str:
    text = text.strip(" ，。？?！!；;\n")
    return text if len(text) <= 40 else f"{text[:39]}…"


def _full_texts(answers: Answers, turn: Turn) -> tuple[Option, ...]:
    found = _found(answers, turn)
    return tuple(
        Option(
            texts.FULL.format(law=short_title(a.law), number=a.number)[:60],
            "law.text",
            {"law": a.law, "number": a.number},
        )
        for a in _shown(found)
    )


def _solved_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return (
        Choice(
            "yes",
            texts.YES,
            ("解决", "好了", "好的", "懂了", "明白了", "明白", "知道了", "清楚了", "谢谢", "谢谢您", "谢了"),
        ),
        Choice(
            "no",
            texts.NO,
            ("没解决", "没有", "没", "没有解决", "不行", "还没", "没懂", "不懂", "不明白", "没用", "看不懂"),
        ),
    )


def _person_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return (
        Choice("yes", texts.PERSON, ("要", "好", "好的", "可以", "行", "嗯", "是", "请", "需要", "请人看", "麻烦了")),
        Choice("no", texts.NO_PERSON, ("不用", "不用了", "不要", "算了", "不")),
    )


def _otherwise(state: State, turn: Turn) -> Outcome | Query | None:
    """What is said further instead of an answer."""
    if state.asking == "which" and turn.said.text.strip():  # a person reads both: nothing is lost
        both = {**state.answers, "question": f"{state.answers['question']}\n{turn.said.text.strip()}", "which": "same"}
        return Outcome(stop(state), _finish(both, turn))
    return _another_question(state, turn)


def _another_question(state: State, turn: Turn) -> Outcome | Query | None:
    """What is asked after the answer is the same matter asked further, or the next matter."""
    text = turn.said.understood.text.strip()
    if state.asking not in ("solved", "person") or len(substance(text)) < SHORTEST:
        return None
    further = _FOLLOWING.match(text) or len(text) < 10
    if not (further or _ASKING.search(text) or turn.said.understood.flow == FLOW.name):
        return None
    question = f"{state.answers.get('question', '')}\n{text}" if further else text
    return start(FLOW, turn, replace(state, answers={}), {"question": question[-KEPT:], "which": "other"})


# -- the end --------------------------------------------------------------------------------------------------------


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    thread = _thread(turn)
    if _following(answers, turn) and thread:
        say = ActOnThread(thread.id, "say", {"text": answers["question"]})
        told = Say(texts.FOLLOWED.format(number=thread.number))
        return (say, told) if thread.owner else (say,)  # while nobody has it, the desk says that it is kept
    if answers.get("solved") == "yes":
        return (Say(texts.THANKS),)
    if answers.get("person") == "no":
        return (Say(texts.NO_PERSON_SAID),)
    if not turn.facts.staffed:
        found = _found(answers, turn)
        if "solved" in answers or found is None:
            return (Say(texts.CALL_12348),)
        return (Say("\n".join((*_notes(answers, turn, found), texts.NOTHING_ALONE))),)
    return (_open_thread(answers, turn),)


def _open_thread(answers: Answers, turn: Turn) -> OpenThread:
    found = _found(answers, turn)
    subject = {
        "question": answers["question"],
        "found": [{"law": a.law, "number": a.number} for a in _shown(found)],
        "guide": found.guide.key if found and found.guide else None,
    }
    return OpenThread("legal", turn.person, turn.facts.area, "legal_guide", subject, texts.SENT)


FLOW = Flow(
    name="legal",
    title="法律咨询",
    intents=frozenset({"ask_law"}),
    needs=frozenset({"threads"}),
    asks=(
        Ask("question", texts.ASK_QUESTION, parse=_question_typed, fill=_question_said, free=True, name="问题"),
        Ask("which", _which_text, choices=_which_choices, fill=_which_said, when=_which_open),
        Ask("solved", _answer_text, choices=_solved_choices, when=_answered, beside=_full_texts),
        Ask("person", _nothing_text, choices=_person_choices, when=_unsure),
    ),
    finish=_finish,
    look=_look,
    otherwise=_otherwise,
)
