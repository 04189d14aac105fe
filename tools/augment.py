"""Dresses the written examples for training: invented places, openings, endings and slips of the keyboard, seeded."""

from __future__ import annotations

import random

# Invented names only: syllables are drawn, so that no place stands for a matter.
FIRST = (
    "金银紫翠碧锦华盛瑞祥福安康宁泰和顺兴隆荣富贵嘉佳丽雅静清秀明阳光辉星辰月江河湖海山岭峰云天龙凤鹤"
    "鹿松柏竹梅兰菊桃李杏桂柳榆枫梧东南西北中新古大小上下前后红黄青白黑石铁铜马牛羊高平坪塘桥沙洲湾港"
    "溪泉井田园林苑巴乌额苏达希格朗"
)
ESTATE = (
    "小区", "花园", "苑", "家园", "新村", "公馆", "名城", "豪庭", "国际", "广场", "新城", "雅居", "一期",
    "二期", "安置小区", "里", "城", "府",
)  # fmt: skip
ROAD = (
    "路", "大道", "街", "巷", "东路", "西路", "南路", "北路", "中路", "大街", "胡同",
)  # fmt: skip
VILLAGE = (
    "村", "镇", "乡", "社区", "街道", "嘎查", "苏木", "组", "屯", "庄", "县", "区", "市", "湾", "村三组",
    "街道社区",
)  # fmt: skip
UNIT = (
    "公司", "学校", "中学", "小学", "医院", "工业园", "市场", "厂", "酒店", "商场", "幼儿园", "有限公司",
    "集团", "物业",
)  # fmt: skip
SPOTS = (
    "", "门口", "旁边", "附近", "北门", "楼下", "后面", "对面", "路口", "这边", "一带", "里", "交叉口",
)  # fmt: skip

ASKING = (
    "", "", "", "咨询", "请问", "咨询关于", "想问一下", "关于", "询问", "我想咨询", "咨询一下",
)  # fmt: skip
LETTER = (
    "", "", "", "反映", "投诉", "举报", "关于", "请求解决", "恳请解决", "请关注", "再次反映", "强烈要求解决",
    "求助", "希望", "建议", "盼", "呼吁", "请领导关注", "再次投诉", "反映一下", "控诉", "请", "实名举报",
    "要求",
)  # fmt: skip
LETTER_END = (
    "", "", "", "的问题", "问题", "求解决", "盼解决", "何时能解决", "谁来管", "望处理", "的情况", "请重视",
    "一事", "的投诉", "的建议", "急需解决", "无人管", "严重影响居民生活", "什么时候能解决", "请有关部门查处",
    "为何没人管", "合理吗", "该找谁", "已经两年了", "情况反映", "的咨询", "相关问题", "望领导重视", "怎么办",
    "存在安全隐患", "，百姓苦不堪言", "请政府帮忙", "望整治", "是怎么规定的？", "有什么政策？", "怎么这么难？",
    "标准是多少？", "符合条件吗？", "到底怎么回事？", "为什么一直不处理？", "对吗？", "流程是怎样的？", "严重",
    "的几点建议", "的疑问", "？",
)  # fmt: skip
LEAD_WHO = (
    "我是一名普通市民", "我是这里的居民", "我是小区业主", "我们是村民", "我是一名家长", "本人是企业职工",
    "我是退休工人",
    "我是一名外来务工人员", "我在这家公司上班", "我是个体户", "我是一名大学生", "我们是该单位的下岗职工",
    "我是一名教师",
    "我在这里住了十多年", "我父亲今年七十多岁", "我去年买了这里的房子", "我家孩子今年上学", "我每天上下班经过这里",
)  # fmt: skip
LEAD_SO = (
    "，现将情况反映如下", "，想问问有关部门", "，希望领导能关注", "，此事一直没有说法", "，多次找过相关部门都没有结果",
    "，打过热线也没人来", "，看到网上的政策不太明白", "，听同事说起这件事", "，对此很不理解", "，请问该找哪个部门", "",
    "，给生活带来很大不便", "，恳请给个答复",
)  # fmt: skip
CHAT = (
    "", "", "", "我家", "我们小区", "我们村", "我们这栋", "楼下", "门口", "我们单元", "3号楼2单元",
    "三栋二单元", "咱们社区", "你好，", "您好，", "请问", "麻烦问下", "社区的同志，", "@网格员 ", "报修：",
    "师傅，", "那个", "今天早上", "昨晚开始", "我想问一下", "我们这边", "俺们村", "我反映个事，",
    "跟你们说一下，", "又是", "我妈家", "能不能管管", "12号楼", "5栋1单元602", "村东头", "就是那个",
    "我想反映", "大家看看，",
)  # fmt: skip
CHAT_END = (
    "", "", "", "没人管", "怎么办", "能不能来看看", "好几天了", "管一管吧", "谁管", "快来人修", "找谁",
    "麻烦处理下", "都一个星期了", "急", "帮忙看下", "求解决", "有人管没得", "咋整", "三天了", "能修一下不",
    "谢谢", "烦死了", "投诉几次了", "，老人小孩都不方便", "啊", "呀", "吗", "呢", "，在哪里办", "要带什么材料",
    "怎么弄", "，给个说法", "，你们管不管", "！！", "，拜托了", "要啥条件", "去哪里申请", "什么时候能好",
    "你们给看看", "说了也不听", "，老人受不了", "，都没法出门", "，孩子也遭罪", "到现在没见人", "麻烦来个人",
    "，照片我拍了",
)  # fmt: skip

LAW = (
    "", "", "", "", "请问", "律师你好，", "你好，", "想问一下，", "咨询一下，", "律师，", "麻烦问问", "我想咨询",
    "您好！",
    "请教一下，", "如题，", "求助，", "急，",
)  # fmt: skip
LAW_END = (
    "", "", "", "", "？", "?", "，违法吗", "，怎么维权", "，能赔多少", "，可以起诉吗", "，怎么办", "，法律上怎么规定的",
    "，应承担什么责任", "，急，在线等", "，谢谢", "，有法律依据吗", "，这种情况怎么处理", "，需要哪些证据", "，合法吗",
)  # fmt: skip


def ask(core: str, rng: random.Random) -> str:
    """The core as a question put to a lawyer."""
    end = rng.choice(LAW_END)
    asked = core.endswith(("?", "？", "吗", "么", "不", "啥", "多少", "怎么办", "咋办"))
    return rng.choice(LAW) + core + ("" if asked and end.startswith("，") and rng.random() < 0.7 else end)


def place(rng: random.Random) -> str:
    """An invented estate, road, village or company, now and then two in a row."""
    name = "".join(rng.choice(FIRST) for _ in range(rng.choice((2, 2, 2, 3))))
    kind = rng.choice((ESTATE, ROAD, VILLAGE, VILLAGE, UNIT))
    first = name + rng.choice(kind)
    if rng.random() < 0.25:
        first += "".join(rng.choice(FIRST) for _ in range(2)) + rng.choice(rng.choice((ESTATE, ROAD, UNIT)))
    if rng.random() < 0.12:
        first += f"{rng.randint(1, 40)}{rng.choice(('栋', '号楼', '号', '期', '单元'))}"
    return first + (rng.choice(SPOTS) if rng.random() < 0.35 else "")


def letter(core: str, rng: random.Random) -> str:
    """The core as the title of a letter to a city leader."""
    opening = rng.choice(ASKING if rng.random() < 0.25 else LETTER)
    where = place(rng) if rng.random() < 0.75 else ""
    body = where + core if rng.random() < 0.75 else core if not where else f"{core.rstrip('了的')}，{where}"
    title = opening + body + rng.choice(LETTER_END)
    return title + lead(rng) if rng.random() < 0.3 else title


def lead(rng: random.Random) -> str:
    """The first sentence after the title of a letter: mostly who writes."""
    greeting = rng.choice(("。", "。", "。尊敬的领导：您好！", "。您好，", "，领导您好，", "。尊敬的书记，", "\n"))
    where = place(rng) + "，" if rng.random() < 0.3 else ""
    return greeting + where + rng.choice(LEAD_WHO) + rng.choice(LEAD_SO) + rng.choice(("。", "", "；", "！"))


def chat(core: str, rng: random.Random) -> str:
    """The core as somebody types it into a chat."""
    where = place(rng) if rng.random() < 0.15 else rng.choice(CHAT)
    return where + core + rng.choice(CHAT_END)


def slip(text: str, rng: random.Random) -> str:
    """A character lost, doubled or swapped with its neighbour."""
    if len(text) < 5:
        return text
    at = rng.randrange(1, len(text) - 1)
    kind = rng.random()
    if kind < 0.4:
        return text[:at] + text[at + 1 :]
    if kind < 0.7:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
