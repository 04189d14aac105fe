"""Plain-language guides: which one fits a question, and whether each sentence of law says what its article says."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.legal.article import Article
from flows.legal.citations import numeral, value
from nlu.late import regex
from nlu.normalize import normalize

# (short title, 第…条) → the article in force, or nothing
Lookup = Callable[[str, str], Article | None]

_AUTHORITIES: dict[str, str] = {
    "劳动争议仲裁委员会": "劳动争议仲裁委员会",
    "劳动行政部门": "劳动行政部门",
    "人民法院": "人民法院",
    "法院": "人民法院",
    "人民检察院": "人民检察院",
    "公安机关": "公安",
    "婚姻登记机关": "婚姻登记机关",
    "社会保险费征收机构": "社会保险费征收机构",
    "居委会": "自治组织|居民委员会",
    "村民委员会": "村民委员会",
    "业委会": "业主委员会",
    "业主大会": "业主大会",
    "消费者协会": "消费者协会",
    "保险公司": "保险公司|保险人",
    "救助基金": "救助基金",
    "工伤保险基金": "工伤保险基金",
    "仲裁机构": "仲裁机构",
    "监护人": "监护人",
}
_DIGITS = "零〇一二两三四五六七八九十百千万0-9"
_UNITS = "个月|周岁|小时|年|月|日|天|岁|元|倍|人|处"
_PERCENT = regex(rf"百分之([{_DIGITS}]+)|([0-9]+)%")
_FRACTION = regex(rf"([{_DIGITS}]+)分之([{_DIGITS}]+)")
_AMOUNT = regex(rf"([{_DIGITS}]+)\s*({_UNITS})")
_SAME_UNIT = {"天": "日", "月": "个月", "岁": "周岁"}


@dataclass(frozen=True, slots=True)
class LawSentence:
    """A sentence that states the law, and the article that says so."""

    text: str
    law: str
    number: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What to tell a resident; `deadline` is said first, `go` and `bring` are practice, not law.

    `when` holds patterns of groups of words: a pattern fits when each of its groups has a word in the question.
    """

    key: str
    title: str
    when: tuple[tuple[tuple[str, ...], ...], ...]
    unless: tuple[str, ...]
    say: tuple[LawSentence, ...]
    deadline: LawSentence | None
    go: str
    bring: str
    general: bool = False  # about courts, whatever the matter: only where no guide is about the matter

    @property
    def law_sentences(self) -> tuple[LawSentence, ...]:
        """Every sentence of law in the guide, the deadline among them."""
        return (*self.say, self.deadline) if self.deadline else self.say


def parse_guides(rows: Sequence[Mapping[str, Any]]) -> tuple[Guide, ...]:
    """Guides as the YAML files hold them; a missing field is a KeyError."""
    return tuple(_guide(row) for row in rows)


def find_guide(text: str, guides: Sequence[Guide], found_too: Collection[tuple[str, str]] = ()) -> Guide | None:
    """The guide whose pattern fits the question best, or nothing: better no guide than a wrong one.

    One that stands on an article the search found as well, (short title, 第…条), fits by a group of words more.
    """
    text = normalize(text)
    own = _best(text, (guide for guide in guides if not guide.general), found_too)
    return own or _best(text, (guide for guide in guides if guide.general), found_too)


def _best(text: str, guides: Iterable[Guide], found_too: Collection[tuple[str, str]]) -> Guide | None:
    best: tuple[int, int] = (0, 0)
    found: Guide | None = None
    for guide in guides:
        if any(word in text for word in guide.unless):
            continue
        groups, covered = max((_fit(text, pattern) for pattern in guide.when), default=(0, 0))
        agrees = any((s.law, s.number) in found_too for s in guide.law_sentences)
        worth = (groups + (1 if groups and agrees else 0), covered)
        if worth > best:
            best, found = worth, guide
    return found


def problems(guide: Guide, article: Lookup) -> list[str]:
    """What is wrong with a guide's citations, in words for an editor; empty when all is well."""
    wrong = []
    for sentence in guide.law_sentences:
        cited = article(sentence.law, sentence.number)
        where = f"{guide.key}: 《{sentence.law}》{sentence.number}"
        if cited is None:
            wrong.append(f"{where} does not exist or is not in force")
            continue
        for amount in sorted(amounts(sentence.text) - amounts(cited.text)):
            wrong.append(f"{where} does not say {amount} (in “{sentence.text}”)")
        for authority in _missing_authorities(sentence.text, cited.text):
            wrong.append(f"{where} does not name {authority} (in “{sentence.text}”)")
    return wrong


def amounts(text: str) -> frozenset[str]:
    """The numbers with a unit in a text, written one way: 三十日 and 30天 are both 30日, 百分之八十 is 80%."""
    found = set()
    for match in _PERCENT.finditer(text):
        found.add(f"{_number(match[1] or match[2])}%")
    rest = _PERCENT.sub(" ", text)
    for match in _FRACTION.finditer(rest):
        found.add(f"{_number(match[2])}/{_number(match[1])}")
    for match in _AMOUNT.finditer(_FRACTION.sub(" ", rest)):
        found.add(f"{_number(match[1])}{_SAME_UNIT.get(match[2], match[2])}")
    return frozenset(found)


def _number(text: str) -> str:
    """Digits of a Chinese or Arabic number; what is none stays as it stands and so never matches."""
    if "万" in text:
        head, _, tail = text.partition("万")
        return str(value(head or "一") * 10_000 + (value(tail) if tail else 0))
    try:
        return str(value(text))
    except (KeyError, ValueError):
        return text


def _missing_authorities(sentence: str, article: str) -> list[str]:
    missing = []
    rest = sentence
    for said, written in _AUTHORITIES.items():
        if said in rest:
            rest = rest.replace(said, "")  # 法院 inside 人民法院 is checked once
            if not re.search(written, article):
                missing.append(said)
    return missing


def _fit(text: str, pattern: tuple[tuple[str, ...], ...]) -> tuple[int, int]:
    """How many groups fit and how many characters they cover; nothing unless all fit."""
    covered = 0
    for group in pattern:
        longest = max((len(word) for word in group if word in text), default=0)
        if not longest:
            return (0, 0)
        covered += longest
    return (len(pattern), covered)


def _guide(row: Mapping[str, Any]) -> Guide:
    return Guide(
        key=str(row["key"]),
        title=str(row["title"]),
        when=tuple(tuple(tuple(group.split("|")) for group in str(pattern).split()) for pattern in row["when"]),
        unless=tuple(str(word) for word in row.get("unless", ())),
        say=tuple(_sentence(sentence) for sentence in row["say"]),
        deadline=_sentence(row["deadline"]) if "deadline" in row else None,
        go=str(row["go"]),
        bring=str(row["bring"]),
        general=bool(row.get("general", False)),
    )


def _sentence(row: Mapping[str, Any]) -> LawSentence:
    return LawSentence(str(row["text"]), str(row["law"]), numeral(str(row["article"])))
