"""`linli nlu predict` line by line: one answer a line, in order, ASCII only, whatever comes in."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.commands.nlu import answer, each_line
from bot.commands.nlu_eval import report
from flows.catalogue import load_catalogue
from nlu.embedded import EmbeddedEngine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    labels = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8")).labels()
    return EmbeddedEngine.load(ROOT / "nlu" / "weights", labels, second=False)


def run(engine: EmbeddedEngine, raw: bytes) -> list[dict[str, Any]]:
    out: list[str] = []
    each_line(io.BytesIO(raw), lambda row: answer(engine, row), out.append)
    assert all(line.isascii() and "\n" not in line for line in out)
    return [json.loads(line) for line in out]


def test_one_answer_a_line_in_order_and_bad_lines_are_errors(engine: EmbeddedEngine) -> None:
    raw = b'{"text":"\xe5\x81\x9c\xe6\xb0\xb4\xe4\xba\x86"}\nnot json\n[1]\n{"text":3}\n{"text":"","chat":"group"}\n'
    out = run(engine, raw)
    assert ["error" in row for row in out] == [False, True, True, True, False]
    assert out[0]["service"] == "water_supply" and out[0]["speak"] == "answer"


def test_line_ends_inside_text_do_not_split_a_line(engine: EmbeddedEngine) -> None:
    out = run(engine, '{"text":"停\u2028水\u0085了"}\n'.encode())
    assert len(out) == 1 and out[0]["text"] == "停\u2028水\u0085了"


def test_broken_utf8_lone_surrogates_and_long_lines_survive(engine: EmbeddedEngine) -> None:
    raw = b'{"text":"\\ud800 x"}\n\xff\xfe broken\n' + json.dumps({"text": "x" * 1_000_000}).encode() + b"\n"
    out = run(engine, raw)
    assert [("error" in row) for row in out] == [False, True, False]


def test_all_fields_are_always_there(engine: EmbeddedEngine) -> None:
    out = run(engine, b'{"text":"","chat":"private","addressed":true}\n{"text":"ok"}\n')
    need = {"text", "flow", "intent", "confidence", "category", "service", "label7", "danger", "speak", "slots"}
    assert all(need <= set(row) for row in out)
    assert set(out[0]["slots"]) == {"place", "time", "when", "phone", "number", "people"}


@pytest.mark.parametrize(
    ("text", "addressed", "speak"),
    [("大家早上好呀", False, "silent"), ("3号楼2单元楼道灯坏了三天了没人修", False, "offer"), ("你好", True, "answer")],
)
def test_when_to_speak_in_a_group(engine: EmbeddedEngine, text: str, addressed: bool, speak: str) -> None:
    assert answer(engine, {"text": text, "chat": "group", "addressed": addressed})["speak"] == speak


def test_a_report_counts_what_was_right_and_what_was_confused() -> None:
    lines = report("flow", [("a", "a"), ("a", "b"), ("b", "b")])
    assert any("a\tP 1.000\tR 0.500" in line for line in lines)
    assert "  a taken for b: 1" in lines
