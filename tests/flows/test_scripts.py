"""Whatever the script, the width or the dialect: the same answers, and the words kept as they were written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import opencc
import pytest

from flows.effects import OpenCase
from nlu.normalize import normalize
from nlu.understanding import Understanding
from tests.flows.transcripts import Scene, Talk, replay, scenes
from tests.support.understanding import Keywords

TO_TRADITIONAL, TO_SIMPLIFIED = opencc.OpenCC("s2t"), opencc.OpenCC("t2s")
WIDE = {digit: digit + 0xFEE0 for digit in range(ord("0"), ord("9") + 1)}
FOLDERS = sorted({scene.file.parent.parent.name for scene in scenes()})


class Plainly(Keywords):
    """The keywords are found as the real engine finds what it knows: in the normalised words."""

    def understand(self, text: str, **rest: object) -> Understanding:
        return replace(super().understand(normalize(text)), text=text)


def written(line: str) -> str:
    """A typed line in traditional characters and full-width digits."""
    typed = line.startswith("> ") and not re.fullmatch(r"> (?:\[.+\]|（照片）)", line)
    return f"> {TO_TRADITIONAL.convert(line[2:]).translate(WIDE)}" if typed else line


def read(line: str) -> str:
    return str(TO_SIMPLIFIED.convert(unicodedata.normalize("NFKC", line)))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_transcript_goes_the_same_in_traditional_script_and_full_width_digits(folder: str) -> None:
    for scene in scenes():
        if scene.file.parent.parent.name != folder:
            continue
        other = Scene(scene.file, scene.number, scene.about, tuple(written(line) for line in scene.lines))
        told = [read(line) for line in replay(other, Plainly())]
        assert told == [read(line) for line in replay(scene, Plainly())], str(scene)


def test_what_is_kept_is_what_was_written() -> None:
    talk = Talk(engine=Plainly())
    for line in ("我要投訴：３號樓２單元樓道燈壞了", "不留", "沒有照片", "確認"):
        talk.type(line)
    (case,) = [effect for effect in talk.effects if isinstance(effect, OpenCase)]
    assert case.description == "我要投訴：３號樓２單元樓道燈壞了"


@pytest.mark.parametrize("said", ["唔使喇", "唔要", "冇", "冇相", "唔使，唔該"])
def test_no_is_said_in_cantonese_too(said: str) -> None:
    talk = Talk(engine=Plainly())
    talk.type("3号楼2单元楼道灯坏了")
    talk.type("不留")
    assert talk.state.asking == "photos"
    talk.type(said)
    assert talk.state.asking == "confirm"
