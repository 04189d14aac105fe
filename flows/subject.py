"""Whether somebody who was asked something has left the question for another matter."""

from __future__ import annotations

from flows import flow as kernel
from flows.complaint.locate import put_right
from flows.flow import Flow, State, Turn
from flows.further import FIND_LAWYER, asks_further, names_its_own
from flows.words import GOES_ON, THEY, word
from nlu.late import regex
from nlu.understanding import Understanding

FEW = 8  # characters that tell more of a matter rather than another
EVERYWHERE = regex(
    r"[楼上下门家里水电灯道路小区单元院我你您他她它们的了吗呢啊吧不没有是在就都也很还又一个这那人好坏钱要来去到说给把被和跟]|\W|\d"
)
AREA = regex(r"[一-龥]{2,8}(?:社区|街道|小区|网格|村|镇|乡)")  # alone it tells no matter
ASIDE = ("human", "help", "points", "volunteer", "mediation")  # what is told at length is none of these
REPORT, LIT = "report_problem", 0.6
DAY = regex(  # 下周三行吗: an answer, whatever takes place on that day
    r"(?:那|就|能不能|可不可以|可以|能|想|我|还是|要不)*(?:改|换)?[到成]?(?:这|下|本|上)*个?(?:周|星期|礼拜)[一二三四五六日天末](?:早上|上午|中午|下午|晚上)?(?:行不行|行吗|行不|可以吗|好吗|呢|吧|吗)?"
    r"|(?:那|就|能不能|可不可以|可以|能|想|我|还是|要不)*(?:改|换)?[到成]?(?:今|明|后|大后)天(?:早上|上午|中午|下午|晚上)?(?:行不行|行吗|行不|可以吗|好吗|呢|吧|吗)?"
)
SET = 1.0  # how sure set phrases are
# What people have a mediation for: told in the middle of asking for one, it is of that.
QUARRELS = frozenset({"leak_neighbor", "neighbor_conflict", "noise_home", "family_dispute"})
VERY_SURE = 0.8  # above: a change of subject in the middle of a question
LIKELY, TOLD = 0.6, 8  # the same where nothing has been answered yet, and so much is told
ANOTHER_ONE = regex(
    r"(?:我|想|要|再|能不能|可以)*换[一1]?[个场批下]?(?:别的|活动|看看|吧|吗)*"
)  # of what is being shown


def changed(open_flow: Flow, state: State, turn: Turn) -> bool:
    """Whether the message is another matter rather than an answer: sure of it, and not an answer that parses."""
    said = turn.said
    seen = said.understood
    begun = kernel.begun(open_flow, state) or len(seen.plain) < TOLD
    if (
        said.answer
        or said.photos
        or not turn.private
        or seen.flow in (None, state.flow)
        or ANOTHER_ONE.fullmatch(seen.plain)
    ):
        return False
    if seen.confidence < (VERY_SURE if begun else LIKELY):
        return False
    if put_right(said.text) and seen.confidence < SET:
        return False  # 不对，是33户: of what was told, whatever else has 户
    if open_flow.otherwise and _goes_on(state, seen.plain) and len(seen.plain) <= 30 and seen.local < 0.5:
        return False  # 那要带什么材料: asked further, whatever it is called by itself
    quarrel = open_flow.name == "mediation" and bool(seen.services) and seen.services[0][0] in QUARRELS
    if seen.intent == REPORT and (quarrel or (begun and _dim(seen)) or _told_further(state, turn)):
        return False
    if asks_further(seen.plain) or AREA.fullmatch(word(seen.plain)) or DAY.fullmatch(word(seen.plain)):
        return False
    ask = open_flow.ask(state.asking)
    if seen.intent == FIND_LAWYER and open_flow.name != seen.flow:
        return True
    if ask is not None and ask.passed_on and seen.confidence < SET:
        return False
    if ask is not None and ask.free:
        return seen.confidence > 0.9 and seen.flow in ASIDE and len(seen.plain) < 40
    told = len(seen.plain) > 2 or seen.confidence == SET  # 签到, at any question
    return told and (ask is None or not kernel.reads(open_flow, state, turn))


def _goes_on(state: State, plain: str) -> bool:
    """Whether the words lean on what stands before them (那…, and of the other side: 他说…)."""
    if GOES_ON.match(plain):
        return True
    short = len(plain) <= FEW and plain.endswith(("吗", "么", "呢", "?", "？")) and not names_its_own(plain)  # 要报警吗
    return "question" in state.answers and (short or THEY.match(plain) is not None)


def _told_further(state: State, turn: Turn) -> bool:
    """A few words, with no place, of what the open question is about (狗没拴绳, after a bite)."""
    asked, text = state.answers.get("question"), turn.said.plain
    if not isinstance(asked, str) or len(text) > FEW or turn.said.understood.slots.place:
        return False
    return any(one in asked for one in EVERYWHERE.sub("", text))


def _dim(seen: Understanding) -> bool:
    """A report of nothing that is known here, say a place alone: too little to leave a question for."""
    return seen.local < LIT and (not seen.services or seen.services[0][1] < LIT)
