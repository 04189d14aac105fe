"""Random days of a neighbourhood in which everybody says what a group must not hear; a leak is found at once."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.support.stage import Line, Stage

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁"
    "邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
)
DOUBLE = ("欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫", "令狐", "慕容")
GIVEN = re.split(
    r"\s+",
    "晓楠 建国 秀英 志强 桂兰 子涵 雨欣 浩然 梓轩 佳怡 俊杰 思琪 玉珍 凤琴 国庆 永福 美玲 春梅 德顺 海燕 伟 芳 敏 静 "
    "磊 强 婷 丽 勇 艳 嘉豪 文博 晨曦 宇航 瑞雪 素芬 淑华 世昌 学明 翠莲 红霞 立新 卫东 一诺 可欣 若溪 沐辰 铁柱 "
    "冬生 满仓",
)
TROUBLES = (
    "楼道灯坏了三天没人修",
    "下水道堵了往外冒水",
    "电梯停了两天",
    "垃圾三天没人收",
    "楼上半夜装修吵得睡不着",
    "门口路灯不亮",
    "有人占着消防通道停车",
    "暖气不热",
)
LAW = ("房东不退押金怎么办", "公司不给结工资怎么办", "离婚孩子归谁", "邻居打人赔多少钱")
OTHER = (
    *("想报名志愿活动", "查一下我家积分", "怎么换洗衣液", "人工", "我的诉求", "我的信息", "催办"),
    *("取消", "帮助", "返回", "满意", "没解决"),
)
STAFF_GROUPS = ("group:staff-xfl-1",)
RESIDENTS_GROUPS = ("group:g1",)
STAFF = ("w1", "w12", "d1", "b2", "adviser", "admin", "shop")
FORM = ("确认", "没有照片", "不留", "不清楚", "其他")
NUMBER = re.compile(r"\d{6}-\d+")
PLAIN = str.maketrans({0xFF10 + n: str(n) for n in range(10)} | dict.fromkeys(" -·—_."))


@dataclass(frozen=True)
class Resident:
    """Somebody with everything that must not be heard."""

    key: str
    name: str
    phone: str
    id: str
    room: str
    plate: str
    account: str
    card: str

    def secrets(self) -> tuple[str, ...]:
        return (self.name, self.phone, self.id, self.plate[1:], self.account, self.card)

    def seen_in(self, text: str) -> list[str]:
        """What of theirs a text shows."""
        plain = text.translate(PLAIN).lower()
        found = [word for word in self.secrets() if word.translate(PLAIN).lower() in plain]
        return [*found, *re.findall(rf"(?<![\d-]){self.room}(?!\d)", text)]


def resident(dice: random.Random, key: str) -> Resident:
    surname = dice.choice(DOUBLE) if dice.random() < 0.1 else dice.choice(SURNAMES)
    born = f"{dice.randrange(1940, 2010)}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}"
    return Resident(
        key,
        surname + dice.choice(GIVEN),
        f"1{dice.choice('3456789')}{dice.randrange(10**9):09d}",
        f"{dice.choice(('110101', '330105', '510107'))}{born}{dice.randrange(100, 999)}{dice.choice('0123456789X')}",
        f"{dice.randrange(11, 33)}0{dice.randrange(1, 9)}",
        f"{dice.choice('京沪浙粤川')}{dice.choice('ABCDEF')}{dice.randrange(10**4, 10**5)}",
        f"wx_{dice.randrange(10**7, 10**8)}",
        f"62{dice.randrange(10**16, 10**17)}",
    )


def told(dice: random.Random, one: Resident) -> str:
    """One of the ways in which people let a particular slip."""
    phone = dice.choice(("", " ", "-")).join((one.phone[:3], one.phone[3:7], one.phone[7:]))
    wide = "".join(chr(0xFF10 + int(c)) for c in one.phone)
    return dice.choice(
        (
            f"我叫{one.name}",
            f"我是{one.name}，",
            f"联系人：{one.name} {phone}",
            f"找{one.name}就行",
            f"户主{one.name}",
            f"邻居{one.name}不管",
            f"{one.name}，电话{phone}",
            f"打我电话{phone}",
            f"手机{wide}",
            f"+86{one.phone}",
            f"身份证{one.id}",
            f"身份证号是 {one.id[:6]} {one.id[6:14]} {one.id[14:]}",
            f"我住3号楼2单元{one.room}室",
            f"3栋{one.room}",
            f"3-2-{one.room}",
            f"我家{one.room}",
            f"住{one.room}",
            f"车牌{one.plate}",
            f"{one.plate[:2]}·{one.plate[2:]}那辆车",
            f"微信{one.account}",
            f"加v:{one.account}",
            f"卡号{one.card}",
            f"名字叫{one.name}，微信号：{one.account}",
        )
    )


def saying(dice: random.Random, one: Resident) -> str:
    """Something a resident writes: a matter, and slips before or behind it."""
    kind = dice.random()
    matter = dice.choice(TROUBLES) if kind < 0.6 else dice.choice(LAW if kind < 0.8 else OTHER)
    where = dice.choice(("", "幸福里3号楼", "幸福里小区5号楼", "3栋2单元", "小区门口"))
    parts = [f"{where}{matter}", *(told(dice, one) for _ in range(dice.choice((0, 1, 1, 2, 3))))]
    dice.shuffle(parts)
    return dice.choice(("，", "。", " ", "\n")).join(parts)


class Walk:
    """Random steps of random people; `check` after each."""

    def __init__(self, stage: Stage, seed: int, *, people: int = 12) -> None:
        self.stage = stage
        self.dice = random.Random(seed)
        self.people = [resident(self.dice, f"r{seed}x{n}") for n in range(people)]
        self.clock = stage.player.channel.now
        self.shown = 0  # lines groups were shown

    def steps(self, count: int) -> Iterator[list[str]]:
        """Take steps; yields the leaks of each that had any."""
        for _ in range(count):
            begin = len(self.stage.lines)
            self._step()
            leaks = [leak for line in self.stage.lines[begin:] for leak in self.leaks(line)]
            if leaks:
                yield leaks
            if len(self.stage.lines) > 4000:
                del self.stage.lines[:3000]

    def leaks(self, line: Line) -> list[str]:
        """What a group (or a card, wherever it is) shows that it must not."""
        chat = str(line.get("chat", ""))
        text = "\n".join([str(line.get("text", "")), *(c["label"] for c in line.get("choices", ()))])
        if not chat.startswith("group:"):
            return []
        self.shown += 1
        found = [f"{chat}: {word!r} in {text!r}" for one in self.people for word in one.seen_in(text)]
        if chat in RESIDENTS_GROUPS:
            found += [f"{chat}: case {n} in {text!r}" for n in NUMBER.findall(text)]
            found += [f"{chat}: {t!r} in {text!r}" for t in TROUBLES if t[:4] in text]
        return found

    def _step(self) -> None:
        acts = (self._group, self._private, self._file, self._press, self._staff, self._tick)
        act = self.dice.choices(acts, (4, 4, 4, 6, 7, 1))[0]
        act()

    def _one(self) -> Resident:
        if self.dice.random() < 0.02:  # people come and go
            number = self.dice.randrange(len(self.people))
            self.people[number] = resident(self.dice, f"{self.people[number].key}n")
        return self.dice.choice(self.people)

    def _group(self) -> None:
        one = self._one()
        addressed = self.dice.random() < 0.5
        text = ("@小邻 " if addressed else "") + saying(self.dice, one)
        self.stage.say(one.key, text, self.dice.choice(RESIDENTS_GROUPS), addressed=addressed, name=one.name)
        if self.dice.random() < 0.6:
            with suppress(AssertionError):  # no link has been shown yet
                self.stage.follow(one.key, RESIDENTS_GROUPS[0])

    def _private(self) -> None:
        one = self._one()
        self.stage.say(one.key, self.dice.choice((saying(self.dice, one), told(self.dice, one))), name=one.name)

    def _file(self) -> None:
        """See a form through to its end."""
        one = self._one()
        self.stage.say(one.key, "取消")
        where = self.dice.choice(("幸福里3号楼", "幸福里小区3号楼2单元", "3栋"))
        self.stage.say(one.key, f"{where}{self.dice.choice(TROUBLES)}，{told(self.dice, one)}", name=one.name)
        for _ in range(6):
            labels = self.stage.buttons(f"private:{one.key}")
            pressed = next((label for label in FORM if label in labels), None)
            if pressed is None:
                return
            self.stage.press(one.key, pressed)

    def _press(self) -> None:
        one = self._one()
        self._any_button(one.key, f"private:{one.key}")

    def _staff(self) -> None:
        who, where = self.dice.choice(STAFF), self.dice.choice(STAFF_GROUPS)
        one = self._one()
        kind = self.dice.random()
        if kind < 0.45:
            self._any_button("w1" if self.dice.random() < 0.8 else who, where)
        elif kind < 0.65:
            self._any_button(who, f"private:{who}")
        elif kind < 0.8:
            begin = self.dice.random() < 0.2
            self.stage.say(who, "发预警" if begin else f"今晚有大雨，{told(self.dice, one)}，已经处理好了")
        else:
            shown = [line["id"] for line in self.stage.lines[-200:] if line.get("chat") == where and "id" in line]
            more: dict[str, Any] = {"reply_to": shown[-1]} if shown and self.dice.random() < 0.5 else {}
            self.stage.say("w1", f"已联系，{told(self.dice, one)}", where, **more)

    def _any_button(self, who: str, chat: str) -> None:
        shown = [line for line in self.stage.lines[-300:] if line.get("chat") == chat and line.get("choices")][-4:]
        if not shown:
            return
        line = self.dice.choice(shown)
        choice = self.dice.choice(line["choices"])
        where = "private" if chat.startswith("private:") else chat
        if "url" not in choice:
            self.stage.step(type="press", chat=where, message=line["id"], choice=choice["id"], **{"from": who})

    def _tick(self) -> None:
        now = max(self.clock, self.stage.player.channel.now)
        self.clock = now + timedelta(minutes=self.dice.choice((1, 5, 60, 300, 1500)))
        self.stage.tick(self.clock.isoformat())
