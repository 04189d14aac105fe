"""Pictures the assistant draws itself: a table as an image, a code as a QR; kept in the file store."""

from __future__ import annotations

import io
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection

from bot import fonts
from bot.filestore import keep_photo
from storage import files

Row = tuple[str, ...]
WIDTHS = (80, 120, 120, 560, 100)  # of the five columns of a notice
LINE, MARGIN, SIZE = 48, 40, 26
INK, GREY, RED, BAND = "#1f2937", "#6b7280", "#b91c1c", "#f3f4f6"


@lru_cache(maxsize=16)  # a third of a second each, and many ask for the same month
def table(title: str, header: Row, rows: tuple[Row, ...], foot: str) -> bytes | None:
    """A table of five columns as PNG; None where no Chinese font is to be had."""
    from PIL import Image, ImageDraw, ImageFont

    font = fonts.chinese()
    if font is None:
        return None
    plain = ImageFont.truetype(str(font.path), SIZE, index=font.place)
    large = ImageFont.truetype(str(font.path), SIZE + 10, index=font.place)
    width = sum(WIDTHS) + 2 * MARGIN
    height = 2 * MARGIN + 80 + LINE * (len(rows) + 1) + 60
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.text((width / 2, MARGIN), title, INK, large, anchor="mt")
    top = MARGIN + 80
    for index, row in enumerate((header, *rows)):
        if index % 2 == 0:
            draw.rectangle((MARGIN, top, width - MARGIN, top + LINE), BAND)
        left = MARGIN
        for column, (cell, wide) in enumerate(zip(row, WIDTHS, strict=True)):
            ink = GREY if index == 0 else RED if column == 4 and cell.startswith("-") else INK
            draw.text((left + 12, top + LINE / 2), _fitting(cell, plain, wide - 24), ink, plain, anchor="lm")
            left += wide
        top += LINE
    draw.text((MARGIN, top + 24), foot, GREY, plain)
    return _png(image)


def _fitting(text: str, font: object, width: int) -> str:
    """The text, or as much of it as there is room for."""
    length = font.getlength  # type: ignore[attr-defined]
    if length(text) <= width:
        return text
    while text and length(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def qr(text: str) -> bytes:
    """A QR code as PNG, large enough for an old phone."""
    import segno

    out = io.BytesIO()
    segno.make(text, micro=False, error="m").save(out, kind="png", scale=12, border=4)
    return out.getvalue()


def sign(text: str, under: tuple[str, ...]) -> bytes:
    """A QR code with lines under it; without them where no Chinese font is to be had."""
    from PIL import Image, ImageDraw, ImageFont

    code, font = Image.open(io.BytesIO(qr(text))).convert("RGB"), fonts.chinese()
    if font is None:
        return _png(code)
    plain = ImageFont.truetype(str(font.path), SIZE, index=font.place)
    image = Image.new("RGB", (code.width, code.height + LINE * len(under) + MARGIN), "white")
    image.paste(code)
    for line, said in enumerate(under):
        ImageDraw.Draw(image).text((code.width / 2, code.height + LINE * line), said, INK, plain, anchor="mt")
    return _png(image)


def _png(image: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")  # type: ignore[attr-defined]
    return out.getvalue()


def keep(conn: Connection, folder: Path, picture: bytes, now: datetime) -> int:
    """Keep a picture in the file store; its row, to be sent with a message."""
    return files.add(conn, now=now, **keep_photo(folder, picture))
