"""A resident's photo in a conversation with a person reaches whoever has it, made anew."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.support.stage import on_stage


def test_a_photo_is_relayed_without_its_exif(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0110] = "PhoneOfWang"
    Image.new("RGB", (8, 8), "red").save(tmp_path / "p.jpg", exif=exif)
    with on_stage() as stage:
        stage.say("u1", "人工")
        stage.press("d1", "接下")
        out = stage.say("u1", "", photos=[str(tmp_path / "p.jpg")])
        [shown] = [line for line in out if line["chat"] == "private:d1" and line.get("photo")]
        assert "照片" in shown["text"]
        assert b"PhoneOfWang" not in (stage.world.data_dir / shown["photo"]).read_bytes()
