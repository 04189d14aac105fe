"""Voice: answered with the request to type, kept, and given to whoever handles the case; nothing else passes for it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from flows.assistant import texts as said
from storage.tables import case_file, file
from tests.support.stage import Stage, texts


def speak(stage: Stage, path: Path) -> str:
    return texts(stage.step(type="voice", chat="private", voice=str(path), **{"from": "u1"}), "private:u1")


def kept(stage: Stage) -> list[tuple[str, str]]:
    with stage.world.database.read() as conn:
        rows = conn.execute(select(file.c.kind, case_file.c.purpose).join(case_file, case_file.c.file_id == file.c.id))
        return [(row.kind, row.purpose) for row in rows]


def test_a_recording_goes_with_the_case_that_is_registered_next(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "v.ogg").write_bytes(b"OggS" + b"x" * 100)
    assert speak(stage, tmp_path / "v.ogg") == said.RECORDED
    stage.say("u1", "幸福里3号楼楼道灯坏了三天了")
    assert said.RECORDED_HERE in speak(stage, tmp_path / "v.ogg")
    for label in ("不留", "没有照片", "确认"):
        stage.press("u1", label)
    assert kept(stage) == [("voice", "report")] * 2
    assert len(list(stage.world.data_dir.rglob("*.ogg"))) == 1


def test_what_is_no_recording_is_refused(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "v.ogg").write_bytes(b"<html>")
    assert speak(stage, tmp_path / "v.ogg") == said.VOICE  # one answer
    assert kept(stage) == []


def test_voice_without_a_recording_asks_to_type(stage: Stage) -> None:
    assert texts(stage.step(type="voice", chat="private", **{"from": "u1"}), "private:u1") == said.VOICE
