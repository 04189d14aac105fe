"""A small invented neighbourhood for tests of flows: what a turn may look at, and what effects do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flows import effects as fx
from flows.catalogue import Catalogue, load_catalogue
from flows.domain.booking import Booking, Way, Window
from flows.domain.booking import State as Booked
from flows.domain.places import Place, Places
from flows.domain.similar import Similar
from flows.domain.units import Colleague, Units
from flows.domain.units import Held as Post
from flows.effects import volunteers as vx
from flows.facts import (
    Articles,
    ArticleView,
    CaseView,
    ColleagueView,
    DepartmentView,
    Facts,
    FindArticles,
    FindSimilar,
    GoodsView,
    Guide,
    Held,
    HouseholdLine,
    HouseholdView,
    OfficeView,
    Query,
    RedemptionView,
    RuleView,
    ShiftView,
    StatementLine,
    ThreadView,
    Volunteering,
)
from flows.volunteer_facts import HoursView, NeedView, StandIn, TeamView, VolunteerView
from nlu.normalize import normalize

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=ZONE)
ME = 7  # the person who talks
CODES = {"XF8K27": (31, "周家（3号楼）")}  # plain code -> its row, the household it stands for
NUMBER, PICKUP = "0302-001", "482913"  # what the shell fills into receipts

PLACES = (
    Place(1, None, "community", "槐荫社区"),
    Place(2, 1, "grid", "第一网格"),
    Place(3, 2, "building", "槐荫里3号楼", ("3号楼", "3栋")),
    Place(4, 2, "building", "槐荫里5号楼", ("5号楼", "5栋")),
    Place(5, 2, "building", "榆钱里5号楼", ("5号楼", "5栋")),
)

DEPARTMENTS = (
    DepartmentView("槐荫执法队", ("城市管理部门",), "槐荫社区"),
    DepartmentView("槐荫物业", ("物业公司",), "槐荫社区"),
    DepartmentView("广厦物业", ("物业公司",), "柳林街道"),
)
COLLEAGUES = (ColleagueView(5, "董一诺", "网格员", "grid"), ColleagueView(9, "杜队长", "城管中队", "department", 2))
UNITS = Units(
    Places(PLACES),
    [("槐荫物业", ("物业公司",), 1)],
    [Colleague(5, "董一诺", (Post("grid_worker", 2),)), Colleague(6, "薛大姐", (Post("community_staff", 1),))],
)


def shift(id: int, title: str, place: str, day: int, hours: tuple[int, int], **more: Any) -> ShiftView:
    """A shift in March 2026, from hour to hour."""
    start = datetime(2026, 3, day, hours[0], 0, tzinfo=ZONE)
    end = datetime(2026, 3, day, hours[1], 0, tzinfo=ZONE)
    known: dict[str, Any] = {"about": "", "capacity": 5, "taken": 2, "waiting": 0, "mine": None, "activity": id}
    return ShiftView(id=id, title=title, place=place, starts_at=start, ends_at=end, area=1, **{**known, **more})


SHIFTS = (
    shift(11, "陪老人聊天", "松柏敬老院", 7, (9, 11), about="陪老人说说话、读读报"),
    shift(12, "给老人理发", "松柏敬老院", 8, (14, 16), about="会理发的来，不会的帮着打下手"),
    shift(13, "清理楼道杂物", "槐荫里3号楼门口", 7, (10, 12), capacity=3, taken=3, waiting=1),
    shift(14, "护学岗", "槐荫小学门口", 3, (7, 8)),
)
VOLUNTEER = VolunteerView("林小满", date(1968, 5, 4), ("haircut",), ("weekend",), "masked")
SERVED = HoursView("扫雪除冰", datetime(2026, 2, 7, 9, 0, tzinfo=ZONE), 90, "")
NEEDS = (
    NeedView(91, "need", "给独居老人换纱窗", "自带工具", "open", 1, False, False),
    NeedView(92, "post", "周三门岗", "", "promised", 1, True, False),
)
RULES = (
    RuleView(1, "1", "忠孝", "照顾卧病老人一个月", 20, "邻居或网格员证明"),
    RuleView(2, "2", "忠孝", "给父母公婆过生日", 5, "照片"),
    RuleView(3, "3", "友善", "帮邻居照看孩子或老人", 5, ""),
    RuleView(4, "4", "诚信", "拾金不昧", 10, "失主证明"),
    RuleView(5, "5", "勤劳", "参加一次义务劳动", 5, ""),
    RuleView(6, "6", "节俭", "红白事从简", 15, ""),
    RuleView(7, "7", "优美", "评上最美庭院", 10, ""),
    RuleView(8, "8", "优美", "乱堆杂物不听劝", -5, "照片"),
)
GOODS = (
    GoodsView(21, "soap", "洗衣液一瓶", 30, 6, "文明超市", 1),
    GoodsView(22, "oil", "菜籽油一桶", 80, 2, "文明超市", 1),
    GoodsView(23, "towel", "毛巾两条", 20, 0, "文明超市", 1),
    GoodsView(24, "cooker", "电饭锅一口", 300, 1, "文明超市", 1),
)
HOUSEHOLD = HouseholdView(
    id=41,
    key="h-3-302",
    name="周家（3号楼）",
    area=1,
    balance=95,
    by_category={"忠孝": 60, "优美": 35},
    statement=(
        StatementLine(datetime(2026, 2, 20, 10, 0, tzinfo=ZONE), 35, "打扫楼道"),
        StatementLine(datetime(2026, 2, 26, 15, 0, tzinfo=ZONE), 60, "照顾老人"),
    ),
    redemptions=(),
)
NEIGHBOURS = (
    HouseholdLine(42, "林家", "槐荫里5号楼"),
    HouseholdLine(43, "方家", "槐荫里3号楼"),
    HouseholdLine(44, "方家", "榆钱里5号楼"),
)
RESERVED = (
    RedemptionView(61, "洗衣液一瓶", 30, "reserved", datetime(2026, 3, 6, 23, 59, tzinfo=ZONE)),
    RedemptionView(62, "菜籽油一桶", 80, "reserved", datetime(2026, 3, 8, 23, 59, tzinfo=ZONE)),
)
TENANCY = ArticleView(
    "中华人民共和国民法典",
    "第七百三十三条",
    "租赁期限届满，承租人应当返还租赁物。返还的租赁物应当符合按照约定或者根据租赁物的性质使用后的状态。",
    9.1,
    "2020-05-28",
)
BREACH = ArticleView(
    "中华人民共和国民法典",
    "第五百七十七条",
    "当事人一方不履行合同义务或者履行合同义务不符合约定的，应当承担继续履行、采取补救措施或者赔偿损失等违约责任。",
    8.4,
    "2020-05-28",
)
ARBITRATION = ArticleView(
    "中华人民共和国劳动争议调解仲裁法",
    "第二十七条",
    "劳动争议申请仲裁的时效期间为一年。仲裁时效期间从当事人知道或者应当知道其权利被侵害之日起计算。",
    9.5,
)
DISMISSED = Guide(
    "dismissal",
    "被公司辞退",
    ("公司没有正当理由就辞退，算违法解除，可以要求继续干，也可以要求赔偿金。", "先把合同、工资条、辞退通知留好。"),
    "从知道被辞退那天起，一年内要申请劳动仲裁。",
)
HELD = Held(
    fields={"phone": "13800000000"},
    consents=(("phone", "2026-02-20"),),
    cases=3,
    alone=("260301-1",),
    shared=("260301-2",),
    upcoming=1,
    household=True,
)
LIBRARY: tuple[tuple[tuple[str, ...], Articles], ...] = (
    (("押金", "租"), Articles(True, (TENANCY, BREACH))),
    (("辞退", "仲裁"), Articles(True, (ARBITRATION,), DISMISSED)),
    (("合同法",), Articles(True, (BREACH,))),
)


@cache
def catalogue() -> Catalogue:
    return load_catalogue((Path(__file__).parents[2] / "flows/catalogue.yml").read_text(encoding="utf-8"))


def look_up(query: Query) -> Articles:
    """What the small law library answers: by the first word it knows, else nothing it is sure of."""
    assert isinstance(query, FindArticles)
    for known, articles in LIBRARY:
        if any(word in normalize(query.text) for word in known):
            return articles
    return Articles(False, (BREACH,))


WINDOWS = (
    Window("residence", "居住证明", Way.COUNTER, "12345", ((time(9), time(11)),), needs="身份证"),
    Window("pension", "养老认证", Way.VISIT, "35", ((time(9), time(11)),), minutes=60),
    Window("card", "老年证", Way.DONE_FOR),
)
BOOKED = Booking(5, NUMBER, "pension", "养老认证", Way.VISIT, 1, ME, 3, Booked.CONFIRMED, MONDAY, "", "", 1)
TEAMS = (
    TeamView(1, "银铃队", "陪老人说话", 1, 3, "周静", 4, False),
    TeamView(2, "清河队", "捡河边的垃圾", 1, 3, "周静", 7, False),
    TeamView(3, "夜巡队", "晚上走一圈", 1, 5, "李强", 5, True),
    TeamView(4, "修缮队", "修修补补", 1, 5, "李强", 2, True),
)


class Neighbourhood:
    """The rows of a play community, kept in memory; `take` does to them what the writer does with effects."""

    def __init__(self) -> None:
        self.facts = Facts(
            community=1,
            community_name="槐荫社区",
            area=2,
            catalogue=catalogue(),
            places=Places(PLACES),
            units=UNITS,
            colleagues=COLLEAGUES,
            departments=DEPARTMENTS,
            staffed=True,
            shifts=SHIFTS,
            rules=RULES,
            goods=GOODS,
            windows=WINDOWS,
            work_areas=((2, "第一网格"),),
            alert_areas=((1, "槐荫社区"), (2, "第一网格")),
        )
        self.similar: tuple[Similar, ...] = ()

    def setting(self, name: str) -> None:
        """Change the scene: somebody is bound, has signed up for shift 11, has asked before, nobody is staff …"""
        word, _, rest = name.partition(" ")
        if word in ("mine", "done", "neighbours"):  # has reported the same already, or neighbours have: so many
            self.similar = (Similar(71, NUMBER, word, int(rest or 1), "槐荫里3号楼"),)
            return
        changes: dict[str, Any] = {
            "unstaffed": {"staffed": False, "community": None, "community_name": "", "area": None},
            "bound": {"household": HOUSEHOLD},
            "staff": {"office": OfficeView(RULES)},
            "ranked": {"household": replace(HOUSEHOLD, ranked=True)},
            "gifts": {"household": replace(HOUSEHOLD, gifts=50)},
            "announced": {"household": replace(HOUSEHOLD, announced=(81,))},
            "reserved": {"household": replace(HOUSEHOLD, redemptions=RESERVED)},
            "poor": {"household": replace(HOUSEHOLD, balance=10)},
            "empty": {"shifts": (), "goods": (), "rules": (), "windows": ()},
            "asked": {
                "threads": (ThreadView(51, "legal", NUMBER, "open", 1, None, "legal_guide", 1, "房东扣着押金不还"),)
            },
            "advised": {
                "threads": (ThreadView(51, "legal", NUMBER, "claimed", 2, 8, "legal_guide", 1, "房东扣着押金不还"),)
            },
            "signed-up": {"shifts": self._mine(int(rest or 0), "confirmed")},
            "waiting": {"shifts": self._mine(int(rest or 0), "waiting")},
            "taken": {"booked": ((1, "residence", MONDAY.replace(hour=int(rest or 0)), 9),)},
            "booked": {"bookings": (BOOKED,)},
            "phone": {"phone": rest},
            "held": {"held": HELD},
            "organiser": {"volunteering": Volunteering(staff=3, organises=(1, 2))},
            "teams": {
                "volunteering": Volunteering(
                    me=VOLUNTEER, staff=3, organises=(1, 2), organised=self.facts.shifts, teams=TEAMS
                )
            },
            "registered": {"volunteering": Volunteering(me=VOLUNTEER, minutes=90, latest=(SERVED,))},
            "child": {"volunteering": Volunteering(me=replace(VOLUNTEER, born=date(2012, 5, 4)))},
            "on": {"shifts": self._on(int(rest or 0))},
            "came": {"shifts": self._on(int(rest or 0), came=MONDAY)},
            "adults": {
                "shifts": tuple(replace(s, min_age=18) if s.id == int(rest or 0) else s for s in self.facts.shifts)
            },
            "skilled": {
                "shifts": tuple(
                    replace(s, skills=("haircut",)) if s.id == int(rest or 0) else s for s in self.facts.shifts
                )
            },
            "needed": {"volunteering": Volunteering(needs=NEEDS, resources=(("柳溪小学", "会议室周末可借"),))},
            "anywhere": {"area": None, "community": None, "communities": ((1, "槐荫社区"), (9, "榆钱社区"))},
        }[word]
        self.facts = replace(self.facts, **changes)

    def like(self, query: FindSimilar) -> tuple[Similar, ...]:
        return tuple(s for s in self.similar if query.offered or s.relation != "neighbours")

    def _on(self, id: int, came: datetime | None = None) -> tuple[ShiftView, ...]:
        """The shift is the person's and has just begun."""
        begun, ends = MONDAY - timedelta(minutes=5), MONDAY + timedelta(hours=2)
        now = {"starts_at": begun, "ends_at": ends, "mine": "confirmed", "came_at": came}
        return tuple(replace(s, **now) if s.id == id else s for s in self.facts.shifts)

    def _mine(self, id: int, state: str | None) -> tuple[ShiftView, ...]:
        return tuple(replace(s, mine=state) if s.id == id else s for s in self.facts.shifts)

    def seen(self, text: str, needs: frozenset[str], answers: Mapping[Query, Any]) -> Facts:
        """The facts of a turn in which this was said; what no flow needs is empty, as the shell does it."""
        code = next((row for plain, row in CODES.items() if plain in text.upper()), (None, None))
        facts = replace(self.facts, answers=answers)
        if "code" in needs:
            facts = replace(facts, code=code[0], code_name=code[1])
        if not needs & {"shifts", "volunteering"}:
            facts = replace(facts, shifts=())
        facts = replace(facts, volunteering=self._volunteering(text) if "volunteering" in needs else Volunteering())
        if "household" not in needs:
            facts = replace(facts, household=None, rules=(), goods=())
        found = tuple(line for line in NEIGHBOURS if line.name in text)
        office = replace(facts.office, found=found) if facts.office and "office" in needs else None
        facts = replace(facts, office=office)
        return facts if "my_cases" in needs else replace(facts, my_cases=())

    def _volunteering(self, text: str) -> Volunteering:
        """With the shifts whose number (4821 everywhere) is in the text, and the place a code (482913) stands for."""
        here = frozenset(s.id for s in self.facts.shifts if s.mine) if "4821" in text else frozenset()
        offer = StandIn(81, 9, self.facts.shifts[1]) if "482913" in text else None
        return replace(self.facts.volunteering, here=here, stand_in=offer)

    def take(self, effect: fx.Effect, now: datetime) -> None:
        match effect:
            case fx.SignUp(shift, person, state) if person == ME:
                self.facts = replace(self.facts, shifts=self._mine(shift, state))
            case vx.ActOnShift(shift, "came", person):
                self.facts = replace(self.facts, shifts=self._on(shift, came=now))
            case vx.Register(_, _, skills, times):
                me = VolunteerView("林小满", None, skills, times, "off")
                self.facts = replace(self.facts, volunteering=replace(self.facts.volunteering, me=me))
            case fx.CancelSignUp(shift, person) if person == ME:
                self.facts = replace(self.facts, shifts=self._mine(shift, None))
            case fx.UseCode():
                self.facts = replace(self.facts, household=HOUSEHOLD)
            case fx.Reserve():
                self._reserve(effect)
            case fx.EndRedemption(id, state):
                self._end(id, state)
            case fx.OpenThread(kind, _, area, role, subject):
                question, unasked = str(subject.get("question")), bool(subject.get("unasked"))
                thread = ThreadView(52, kind, NUMBER, "open", 1, None, role, area, question, unasked)
                self.facts = replace(self.facts, threads=(*self.facts.threads, thread))
            case fx.ActOnThread(id, "close"):
                left = tuple(replace(t, state="closed") if t.id == id else t for t in self.facts.threads)
                self.facts = replace(self.facts, threads=left)
            case fx.OpenCase():
                self._open_case(effect, now)
            case fx.KeepPersonal(_, "phone", value):
                self.facts = replace(self.facts, phone=value)
            case fx.KeepPersonal(_, "child"):
                self.facts = replace(self.facts, child=True)
            case fx.Consent(_, "guardian"):
                self.facts = replace(self.facts, guarded=True)
            case fx.ErasePersonal():
                self.facts = replace(self.facts, held=Held())
            case _:
                pass

    def _reserve(self, effect: fx.Reserve) -> None:
        home = self.facts.household
        assert home
        title = next(g.title for g in self.facts.goods if g.id == effect.goods)
        kept = RedemptionView(61 + len(home.redemptions), title, effect.points, "reserved", effect.expires_at)
        home = replace(home, balance=home.balance - effect.points, redemptions=(*home.redemptions, kept))
        goods = tuple(replace(g, stock=g.stock - (g.id == effect.goods)) for g in self.facts.goods)
        self.facts = replace(self.facts, household=home, goods=goods)

    def _end(self, id: int, state: str) -> None:
        home = self.facts.household
        assert home
        ended = next(r for r in home.redemptions if r.id == id)
        left = tuple(replace(r, state=state) if r.id == id else r for r in home.redemptions)
        back = ended.points if state in ("cancelled", "expired") else 0
        self.facts = replace(self.facts, household=replace(home, balance=home.balance + back, redemptions=left))

    def _open_case(self, effect: fx.OpenCase, now: datetime) -> None:
        case = CaseView(
            id=71,
            number=NUMBER,
            service=effect.service,
            title=catalogue().services[effect.service].name if effect.service in catalogue().services else "其他诉求",
            place=effect.place,
            status="submitted",
            version=1,
            opened_at=now,
            resolve_due=now + timedelta(days=2),
            owner=None,
            nudges=0,
            note=None,
        )
        self.facts = replace(self.facts, my_cases=(case, *self.facts.my_cases))
