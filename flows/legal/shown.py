"""What of a search is shown: the articles near enough, their buttons, and what has to be said before them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flows.effects import Option
from flows.facts import Articles, ArticleView
from flows.legal import texts
from flows.legal.article import short_title
from flows.legal.citations import REPLACED, citations, old_laws

SHOWN = 3  # articles in one answer
FAR = 0.22  # of the best one's score: what is further off would only fill the space
CODE_OF_ECOLOGY = date(2026, 8, 15)  # 生态环境法典 art. 1242: what it replaced ended on this day


def articles(found: Articles | None) -> tuple[ArticleView, ...]:
    """The articles that may be shown: few, and none that is much further off than the best."""
    if found is None or not found.confident or not found.articles:
        return ()
    best = found.articles[0].score
    least = best - abs(best) * FAR
    return tuple(a for a in found.articles[:SHOWN] if a.score >= least)


def full_texts(found: Articles | None) -> tuple[Option, ...]:
    """A button for the whole of each article shown."""
    return tuple(
        Option(
            texts.FULL.format(law=short_title(a.law), number=a.number)[:60],
            "law.text",
            {"law": a.law, "number": a.number},
        )
        for a in articles(found)
    )


def notes(question: str, rest: Sequence[str], following: bool, found: Articles, today: date) -> tuple[str, ...]:
    """What has to be said before the answer: which question it is, laws that are no more, articles that are not."""
    said = [texts.FIRST_OF_SEVERAL.format(count=len(rest) + 1, first=_short(question))] if rest else []
    if following:
        said = [texts.NEXT_OF_SEVERAL.format(next=_short(question))]
    for old in old_laws(question):
        if REPLACED[old] != "生态环境法典" or today >= CODE_OF_ECOLOGY:
            said.append(texts.OLD_LAW.format(old=old, new=REPLACED[old]))
    known = {(short_title(a.law), a.number) for a in (*found.articles, *found.past)}
    for cited in citations(question)[:SHOWN]:
        if cited.law and not cited.replaced_by and (cited.law, cited.number) not in known:
            said.append(texts.NO_SUCH_ARTICLE.format(law=cited.law, number=cited.number))
    if found.outside and not found.confident:
        said.append(texts.OUTSIDE.format(law=found.outside))
    return tuple(said)


def _short(text: str) -> str:
    text = text.strip(" ，。？?！!；;\n")
    return text if len(text) <= 40 else f"{text[:39]}…"
