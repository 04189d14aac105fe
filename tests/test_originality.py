"""Nothing shipped is taken from the shared development data: no 12 characters in a row, nothing 0.9 similar."""

import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

ROOT = Path(__file__).resolve().parents[1]
RUN = 12
SHORT = 6  # a shorter sentence ("停电了") is everybody's
EVERYBODYS = frozenset({"房东不退押金怎么办"})  # what anybody would ask, in transcripts written before this test
SHARED = os.environ.get("LINLI_SHARED", "")


def squeeze(text: str) -> str:
    """Letters and digits only, so that a changed comma hides nothing."""
    return "".join(c for c in text if c.isalnum())


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def shared_lines(folder: Path) -> list[str]:
    """Every Chinese text of the data: words people wrote, not identifiers or labels."""
    found = set()
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            if line.strip():
                row = json.loads(line)
                kept = {key: row[key] for key in ("text", "title", "short", "lead", "turns") if key in row}
                found |= {squeeze(text) for text in strings(kept)}
    return sorted(text for text in found if len(text) >= SHORT)


def shipped_lines() -> list[tuple[str, str]]:
    """(file, line) of every example, lexicon and guide."""
    paths = [
        *ROOT.glob("flows/**/*.yml"),
        *ROOT.glob("flows/**/*.txt"),
        *ROOT.glob("nlu/danger*.py"),
        *ROOT.glob("nlu/danger_*/*.yml"),
    ]
    return [
        (str(path.relative_to(ROOT)), line) for path in sorted(paths) for line in path.read_text("utf-8").splitlines()
    ]


def runs(text: str) -> set[str]:
    return {text[i : i + RUN] for i in range(len(text) - RUN + 1)}


def test_the_comparison_sees_a_copy_and_a_near_copy() -> None:
    line = squeeze("小区北门的路灯，从上个月起就一直不亮了")
    assert runs(line) & runs(squeeze("你好：小区北门的路灯从上个月起就一直不亮了！"))
    assert fuzz.ratio(squeeze("小区北门路灯一直不亮没人修"), squeeze("小区北门路灯一直不亮没人修呀")) >= 90


@pytest.fixture(scope="module")
def data() -> list[str]:
    if not SHARED:
        warnings.warn("LINLI_SHARED is not set: originality was NOT checked", stacklevel=1)
        pytest.skip("SKIPPED LOUDLY: set LINLI_SHARED to the folder with the development data")
    return shared_lines(Path(SHARED) / "data" if (Path(SHARED) / "data").is_dir() else Path(SHARED))


def test_no_twelve_characters_in_a_row_are_shared(data: list[str]) -> None:
    known = set().union(*(runs(text) for text in data))
    shared = [(name, line.strip()) for name, line in shipped_lines() if runs(squeeze(line)) & known]
    assert shared == []


def test_nothing_is_nine_tenths_similar(data: list[str]) -> None:
    ours = [(name, squeeze(line)) for name, line in shipped_lines()]
    ours = [(name, line) for name, line in ours if len(line) >= SHORT and line not in EVERYBODYS]
    near = []
    by_length: dict[int, list[str]] = {}
    for text in data:
        by_length.setdefault(len(text), []).append(text)
    for name, line in ours:
        low, high = int(len(line) * 0.8), int(len(line) * 1.25) + 1
        for length in range(low, high + 1):
            if length in by_length and process.extractOne(line, by_length[length], scorer=fuzz.ratio, score_cutoff=90):
                near.append((name, line))
                break
    assert near == []
