"""What of a search is shown: the articles near enough, their buttons, and what has to be said before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flows.effects import Option
from flows.facts import Articles, ArticleView, Guide
from flows.flow import Turn
from flows.legal import texts
from flows.legal.article import short_title
from flows.legal.citations import REPLACED, Citation, citations, old_laws
from nlu.late import regex
from nlu.normalize import normalize

SHOWN = 3  # articles in one answer
FAR = 0.22  # of the best one's score: what is further off would only fill the space
_OPENING = regex(r"^(?:[^，。：:]{0,14}[：:])?\s*(?:第?[一1][个件]?[，、.：:]\s*)?")  # 我想问三件事：第一，
_LITTLE = regex(
    r"[\W_a-zA-Z0-9那我你他她它们可以能会要是不如果的了吗呢啊就还有没个这什么怎办样都也给在去到想请问一下哪里儿多少久]"
)
_BRING = regex(r"材料|取证|证据|带什么|带啥|准备|证明|手续")
CODE_OF_ECOLOGY = date(2026, 8, 15)  # 生态环境法典 art. 1242: what it replaced ended on this day


def articles(found: Articles | None) -> tuple[ArticleView, ...]:
    """The articles that may be shown: few, and none that is much further off than the best."""
    if found is None or not found.confident or not found.articles:
        return ()
    best = found.articles[0].score
    least = best - abs(best) * FAR
    return tuple(a for a in found.articles[:SHOWN] if a.score >= least)


def named(found: Articles | None) -> frozenset[tuple[str, str]]:
    """Which articles these are, in whatever order."""
    return frozenset((a.law, a.number) for a in articles(found))


def further(guide: Guide, said: str) -> Guide:
    """What of a guide answers a further question, since the rest was read before: where to go, or what to bring."""
    rest = guide.paragraphs[1:]
    again = _said_of(guide.paragraphs[0], said)
    wanted = tuple(p for p in rest if p.startswith("带上") == bool(_BRING.search(said)))
    return replace(guide, deadline=None, paragraphs=(texts.FURTHER, *again, *(wanted or rest or guide.paragraphs)))


def _said_of(law: str, said: str) -> tuple[str, ...]:
    """The sentences of law that speak of what is asked now, as one paragraph; () when none does."""
    asked = set(_LITTLE.sub("", normalize(said)))
    least = min(2, len(asked))
    near = [sentence for sentence in law.split("。") if least and len(asked & set(sentence)) >= least]
    return ("。".join(near) + "。",) if near else ()


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
    for old in old_laws(normalize(question)):
        if REPLACED[old] != "生态环境法典" or today >= CODE_OF_ECOLOGY:
            said.append(texts.OLD_LAW.format(old=old, new=REPLACED[old]))
    said += [texts.NO_SUCH_ARTICLE.format(law=one.law, number=one.number) for one in missing(question, found)]
    if found.outside and not found.confident:
        said.append(texts.OUTSIDE.format(law=found.outside))
    return tuple(said)


def missing(question: str, found: Articles) -> tuple[Citation, ...]:
    """The articles a question names that there are not: what is near such a question fits it by chance."""
    known = {(short_title(a.law), a.number) for a in (*found.articles, *found.past)}
    named = citations(normalize(question))[:SHOWN]
    return tuple(c for c in named if c.law and not c.replaced_by and (c.law, c.number) not in known)


def _short(text: str) -> str:
    text = _OPENING.sub("", text.strip(" ，。？?！!；;\n"))
    return text if len(text) <= 40 else f"{text[:39]}…"


def whose(turn: Turn) -> str:
    """Whose legal guides are asked, by the name of the place where that is known: a village is no 社区."""
    places, here = turn.facts.places, turn.facts.area or turn.facts.community
    community = places.above(here, "community") if here is not None and here in places else None
    return texts.COMMUNITY if community is None else places.label(community)
