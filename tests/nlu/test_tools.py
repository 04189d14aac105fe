"""`linli nlu bench` and `export-rasa`: a table on any labelled file, and a project in Rasa's own form."""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
import yaml

from bot.commands.nlu_bench import CLOSES, OPENS, Run, interleaved, interval, line, picture, put, reliability
from bot.commands.nlu_eval import compared
from bot.commands.nlu_rasa import NotThere, serving
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
    interleaved([run], rows, 2)
    assert line(run).startswith("| parrot | 0.500 (")
    assert list(reliability(run))[-1] == "| 0.9–1.0 | 0.500 | 2 |"


def test_the_picture_shows_every_engine_and_the_table_goes_between_its_marks() -> None:
    runs = [Run("parrot <1>", Parrot(), 0.1), Run("slow", Parrot(), 0.1)]
    interleaved(runs, [("停水", "complaint"), ("哈", "chatter")], 1)
    drawn = ElementTree.fromstring(picture(runs))
    words = [node.text or "" for node in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("parrot <1>") == 2 and words.count("slow") == 2 and "0.500" in words
    page = put(f"a\n{OPENS}\nold\n{CLOSES}\nb\n", "| new |")
    assert page == f"a\n{OPENS}\n| new |\n{CLOSES}\nb\n"
    assert put(page, "| new |") == page
    with pytest.raises(ValueError, match="bench"):
        put("no marks", "| new |")


def test_each_engine_is_asked_so_many_messages_before_the_next_one() -> None:
    asked: list[str] = []

    class Listed(Parrot):
        def __init__(self, name: str) -> None:
            self.name = name

        def understand(self, text: str, **_: object) -> Understanding:
            asked.append(self.name + text)
            return super().understand(text)

    interleaved([Run("a", Listed("a"), 0.1), Run("b", Listed("b"), 0.1)], [(n, "chatter") for n in "123"], 2)
    assert asked == ["a1", "a2", "b1", "b2", "a3", "b3"]


STAND_IN = """#!{python}
import http.server, sys
class Rasa(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"{{}}")
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("-p") + 1])), Rasa).serve_forever()
"""


def test_a_rasa_server_is_started_weighed_and_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, python = tmp_path / "project", tmp_path / "venv" / "bin" / "python"
    (project / "models").mkdir(parents=True)
    monkeypatch.setenv("LINLI_RASA_VENV", str(tmp_path / "venv"))
    with pytest.raises(NotThere, match="make rasa"), serving(project):
        pass
    (project / "models" / "linli.tar.gz").touch()
    python.parent.mkdir(parents=True)
    python.write_text(STAND_IN.format(python=sys.executable))
    python.chmod(0o755)
    with serving(project) as served:
        assert served.start > 0 and served.memory() > 0
        url = served.url
    with pytest.raises(httpx.HTTPError):
        httpx.post(f"{url}/model/parse", trust_env=False)
    python.write_text(f"#!{sys.executable}\nraise SystemExit(3)\n")
    with pytest.raises(NotThere, match="exit 3"), serving(project):
        pass


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
