"""Changing points for goods: the questions about it, reserving, and giving back what was reserved."""

from __future__ import annotations

from datetime import timedelta

from flows.effects import Effect, EndRedemption, Reserve, Say
from flows.errors import Unclear
from flows.facts import GoodsView, RedemptionView
from flows.flow import Answers, Ask, Choice, Sense, Turn
from flows.points import texts
from flows.points.rules import core, find_goods, kept_until, limited, offered, reserved
from nlu.late import regex
from nlu.normalize import plain

GIVES_BACK = regex(
    r"(?:我换的|换的|那个)?(.{1,8}?)(?:我|我们|我家)?(?:不要|不换|不想要|不领|不想换)了吧?"
    r"|(?:那|我|我们|我家)*(?:不要|不换|不想要|不领|不想换)(?:那|这)?[个袋桶瓶块份包条]?(.{1,8}?)了吧?"
    r"(?:[,，、 ]*(?:我|我们|我家|想|要)*[换改]成?.{1,8})?"
    r"|(?:我?(?:不要|不换|不想要|不领)了)?[,，、 ]*(?:帮我)?退(?:掉|了|货|回去?)吧?"
)
STILL = timedelta(minutes=30)  # so long a short question goes on with what was changed
COLLECTS = regex(
    r"(?:那|请问|我|要|得|东西|油|米)*(?:(?:在|去|到|上)?(?:哪里?|哪儿|什么地方)(?:去|能)?(?:取|拿|领|兑|换)?(?:货|东西)?|(?:怎么|如何)(?:取|拿|领)|(?:店里?|超市|那边)?(?:几点|什么时候|啥时候)(?:能|可以|才)?(?:开门|关门|上班|取|拿|领|去)"
    r"|(?:店里?|超市|那边)?(?:周末|周六|周日|晚上|今天|现在)(?:也)?(?:开门?|能取|能领|有人)|(?:要|用)?带(?:什么|啥)(?:东西|证件)?|(?:别人|家里人|孩子|我妈|我爸|老伴)(?:能|可以)(?:替我|帮我|代)?(?:取|拿|领))(?:吗|么|呢|啊|呀)?"
)
SHOWN = 8  # goods in one list
ASKS_WHAT = regex(r"什么|啥|哪些|几样|有没有|多少分|几分|怎么换")
TAKEN = regex(  # somebody else used one's points
    r"(?:积分|分|东西).{0,6}(?:被|让|给)(?:人|别人|谁).{0,4}(?:换|用|领|花|盗|偷)|没换过|不是我(?:们家)?(?:换|领|用)的|谁(?:把我家?的?)?(?:换|领|用)(?:走|掉)?了?我"
)
SUPPLIES = regex(  # somebody who sells, and wants to supply the shop
    r"(?:当|做|成为|加入|入驻|申请|合作|进驻).{0,8}(?:商家|商户|供货商?|加盟|合作店|兑换点)|(?:商家|商户|店铺?|小店|我店里?).{0,8}(?:加入|入驻|进驻|合作)"
    r"|(?:给|为|向)(?:你们的?)?(?:积分|文明团结)?超市.{0,6}(?:供货|送货|供应)|供货给"
)


def collects(answers: Answers, turn: Turn) -> Answers:
    """Where what was just changed is collected: what is asked next may be about it."""
    goods = chosen(answers, turn) if answers.get("do") == "redeem" else None
    return {"shop": goods.shop} if goods else {}


def afterwards(turn: Turn, last: Answers) -> Say | None:
    """在哪取, 几点开门, right after something was changed."""
    text = turn.said.understood.plain
    if "shop" not in last or turn.since(last["at"]) > STILL:
        return None
    return Say(texts.COLLECT_HOW.format(shop=last["shop"])) if COLLECTS.fullmatch(text.strip("。！!？? ")) else None


def _redeeming(answers: Answers, turn: Turn) -> bool:
    return answers.get("do") == "redeem" and turn.facts.household is not None


def _goods(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(g.id), texts.goods_label(g)) for g in offered(turn.facts.goods)[:SHOWN])


def for_all(turn: Turn) -> str:
    """What anybody may know, bound to a household or not: what there is, who supplies it; "" for another wish."""
    said = turn.said.understood.plain
    if SUPPLIES.search(said):
        return texts.SUPPLIERS
    if TAKEN.search(said):
        return texts.NOT_US
    if turn.facts.household or not (ASKS_WHAT.search(said) and turn.facts.goods):
        return ""
    lines = (f"· {texts.goods_label(g)}" for g in offered(turn.facts.goods)[:SHOWN])
    return texts.GOODS_FOR_ALL.format(lines="\n".join(lines))


def _goods_text(answers: Answers, turn: Turn) -> str:
    assert turn.facts.household
    lines = [texts.GOODS.format(points=turn.facts.household.balance)]
    more = len(turn.facts.goods) - SHOWN
    if more > 0:
        lines.append(texts.GOODS_MORE.format(count=more))
    lines += [texts.session(s, turn.zone) for s in turn.facts.sessions[:1]]
    return "\n".join(lines)


def _goods_said(turn: Turn, answers: Answers) -> str | None:
    found = find_goods(turn.said.understood.plain, turn.facts.goods)
    return str(found[0].id) if len(found) == 1 else None


def _goods_typed(turn: Turn, answers: Answers) -> str:
    named = _goods_said(turn, answers)
    if named is None:
        raise Unclear(texts.GOODS_NOT_FOUND)
    return named


def _returning(answers: Answers, turn: Turn) -> bool:
    return answers.get("do") == "return" and turn.facts.household is not None


def _waiting(turn: Turn) -> tuple[RedemptionView, ...]:
    return reserved(turn.facts.household.redemptions, turn.now) if turn.facts.household else ()


def _waiting_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(r.id), texts.redemption_label(r)) for r in _waiting(turn))


def _only_waiting(turn: Turn, answers: Answers) -> str | None:
    """The only one there is, or the only one that is named (大米不要了)."""
    waiting = _waiting(turn)
    named = [r for r in waiting if plain(core(r.title)) in turn.said.understood.plain]
    found = named if named else waiting
    return str(found[0].id) if len(found) == 1 else None


def _pick_again(turn: Turn, answers: Answers) -> str:
    raise Unclear(texts.PICK_FROM_LIST)


def _sure_text(answers: Answers, turn: Turn) -> str:
    back = _given_back(answers, turn)
    return texts.CONFIRM_RETURN.format(title=back.title, points=back.points) if back else texts.NOT_RESERVED


def _sure_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """Not 确认 and 取消: a 取消 could be meant either way."""
    yes = ("退", "退回", "不要了")
    no = Choice("no", texts.NO_RETURN, ("要", "还要", "不退", "不退了"), Sense.NO)
    return Choice("yes", texts.YES_RETURN, yes, Sense.YES), no


def chosen(answers: Answers, turn: Turn) -> GoodsView | None:
    return next((g for g in turn.facts.goods if str(g.id) == answers.get("goods")), None)


def _given_back(answers: Answers, turn: Turn) -> RedemptionView | None:
    return next((r for r in _waiting(turn) if str(r.id) == answers.get("redemption")), None)


def give_back(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    back = _given_back(answers, turn)
    if back is None:
        return (Say(texts.NOT_RESERVED),)
    if answers["sure"] == "no":
        return (Say(texts.KEPT),)
    ended = EndRedemption(back.id, "cancelled", f"person:{turn.person}")
    return (ended, Say(texts.RETURNED.format(title=back.title, points=back.points)))


def reserve(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    household, goods = turn.facts.household, chosen(answers, turn)
    assert household
    if goods is None:
        return (Say(texts.GOODS_NONE),)
    if not goods.stock:
        return (Say(texts.SOLD_OUT.format(title=goods.title)),)
    if limited(goods):
        return (Say(texts.LIMIT.format(title=goods.title, limit=goods.limit)),)
    left = household.balance - goods.price
    if left < 0:
        short = {"title": goods.title, "price": goods.price, "points": household.balance, "missing": -left}
        return (Say(texts.SHORT.format(**short)),)
    until = kept_until(turn.now, turn.zone)
    receipt = texts.RESERVED.format(
        title=goods.title, price=goods.price, left=left, shop=goods.shop, day=texts.day(until, turn.zone)
    )
    return (Reserve(goods.id, household.id, turn.person, goods.price, until, receipt),)


ASKS = (
    Ask("goods", _goods_text, _goods_typed, _goods, when=_redeeming, fill=_goods_said, name="东西"),
    Ask("redemption", texts.PICK_RETURN, _pick_again, _waiting_choices, _returning, _only_waiting),
    Ask("sure", _sure_text, choices=_sure_choices, when=_returning),
)
