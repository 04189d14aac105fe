"""How many messages tell a time, and what becomes of it.

python -m tools.measure_times FILE… --now 2026-11-22T14:42 --sample 100     lines with "text", "short" or "title"
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from nlu.dates.spoken import label, spoken_when
from nlu.dates.told import Told, when_told
from nlu.dates.values import When
from nlu.normalize import normalize

ZONE = ZoneInfo("Asia/Shanghai")
AROUND = 16  # characters shown on either side


def messages(files: list[Path]) -> Iterator[str]:
    """The complaints of the files, normalised: where lines have a flow, only those; title and first sentence."""
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row.get("flow", "complaint") == "complaint":
                title = row.get("short") or row.get("title") or ""
                yield normalize(
                    row.get("text") or f"{title},{row['lead']}" if row.get("lead") else row.get("text") or title
                )


def outcome(told: Told) -> str:
    return "clear" if isinstance(told.found, When) else told.found.why.value


def said(told: Told, now: datetime) -> str:
    if isinstance(told.found, When):
        return spoken_when(told.found, now)
    return f"? {told.found.why}: " + " | ".join(label(one, now) for one in told.found.readings)


def shown(text: str, told: Told, now: datetime) -> str:
    at = text.find(told.words)
    end = at + len(told.words)
    return f"{text[max(0, at - AROUND) : at]}【{told.words}】{text[end : end + AROUND]} → {said(told, now)}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("files", nargs="+", type=Path)
    asked.add_argument("--now", type=datetime.fromisoformat, required=True)
    asked.add_argument("--sample", type=int, default=0, help="so many of those with a time, to be judged by eye")
    given = asked.parse_args()
    now = given.now.replace(tzinfo=ZONE)
    missing = [str(file) for file in given.files if not file.exists()]
    if missing:
        raise SystemExit(f"SKIPPED: no {', '.join(missing)}")
    texts = list(messages(given.files))
    found = [(text, told) for text in texts if (told := when_told(text, now))]
    counts = Counter(outcome(told) for _, told in found)
    print(f"{len(texts)} messages, {len(found)} with a time:", ", ".join(f"{n} {k}" for k, n in counts.most_common()))
    sure = [pair for pair in found if outcome(pair[1]) != "vague"]
    for text, told in random.Random(6).sample(sure, min(given.sample, len(sure))):
        print(shown(text, told, now))


if __name__ == "__main__":
    main()
