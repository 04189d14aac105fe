"""What is doubtful about the citations of a text: laws that are no more, articles that do not exist or left force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from flows.legal.article import Article
from flows.legal.citations import REPLACED, Citation, citations, old_laws

GONE = "《{old}》已经废止了，现在看《{new}》。"
NO_ARTICLE = "《{law}》{number}不存在。"
ENDED = "《{law}》{number}从{year}年{month}月{day}日起已经失效。"
NOT_YET = "《{law}》{number}要到{year}年{month}月{day}日才施行。"
NOT_HELD = "我这里没有收录《{law}》，{number}没法核对。"
NO_LAW = "{number}没有说是哪部法的，没法核对。"

Versions = Callable[[str, str], Sequence[Article]]  # every version of an article, oldest first


def doubts(text: str, versions: Versions, known: frozenset[str], on: date) -> tuple[str, ...]:
    """In words for the author; empty when every article exists and is in force. `known`: short titles held at all."""
    old = [GONE.format(old=name, new=REPLACED[name]) for name in old_laws(text) if not _held(name, versions, on)]
    found = [said for cited in citations(text) if (said := _doubt(cited, versions, known, on))]
    return tuple(dict.fromkeys((*old, *found)))


def title(law: str, known: frozenset[str]) -> str:
    """The title within what stood before the number: 依据我国民法典 → 民法典; as it is where no law is in it."""
    return next((law[at:] for at in range(len(law)) if law[at:] in known or law[at:] in REPLACED), law)


def _held(name: str, versions: Versions, on: date) -> bool:
    return any(article.in_force(on) for article in versions(name, "第一条"))


def _doubt(cited: Citation, versions: Versions, known: frozenset[str], on: date) -> str:
    if not cited.law:
        return NO_LAW.format(number=cited.number)
    law = title(cited.law, known)
    found = versions(law, cited.number)
    if any(article.in_force(on) for article in found):
        return ""
    if law in REPLACED:
        return GONE.format(old=law, new=REPLACED[law])
    if found:
        last = found[-1]
        form, day = (NOT_YET, last.begins) if on < last.begins else (ENDED, last.until or on)
        return form.format(law=law, number=cited.number, year=day.year, month=day.month, day=day.day)
    return (NO_ARTICLE if law in known else NOT_HELD).format(law=law, number=cited.number)
