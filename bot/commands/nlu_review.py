"""`linli nlu review`: what the assistant was unsure about, scrubbed, for staff to label; labels become examples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from bot.commands.nlu import embedded_engine
from bot.errors import Wrong
from flows.catalogue import Catalogue
from flows.domain.scrub import scrubbed
from nlu.understanding import Engine, Understanding
from storage.doubts import Doubt

SKIP = "skip"  # looked at, and of no use as an example
SERVICES_OFFERED, FLOWS_OFFERED = 3, 2
# Every label but the services, by flow, as staff read them.
NAMES: dict[str, dict[str, str]] = {
    "complaint": {"case_status": "问进度", "nudge_case": "催办"},
    "legal": {"ask_law": "问法律"},
    "volunteer": {"join_activity": "报名志愿", "cancel_shift": "退出或换班", "volunteer_record": "时长与证明"},
    "points": {
        "ask_balance": "查余额",
        "ask_statement": "查明细",
        "ask_rules": "问积分规则",
        "redeem": "兑换",
        "bind_household": "绑定户",
    },
    "human": {"ask_human": "找人工"},
    "help": {"ask_help": "问怎么用"},
    "chatter": {"chatter": "闲聊", "greet": "问好", "thanks": "道谢"},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as staff see it; `offered` are labels and their names, the likeliest first."""

    id: int
    text: str
    confidence: float
    offered: tuple[tuple[str, str], ...]


def labels(catalogue: Catalogue) -> dict[str, str]:
    """Every label there is, and its name."""
    services = {f"report_problem/{key}": f"反映：{one.name}" for key, one in catalogue.services.items()}
    return {label: name for names in NAMES.values() for label, name in names.items()} | services


def shown(doubt: Doubt, found: Understanding, known: Mapping[str, str]) -> Shown:
    """A doubt without anything personal, and what it may be."""
    likely = [flow for flow, _ in found.ranking[:FLOWS_OFFERED]]
    offered: list[str] = []
    for flow in (*likely, "chatter"):
        if flow == "complaint":
            offered += [f"report_problem/{key}" for key, _ in found.services[:SERVICES_OFFERED]]
        offered += NAMES.get(flow, {})
    pairs = tuple((label, known[label]) for label in dict.fromkeys(offered) if label in known)
    return Shown(doubt.id, scrubbed(doubt.text), doubt.confidence, pairs)


def listed(doubts: Iterable[Doubt], engine: Engine, known: Mapping[str, str]) -> list[Shown]:
    return [shown(doubt, engine.understand(doubt.text), known) for doubt in doubts]


def as_json(one: Shown) -> str:
    guesses = [{"label": label, "name": name} for label, name in one.offered]
    row = {"id": one.id, "text": one.text, "confidence": one.confidence, "guesses": guesses}
    return json.dumps(row, ensure_ascii=False)


def given(lines: Iterable[str], open_ones: Iterable[Shown], known: Mapping[str, str]) -> Iterator[tuple[Shown, str]]:
    """(message, label) of each line {"id", "label"}; raises Wrong at the first that is none."""
    by_id = {one.id: one for one in open_ones}
    for number, line in enumerate(lines, 1):
        if line.strip():
            one, label = _label(line, by_id)
            if one is None or (label not in known and label != SKIP):
                raise Wrong(f'line {number}: needs "id" of an open message and "label", one of the labels or "{SKIP}"')
            yield one, label


def _label(line: str, by_id: Mapping[int, Shown]) -> tuple[Shown | None, str]:
    try:
        row: Any = json.loads(line)
        return by_id.get(row["id"]), str(row["label"])
    except (ValueError, KeyError, TypeError):
        return None, ""


def asked(
    open_ones: Iterable[Shown], known: Mapping[str, str], ask: Callable[[str], str], tell: Callable[[str], None]
) -> Iterator[tuple[Shown, str]]:
    """(message, label) as somebody at the terminal chooses them, one by one."""
    for one in open_ones:
        tell(f"\n{one.text}    （把握 {one.confidence:.0%}）")
        tell("  ".join(f"{n} {name}" for n, (_, name) in enumerate(one.offered, 1)))
        while True:
            typed = ask("选数字，或写标签；? 看全部，s 不要，回车 先放着，q 结束").strip()
            label = _chosen(typed, one, known)
            if label or typed in ("", "q"):
                break
            tell("\n".join(f"{key}  {name}" for key, name in known.items()) if typed == "?" else "没有这个标签。")
        if typed == "q":
            return
        if label:
            yield one, label


def _chosen(typed: str, one: Shown, known: Mapping[str, str]) -> str:
    if typed == "s":
        return SKIP
    if typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= len(one.offered):
        return one.offered[int(typed) - 1][0]
    return typed if typed in known else ""


def write_examples(chosen: Iterable[tuple[Shown, str]], out: TextIO) -> int:
    """Append what `linli nlu train --extra` takes; how many there were."""
    rows = [{"text": one.text, "intent": label} for one, label in chosen if label != SKIP]
    out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return len(rows)


def review(
    doubts: list[Doubt], catalogue: Catalogue, labelled: list[str] | None, out: Path, *, talk: Talk
) -> list[int]:
    """Let somebody label the doubts; the numbers of those that are done with."""
    known = labels(catalogue)
    open_ones = listed(doubts, embedded_engine(), known)
    if not open_ones and labelled is None:
        talk[1]("There is nothing to label: the assistant was unsure about no message that is still kept.")
        return []
    pairs = list(given(labelled, open_ones, known) if labelled is not None else asked(open_ones, known, *talk))
    with out.open("a", encoding="utf-8") as file:
        count = write_examples(pairs, file)
    talk[1](f"{out}: {count} new examples; `linli nlu train --extra {out} --out DIR` learns them.")
    return [one.id for one, _ in pairs]


Talk = tuple[Callable[[str], str], Callable[[str], None]]  # asks, tells
