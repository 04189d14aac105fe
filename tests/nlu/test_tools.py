"""`linli nlu bench` and `export-rasa`: a table on any labelled file, and a project in Rasa's own form."""

import json
from pathlib import Path

import yaml

from bot.commands.nlu_bench import Run, interleaved, interval, line, reliability
from bot.commands.nlu_eval import compared
from bot.commands.nlu_tools import gold_rows, rasa_project
from nlu.examples import parse_examples
from nlu.understanding import Example, Understanding


class Parrot:
    """An engine that takes everything for a complaint."""

    def understand(self, text: str, **_: object) -> Understanding:
        return Understanding(text, "complaint", "report_problem", 1.0)


def test_a_measured_line_counts_what_was_right(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(
        "".join(json.dumps(row) + "\n" for row in [{"text": "停水", "flow": "complaint"}, {"text": "哈", "flow": None}])
    )
    rows = gold_rows(file)
    assert rows == [("停水", "complaint"), ("哈", "chatter")]
    run = Run("parrot", Parrot(), 0.1)
    interleaved([run], rows)
    assert line(run).startswith("| parrot | 0.500 (")
    assert list(reliability(run))[-1] == "| 0.9–1.0 | 0.500 | 2 |"


def test_an_interval_narrows_with_the_count_and_stays_a_share() -> None:
    few, many = interval(9, 10), interval(900, 1000)
    assert few[0] < many[0] < 0.9 < many[1] < few[1] <= 1.0
    assert interval(10, 10)[1] == 1.0 and interval(0, 10)[0] == 0.0


def test_a_comparison_counts_what_changed() -> None:
    told = compared([("a", "a"), ("b", "a"), ("b", "b")], [("a", "b"), ("b", "b"), ("b", "b")])
    assert told == "  before: accuracy 0.6667; now right 1, now wrong 1"


def test_the_exported_project_says_what_the_examples_say(tmp_path: Path) -> None:
    examples = [
        Example('灯坏了: "真的"', "report_problem/street_light"),
        Example("#接龙", "chatter"),
        Example("停水了", "report_problem/water_supply"),
    ]
    rasa_project(examples, tmp_path)
    assert set(parse_examples((tmp_path / "data" / "nlu.yml").read_text("utf-8"))) == set(examples)
    domain = yaml.safe_load((tmp_path / "domain.yml").read_text("utf-8"))
    assert domain["intents"] == ["chatter", "report_problem"]
    assert set(domain["responses"]) == {"utter_report_problem/street_light", "utter_report_problem/water_supply"}
    assert yaml.safe_load((tmp_path / "config.yml").read_text("utf-8"))["pipeline"]
