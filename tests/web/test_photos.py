"""Photos that visitors upload: cleaned of everything but pixels, or refused politely."""

from __future__ import annotations

import io
import json
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.web.house import House


def said(text: str) -> dict[str, Any]:
    return {"id": "m-00000001", "as": "0", "chat": "private", "text": text}


def jpeg(size: tuple[int, int] = (64, 48), kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, kind, **more)
    return out.getvalue()


def test_a_photo_is_cleaned_and_can_be_fetched(house: House, visitor: TestClient) -> None:
    exif = Image.Exif()
    exif[0x0110] = "PhoneOfWang"
    photo = jpeg((3000, 1000), exif=exif)
    answer = visitor.post(
        "/chat/send", data={"message": json.dumps(said(""))}, files=[("photos", ("a.jpg", photo, "image/jpeg"))]
    )
    assert answer.status_code == 200
    (handle,) = house.heard[0].photos
    shown = visitor.get(f"/chat/photo/{handle}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"PhoneOfWang" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (2048, 683)


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"0" * 500, b"GIF89a"])
def test_a_photo_that_is_none_is_refused_politely(house: House, visitor: TestClient, data: bytes) -> None:
    answer = visitor.post(
        "/chat/send", data={"message": json.dumps(said(""))}, files=[("photos", ("a.jpg", data, "image/jpeg"))]
    )
    assert answer.status_code == 415
    assert "照片" in answer.json()["error"]
    assert not house.heard


def test_a_photo_that_would_fill_the_memory_is_refused(house: House, visitor: TestClient) -> None:
    bomb = huge_png()
    answer = visitor.post(
        "/chat/send", data={"message": json.dumps(said(""))}, files=[("photos", ("a.png", bomb, "image/png"))]
    )
    assert answer.status_code == 415


def huge_png() -> bytes:
    """A PNG whose header promises 50,000 by 50,000 pixels."""
    small = jpeg((1, 1), "PNG")

    head = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


def test_a_photo_there_is_no_room_for_is_sent_again_later(house: House, visitor: TestClient) -> None:
    (house.files / "web").write_bytes(b"in the way")  # no folder can be made there
    answer = visitor.post(
        "/chat/send", data={"message": json.dumps(said(""))}, files=[("photos", ("a.jpg", jpeg(), "image/jpeg"))]
    )
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert not house.heard


def test_more_photos_than_a_message_takes_are_refused(house: House, visitor: TestClient) -> None:
    many = [("photos", (f"{n}.jpg", jpeg(), "image/jpeg")) for n in range(5)]
    answer = visitor.post("/chat/send", data={"message": json.dumps(said(""))}, files=many)
    assert answer.status_code == 400
    assert not house.heard
