"""What people ask about the asking itself, anywhere in a conversation: who sees it, what it costs, why it is asked."""

from __future__ import annotations

import re
from functools import lru_cache

from flows import explained, feelings, pausing
from flows import flow as kernel
from flows.assistant import texts
from flows.choosing import PAUSE
from flows.flow import Flow, State, Turn
from flows.mediation import texts as mediation
from flows.talk import WRITTEN
from flows.words import HELLO, word
from flows.yesno import COURTESY
from nlu.late import regex
from nlu.normalize import plain

LONGEST = 30  # characters; a longer message tells a matter of its own
POLITE = frozenset({"complaint", "volunteer", "points", "appointment"})  # flows where thanks in between are no answer
LEGAL = frozenset({("legal", "which"), ("legal", "where")})

_ASK = r"(?:吗|嘛|么|不|吧|呢|啊|行不行|行吗|可以吗|可不可以|好吗)?"
_WE = (
    r"(?:你们?|您|这边|这里|这个|社区|小邻|登记|反映|投诉|举报|咨询|调解|报名|问法律|找律师|法律咨询|志愿者?"
    r"|你们的?律师|法律顾问|法律明白人)*"
)
_THEM = r"(?:他们?|她|它|对方|人家|别人|邻居|楼上|楼下|物业|老板|[一-龥]{2,6}?)?"
_ELDER = r"(?:[姐哥叔婶姨伯]|阿姨|大爷|大妈|奶奶|爷爷|师傅|老师|[妈爸])"
_DONT = r"(?:请|麻烦)?(?:千万|一定)?(?:别|不要|不能|不想)"

UNNAMED = (
    "登记不用留名字。办的人看得到是什么事、在哪里，看不到是谁说的；留了电话的，也只有经办人要联系您时才看得到，"
    "群里什么都没有。我不会告诉被反映的一方；您自己的话里别写姓名和门牌，就更稳妥。"
)
FREE = "不要钱。登记诉求、问法律、请调解、报名志愿活动，都不收费。"
WHY_PHONE = "电话不留也能办。留了，只有经办人要问您的时候用，不会出现在群里，随时可以要求删除。"
WHY_PLACE = "知道在哪儿，才好派给管那一片的人。说个大概就行，不用写门牌号。"
WHY_TIME = "知道是什么时候，来的人才碰得上、查得到。说不准也没关系，照样登记。"
RIGHT_HERE = "就在这儿说，我来登记。什么事、在哪里，说一句就行。"
TRUST = (
    "每件都有编号、有时限，到点没人接、没办完，我会一级一级往上报，您随时能查到哪一步。"
    "反映的是谁，这件就不给谁看，也不派给谁。"
)
UNSOLVED = (
    "每件都有时限，到点没人接、没办完，我会一级一级往上报。办完您要是不满意，点「没解决，重办」，"
    "或者「请上一级处理」就行；等急了就发「催办」。"
)
FOR_OTHERS = "可以的，替家里人、邻居说都行。直接说是什么事、在哪里；留电话的话，留能联系上的那一位。"
HOURS = "我一直都在，什么时候说都行。工作人员在上班时间接手，夜里只叫急的；有危险马上打 110、119、120。"

OTHERS_CASE = (
    "谁报的事，只有谁自己看得到办到哪一步，别人的我不能说。您也遇到同样的事，直接说是什么事、在哪里，"
    "我帮您登记，和邻居的合着办，有进展也告诉您。"
)
CHOICES = "可以这样回：{names}。发字或者前面的数字都行。"
NO_CHOICES = "这一步没有选项，直接打字回答就行。"
ONCE_MORE = "好的，再说一遍。"
CHINESE_ONLY = (
    "不好意思，我只看得懂汉字，英文和拼音容易认错，不敢乱登记。麻烦打汉字，或者发「人工」，请社区的同事来帮您。\n"
    "Sorry, I can only read Chinese characters. Send “human” and somebody of the community will help you."
)

KEPT = "好的，不点就不撤，照常给您办着。想看进度，发「我的诉求」就行。"
NOT_KNOWN = "天气、时间、坐车这些我查不到，手机上的天气和地图更准。停电停水、街坊邻里、办事和法律上的事，随时问我。"

STORED = (
    "您说的话只用来办您的事，只有办这件事的人看得到；电话是加密存的。"
    "想看我这里存了您什么，或者要改、要删，发「我的信息」就行。"
)

# Whole messages only: "物业泄露我的信息" and "谁看到我的狗" are matters of their own.
_SAID: tuple[tuple[str, str], ...] = (
    (r"(?:那|算了|我|还是|就|先|[,， ]){0,4}(?:别|不)撤回?[了吧啊]{0,2}", KEPT),
    (
        r"(?:请问|那|喂|哎)?(?:你们?|您|小邻|对面)(?:这个?|到底|究竟)*(?:是不是|是|叫|算)(?:个|一个)*(?:真的?)?"
        r"(?:真人|活人|人|机器人?|人工智能|ai|程序|电脑|客服|自动回复|chatgpt|gpt|豆包|deepseek|小爱|谁|什么|啥|什么人|什么东西|什么名字|啥名字)"
        r"(?:还是(?:真人|机器人?|程序|电脑|人))?(?:吗|么|嘛|吧|啊|呀|呢)*",
        texts.WHO,
    ),
    (
        r"(?:我|咱们?)(?:跟|和|给|对)?(?:你们?|您)?(?:说|发|写|聊|讲|留|报)的?(?:话|这些|东西|内容|消息|照片|信息|电话|那些)*(?:你们?|您|会不会|会|都|是|被|要|能|不)*"
        r"(?:存|保存|留|记|放|录|上传)(?:在|到|着|下来|起来|下)*(?:哪里?|哪儿|什么地方|多久|多长时间|几天)?(?:的|了|吗|么|呢|啊)*"
        r"|(?:聊天|对话|通话)?记录(?:你们?|会不会|会|都|是|被|要)*(?:存|保存|留|删|上传)(?:在|到|着|下来)*(?:哪里?|哪儿|多久|多长时间)?(?:的|了|吗|么|呢)*",
        STORED,
    ),
    (
        rf"(?:我|想|要|能不能|可不可以|可以|能|是不是|是|不想实名,?|必须实名{_ASK},?)*匿名(?:的?(?:举报|投诉|反映|登记|说)|的)?{_ASK}"
        rf"|(?:一定要|请|麻烦|帮我|替我|你们?|您|会|能|要|给|对我的信息)*保密(?:我的信息|的)?{_ASK}|(?:一定|必须)?要?(?:实名|留名|留?名字|真名){_ASK}"
        rf"|{_DONT}(?:让|叫|给){_THEM}(?:知道|晓得|看到|看见)(?:是我|我是谁|我)?(?:说|报|反映|投诉|举报|讲|告)?(?:的|了)?"
        rf"|(?:能不能|可不可以|可以)?{_DONT}(?:说|讲|透露|写)(?:出去|出来)?是我(?:说|报|反映|投诉|举报|讲)?的?{_ASK}"
        rf"|{_DONT}(?:告诉|跟|和|对){_THEM}(?:讲|说)?(?:是我|我是谁)(?:说|报|反映|投诉|举报|讲|告)?(?:的|了)?"
        rf"|(?:会不会|会|是不是会|不会)(?:被)?(?:泄露|泄漏|透露|公开|暴露)(?:我(?:的|们的?)?(?:信息|隐私|电话|手机号|身份|名字|地址|家庭)?|出去)*(?:吧|吗|么|啊)?"
        rf"|(?:会不会|会|能不能|不会)(?:让|被|告诉|给)(?:他们?|她|对方|人家|别人|邻居|楼上|楼下|物业|老板)(?:知道|看到|看见|晓得)?(?:是我|我是谁)?"
        rf"(?:说|报|反映|投诉|举报|讲|告)?(?:的)?{_ASK}"
        rf"|(?:他们?|她|对方|人家|别人|邻居|楼上|楼下|物业|老板)(?:会不会|会|能不能|能)(?:知道|看到|看见|晓得|查到)(?:是我|我)(?:说|报|反映|投诉|举报|讲|告)?的?{_ASK}"
        rf"|(?:现在|到时候?|这些?|我(?:说|写|发)的(?:话|东西)?|我的(?:信息|电话|资料)|都)?(?:有)?(?:谁|哪些人|什么人|别人)(?:能|会|可以|都能)?看(?:得)?(?:到|见){_ASK}"
        rf"|(?:投诉|举报|反映|说)了?(?:以后|之后)?(?:会不会|会|不会)(?:被|遭)?(?:他们?|对方|人家|物业)*(?:打击)?报复(?:我)?[吗吧]?"
        rf"|(?:我?怕|担心)(?:被|他们?|对方|人家)*(?:打击)?报复(?:我)?(?:怎么办|咋办)?",
        UNNAMED,
    ),
    (
        rf"(?!(?:投诉|举报|反映)收[费钱]$){_WE}(?:是)?(?:要|收|用|花|得)?(?:不要|不收|要不要|收不收|用不用)?(?:钱|费|费用|收费|免费)(?:的)?{_ASK}",
        FREE,
    ),
    (
        r"(?:为什么|为啥|干嘛|干吗|怎么)(?:还|非|一定)?(?:要|得)(?:我的?)?(?:留|问|填|给)?(?:我的?)?(?:电话|手机|手机号|号码)"
        r"|(?:要|留|问)(?:我的?)?(?:电话|手机号?|号码)(?:干嘛|干吗|干什么|干啥|做什么|有什么用|有啥用)"
        rf"|(?:可以|能)?不(?:留|给|填)(?:电话|手机号?|号码)?(?:行不行|行吗|可以吗|能办吗|会怎样|给办吗|成不)|(?:电话|手机号?)(?:一定|必须)要?留{_ASK}",
        WHY_PHONE,
    ),
    (
        r"(?:为什么|为啥|干嘛|干吗|怎么)(?:还|非|一定)?(?:要|得)?(?:我的?)?(?:问|留|填|写|说|知道)?(?:我的?)?(?:地址|位置|住址|住哪里?|地方)"
        r"|(?:要|问)(?:我的?)?(?:地址|位置|住址)(?:干嘛|干吗|干什么|干啥|做什么)",
        WHY_PLACE,
    ),
    (
        r"(?:为什么|为啥|干嘛|干吗|怎么)(?:还|非|一定)?(?:要|得)?(?:问|知道|说|写)(?:是?什么)?时[间候]"
        r"|(?:要|问)时间(?:干嘛|干吗|干什么|干啥|做什么|有什么用)",
        WHY_TIME,
    ),
    (
        r"(?:我|要|想|得|该|应该|那|这种?事?|这个?)*(?:(?:在|去|到|上|找|往)?(?:哪里?|哪儿|什么地方)|[找跟向]谁)(?:可以|能|才能)?(?:去)?(?:反映|投诉|举报|登记|报修|说)(?:呢|啊|呀)?",
        RIGHT_HERE,
    ),
    (
        r"(?:那|要是|如果|万一|你们?|他们?|还是|一直|到时候?|到期)*(?:没人管|没有人管|不管|没人理|不理|不处理|没处理|没人处理|不解决|没解决|解决不了|办不好|办不了|不办|没人办|拖着)"
        r"(?:的话|了|呢)?(?:怎么办|咋办|咋整|找谁|怎么弄|呢)",
        UNSOLVED,
    ),
    (
        r"(?:你们?|那|我)*(?:怎么|拿什么|如何|凭什么)(?:证明|保证|知道|相信|信)(?:你们?|他们?|这件?|不会|不是|会)*[一-龥]{0,8}[呢吗啊]?"
        r"|(?:你们?|他们?)(?:会不会|不会|该不会)(?:又)?(?:压下来|压着|包庇|官官相护|走过场|糊弄(?:我|人)?|应付(?:我|了事)?)(?:了)?[吧吗呢]?",
        TRUST,
    ),
    (
        r"(?:我)?(?:能不能|可不可以|可以|能)?(?:帮|替|给|代)(?:我)?(?:妈|爸|爸妈|父母|老人|爷爷|奶奶|邻居|朋友|别人|家里人|家人|孩子|老公|老婆)"
        r"(?:来)?(?:反映|报|登记|说|投诉|问|申请|举报)(?:一下)?(?:吗|么|行吗|可以吗|行不行|可不可以)",
        FOR_OTHERS,
    ),
    (
        r"(?:请问|那|想?问一?下|[我你]们?|小区|楼里|这里|[一-龥]{2,6}(?=\d)|\d{1,3}[号栋幢座]楼?){0,4}"
        rf"(?:邻居|隔壁|楼上|楼下|别人|人家|其他人|[他她]们?|[一-龥]?{_ELDER})(?:[一-龥]?{_ELDER})?(?:家|前几天|前天|昨天|上周|上次|之前|刚才?|已经){{0,3}}"
        r"(?:报修?|反映|登记)(?:过|了)?的.{0,10}?(?:(?:[修弄办换]|处理|解决)[了好完]+(?:没有?|吗|么)|怎么样了?|咋样了?|到哪一?步了?|进度|结果|呢)"
        rf"|(?:为什么|为啥|怎么|凭什么)?(?:我)?(?:能不能|可不可以|不?可以|不?能|想)?(?:查|看)(?:一下|得?到)?(?:别人|邻居|人家|[他她])报?的?(?:诉求|进度|情况|事情?|登记)*{_ASK}"
        rf"|(?:别人|邻居|人家|[他她])(?:们|家)?报的(?:进度|结果|诉求|情况|事情?)*(?:我)?(?:能不能|可不可以|可以|能)?(?:查|看){_ASK}",
        OTHERS_CASE,
    ),
    (
        r"(?:你们?|社区|这边|工作人员|网格员)?(?:几点|什么时候|啥时候)(?:上班|下班|有人)(?:啊|呀|呢)?"
        r"|(?:你们?|社区|这边|工作人员|网格员)?(?:晚上|周末|节假日|夜里|半夜|星期天|周日|周六|中午)(?:也)?(?:上班|有人|在|有人管|有人在|能用|能登记|能办事?|可以办|办公|有人回)(?:吗|么|嘛|不)",
        HOURS,
    ),
    (
        r"(?!(?:下雨|下雪|降温|天气|气温|温度)$)(?:你|您|小邻|请问)?(?:能|可以|会)?(?:帮我|给我|替我|帮忙)?(?:查|看|问|说|报|播)?(?:一?[下个]|看)?"
        r"(?:今天|今晚|明天|后天|这[几两]天|这周|下周|周末|外面|现在|本地|当地|咱们?这[里儿]?|早上|下午|晚上)*的?(?:会不会|会|要不要|要|有没有|有|是)?"
        r"(?:天气|气温|温度|下雨|下雪|降温|几度|多少度|冷不冷|热不热)(?:预报)?(?:怎么样|咋样|如何|情况|好不好|好|是?多少度?)?[吗么呢啊呀吧不]*"
        r"|(?:请问)?(?:现在|这会儿|今天|明天)?(?:是)?(?:几点钟?|什么时间|什么时候|几号|几月几号|星期几|周几|礼拜几|什么日子)了[吗么呢啊呀]?"
        r"|(?:请问)?(?:现在|这会儿)(?:是)?几点钟?[呢啊呀]?|(?:请问)?(?:今天|明天|后天)(?:是)?(?:几号|几月几号|星期几|周几|礼拜几|什么日子)[呢啊呀]?"
        r"|(?:请问|那|从这里?|从这儿)?(?:去|到)[一-龥]{2,8}(?:要)?(?:怎么坐车|坐几路|坐哪路|坐什么车|怎么坐公交|坐地铁怎么走)(?:车|公交|公交车)?[呢啊呀]?"
        r"|(?:请问|那)?(?:怎么|咋|如何)(?:坐车|坐公交|坐地铁)(?:去|到)[一-龥]{2,8}|(?:请问)?坐(?:几路|哪路|什么)(?:公交)?车?(?:能|可以)?(?:去|到)[一-龥]{2,8}",
        NOT_KNOWN,
    ),
)
_BUTTONS = regex(
    r"(?:现在|这里|都|请问|有|能|可以|我)*(?:哪些|哪几个|什么|啥|几个|多少)(?:个)?(?:选项|按钮|按键|选择|可选的?)(?:可以选|能选)?[啊呀呢吗]?"
    r"|(?:选项|按钮|按键)(?:都|分别)?(?:是|有)?(?:什么|啥|哪些|哪几个|几个|多少)?[啊呀呢]?|(?:按钮|选项|按键)(?:我)?(?:看不[见到]|读不出来?|点不了|点不动|按不了)"
    r"|(?:我)?(?:该|要|可以|能)?(?:怎么|如何)(?:选|按|点|回答?)[啊呀呢]?"
)
_AGAIN = regex(
    r"(?:请|麻烦|再|给我|帮我)*(?:再)?(?:念|读|说|报|重复|发)一?[遍下次](?:吧|好吗|行吗)?|没(?:听|看)[清懂见到](?:楚)?|重复一下"
)
_LATIN = regex(r"(?=(?:[^a-z]*[a-z]){9})[a-z0-9\s,.!?:;'\"’“”()/@&+-]+", re.IGNORECASE)  # wo jia ting shui le
_WORDS = regex(r"[a-z]{2,}", re.IGNORECASE)
_OURS = regex(r"human|person|people|agent|staff|https?:|www\.|@", re.IGNORECASE)
_IN = {
    ("mediation", UNNAMED): mediation.WHO_KNOWS,  # the other side is asked, and knows that somebody wants to talk
    ("complaint", feelings.ALONE): "",  # of a noise it is part of the matter
}
_ANSWERS = tuple((regex(said), told) for said, told in (*_SAID, *explained.SAID, *feelings.SAID))


def told(text: str, flow: str = "") -> str:
    """The answer to a question about the procedure; "" when the message is none. `flow`: what is open, or was last."""
    answer = _told(text) if len(text) <= 4 * LONGEST else ""
    return _IN.get((flow, answer), answer)


def _choices(open_flow: Flow, state: State, turn: Turn) -> str:
    """What may be answered, for who can't see the buttons; "" where that is not asked."""
    asked = plain(turn.said.text).strip(" 。.!！?？")
    if _AGAIN.fullmatch(asked):
        return ONCE_MORE
    if not _BUTTONS.fullmatch(asked):
        return ""
    ask = open_flow.ask(state.asking)
    found = ask.choices(state.answers, turn) if ask and ask.choices else ()
    found = (kernel.YES, kernel.EDIT, kernel.NO) if state.asking == kernel.CONFIRM else found
    names = "；".join(f"{place}、{choice.label}" for place, choice in enumerate(found, 1))
    return CHOICES.format(names=names) if names else NO_CHOICES


def _worried(text: str, flow: str) -> str:
    """Who may see it, asked at the end of another question: 你们就是居委会的吧，会不会给他看到."""
    last = PAUSE.split(plain(text).strip(" 。.!！?？"))[-1]
    return told(last, flow) if len(text) <= 2 * LONGEST and _told(last) == UNNAMED else ""


@lru_cache(maxsize=1024)  # most answers are said by many
def _told(text: str) -> str:
    asked = plain(text).strip(" 　。.!！~、,，?？")
    if _LATIN.fullmatch(asked) and len(_WORDS.findall(asked)) > 2 and not _OURS.search(asked):
        return CHINESE_ONLY
    if not asked or len(asked) > LONGEST:
        return ""
    asked = re.sub(r"^(?:那|那么|请问|我想问一?下?|问一?下|对了|另外|哦|嗯|好的?)[,，]?\s*", "", asked).replace(
        "，", ","
    )
    return next((answer for pattern, answer in _ANSWERS if pattern.fullmatch(asked)), "")


def between(open_flow: Flow, state: State, turn: Turn) -> str:
    """What to say to a greeting, thanks, or such a question, before the open question again; "" when it is none."""
    said = turn.said
    if said.answer or said.photos or state.flow in WRITTEN:
        return ""
    answer = told(said.text, open_flow.name) or _worried(said.text, open_flow.name) or _choices(open_flow, state, turn)
    if answer or kernel.picks(open_flow, state, turn):
        return answer
    if word(said.text) in HELLO:
        return texts.HERE
    if pausing.comes_back(said.text):
        return texts.TAKEN_UP
    answered = open_flow.name not in POLITE and (open_flow.name, state.asking) not in LEGAL
    if COURTESY.fullmatch(word(said.text)) and not answered:
        return texts.WELCOME
    return ""
