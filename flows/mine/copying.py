"""The copy a person takes along: everything held of them, in words they can read; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.complaint.texts import STATUS
from flows.domain.case import Status
from flows.mine import texts
from flows.mine.link_texts import CHANNELS

KINDS = {"legal": "法律咨询", "handover": "找人工", "alarm": "紧急求助"}
AUTHORS = {"asker": "您", "staff": "工作人员", "bot": "小邻"}
STEPS = {
    "open": "登记",
    "accept": "受理",
    "take": "接单",
    "assign": "派单",
    "return": "退回",
    "call_out": "请部门到场",
    "ask_call": "申请请部门到场",
    "grant_call": "请部门到场",
    "refuse_call": "没有请部门到场",
    "invite": "请同事一起办",
    "report_in": "部门到场",
    "note": "经办记录",
    "tell": "进展",
    "suspend": "请您补充",
    "add": "您补充",
    "resolve": "办结",
    "rate": "评价",
    "nudge": "您催办",
    "reopen": "重办",
    "escalate": "请上级处理",
    "extend": "延期",
    "reject": "不予受理",
    "withdraw": "撤回",
    "lapse": "自动结案",
}
SIGNED = {"confirmed": "已报名", "waiting": "候补", "cancelled": "已取消"}
BOOKED = {"asked": "等人接", "confirmed": "已约好", "declined": "没约成", "cancelled": "已取消", "done": "已办完"}
MEDIATED = {
    "settled": "已达成约定",
    "failed": "没调成",
    "refused": "有一方不愿意",
    "withdrawn": "已撤回",
    "lapsed": "对方没有答复",
}
MOST = 1500  # characters of one message: easy to read on a phone


def messages(copy: Mapping[str, Any], day: str) -> tuple[str, ...]:
    """The copy as a few messages, each of whole blocks."""
    blocks = [texts.MY_COPY.format(day=day), *_blocks(copy), texts.NO_MORE]
    found: list[str] = []
    for block in blocks:
        if found and len(found[-1]) + len(block) < MOST:
            found[-1] += f"\n\n{block}"
        else:
            found.append(block)
    return tuple(found)


def _blocks(copy: Mapping[str, Any]) -> Iterator[str]:
    fields = [f"{texts.FIELDS.get(k, k)}：{v}" for k, v in copy["personal"].items()]
    if copy["person"].get("area"):
        fields.append(f"所在：{copy['person']['area']}")
    fields += [f"账号：{CHANNELS.get(a['channel'], a['channel'])} {a['address']}" for a in copy["accounts"]]
    yield "【基本】\n" + "\n".join(fields)
    if copy["consents"]:
        yield "【同意过的】\n" + "\n".join(_consent(c) for c in copy["consents"])
    yield from (_case(c) for c in copy["cases"])
    yield from (_thread(t) for t in copy["threads"])
    if copy["bookings"]:
        yield "【预约】\n" + "\n".join(_booking(b) for b in copy["bookings"])
    yield from (_mediation(m) for m in copy["mediations"])
    if copy["sign_ups"]:
        signed = (
            f"{_day(s['starts_at'])} {s['title']}，{SIGNED.get(s['state'], s['state'])}" for s in copy["sign_ups"]
        )
        yield "【志愿报名】\n" + "\n".join(signed)
    if copy["teams"]:
        yield "【志愿队伍】\n" + "\n".join(f"{t['name']}，{_day(t['at'])} 加入" for t in copy["teams"])
    if copy["households"]:
        yield "【道德银行】\n" + "\n".join(
            f"{h['name']}，{_day(h['since'])} 加入" + (f"，{_day(h['until'])} 退出" if h["until"] else "")
            for h in copy["households"]
        )
    if copy["redemptions"]:
        yield "【兑换】\n" + "\n".join(f"{_day(r['at'])} {r['title']}，{r['points']}分" for r in copy["redemptions"])
    if copy["photos"]:
        yield f"【照片和语音】{copy['photos']} 个，都在您发的那件事里。"


def _consent(c: Mapping[str, Any]) -> str:
    ended = f"，{_day(c['withdrawn_at'])} 撤回" if c["withdrawn_at"] else ""
    said = texts.VERSIONS.get(c["text_version"], "")
    words = f"\n  “{said}”" if said else ""
    return (
        f"{texts.PURPOSES.get(c['purpose'], c['purpose'])}（{c['text_version']}，{_day(c['at'])} 同意{ended}）{words}"
    )


def _case(c: Mapping[str, Any]) -> str:
    head = f"【诉求 {c['number']}】{texts.JOINED if c['role'] == 'neighbour' else ''}{_status(c['status'])}"
    lines = [head, *(str(c[k]) for k in ("description", "place") if c.get(k))]
    lines += [f"{_day(h['at'])} {STEPS.get(h['step'], h['step'])} {h['note']}".rstrip() for h in c["history"]]
    return "\n".join(lines)


def _status(status: str) -> str:
    return STATUS[Status(status)] if status in set(Status) else status


def _thread(t: Mapping[str, Any]) -> str:
    lines = [f"【{KINDS.get(t['kind'], t['kind'])} {t['number']}】{_day(t['opened_at'])}", t["question"]]
    return "\n".join([*lines, *(f"{AUTHORS.get(line['author'], '')}：{line['text']}" for line in t["lines"])])


def _booking(b: Mapping[str, Any]) -> str:
    when = _day(b["starts_at"]) if b["starts_at"] else ""
    head = f"{b['number']} {when} {b['way']}：{b['name']}，{BOOKED.get(b['state'], b['state'])}"
    more = "，".join(word for word in (b["proxy"], b["note"]) if word)
    return f"{head.replace('  ', ' ')}（{more}）" if more else head.replace("  ", " ")


def _mediation(m: Mapping[str, Any]) -> str:
    lines = [f"【调解 {m['number']}】{_day(m['opened_at'])}，{MEDIATED.get(m['state'], '进行中')}"]
    lines += [f"您对调解员说的：{m['words']}"] if m["words"] else []
    return "\n".join([*lines, f"约定：{m['agreement']}"] if m["agreement"] else lines)


def _day(at: str) -> str:
    return at[:10]
