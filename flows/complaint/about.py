"""Whether a complaint is about a unit or a member of staff: asked only where the words name one and blame somebody."""

from __future__ import annotations

from flows.complaint import texts
from flows.complaint.locate import where
from flows.domain.units import Unit
from flows.flow import Answers, Choice, Sense, Turn
from nlu.late import regex
from nlu.normalize import normalize

BLAMES = regex(
    r"投诉|举报|控告|检举|反映.{0,6}(?:他|她|其|作风|问题)|态度|不管|不理|不作为|乱作为|推诿|推来推去|踢皮球|敷衍|糊弄|乱收|多收|收了?.{0,4}(?:钱|礼|好处)"
    r"|吃拿卡要|骂|打人|动手|辱骂|索要|受贿|行贿|贪|截留|侵占|挪用|造假|作假|拖着|拖了|不修|不来|没人管|失职|渎职|包庇|勾结|违规|作风|刁难|欺负"
    r"|威胁|恐吓|报复|强制|暴力|偏袒|不公|优亲厚友|不公开|不给办|不办|不处理|没处理|服务(?:很|太)?差|不负责|形同虚设"
)
BOTH, NONE = "all", "none"


def named(answers: Answers, turn: Turn) -> tuple[Unit, ...]:
    """The units and staff of the place that the words name; none where nobody is blamed."""
    if not {"description", "place"} <= answers.keys() or (answers["place"].get("several") and "which" not in answers):
        return ()
    text = normalize(answers["description"]["text"])
    if not BLAMES.search(text):
        return ()
    return turn.facts.units.named(text, where(answers, turn)[0])[:4]


def asked(answers: Answers, turn: Turn) -> bool:
    return bool(named(answers, turn))


def question(answers: Answers, turn: Turn) -> str:
    return texts.ASK_ABOUT.format(names="』『".join(unit.label for unit in named(answers, turn)))


def choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    units = named(answers, turn)
    one = tuple(Choice(f"u{i}", f"反映{unit.label}", (unit.label,)) for i, unit in enumerate(units))
    both = (Choice(BOTH, "都反映", ("都是", "都有", "全部", "两个都是")),) if len(units) > 1 else ()
    yes = (
        "反映他们",
        "就是他们",
        "投诉他们",
        "就投诉他们",
        "就是他",
        "就是她",
        "是他",
        "是她",
        "反映他",
        "反映她",
        "投诉他",
    )
    one = (Choice("u0", one[0].label, (*one[0].words, *yes), Sense.YES),) if len(units) == 1 else one
    no = ("请他们来", "让他们来", "来处理就行", "让他们来修", "请他们处理", "让他们处理")
    return (*one, *both, Choice(NONE, "不是，请他们来处理", no, Sense.NO))


def about(answers: Answers, turn: Turn) -> tuple[Unit, ...]:
    """Who the complaint is about, as the resident said."""
    picked = str(answers.get("about", NONE))
    units = named(answers, turn)
    if picked == NONE or not units:
        return ()
    return units if picked == BOTH else tuple(u for i, u in enumerate(units) if picked == f"u{i}")
