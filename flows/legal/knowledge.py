"""What we wrote about the law so that everyday words find it: lexicon, priors, questions people ask, fitted weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from flows.legal.citations import numeral
from flows.legal.guides import Guide

_FILLER = [
    "请问一下",
    "请问",
    "我想问一下",
    "我想问",
    "想咨询一下",
    "我想咨询",
    "咨询一下",
    "想问一下",
    "想问",
    "问一下",
    "麻烦问",
    "该怎么办",
    "怎么办",
    "应该怎么",
    "您好",
    "你好",
    "律师",
    "谢谢",
    "急急",
    "在线等",
    "求助",
    "各位",
    "大家",
    "是不是",
    "能不能",
    "可不可以",
    "可以吗",
    "有没有",
    "会不会",
    "怎么样",
    "怎样",
    "如何",
    "什么",
    "哪些",
    "为什么",
]


Pattern = tuple[tuple[str, ...], ...]  # every group must have a word in the text


@dataclass(frozen=True)
class Knowledge:
    """`asked` maps (short title, number) to questions; `lexicon` an everyday word to the law's words for it."""

    weights: Mapping[str, float]
    lexicon: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    priors: Mapping[str, float] = field(default_factory=dict)
    asked: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    outside: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    guides: tuple[Guide, ...] = ()

    def settled_outside(self, text: str) -> str:
        """The regulation or interpretation that settles the matter and is not in the library; empty if none does."""
        for title, patterns in self.outside.items():
            if any(all(any(word in text for word in group) for group in pattern) for pattern in patterns):
                return title
        return ""

    def legal_words(self, text: str) -> list[str]:
        """What the law calls the things this text speaks of, each once, in the order of the lexicon."""
        found = {
            place: legal
            for at in range(len(text))
            for start in {text[at], text[at : at + 2]}
            for lay, place, legal in self._by_start.get(start, ())
            if text.startswith(lay, at)
        }
        return list(dict.fromkeys(word for place in sorted(found) for word in found[place]))

    @cached_property
    def _by_start(self) -> dict[str, list[tuple[str, int, tuple[str, ...]]]]:
        """The lexicon by how its words begin: a text is compared with few of them."""
        by_start: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {}
        for place, (lay, legal) in enumerate(self.lexicon.items()):
            by_start.setdefault(lay[:2], []).append((lay, place, legal))
        return by_start


def plain(text: str) -> str:
    """The question without the phrases every question has."""
    for phrase in _FILLER:
        text = text.replace(phrase, " ")
    return text


def parse_lexicon(lines: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """`被炒|炒鱿鱼: 解除劳动合同 用人单位` becomes an entry a lay word."""
    return {lay.strip(): tuple(str(legal).split()) for key, legal in lines.items() for lay in str(key).split("|")}


def parse_asked(laws: Mapping[str, Mapping[int | str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """`民法典: {1079: 问题一 | 问题二}` becomes questions an article; 133-1 is 第一百三十三条之一."""
    return {
        (law, numeral(str(number))): tuple(question.strip() for question in str(questions).split("|"))
        for law, articles in laws.items()
        for number, questions in articles.items()
    }


def parse_outside(titles: Mapping[str, Sequence[str]]) -> dict[str, tuple[Pattern, ...]]:
    """`工伤保险条例: [工伤|工亡 认定|几级]` becomes patterns a title."""
    return {
        title: tuple(tuple(tuple(group.split("|")) for group in str(pattern).split()) for pattern in patterns)
        for title, patterns in titles.items()
    }
