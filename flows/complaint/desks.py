"""Matters that are settled at a counter and nowhere else: which one, and whom to ring; nobody is sent in circles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.complaint.locate import only_a_place
from flows.effects import Option, Say
from flows.flow import Answers, Outcome, State, Turn
from flows.further import asks_further
from nlu.late import regex

INTENT = "ask_desk"
STILL = timedelta(hours=1)
LONGEST = 28  # characters of such a question: more of them tell a story
KEPT, ASKED = "desk", "asked"  # in what is remembered: the counter that was named last, and for which question

COMMUNITY = "这个先到社区（村）的便民服务窗口问，由社区受理或者开介绍，大的报街道便民服务中心；不清楚打 12345 问。"
# (what is wanted, where that is done); the first that is named decides.
_LOOK = r"(?:查|看|交|缴)(?:一?[下查看]|我们?家?的?|家里的?|[上这本]个?月的?)*"
_WAY = r"(?:户号)?(?:怎么|在哪里?|去哪里?|哪里|到哪里?|如何)(?:查|看|交|缴)"
_DESKS: tuple[tuple[str, str], ...] = (
    (
        r"收入证明|在职证明|工作证明|离职证明",
        "这个由用人单位的人事部门开；单位不肯开，打劳动保障热线 12333。没有单位的，打 12345 问哪个窗口能出。",
    ),
    (
        r"出生(?:医学)?证明?",
        "出生医学证明由孩子出生的医院开，丢了、写错了也找那家医院或者当地妇幼保健院；问不清打 12345。",
    ),
    (
        r"死亡证明",
        "在医院去世的由医院开，在家去世的由社区卫生服务中心开，再到派出所注销户口；问不清打 12345。",
    ),
    (
        r"护照|港澳通行证|台湾通行证|通行证|签注|出入境",
        "这个在公安出入境窗口办，网上“移民局”应用能预约；要带什么，先打 12367 问。",
    ),
    (r"驾照|驾驶证|行驶证|车管所|年检|上牌", "这个在车管所办，手机“交管12123”应用也能办一部分；不清楚打 12123 问。"),
    (
        r"身份证|户口|户籍|落户|无犯罪记录|改名字|居住证(?!明)|暂住证",
        "这个在派出所户籍窗口办，各地大多也能在网上先办一部分；要带什么，先打派出所或 12345 问清再跑。",
    ),
    (
        r"结婚证|离婚证|(?:结婚|离婚)登记|领证",
        "这个在民政局婚姻登记处办，两个人都要到场，能网上先预约；要带什么，打婚姻登记处或 12345 问。",
    ),
    (rf"{_LOOK}电费|电费{_WAY}", "电费在“网上国网”应用里查、交，也可以打供电热线 95598 问。"),
    (
        rf"{_LOOK}(?:水|燃气|煤气|天然气)费|(?:水|燃气|煤气|天然气)费{_WAY}",
        "这个找供水、燃气公司，账单上有电话；不知道是哪家，打 12345 问。",
    ),
    (r"医保|异地就医|生育(?:津贴|保险)|新农合", "这个找医保窗口，“国家医保服务平台”应用也能办；先打 12393 问。"),
    (
        r"社保|养老金|养老保险|失业金|失业保险|退休(?:手续|金|年龄)|灵活就业|退休证",
        "这个找社保（人社）窗口，“掌上12333”应用也能查能办；先打 12333 问。",
    ),
    (r"公积金", "这个找住房公积金窗口，手机上的公积金应用多半能办；先打公积金热线 12329 问。"),
    (r"个税|个人所得税|完税证明", "这个找税务局办税窗口，“个人所得税”应用也能办；先打 12366 问。"),
    (r"房产证|不动产", "这个在不动产登记中心办；要带什么，先打 12345 转不动产登记中心问。"),
    (r"营业执照|个体户|注册公司|食品经营许可", "这个在政务服务大厅市场监管窗口办，多半能网上办；先打 12345 问。"),
    (
        r"贫困证明|困难证明|低保|特困|临时救助|残疾人?证|老年[证卡优]|高龄补贴|公租房|廉租房|生育登记|准生证|生[一二三]胎|独生子女"
        r"|居住证明|亲属关系证明|居委会.{0,2}证明|社区.{0,4}证明|村委会?.{0,3}证明",
        COMMUNITY,
    ),
    (
        r"(?:派出所|社保局|医保局|公积金中心|民政局|(?:政务|便民)(?:服务)?(?:大厅|中心)).{0,6}(?:电话|在哪|地址|几点|上班|下班|怎么走)",
        "办事窗口的地址、电话和上班时间，打 12345 一问就清楚，我这里没有准的。",
    ),
)
_WANTS = regex(
    r"怎么|如何|哪|什么|多久|多少|几天|材料|手续|流程|条件|办|补|换|开|领|申请|登记|丢|过期|到期|激活|迁|查|报销|提取|取出来"
    r"|转移|续签|写错|错了|改|备案|断缴|交|消磁|电话|地址|几点|上班|能不能|可以吗|上户|落户"
)
# What is no such question: blame, a quarrel or a right, our own appointments, a story.
_OTHER = regex(
    r"投诉|举报|反映|态度|刁难|不给|不让|不肯|不理|不管|没人|拖|推[诿来给]|乱收|收钱|骗|拒|欠|不[交缴发买签]|没[交缴发买给]|办不[了下]|老板|(?<!注册)公司|被"
    r"|赔|违法|犯法|起诉|判|继承|遗产|前[夫妻]|房东|(?<![公廉])租|拆迁|卖|过户|彩礼|抚养|跑了|[两三几][次趟]|预约|代办|上门|约个|积分|兑换"
    r"|开发商|物业|二手房|房子|宅基地|承包地|亲子|合伙|强制|[迁落]不|名字要交|加.{0,4}名字|志愿|时长|工伤|加班|工资|合同|伪造|捡到|拾到|报名|入学"
)
_FOUND = tuple((regex(pattern), told) for pattern, told in _DESKS)
DAY = regex(  # 周六办吗
    r"(?:那|请问|你们?|是不是|是|只有|要|得)*(?:周末|双休日?|节假日|(?:下|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天]|[今明后]天|早上|上午|中午|下午|晚上|现在|[和、])+"
    r"(?:呢|也|都|能|可以|还|办|去|来|上班|开门?|有人|行|好|不|吗|么|嘛)*"
)
_NEAR = regex(
    r"(?:请问|我想问一?下?|问一?下?|咱们?|我们?|你们?|这里?|小区|社区|附近|的|那)*(?:"
    r"(?:物业|居委会|网格员|保安室?|门卫|门岗|开锁|水电工|维修师傅|修理工|燃气公司|自来水公司|供电所|街道办?|村委会?|快递站|驿站)(?:公司|的)*(?:联系)?(?:电话|手机号?|号码|联系方式)(?:号码)?(?:是|有)?(?:多少|几号|什么|啥|吗|没)?"
    r"|(?:垃圾车|收垃圾的?|洒水车|收废品的?|老年食堂|食堂|活动室|图书室|阅览室|菜市?场|快递站|快递驿站|驿站|澡堂|卫生站|门诊部?|药店)(?:一般|都|每天|早上|晚上|大概|周末|是)*(?:几点|什么时候|啥时候)(?:来|到|开门?|关门?|收|上班|下班)?"
    r")[啊呢呀吗]?"
)
_WHERE = (
    r"(?:请问|咱们?|我们?|你们?|这里?|这边|小区|村里?|楼里|家里?|现在|这会儿|[今明后]天|今[晚早]|早上|上午|下午"
    r"|晚上|周末|到底|的|那|又)*"
)
_OFF = "停(?:水|电|气|暖|网|热水)"
_SUPPLY = regex(  # asked about, not told: 停水了吗今天, 明天会停电吗, 停电要停到几点
    rf"{_WHERE}(?:(?:会不会|是不是|有没有){_OFF}了?|(?:会|要|又)?{_OFF}了?(?:吗|么|嘛|没有|没|不|吧)"
    rf"|{_OFF}了?(?:还|要|得|会)*停?到?(?:几点|什么时候|啥时候|多久|多会儿)){_WHERE}[啊呢呀吗]?"
)
SUPPLY = (
    "停水停电的通知我手头没有准的，先看物业和社区群里说了没有。停电可以打 95598，停水停气打账单上的电话，"
    "不知道就打 12345。您家现在就没有的话，登记下来，请社区的同事去问。"
)
NEAR = "这个我手头没有准的，不敢乱说。登记下来，请社区的同事答复您；急的话打 12345，或者点「找人工」。"
_BARE = regex(r"(?:给我|帮我|我要|我想|想|要|来)*(?:开|打|办|出)(?:一?[个份张])?证明[吧啊呢吗]?")
WHICH = (
    "要看是哪一种：居住、困难的找社区便民服务窗口，户籍、无犯罪记录的找派出所，收入、在职的找单位，"
    "志愿服务的发「志愿证明」。分不清打 12345 问。"
)
REST = "我这边办不了证件，材料以窗口说的为准。要社区的同事帮您问，点「找人工」。"
LIVES = "住哪儿我知道了，还是这样办："
STILL_THERE = "要社区的同事帮您问，点「找人工」，您问的我一起转过去。"


def desk(text: str) -> str:
    """Where the matter of a normalised question is settled; "" when it is no such question."""
    if _BARE.fullmatch(text):
        return WHICH
    if _NEAR.fullmatch(text):
        return NEAR
    if _SUPPLY.fullmatch(text):
        return SUPPLY
    if len(text) > LONGEST or _OTHER.search(text) or not _WANTS.search(text):
        return ""
    return next((told for pattern, told in _FOUND if pattern.search(text)), "")


def answer(state: State, turn: Turn) -> Outcome | None:
    """The counter, and the ways on: a person, or the question on record for the community to answer."""
    text = turn.said.understood.plain.strip(" 。.!！?？")
    told = desk(text)
    if not told:
        return None
    asked = turn.said.text[:300]
    last = {**state.last, "flow": "complaint", KEPT: told, ASKED: asked, "at": turn.now.isoformat()}
    papers = "" if told in (NEAR, SUPPLY) else f"\n{REST}"
    return Outcome(replace(state, last=last, unclear=0), (_say(told + papers, asked),))


def further(turn: Turn, last: Answers) -> Say | None:
    """要带什么材料, after a counter was named: that counter knows."""
    told = str(last.get(KEPT, ""))
    late = turn.since(last["at"]) > STILL
    lives = only_a_place(turn)  # 她住石磨村
    plain = turn.said.understood.plain.strip(" 。.!！?？")
    if not told or late or not (lives or asks_further(plain) or DAY.fullmatch(plain)):
        return None
    return _say(f"{LIVES if lives else ''}{told}\n{STILL_THERE}", f"{last[ASKED]}\n{turn.said.text[:200]}")


def _say(told: str, asked: str) -> Say:
    keep = {"flow": "complaint", "intent": "report_problem", "text": asked}
    rows: tuple[tuple[Option, ...], ...] = (
        (Option("找人工", "begin", {"flow": "human", "text": asked}), Option("登记下来，请社区答复", "begin", keep)),
    )
    if told.startswith(COMMUNITY):  # its window may be one that appointments are made for
        rows = ((Option("约个时间去办", "begin", {"flow": "appointment", "text": asked}),), *rows)
    return Say(told, options=rows)
