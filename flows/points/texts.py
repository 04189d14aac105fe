"""What 小邻 says about the Moral Bank: whole sentences, and how points and goods are written down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.facts import GoodsView, HouseholdView, RedemptionView, RuleView, SessionView, StatementLine

CATEGORIES = ("忠孝", "友善", "诚信", "勤劳", "节俭", "优美")

OTHERS_POINTS = "一家的积分只有这一家自己的人看得到，别人家的我不能说。您自己家的，点下面就能看。"
OTHERS_UNBOUND = (
    "一家的积分只有这一家自己的人看得到，别人家的我不能说。这就是您家的话，先用社区给的绑定码连上，以后随时能查。"
)
ASK_CODE = "积分记在户上，先要把您和您家连起来。请把社区给您家的绑定码发给我；没有的话，向社区或网格员要一个就行。"
ASK_CODE_FIRST = "要查要换，先请把社区给您家的绑定码发给我；没有的话，向社区或网格员要一个就行。"
NO_CODE = (
    "我在等您家的绑定码，是一串数字，有的带字母。\n"
    "还没有的话，问网格员或者社区居委会要，报户主姓名和门牌就行；要到了再来，先发「取消」也行。"
)
GOODS_FOR_ALL = "现在能换这些：\n{lines}\n要换的话，先把社区给您家的绑定码发给我。"
WRONG_CODE = "这个绑定码没对上，可能打错了，也可能用过了或者过期了。请核对一下再发，或者向社区重新要一个。"
CONFIRM_CODE = "这个码对应的是「{name}」。是您家吗？确认后，您就能查这一户的积分、换东西。"
BOUND = "绑好了，您现在是「{name}」的一员。"
AND_NOW = "要看看积分，还是换点东西？"
NOT_YET_BOUND = "我这边还没看到绑上。请把社区给您家的绑定码直接发到这里，对上了马上就给您办。"
GET_CODE = (
    "没关系。绑定码问网格员或者社区居委会要，报户主姓名和门牌就行；要到了发到这里，我接着给您办。\n"
    "不知道找谁，点「找人工」；先办别的，直接说就行。"
)
CODE_FIRST = "好的，这个也要先连上您家：把社区给您家的绑定码发给我，对上了就接着办。"
ALREADY_BOUND = "您已经绑在「{name}」了，不用再绑。要是搬了家、分了户，或者绑错了，请找社区改。"

BALANCE = "「{name}」现在有{points}分。"
BALANCE_ZERO = "「{name}」现在还没有积分。孝敬老人、帮助邻居、收拾院子都能加分，发「积分规则」就能看。"
BY_CATEGORY = "历来加的分：{parts}。"
RANK = (
    "排名是自愿的：只有愿意参加的人家才排，只在参加的人家自己的私聊里看得到，别家只露一个姓。"
    "不参加的，积分谁也看不到。要参加吗？以后发「退出排名」随时退出。"
)
JOIN = "参加排名"
RANKED = "已参加排名。随时发「退出排名」就能退出。"
UNRANKED = "已退出排名，别家看不到您家了。"
RANKING = "{community}今年加分排名（只排自愿参加的，{count}户有加分）：\n{lines}"
RANK_LINE = "{rank}. {name} {points}分"
RANK_OWN = "您家排第{rank}，今年加了{points}分。"
RANK_NONE = "您家今年还没有加分，有了加分就能看到排第几。"
EARLIER = "更早的"
HELD = "另外有{points}分压在还没领的东西上。"

STATEMENT = "您家最近的积分记录：\n{lines}"
STATEMENT_NONE = "您家还没有积分记录。"
DISPUTE = "哪一笔觉得不对，跟我说「人工」，请社区的人核对。"
PLUS = "· {day} 加{points}分 {memo}"
MINUS = "· {day} 用{points}分 {memo}"
NO_MEMO = "没写缘由"

RULES_FOUND = "查到这些规则：\n{lines}\n加分要社区的人核实，材料交给网格员就行。"
RULES_ALL = (
    "能加分的事分六类，比如：\n{lines}\n做了哪一件，把材料交给网格员，社区核实了就加。"
    "想问哪一件，直接说，比如“照顾老人加几分”。"
)
RULES_NOT_FOUND = "规则里没找到您说的这件事，拿不准能不能加分，可以问问社区。常见的有：\n{lines}"
RULES_UNPLACED = "各社区的积分规则不太一样，我还不知道您是哪个社区的。把您家的绑定码发给我，就能查了。"
RULES_NONE = "社区还没有把积分规则放上来，我先不乱说，请问一下社区。"
RULE = "· {title}：{sign}{points}分（{category}）"
EVIDENCE = "，要有{evidence}"
RULES_MINUS = "这些事会减分：\n{lines}\n减分以前会先告诉您家，觉得不对可以找社区核对。"
ABOUT = (
    "道德银行给做好事的人家记分：孝敬老人、帮助邻居、讲信用、爱劳动、不浪费、院子收拾得好，都能加分。"
    "分记在户上，攒了可以到积分超市换东西。"
)
EXPIRY = "积分什么时候清、清不清，是社区定的，我这里没有写明，请问一下社区。"
NOT_MONEY = "积分不是钱，不能提现、不能抵费、也不能转给别家，只能在积分超市换东西和服务。"
NO_GIFTS = "咱们社区没有开积分赠送，分只能自家用来换东西和服务。"
GIFT_CODE = "您家的收分码：{code}\n把它告诉要送分的人家，一天内有效，只能用一次。"
ASK_GIFT_CODE = "请把对方家的「收分码」发给我（八位数字，让他们发「收分码」给我就能拿到）。"
GIFT_CODE_WRONG = "收分码是八位数字，请核对一下再发。"
ASK_GIFT_POINTS = "送多少分？每户每个月最多送{cap}分。"
GIFT_POINTS_WRONG = "请发一个整数，1到{cap}之间。"
CONFIRM_GIFT = "把您家的{points}分送给收分码那一户吗？送出去就收不回来了。"
GIFT_SENT = "送出去了，{points}分。您家还有{balance}分。"
GIFT_GOT = "有邻居送给您家{points}分，现在一共{balance}分。"
GIFT_CODE_GONE = "这个收分码没对上，可能用过了或者过期了，请对方重新发「收分码」。"
GIFT_OWN = "这是您自己家的收分码，不能送给自己家。"
GIFT_CAPPED = "您家这个月最多送{cap}分，已经送了{sent}分。"
NO_SERVICE = "办事跟积分没关系：低保、看病、上学、开证明这些公共服务，分多分少都一样办，也不能拿分换。"

NOT_US = (
    "您家没换过的东西记在您家账上，得请社区的人查。"
    "发「人工」，写清是哪一天、换了什么，我转过去；每一笔都有记录，查得到。"
)
SUPPLIERS = (
    "积分超市摆什么、由谁供货，是街道和社区定的。"
    "您想加入，发「人工」留句话：卖什么、店在哪里，我转给社区的同事，由他们跟您谈。"
)

COLLECT_HOW = (
    "到{shop}把取货码报给店员就行，不用带别的；家里人、邻居替您拿也行，把码告诉他。"
    "店里几点开门我这里没有，去之前问一声社区更稳妥。忘了码，发「取货码」。"
)
GOODS = "您家有{points}分，现在能换这些，想换哪样？"
GOODS_MORE = "还有{count}样没列出来，想要什么直接说名字。"
GOODS_NONE = "积分超市现在没有东西可换，过几天再来看看。"
GOODS_NOT_FOUND = "没找到这样东西，请从上面选一个。"
SHORT = "「{title}」要{price}分，您家现在有{points}分，还差{missing}分。攒够了再来换，别的东西也可以看看。"
SOLD_OUT = "真不巧，「{title}」眼下没货了。到货了再来，或者看看别的。"
CONFIRM_GOODS = "用{price}分换「{title}」，在{shop}领，换完还剩{left}分。换吗？"
RESERVED = (
    "换好了：「{title}」，用了{price}分，还剩{left}分。\n取货码 {{code}}，到{shop}报给店员就能领，"
    "{day}（含当天）前有效。过期没领，分会退回来。\n这个码别给别人看；忘了就发「取货码」，我再给您看。"
)

CODE_OURS = "这是您家换「{title}」的取货码，到{shop}报给店员就能领，{day}（含当天）前有效。"
CODE_FOR_SHOP = "这六位数要是取货码，请到积分超市报给店员，在这里领不了。想看您家还有什么没领，发「取货码」。"
CODES = "您家换了还没领的：\n{lines}\n报给店员就能领。码别给别人看。"
CODE_LINE = "· 「{title}」取货码 {code}，到{shop}领，{day}（含当天）前有效"
SESSIONS = "兑换活动：{when}，{place}，{title}。"
TOMORROW = (
    "提醒您：明天{when}，{place}有「{title}」，您家换的{goods}可以去领，记得带上取货码（发「取货码」能再看一次）。"
)
LIMIT = "「{title}」每户每月换{limit}份，您家这个月换过了，下个月再来，或者看看别的。"
COLLECT_FOR = "家里谁去领都行，把取货码报给店员就可以。"
MINE_NONE = "您家没有等着领的东西。"
COLLECTED_ALREADY = "东西领走以后就退不了分了。有质量问题请先找店里换，说不通再跟我说「人工」。"
PICK_RETURN = "不要哪一样了？分会退回您家。"
PICK_FROM_LIST = "请从上面选一个，回复序号也可以。"
CONFIRM_RETURN = "「{title}」不要了吗？{points}分退回您家，取货码就作废了。"
YES_RETURN = "退回积分"
NO_RETURN = "还是要"
KEPT = "好的，东西给您留着，记得去领。"
RETURNED = "「{title}」退掉了，{points}分已经回到您家。"
NOT_RESERVED = "这一样已经领走或取消了，不用再退。"
EXPIRED = "「{title}」过期没领，{points}分退回您家了。想要的话可以再换。"

SHOP_FOUND = "这个码是「{title}」，{points}分，可以给货。给了请点一下。"
SHOP_DONE = "「{title}」已领走，记好了。"
SHOP_WRONG = "这个取货码没查到，请让居民再核对一下那六个数字。"
SHELF = "您店里现在：\n{lines}\n居民报来取货码，发给我就核销。数量对不上、到货了、不再换了，请管理员改。"
SHELF_LINE = "· {title}：还能换{stock}份{waiting}"
SHELF_WAITS = "，{n}份换好了等居民来取"
SHELF_NONE = "您店里现在没有可以换的东西，要上货请找管理员。"
SHOP_DIGITS = "取货码是六个数字，请让居民再核对一下。"
SHOP_PRIVATE = "取货码请店员私下发给我核销，别发在群里。"
SHOP_OTHER = "这个码不在您的店里领，请让居民看看取货的店名。"
SHOP_REMOVED = "您现在不是这个店的店员了，不能发货。有疑问请找社区管理员。"
SHOP_USED = "这个码的「{title}」已经领过了，请不要再给。"
SHOP_CANCELLED = "这个码的「{title}」已经取消了，分退回去了，请不要给货。"
SHOP_EXPIRED = "这个码的「{title}」过期了，请不要给货。分退回居民家里，还想要就请居民重新换。"
HANDED_OVER = "给货了"


def day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日"


def span(session: SessionView, zone: ZoneInfo) -> str:
    """From when to when, as people say it: 3月7日9:00到11:00."""
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return f"{day(start, zone)}{start.hour}:{start:%M}到{end.hour}:{end:%M}"


def session(view: SessionView, zone: ZoneInfo) -> str:
    return SESSIONS.format(when=span(view, zone), place=view.place, title=view.title)


def session_tomorrow(view: SessionView, titles: Iterable[str], zone: ZoneInfo) -> str:
    when = span(view, zone).partition("日")[2]
    goods = "、".join(f"「{title}」" for title in titles)
    return TOMORROW.format(when=when, place=view.place, title=view.title, goods=goods)


def balance(household: HouseholdView) -> str:
    """The balance, and each category that holds something."""
    if household.balance == 0 and not household.statement:
        return BALANCE_ZERO.format(name=household.name)
    lines = [BALANCE.format(name=household.name, points=household.balance)]
    order = [*CATEGORIES, *sorted(set(household.by_category) - set(CATEGORIES))]
    parts = [f"{c}{household.by_category[c]}分" for c in order if household.by_category.get(c)]
    if parts:
        lines.append(BY_CATEGORY.format(parts="，".join(parts)))
    held = sum(r.points for r in household.redemptions if r.state == "reserved")
    if held:
        lines.append(HELD.format(points=held))
    return "\n".join(lines)


def statement(lines: Iterable[StatementLine], zone: ZoneInfo) -> str:
    said = [
        (PLUS if s.points > 0 else MINUS).format(day=day(s.at, zone), points=abs(s.points), memo=s.memo or NO_MEMO)
        for s in lines
    ]
    return STATEMENT.format(lines="\n".join(said)) if said else STATEMENT_NONE


def rule(rule: RuleView) -> str:
    sign = "加" if rule.points > 0 else "减"
    said = RULE.format(title=rule.title, sign=sign, points=abs(rule.points), category=rule.category)
    return said + (EVIDENCE.format(evidence=rule.evidence) if rule.evidence else "")


def rules(text: str, found: Iterable[RuleView]) -> str:
    return text.format(lines="\n".join(rule(r) for r in found))


def goods_label(goods: GoodsView) -> str:
    stock = f"剩{goods.stock}份" if goods.stock else "没货了"
    title = goods.title if len(goods.title) <= 20 else f"{goods.title[:19]}…"
    return f"{title} {goods.price}分，{stock}"


def redemption_label(redemption: RedemptionView) -> str:
    return f"{redemption.title} {redemption.points}分"
