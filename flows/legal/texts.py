"""What 小邻 says itself about legal questions: whole sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from flows.effects import Effect, Say
from flows.facts import ArticleView, Guide
from flows.legal.answered import Answered
from flows.legal.article import short_title
from flows.legal.deadlines import deadline_of

LONGEST = 150  # characters of an article in an answer; the rest is a button away
PARAGRAPHS = 3  # of a guide
ROLES = {"legal_guide": "法律明白人", "legal_adviser": "法律顾问"}

ASK_QUESTION = "您遇到什么事了？用平常的话说就行，比如“租房押金被房东扣了怎么要回来”。别写姓名和身份证号。"
TOO_SHORT = "能再说具体一点吗？比如谁和谁之间、出了什么事、您想怎么样。"
COMMUNITY = "社区"
PICTURE_UNREAD = "照片我看不懂，先照您写的字来答；上面有要紧的话，打字告诉我。"
NO_PICTURE = "图片我看不懂，麻烦您打字说一下是什么事。"

FIRST_OF_SEVERAL = "您问了{count}件事，一件一件说。先说：“{first}”。"
NEXT_OF_SEVERAL = "接着说：“{next}”。"
FURTHER = "接着刚才那件事说："
NEXT = "好的，这件说完了。"
OLD_LAW = "《{old}》已经废止了，现在看《{new}》。"
NO_SUCH_ARTICLE = "我没有查到《{law}》{number}，条号或名字可能记岔了。"
OUTSIDE = "这件事主要看《{law}》，我这里没有收录全文，不敢乱说。"
DEADLINE = "先说时间：{deadline}"
LIMIT = "先说时间：{sentence}（《{law}》{number}）"
ARTICLES = "相关的法条："
ARTICLE = "《{law}》{number}：{sentence}"
VERSION = "（{year}年{month}月{day}日公布的版本）"
CHARTER = "（本地公约，大家约定的，不是法律）"
NOTICE = "（本地通告，不是法律）"
PAST = "您说的是过去的事。那时的规定现在已经失效，只供了解当时怎么定的："
PAST_ARTICLE = "· 当时的《{law}》{number}（{begins}起施行，{until}起失效）：{sentence}"
ANSWERED_BY = "（{role}的解答，经另一位法律工作者复核，{year}年{month}月。）"
NOT_ADVICE = "这是法律信息，不是法律意见。"
SOLVED = "这样说，您的问题解决了吗？"
ASK_SOLVED = "还想问就接着说；清楚了回「解决了」，要人来答回「找人」。"
LIVES = "好的，您住哪儿我记下了。"
SOLVED_LATER = "刚才问的法律问题，解决了吗？"
NOTHING = "这个问题我没有找到拿得准的法条，不拿不沾边的来凑数。要请{whose}的法律明白人看看吗？"
ASK_WHERE = "您住在哪个社区（村）？我好转给您那儿的法律明白人，他们不知道是谁问的。"
NOWHERE = "不清楚"
NO_PERSON_SAID = "好的。换个说法再问一次也行，我再找找。"
NOTHING_NEW = "您补充的我记下了，能用上的还是刚才那几条。您这情况请{whose}的法律明白人看一看更稳妥，要请吗？"
STILL = "法条还是刚才那几条：{articles}。"
AGAIN = "差在哪里？说一句，我再找找；也可以请{whose}的法律明白人看看，不要钱。"
NOTHING_LATER = "刚才的问题我没找到拿得准的法条，要请{whose}的法律明白人看看吗？"
NOTHING_ALONE = (
    "这个问题我没有找到拿得准的法条，不拿不沾边的来凑数。您可以打 12348，有律师免费解答；也可以换个说法，再跟我说一次。"
)
THANKS = "那就好。以后还有要问的，随时来。"
CALL_12348 = "这里还没有接上法律顾问。您可以打 12348 公共法律服务热线，全天有人接，不收费；也可以去司法所问问。"

YES = "解决了"
NO = "没解决"
HUMAN = "找人"
PERSON = "请人看看"
NO_PERSON = "先不用"
FULL = "全文：{law}{number}"

WHICH = "您有一件法律问题（编号 {number}）还没说完。这句是接着说那件，还是另问一件？"
SAME = "接着那件事"
ANOTHER = "另问一件"
FOLLOWED = "好的，这句我转过去了，编号还是 {number}。"


def answer(
    found: Sequence[ArticleView],
    guide: Guide | None,
    question: str,
    notes: Sequence[str] = (),
    past: Sequence[ArticleView] = (),
    read: Collection[ArticleView] = (),
) -> str:
    """The whole answer: notes, a deadline first, plain sentences, at most three articles, and what it is not.

    Articles that were read before are only named.
    """
    lines = list(notes)
    if guide:
        if guide.deadline:
            lines.append(DEADLINE.format(deadline=guide.deadline))
        lines += guide.paragraphs[:PARAGRAPHS]
    known = {(a.law, a.number) for a in read}
    fresh = [a for a in found if (a.law, a.number) not in known]
    told = guide is not None and (guide.deadline or FURTHER in guide.paragraphs)
    if fresh and fresh[0] == found[0] and not told and (limit := deadline_of(found[0].text)):
        said = LIMIT.format(sentence=limit, law=short_title(found[0].law), number=found[0].number)
        lines.insert(len(notes), said)
    if fresh:
        lines += [ARTICLES, *(article(a, question) for a in fresh)]
    elif found:
        lines.append(STILL.format(articles="、".join(f"《{short_title(a.law)}》{a.number}" for a in found)))
    lines += past_articles(past, question)
    return "\n".join((*lines, NOT_ADVICE, SOLVED))


def article(view: ArticleView, question: str) -> str:
    cited = ARTICLE.format(law=short_title(view.law), number=view.number, sentence=key_sentence(view.text, question))
    return f"· {cited}{version(view)}{_NO_LAW.get(view.kind, '')}"


_NO_LAW = {"charter": CHARTER, "notice": NOTICE}


def past_articles(past: Sequence[ArticleView], question: str) -> list[str]:
    """What held at the time asked about, with the dates between which it did; nothing where nothing did."""
    named = []
    for view in past:
        if view.begins and view.until:
            dates = {"begins": _day(view.begins), "until": _day(view.until)}
            sentence = key_sentence(view.text, question)
            law = short_title(view.law)
            named.append(PAST_ARTICLE.format(law=law, number=view.number, sentence=sentence, **dates))
    return [PAST, *named] if named else []


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def answered_by(answer: Answered) -> str:
    """Who gave an answer that became a guide: the kind of person, never the name."""
    role = ROLES.get(answer.role, "法律工作者")
    return ANSWERED_BY.format(role=role, year=answer.published.year, month=answer.published.month)


def version(view: ArticleView) -> str:
    """The date of the version, or nothing where it is not known."""
    try:
        day = date.fromisoformat(view.version[:10])
    except ValueError:
        return ""
    return VERSION.format(year=day.year, month=day.month, day=day.day)


def key_sentence(text: str, question: str) -> str:
    """What of an article shares most with the question, in whole sentences; "……" stands for what is left out."""
    body = text.strip()
    if len(body) <= LONGEST:
        return body.replace("\n", "")
    asked = _pairs(question)
    sentences = [s.strip() for s in re.findall(r"[^。\n]+[。\n]?", body) if s.strip()]
    best = max(range(len(sentences)), key=lambda i: (len(asked & _pairs(sentences[i])), -i))
    if len(sentences[best]) <= LONGEST:
        return _around(sentences, best)
    clauses = re.findall(r"[^，；：]+[，；：]?", sentences[best])
    said = _around(clauses, max(range(len(clauses)), key=lambda i: (len(asked & _pairs(clauses[i])), -i)))
    before = "……" if best and not said.startswith("……") else ""
    after = "……" if best + 1 < len(sentences) and not said.endswith("……") else ""
    return f"{before}{said}{after}"


def _around(parts: Sequence[str], best: int) -> str:
    """The best part with as many after and before it as may be quoted."""
    first, last = best, best + 1
    while True:
        if last < len(parts) and len("".join(parts[first : last + 1])) <= LONGEST:
            last += 1
        elif first and len("".join(parts[first - 1 : last])) <= LONGEST:
            first -= 1
        else:
            break
    return f"{'……' if first else ''}{''.join(parts[first:last])}{'……' if last < len(parts) else ''}"


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum())


def full_text(view: ArticleView) -> tuple[Effect, ...]:
    """The answer to the button 全文: the whole article."""
    return (Say(f"《{short_title(view.law)}》{view.number}{version(view)}\n{view.text.strip()}\n{NOT_ADVICE}"),)
