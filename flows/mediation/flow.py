"""Asking for a mediation, and what a mediator or an office is asked when a button needs a word more."""

from __future__ import annotations

import re
from typing import Any

from flows.complaint.locate import community_said, community_told
from flows.effects import ActOnMediation, Effect, OpenMediation
from flows.errors import Unclear
from flows.facts import Query
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Sense, State, Turn, start
from flows.legal import reported
from flows.mediation import own, texts
from flows.mediation.between import afterwards, between
from flows.when import moment
from nlu.late import regex

ASKED = regex(
    r"(想|要|申请|请|帮|找|能不能|可以|麻烦|有没有|求).{0,14}(调解|评评理|评理|说和|调和|劝和|中间人|和事佬)"
    r"|(吵|闹|矛盾|纠纷|别扭|红脸|不和).{0,20}(想|能不能|请|帮|求|麻烦)?.{0,4}(找|请|让|派|有).{0,4}(人|社区|居委会|你们).{0,4}(说说|说一说|劝劝|劝一劝|谈谈|聊聊|评评)"
    r"|^调解$|调解(一下|下)?(吧|吗)?$|^(矛盾|纠纷|邻里)调解$|(社区|居委会|村里|街道)(能|管|给)?(不能)?.{0,3}调解(吗|不|么)?$"
)
LAW = regex(r"投诉|举报|仲裁|法院|起诉|协议书?|有效|调解书|法律|什么意思|合法|收费标准|流程是|志愿|报名|当调解员")
MINE = regex(
    r"^(?:我|算了)?(?:不想|不要|不用|不愿意?|不)(?:再)?调解了?|^(我的调解|查调解|看调解|(我(们)?(的|那件|那个)?)?(纠纷|调解).{0,4}(怎么样了?|到哪(一?步)?了?|进展(如何)?|进度))[吗呢]?$"
)
CLAUSE, ENOUGH = regex(r"[,，。.!！?？;； ]+"), 12  # characters besides the wish itself
OFFICES = (Choice("派出所", "派出所"), Choice("司法所", "司法所"))


def asks_for_one(text: str) -> str | None:
    """The intent of somebody who asks for a mediation in so many words; a question about the law is none."""
    if MINE.fullmatch(text):
        return "my_mediations"
    return "ask_mediation" if len(text) <= 60 and ASKED.search(text) and not LAW.search(text) else None


def _kinds(_answers: Answers, _turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(key, name) for key, name in texts.KINDS.items())


def _kind_said(turn: Turn, _answers: Answers) -> str | None:
    return kind_of(turn.said.understood.plain)


def kind_of(text: str) -> str | None:
    """The one kind of quarrel that the words name."""
    known = {"邻居": "neighbours", "楼上": "neighbours", "楼下": "neighbours", "隔壁": "neighbours", "工资": "labour"}
    known |= {"对门": "neighbours", "邻里": "neighbours", "婆婆": "family", "儿媳": "family", "分家": "family"}
    known |= {"物业": "property", "草场": "boundary", "地界": "boundary", "离婚": "family", "赡养": "family"}
    found = {kind for word, kind in known.items() if word in text}
    return found.pop() if len(found) == 1 else None


def _words(turn: Turn, _answers: Answers) -> str:
    text = turn.said.text.strip()
    if len(text) < 4:
        raise Unclear(texts.SHORT)
    return text[:1000]


def _words_said(turn: Turn, answers: Answers) -> str | None:
    """What was told with the wish for a mediation, when that is more than the wish."""
    clauses = CLAUSE.split(turn.said.plain)
    told = sum(len(clause) for clause in clauses if not ASKED.search(clause))
    return _words(turn, answers) if not turn.said.begin and told >= ENOUGH else None


def _place_known(turn: Turn, _answers: Answers) -> str | None:
    place = turn.facts.area or turn.facts.community
    return str(place) if place else community_said(turn, _answers)


def _communities(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(id), name) for id, name in turn.facts.communities[:12])


def _work_areas(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(id), name) for id, name in turn.facts.work_areas[:12])


def _only_area(turn: Turn, _answers: Answers) -> str | None:
    areas = turn.facts.work_areas
    return str(areas[0][0]) if len(areas) == 1 else None


def _open(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    area = int(answers["area"])
    return (OpenMediation(answers["kind"], area, {"a": (turn.person, answers["words"])}),)


def _register(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
    number = "" if answers["case"] == "none" else str(answers["case"])
    sides = {"a": (None, ""), "b": (None, "")}
    return (OpenMediation(answers["kind"], int(answers["area"]), sides, number, answers["words"]),)


def _case(turn: Turn, _answers: Answers) -> str:
    found = re.search(r"\d{6}-\d+", turn.said.plain)
    if not found:
        raise Unclear(texts.NO_CASE)
    return found.group()


def _step(step: str, **slots: str) -> Any:
    """A staff flow's end: the step, with the answers under the names the step knows them by."""

    def finish(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
        data = {name: answers[slot] for slot, name in slots.items()}
        return (ActOnMediation(int(answers["mediation"]), step, data),)

    return finish


def _when(turn: Turn, _answers: Answers) -> str:
    return moment(turn.said.text, turn.now.astimezone(turn.zone)).isoformat()


def _where(turn: Turn, _answers: Answers) -> str:
    text = turn.said.text.strip()
    if len(text) < 3:
        raise Unclear(texts.PLACE_SHORT)
    return text[:120]


def _begin(state: State, turn: Turn) -> Outcome | Query | None:
    """A mediation of what is being reported, or was just before: what was told is not asked again."""
    given = reported.told(state, turn)
    if not given:
        return None
    kind = kind_of(str(given["question"]))
    known = {"words": str(given["question"])[:1000], **({"kind": kind} if kind else {})}
    return start(FLOW, turn, state, {**known, **({"area": given["where"]} if "where" in given else {})})


def _between(state: State, turn: Turn) -> Outcome | None:
    return between(FLOW, state, turn)


FLOW = Flow(
    name="mediation",
    title="矛盾调解",
    intents=frozenset({"ask_mediation", "my_mediations"}),
    needs=frozenset({"mediations"}),
    entries={"my_mediations": own.mine, "ask_mediation": _begin},
    asks=(
        Ask("kind", texts.ASK_KIND, choices=_kinds, fill=_kind_said, name="种类", falls_to="other"),
        Ask("area", texts.ASK_AREA, community_told, choices=_communities, fill=_place_known, name="社区"),
        Ask("words", texts.ASK_WORDS, _words, free=True, fill=_words_said, name="情况"),
    ),
    confirm=lambda answers, _turn: texts.CONFIRM.format(kind=texts.SAID[answers["kind"]]),
    finish=_open,
    otherwise=_between,
    words=asks_for_one,
    keeps=lambda _answers, _turn: {"asked": True},
    goes_on=afterwards,
)
REGISTER = Flow(
    name="mediation_register",
    title="",
    intents=frozenset(),
    needs=frozenset({"work_areas"}),
    asks=(
        Ask("kind", texts.ASK_KIND, choices=_kinds, name="种类"),
        Ask("area", texts.ASK_AREA, choices=_work_areas, fill=_only_area, name="区域"),
        Ask("words", texts.ASK_WORDS_STAFF, _words, free=True, name="情况"),
        Ask("case", texts.ASK_CASE, _case, choices=lambda _a, _t: (Choice("none", "不挂", (), Sense.NO),), name="诉求"),
    ),
    confirm=lambda answers, _turn: texts.CONFIRM_STAFF.format(kind=texts.SAID[answers["kind"]], words=answers["words"]),
    finish=_register,
)
FLOWS = (
    FLOW,
    REGISTER,
    Flow(
        "mediation_propose",
        "",
        frozenset(),
        (Ask("at", texts.ASK_WHEN, _when, free=True), Ask("place", texts.ASK_PLACE, _where, free=True)),
        _step("propose", at="at", place="words"),
    ),
    Flow(
        "mediation_record",
        "",
        frozenset(),
        (Ask("text", texts.ASK_AGREEMENT, _words, free=True),),
        _step("record", text="words"),
    ),
    Flow(
        "mediation_plan",
        "",
        frozenset(),
        (Ask("text", texts.ASK_PLAN_TEXT, _words, free=True),),
        _step("plan", text="words"),
    ),
    Flow(
        "mediation_offer_hand_over",
        "",
        frozenset(),
        (Ask("office", texts.ASK_OFFICE, choices=lambda _a, _t: OFFICES),),
        _step("offer_hand_over", office="office"),
    ),
    Flow(
        "mediation_write",
        "",
        frozenset(),
        (Ask("text", texts.TELL_WORDS, _words, free=True),),
        _step("write", text="words"),
    ),
)
