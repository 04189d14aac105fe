"""`linli nlu review`: what was unclear is kept, scrubbed; labels become examples; the words go in time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from bot.commands import nlu_review
from bot.commands.nlu import ROOT
from bot.errors import Wrong
from flows.catalogue import load_catalogue
from nlu.understanding import Understanding
from storage import doubts
from storage.doubts import Doubt
from storage.retention import sweep
from tests.support.stage import on_stage

CATALOGUE = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))
KNOWN = nlu_review.labels(CATALOGUE)
FOUND = Understanding(
    "", "complaint", "report_problem", 0.4, (("complaint", 0.4), ("legal", 0.3)), services=(("street_light", 0.5),)
)


def test_only_what_began_a_conversation_and_was_unclear_is_kept_and_goes_with_its_words() -> None:
    with on_stage() as stage:
        stage.say("u1", "那个东西怎么算的呀")
        stage.say("u2", "楼道灯坏了，3栋2单元")
        stage.say("u2", "嗯嗯那个啥来着")  # in the middle of a form
        stage.say("u3", "那个东西怎么算的呀", chat="group:g1")
        with stage.world.database.read() as conn:
            assert [one.text for one in doubts.waiting(conn, 9)] == ["那个东西怎么算的呀"]
        with stage.world.database.write() as conn:
            sweep(conn, datetime(2027, 1, 1, tzinfo=UTC))
            assert doubts.waiting(conn, 9) == []


def test_nothing_personal_is_shown() -> None:
    one = nlu_review.shown(Doubt(1, "我叫王建国，13812345678，3栋2单元502那个灯咋办", 0.4), FOUND, KNOWN)
    assert not any(part in one.text for part in ("王建国", "13812345678", "502"))
    assert [label for label, _ in one.offered][:2] == ["report_problem/street_light", "case_status"]
    assert ("ask_law", "问法律") in one.offered and ("chatter", "闲聊") in one.offered


def test_labels_become_what_train_takes() -> None:
    one, two = (nlu_review.shown(Doubt(n, f"那个怎么办{n}", 0.4), FOUND, KNOWN) for n in (1, 2))
    lines = ['{"id": 1, "label": "report_problem/street_light"}', "", '{"id": 2, "label": "skip"}']
    out = StringIO()
    assert nlu_review.write_examples(nlu_review.given(lines, [one, two], KNOWN), out) == 1
    assert json.loads(out.getvalue()) == {"text": "那个怎么办1", "intent": "report_problem/street_light"}


@pytest.mark.parametrize("line", ['{"id": 7, "label": "ask_law"}', '{"id": 1, "label": "nonsense"}', "x", '{"id": []}'])
def test_a_wrong_label_says_which_line(line: str) -> None:
    one = nlu_review.shown(Doubt(1, "那个怎么办", 0.4), FOUND, KNOWN)
    with pytest.raises(Wrong, match="line 1"):
        list(nlu_review.given([line], [one], KNOWN))


def test_at_the_terminal_a_number_a_label_or_nothing_will_do() -> None:
    ones = [nlu_review.shown(Doubt(n, f"那个怎么办{n}", 0.4), FOUND, KNOWN) for n in range(1, 7)]
    typed = iter(["1", "", "?", "99", "redeem", "s", "q"])
    told: list[str] = []
    got = [(one.id, label) for one, label in nlu_review.asked(ones, KNOWN, lambda _: next(typed), told.append)]
    assert got == [(1, "report_problem/street_light"), (3, "redeem"), (4, "skip")]
    assert any("问法律" in line and "\n" in line for line in told)  # all labels


def test_every_intent_has_a_name_staff_can_read() -> None:
    meta = json.loads((ROOT / "nlu" / "weights" / "heads.json").read_text("utf-8"))
    named = {label for names in nlu_review.NAMES.values() for label in names}
    assert named == set(meta["intent"]) - {"report_problem"}
    assert all(meta["flow_of"][label] == flow for flow, names in nlu_review.NAMES.items() for label in names)


def test_with_nothing_open_nobody_is_told_to_train_and_no_file_is_made(tmp_path: Path) -> None:
    told: list[str] = []
    out = tmp_path / "examples.jsonl"
    assert nlu_review.review([], CATALOGUE, None, out, talk=(str, told.append)) == []
    assert "nothing to label" in told[0] and not out.exists()
