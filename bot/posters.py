"""Posters with a QR code, one a building: whoever scans it is placed there and greeted; printed as a PDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.errors import Wrong
from bot.fonts import chinese
from bot.signposts import LIFETIME, code_of, place
from storage import areas, codes
from storage.community import AreaRow
from storage.database import Database

if TYPE_CHECKING:
    from bot.turn import Scene

NO_FONT = "no Chinese font here: install fonts-noto-cjk, or `pip install 'linli[fonts]'`"
LINES = ("有事找小邻", "报修、投诉、问法律、做志愿、查积分", "微信扫一扫，说一句话就行")
EMERGENCY = "着火、有人受伤请直接打 119、120、110"


@dataclass(frozen=True, slots=True)
class Poster:
    """One building: where it stands, and the scene its QR code carries."""

    name: str
    above: str  # the grid and community around it
    code: str


def posters(database: Database, secret: bytes, now: datetime, key: str = "") -> list[Poster]:
    """A poster for each building (of the area `key`); printed again it carries the same code."""
    with database.write() as conn:
        rows = {row.id: row for row in areas.every(conn)}
        found = []
        for row in (one for one in rows.values() if one.level == "building" and _lies_in(one.path, rows, key)):
            around = [rows[int(part)] for part in row.path.strip("/").split("/")[:-1] if int(part) in rows]
            above = " ".join(one.name for one in around if one.level in ("community", "grid"))
            code = code_of(secret, row.key)
            codes.keep(conn, kind="place", given={code: place(row.id, row.level)}, now=now, lifetime=LIFETIME)
            found.append(Poster(row.name, above, code))
    if not found:
        raise Wrong(f"there is no building in {key!r}; `linli community import` writes them" if key else "no buildings")
    return found


def answers(scene: Scene, building: int) -> dict[str, object]:
    """The building of a poster as the answer to where something happened; none where it is no more."""
    places = scene.world.known(scene.conn).places
    if building not in places:
        return {}
    where = {"text": places.label(building), "area": places.above(building, "grid"), "building": building}
    return {"place": where}


def _lies_in(path: str, rows: Mapping[int, AreaRow], key: str) -> bool:
    around = (rows.get(int(part)) for part in path.strip("/").split("/"))
    return not key or any(one is not None and one.key == key for one in around)


def draw(wanted: Iterable[Poster], address: Callable[[Poster], str]) -> bytes:
    """One page A4 each; `address` is what the QR code says. Raises Wrong where there is no Chinese font."""
    import segno
    from fpdf import FPDF

    font = chinese()
    if font is None:
        raise Wrong(NO_FONT)
    pdf = FPDF(format="A4")
    pdf.set_title(LINES[0])
    pdf.add_font("han", fname=str(font.path), collection_font_number=font.place)
    for poster in wanted:
        pdf.add_page()
        pdf.set_y(30)
        for text, size, height in ((LINES[0], 48, 26), (LINES[1], 20, 14)):
            pdf.set_font("han", size=size)
            pdf.cell(0, height, text, align="C", new_x="LMARGIN", new_y="NEXT")
        picture = io.BytesIO()
        segno.make(address(poster), error="m", micro=False).save(picture, kind="png", scale=12, border=2)
        pdf.image(picture, x=50, y=85, w=110)
        pdf.set_y(200)
        for text, size, height in ((LINES[2], 24, 16), (f"{poster.above} {poster.name}", 18, 14), (EMERGENCY, 16, 12)):
            pdf.set_font("han", size=size)
            pdf.cell(0, height, text, align="C", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())
