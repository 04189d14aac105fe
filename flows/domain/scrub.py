"""What a group may read of what people write: no number, account, plate, name or door of anybody; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from flows.domain.address import PRIVATE, building_level, floors_unsaid
from flows.domain.names import ALONE, ANNOUNCED, BESIDE, LOOKS, NAMED
from nlu.late import regex
from nlu.normalize import replacing

_narrow = replacing({chr(0xFF10 + n): str(n) for n in range(10)} | {"＠": "@", "．": ".", "－": "-"})
_GAP = r"[-\s.·—_]?"
_IS = r"(?:同号|号码|号|是|为|叫|id|[:：=_\s])*"

ID_NUMBER = regex(
    rf"(?<![0-9A-Za-z])[1-9]\d{{5}}{_GAP}(?:18|19|20)\d\d{_GAP}[01]\d{_GAP}[0-3]\d{_GAP}\d{{3}}[\dXx](?![0-9A-Za-z])"
    r"|(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)[1-9]\d{7}[01]\d[0-3]\d{4}(?!\d)"
)
MOBILE = regex(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")
BANK_CARD = regex(r"(?<!\d)[2-69]\d{3}(?:[- ]?\d{4}){3}(?:[- ]?\d{1,3})?(?!\d)")
_CIPHER = "零〇一二三四五六七八九幺"
_SPELT = regex(rf"(?<![{_CIPHER}])[一幺][三四五六七八九][{_CIPHER}]{{9}}(?![{_CIPHER}])")
_LANDLINE = regex(r"(?<!\d)\(?0\d{2,3}\)?[- ]?\d{7,8}(?!\d)")
_OFFICE = regex(
    r"(?:值班|热线|办公|服务|物业|抢修|举报|监督|投诉|咨询|求助|报警|客服)(?:中心|电话|热线|专线)*[:：是\s]*$"
)
_PAPER = regex(rf"((?:护照|社保卡?|军官证|证件|身份证|银行卡|卡){_IS})[A-Za-z]?\d[0-9A-Za-z]{{5,18}}")
_MAIL = regex(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
_PLATE = regex(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·\s.-]?"
    r"(?=[A-Za-z0-9]*\d)[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警](?![A-Za-z0-9])"
)
_ACCOUNT = regex(
    r"((?:微信|薇信|威信|企鹅|扣扣|抖音|快手|钉钉|支付宝|微博|小红书|账号|帐号|加v(?![a-z])|(?<![a-z])v(?=[:：])"
    rf"|(?<![a-z])(?:qq|wx|vx|wechat|weixin)){_IS})[A-Za-z0-9_-]{{5,}}",
    re.IGNORECASE,
)
_MENTION = regex(r"@(?!小[邻鄰])[\w·-]{1,20}")

# What stands wherever it stands; a group reads none of it in anything we say.
_NUMBERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (ID_NUMBER, "［证件号］"),
    (_PAPER, r"\1［证件号］"),
    (MOBILE, "［电话］"),
    (_SPELT, "［电话］"),
    (BANK_CARD, "［卡号］"),
    (_MAIL, "［邮箱］"),
    (_PLATE, "［车牌］"),
    (_ACCOUNT, r"\1［账号］"),
    (_MENTION, "［账号］"),
)
_NAMES = (BESIDE, ANNOUNCED, NAMED, LOOKS, ALONE)  # what announces a name is the first group

_N = "[0-9零〇一二两三四五六七八九十]"
_ROOM = r"(?:\d{3,4}|[零〇一二三四五六七八九]{3,4})(?![\d年月日米元块件条个位名人次路线号度:：.%-])"
_DOORS = (
    (regex(rf"(?:{_N}{{1,3}}|[A-Za-z])(?:单元|單元){PRIVATE}[\s，,-]*(?:{_ROOM}(?:室|房|户)?)?"), ""),
    (regex(rf"((?:号楼|號樓|栋|棟|幢|座|#)[\s，,-]*){_ROOM}(?:室|房|户)?"), r"\1"),
    (regex(r"(?<![\d.-])(\d{1,3})-\d{1,2}-\d{3,4}(?:室|房)?(?![\d-])"), r"\1号楼"),
    (regex(rf"((?:住|家|门牌)[在是的:：\s]*){_ROOM}(?:室|房|户)?"), r"\1"),
    (regex(rf"(?<!中心)(?<!办公)(?<!服务)(?<!会议)(?<!居委会)(?<!大厅){_ROOM.split('(?!')[0]}室"), ""),
)

_ASCII = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "[": "［", "]": "］"}
_MARK = regex(r"(?<=[\u4e00-\u9fff］\]])[,:;?!\]]|[\[,](?=[\u4e00-\u9fff])")  # Chinese is written wide


def scrubbed(text: str) -> str:
    """Somebody's own words as a group or a card may show them: without numbers, accounts, plates, names, unit or room.

    Names are known by what announces them (我叫, 邻居, a number beside them) or by looking like nothing else.
    """
    return _MARK.sub(lambda m: _ASCII[m[0]], building_level(floors_unsaid(nameless(text))))


def sealed(text: str, keep: Collection[str] = ()) -> str:
    """A whole message of ours as a group may read it: as `scrubbed`, but a bare number stays, since most are no door.

    `keep`: names that may be read there (colleagues, and who agreed to it).
    """
    shown = nameless(text, keep)
    for pattern, instead in _DOORS:
        shown = pattern.sub(instead, shown)
    return shown


def exposes(text: str) -> bool:
    """Whether somebody has shown a number in public that others can abuse: an ID, a mobile phone, a bank card."""
    plain = _narrow(text)
    return any(pattern.search(plain) for pattern in (ID_NUMBER, MOBILE, BANK_CARD))


def nameless(text: str, keep: Collection[str] = ()) -> str:
    """A text without numbers, accounts, plates and names of anybody; doors stay."""
    plain = shown = _narrow(text)
    for pattern, instead in _NUMBERS:
        shown = pattern.sub(instead, shown)
    shown = _LANDLINE.sub(_unless_an_office(shown), shown)
    for pattern in _NAMES:
        shown = pattern.sub(_unless_kept(shown, keep), shown)
    return text if shown == plain else shown


def _unless_kept(text: str, keep: Collection[str]) -> Callable[[re.Match[str]], str]:
    def instead(found: re.Match[str]) -> str:
        first = found[1] if found.re.groups else ""
        start = found.start() + len(first)
        kept = any(text[start : start + length] in keep for length in (4, 3, 2))
        return found[0] if kept else f"{first}［姓名］"

    return instead


def _unless_an_office(text: str) -> Callable[[re.Match[str]], str]:
    """物业电话0571-… is for everybody."""
    return lambda found: found[0] if _OFFICE.search(text[: found.start()][-16:]) else "［电话］"
