"""How a legal question is read: whether it says anything, its matters, the gist of a long one, the time it means."""

from __future__ import annotations

from datetime import date

from flows.facts import FindArticles
from flows.flow import Turn
from flows.legal.fields import OTHER, field_of
from nlu.late import regex
from nlu.normalize import aligned, normalize
from nlu.understanding import Understanding

KEPT = 5_000  # characters of a question
LONG = 300  # more than the search reads
CHATTER = 0.9  # so sure that a line tells nothing
SHORTEST = 3  # characters of substance a question needs

_GENERAL = regex(
    r"我|想|要|需要|咨询|法律|问题|一下|律师|请问|请教|问|有|个|找|顾问|帮忙|帮|你好|您好|在吗|"
    r"可以|吗|呢|求助|援助|知识|服务|了解|关于|方面|的|点|事情|事|些|下|啊|吧|[\W_]"
)
_NEXT = regex(
    r"(?:[。？?！!；;\s]|^)\s*(?:另外|还有一?[个件]|还想问|我?再问|顺便问|第[二三四][个件]?|其次|最后问|[2-5][.、．)）])"
)
_LEAD = regex(r"^(?:另外|还有一?[个件]?事?|我?还想问一?下?|我?再问一?下?|顺便问一?下?|其次|最后问?)[，,：: ]*")
_SENTENCE = regex(  # a comma ends one where another matter is announced
    r"(?:(?![，,](?:另外|还有|还想问))[^。？?！!；;\n])+(?:[。？?！!；;\n]+|[，,](?=另外|还有|还想问))?"
)
ASKING = regex(
    r"[?？]|吗|呢|怎么|咋|如何|多少|多久|能不能|可不可以|算不算|是不是|哪里|哪儿|什么|啥|要不要|谁|合不合法|违法|犯法|告他|告她|起诉"
)
# About going to court at all, whatever the matter: asked and answered alone.
COURT = regex(
    r"(?:那|请问|我|能|可以|该|要是|如果)*(?:(?:去|到|在|上)(?:哪里?儿?|哪个法院)(?:告|起诉|打官司|立案)(?:他们?|她)?|(?:去|到|上|找)哪个?(?:家)?法院"
    r"|(?:请律师|律师费?)(?:的话)?(?:大概|一般|要|得|需要)*(?:多少钱?|花多少钱?|贵|收费|费用)|请不起律师(?:怎么办|咋办)?"
    r"|(?:有没有|有|找|请)?(?:免费|不要钱|不收费)的?(?:律师|法律援助)|(?:怎么|如何|咋|能|可以|在哪里?|去哪里?)?申请法律援助|法律援助(?:怎么|如何|咋|在哪里?|去哪里?)(?:申请|办|弄|找)"
    r"|(?:打官司|起诉|诉讼费?|立案|告他们?|告她|上法院)(?:的话)?(?:大概|一般|要|得|需要|是)*(?:多少(?:钱)?|花多少钱?|多久|多长时间|几个月|什么材料|什么手续|费用|收费|贵|请律师|什么流程|哪些材料|钱)(?:费用)?"
    r"|(?:怎么|如何|咋)(?:样)?(?:去)?(?:起诉|打官司|告他们?|告她|立案|上法院|上诉)"
    r"|(?:要不要|必须|一定要|用不用|需要|能不能不|要|得)请律师|(?:不服|对)?(?:一审|法院|这个)?判决(?:不服)?(?:怎么办|咋办)|不服(?:一审|法院的?)?判决?|(?:起诉状|状子|诉状)(?:怎么|咋)写(?:啊)?"
    r"|(?:打官司|法院)?(?:要|需要|用)(?:什么|哪些|啥)证据|(?:录音|聊天记录|视频|截图)(?:能|可以|算)(?:不能|不算)?(?:当|做|作为?)?证据)(?:吗|么|呢|啊|呀|不)?"
)
_CLAUSE = regex(r"[^，,、\s]+[，,、\s]*")
_HURT = regex(r"家暴|(?:打|揍|殴打|威胁|掐)(?:了|着)?(?:我|俺|孩子)|(?:打|揍)(?:了)?人|挨打|被打|要杀|自杀|轻生")
_YEAR = regex(r"(?<!\d)((?:19|20)\d{2})\s*年(?:\s*(\d{1,2})\s*月)?")
_AGO = regex(r"([一二两三四五六七八九十]|\d{1,2})\s*年前")
_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}


def substance(text: str) -> str:
    """What remains of a question without the words that only say that one has a question."""
    return _GENERAL.sub("", aligned(text))


def asked(matter: str, turn: Turn) -> FindArticles:
    """What is searched for one matter: the law of today, or of the day it means, that holds where the asker is."""
    today = turn.now.astimezone(turn.zone).date()
    area = turn.facts.area or turn.facts.community or turn.facts.top
    return FindArticles(gist(matter), today, area, past_day(matter, today))


def chatter(seen: Understanding) -> bool:
    """Whether a line tells nothing that an answer could go on with: 今天天气不错."""
    return seen.flow is None and seen.confidence >= CHATTER and field_of(seen.text) == OTHER


def matters(text: str) -> tuple[str, ...]:
    """The different matters of one message: where somebody is hurt first, the rest in order."""
    plain = aligned(text)
    found = [part for piece in _announced(plain) for part in _by_field(piece)]
    found = [found[0], *(_LEAD.sub("", part) for part in found[1:])] if found else [plain]
    found.sort(key=lambda part: not _HURT.search(part))
    starts = [plain.find(part) for part in found]
    return tuple(text[at : at + len(part)] if at >= 0 else part for at, part in zip(starts, found, strict=True))


def _announced(text: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for found in _NEXT.finditer(text, pos=min(8, len(text))):
        if len(substance(text[start : found.start()])) >= SHORTEST:
            pieces.append(text[start : found.start() + 1].strip())
            start = found.start() + 1
    return [*pieces, text[start:].strip() if pieces else text]


def _by_field(text: str) -> list[str]:
    """Whole questions about different fields are different matters: wages, and then a deposit."""
    parts: list[str] = []
    now, asked = OTHER, False
    for sentence in _SENTENCE.findall(text):
        field = field_of(sentence)
        if parts and asked and OTHER not in (field, now) and field != now and ASKING.search(sentence):
            parts.append(sentence)
            asked = False
        elif parts:
            parts[-1] += sentence
        else:
            parts.append(sentence)
        now = field if field != OTHER else now
        asked = asked or bool(ASKING.search(sentence))
    return [part.strip() for part in parts] if len(parts) > 1 else [text]


def gist(text: str) -> str:
    """What of a long story is searched for: the sentences that ask, and those that say what it is about."""
    if len(text) <= LONG:
        return text
    sentences = list(dict.fromkeys(part for s in _SENTENCE.findall(text) if s.strip() for part in _short(s.strip())))
    worth = [(bool(ASKING.search(s)) * 2 + (field_of(s) != OTHER), -place) for place, s in enumerate(sentences)]
    taken: set[int] = set()
    room = LONG
    for place in sorted(range(len(sentences)), key=lambda place: worth[place], reverse=True):
        if len(sentences[place]) <= room:
            taken.add(place)
            room -= len(sentences[place])
    return "".join(sentences[place] for place in sorted(taken)) or text[:LONG]


def _short(sentence: str) -> list[str]:
    """A sentence, or its clauses where somebody went on without a full stop."""
    return [sentence] if len(sentence) <= LONG // 2 else [one for one in _CLAUSE.findall(sentence) if one.strip()]


def past_day(text: str, today: date) -> date | None:
    """The day in the past a question means, roughly: 2019年, 三年前, 前年; nothing where it means now."""
    text = normalize(text)
    found = _YEAR.search(text)
    if found and int(found[1]) <= today.year:
        month = int(found[2]) if found[2] and 1 <= int(found[2]) <= 12 else 6
        then = date(int(found[1]), month, 28)
    elif ago := _AGO.search(text):
        then = _earlier(today, int(ago[1]) if ago[1].isdigit() else _VALUES[ago[1]])
    elif "前年" in text:
        then = _earlier(today, 2)
    elif "去年" in text:
        then = _earlier(today, 1)
    else:
        return None
    return then if then < today else None


def _earlier(today: date, years: int) -> date:
    return today.replace(year=today.year - years, day=min(today.day, 28))
