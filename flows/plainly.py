"""What a message means before any model is asked: set phrases, and a problem of this place told in few words."""

from __future__ import annotations

import re
from functools import lru_cache

from flows.registry import Registry
from flows.talk import OPENED
from nlu.late import regex
from nlu.normalize import aligned, plain
from nlu.understanding import Hazard, Understanding

UNSURE = 0.8  # the understanding is believed above this
LOCAL = 0.5  # it reads like a problem of this neighbourhood
SERVICE = 0.6  # and it is clear which one
GUESSED = 0.6  # enough to begin, too little to leave an open question
SOLVED = regex(r"[修弄换搞]好|好了|解决了|谢|来[水电气]了")


# Kinds the model confuses by one word, whatever it makes of them: who writes verse, enrols a child, complains of staff.
KINDS: tuple[tuple[re.Pattern[str], str | None, str], ...] = (
    (
        regex(
            r"^(?:请|麻烦)?(?:你|您)?(?:帮我|给我|替我)?写(?:一?[首篇个段]|点).{0,14}(?:诗|作文|文章|故事|小说|歌词|段子|祝福语)"
            r"|^(?:请|麻烦)?(?:你|您|小邻)?(?:会|能|可以)?(?:不会|不能)?(?:帮我|给我|给我们|陪我|跟我)?(?:再)?(?:讲|说|来|唱|聊|玩|背)(?:一?[个首段]|点|会儿?)?(?:冷?笑话|故事|歌|段子|绕口令|天|游戏|成语接龙)[吗么吧呗啊]?$"
        ),
        None,
        "chatter",
    ),
    (
        regex(
            r"(?:上学|入学|转学|读书|幼儿园|小学|初中|高中|学校|兴趣班|驾校|自考|教资|社工证|医保|社保|养老保险|居民医保|公租房).{0,8}报名"
            r"|报名.{0,6}(?:幼儿园|小学|初中|高中|驾校|自考|医保|社保)"
        ),
        "complaint",
        "report_problem",
    ),
    (
        regex(
            r"(?:能|可以|想|要|怎么|在哪里?|来|这里?|我们?)报名.{0,4}(?:扫|打扫|清扫|清理|捡|巡|种|擦|帮|陪|照看|发放|做饭|值班|护学|教)"
        ),
        "volunteer",
        "join_activity",
    ),
    (
        regex(
            r"(?:投诉|举报|反映).{0,12}(?:主任|书记|网格员|社工|工作人员|办事员|保安|物业经理|窗口).{0,24}(?:态度|骂|凶|不理|不管|推|踢|刁难|吼|收钱|差)"
        ),
        "complaint",
        "report_problem",
    ),
    (
        regex(
            r"(?:费|钱|租|押金|工资|合同|罚款|涨|收|扣|交).{0,16}(?:合理|合法|违法|犯法|合规|合不合法|合不合理)[吗么不嘛]?$"
        ),
        "legal",
        "ask_law",
    ),
    (  # 隔壁张阿姨家暖气不热，帮她报一下
        regex(
            r"^(?!.*(?:名|志愿|活动|积分|警|账|码)).{6,}(?:帮|替|给)(?:我们?|[她他]们?|邻居|老人|忙)*(?:报|登记|反映|报修)(?:一下|个修|上去)+[吧啊呀哈]?$"
        ),
        "complaint",
        "report_problem",
    ),
)
LAW = regex(  # worries about rights that the model takes for anything else, where it is not sure
    r"怀孕.{0,14}(?:老板|公司|单位|领导|厂里).{0,8}(?:辞|开除|别来|不要|回家|降薪|调岗|不让)"
    r"|(?:前男友|前女友|前夫|前妻|别人|同学|同事|有人|[他她]).{0,6}(?:照片|视频|裸照|聊天记录).{0,6}(?:发|传|挂|放)[到在]?.{0,3}(?:网|群|朋友圈|抖音)"
    r"|(?:网上|网购|直播间|淘宝|拼多多|京东|抖音|闲鱼).{0,8}(?:买|拍|下单).{0,12}(?:假|翻新|坏|不退|不给退|骗)"
    r"|(?:单位|公司|老板|厂里|领导).{0,6}[把给]我(?:辞|开除|开|炒|裁)了"
    r"|借了?[我俺].{0,12}(?:不还|没还|拉黑|不认|赖)|欠我.{0,10}(?:不还|拉黑|不认)"
    r"|(?:身份证|名字|信息)被?人?(?:冒用|盗用|拿去|用).{0,6}(?:贷款|借|办|注册|开)|别人用我的?(?:名字|身份证)"
    r"|(?:儿子|女儿|老公|弟弟?|哥哥?|孩子|[爸爹]|家里人|朋友).{0,4}被(?:派出所|公安|警察)(?:带走|抓|拘|关)"
    r"|[爸妈爹娘爷奶伴公婆人].{0,12}(?:走了|去世|过世|没了|不在了).{0,12}(?:取|过户|怎么分|平分|继承)|(?:照顾|伺候).{0,6}[爸妈爷奶人娘].{0,14}(?:房子|遗产|平分)"
    r"|谁当监护人|监护人(?:怎么|是?谁)|(?:老公|老婆|丈夫|妻子)(?:在外面)?(?:出轨|有人了|外遇|找小三)"
    r"|(?:保姆|阿姨|钟点工|孩子|儿子|娃).{0,3}偷了?.{0,4}东西|(?:请|雇)的(?:工人|阿姨|保姆|师傅).{0,6}(?:摔|受伤)"
    r"|房东.{0,12}(?:扔出|换了?锁|拿钥匙|撬)|(?:二房东|中介).{0,6}(?:卷钱|跑了|跑路)"
)
RAN_OFF = regex(  # 老板欠工钱，人也找不到了
    r"^(?!.*(?:孩子|小孩|娃|宝宝|儿子|女儿|闺女|老人|爷|奶|爸|妈|老伴|老公|老婆|孙|学生|走丢|走失|轻生|遗书))"
    r".*?(?:老板|房东|包工头|工头|中介|公司|商家|卖家|店家|店主|开发商|装修队|债主|经理|业务员|对方|[欠骗赖].{0,8}(?:钱|款|工资|租|账|债)).{0,24}"
    r"(?:找不到|找不着|联系不上|不见|失联|跑[路了]|没影|玩消失|消失|电话不通|打不通|拉黑)"
)
FELL = regex(r"摔|跌|晕|昏|倒地|倒在|绊倒|滑倒")  # a person …
FALLEN = regex(r"塌|压|埋|困|砸|楼板|墙|[房屋棚架树杆]倒|倒了?[房屋棚架树杆]|脚手架")  # … and not a wall
BEATEN = regex(  # and not a neighbour's quarrel: a child is
    r"打骂|打(?:小孩|孩子|娃|女儿|儿子)|(?:孩子|小孩|娃|女儿|儿子|闺女).{0,12}(?:哭喊|惨叫|挨打|被打|哭得|求饶|喊|打)"
)
HEARD_BEATEN = regex(  # 好像有打骂声: no word of danger, and worth a caring question
    r"^(?!.*(?:判|犯法|违法|法律|讲座|[课剧片梦猫]|电影|视频|小时候|以前|没打|不打骂|打架|吵闹))"
    r".*?(?:(?:听见|听到|听着|传来|传出|好像|似乎|又在|天天|总是|经常|老是?|有).{0,6}(?:打骂|打(?:小孩|孩子|娃))"
    r"|(?:打骂|打(?:小孩|孩子|娃)).{0,3}(?:声|动静)|(?:孩子|小孩|娃).{0,6}(?:哭喊|惨叫|求饶|别打))"
)
SLANDERED = regex(
    r"(?:造谣|诬陷|诬赖|冤枉|污蔑|诽谤|[说骂])(?:是?[我俺她他])[^,，。]{0,6}(?:偷|抢|骗|嫖)"
)  # nobody stole
FEARED = regex(  # a fight that may come (怕打起来), where nothing is told of one that is there
    r"^(?!.*(?:[刀棍斧锹枪血追砸踹堵救]|我怕|打我|打了|打人|正在)).*(?:怕|担心|早晚|迟早)[^,，。]{0,4}(?:打起来|动手|打架)"
)
WITHHELD = regex(  # by the other parent: 前夫把孩子藏起来不让我见
    r"(?:前夫|前妻|老公|老婆|丈夫|妻子|孩子他?[爸妈]|婆婆|公公|婆家|岳母)[^,，。]{0,6}(?:孩子|娃|儿子|女儿)[^,，。]{0,6}(?:藏|带走|接走|抱走).{0,6}(?:不[让给]|见不)"
)
STUCK = regex(r"困(?:在|住)|被困|[卡关锁]在.{0,8}[里中上]")
OPENS = regex(
    r"^(?:(?:(?:哦|噢|啊|嗯|哎|诶|唉)(?![呀哟呦豁嘿哈咦])|对了|顺便(?:[问说]一?下)?|"
    r"再[说问]一?[下个件]|忘了说)[,，。.、!！ ~]*)+(?=.{4})"
)
THANKS = regex(
    r"^\s*(?:(?:好|嗯|哦|行|知道|明白|收到|懂)[的了啊哦嗯]*[,，。.!！~、\s]*)?(?:非常|太|真|多)?(?:谢谢|感谢|谢|辛苦|麻烦)(?:你|您|你们|您们)?[了啦啊哈哦]*"
    r"(?:[,，。.!！~、;；\s]+|(?=那|请问|再问|另外|对了|不过|但))(?=.{3})"
)
PRAISED = regex(  # 上次修灯的师傅很好。对了，再反映一个，…
    r"^(?!.{0,40}(?:没|坏|漏|堵|[^很真]差|不(?!错)|但).{0,40}(?:对了|另外|顺便|还有|再))"
    r"(?=.{0,30}(?:上次|上回|之前|那次)).{0,30}(?:很好|真好|挺好|不错|满意|及时|很快|真快)[了啊呢的]*[,，。.!！~;；\s]+"
    r"(?:(?:哦|啊)?(?:对了|另外|顺便|还有|再(?:说|反映|报|问))(?:一?[个件下])?(?:事情?|问题)?[,，。:： ]*)+(?=.{4})"
)
ASKS = regex(
    r"[?？吗呢]|怎么|咋|什么|啥|多少|多久|几|哪|谁|能不能|可不可以|要不要|是不是|有没有|请问|不过|但|还是|还没|又"
)


@lru_cache(maxsize=2048)
def unthanked(text: str) -> str:
    """The question that stands behind thanks for the last answer (谢谢，那要带什么); all of it where none does."""
    plainly = aligned(text)
    rest = THANKS.sub("", plainly, count=1)
    rest = OPENS.sub("", rest if ASKS.search(rest) or OPENS.match(rest) else plainly)
    rest = PRAISED.sub("", rest, count=1)
    return text[len(text) - len(rest) :]


def meant(flows: Registry, seen: Understanding) -> Understanding:
    """The understanding of what somebody said to the assistant itself, never of talk it overhears."""
    text = plain(seen.text[:100]).strip(" 　。.!！~、,，?？")
    seen = _real(seen, text)
    if phrase := _phrase(flows, text):
        sure = GUESSED if text.isdecimal() else 1.0  # bare digits may answer an open question
        return seen.but(flow=phrase[0], intent=phrase[1], confidence=sure)
    if not seen.danger and (kind := _kind(text)):
        return seen.but(flow=kind[0], intent=kind[1], confidence=1.0)
    believed = seen.flow is not None and seen.confidence >= UNSURE
    if not believed and not seen.danger and LAW.search(text):
        return seen.but(flow="legal", intent="ask_law", confidence=GUESSED)
    likely = seen.local >= LOCAL and bool(seen.services) and seen.services[0][1] >= SERVICE
    if likely and not believed and not seen.danger and not SOLVED.search(text):
        return seen.but(flow="complaint", intent="report_problem", confidence=GUESSED)
    return seen


def _real(seen: Understanding, text: str) -> Understanding:
    """Who owes and can't be found is not missing; who is stuck or fell is helped in another way."""
    if Hazard.MISSING in (seen.danger, seen.concern) and RAN_OFF.search(text):
        return seen.but(danger=_not_missing(seen.danger), concern=_not_missing(seen.concern))
    if seen.concern in (Hazard.VIOLENCE, Hazard.INJURY) and BEATEN.search(text):
        return seen.but(concern=Hazard.CHILD)
    if not seen.danger and not seen.concern and HEARD_BEATEN.search(text):
        return seen.but(concern=Hazard.CHILD)
    if Hazard.VIOLENCE in (seen.danger, seen.concern) and FEARED.search(text):
        return seen.but(danger=None, concern=None)
    if Hazard.CRIME in (seen.danger, seen.concern) and SLANDERED.search(text):
        return seen.but(danger=None, concern=None)
    if seen.danger is Hazard.CRIME and WITHHELD.search(text):
        return seen.but(danger=None, concern=Hazard.CHILD)
    if seen.danger is Hazard.CRIME and STUCK.search(text):
        return seen.but(danger=Hazard.COLLAPSE)
    if seen.danger is Hazard.COLLAPSE and FELL.search(text) and not FALLEN.search(text):
        return seen.but(danger=Hazard.INJURY)
    return seen


def _not_missing(hazard: Hazard | None) -> Hazard | None:
    return None if hazard is Hazard.MISSING else hazard


@lru_cache(maxsize=2048)  # people repeat themselves
def _phrase(flows: Registry, text: str) -> tuple[str, str] | None:
    """The flow and the intent of a set phrase, or of a title that was typed instead of pressed."""
    for flow in flows.menu:
        intent = flow.words(text) or (OPENED if text == flow.title else None)
        if intent:
            return flow.name, intent
    return None


@lru_cache(maxsize=2048)
def _kind(text: str) -> tuple[str | None, str] | None:
    return next(((flow, intent) for pattern, flow, intent in KINDS if pattern.search(text)), None)
