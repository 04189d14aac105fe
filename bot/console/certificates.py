"""A certificate of hours as a PDF, and the public page that says only whether a number is valid."""

from __future__ import annotations

import asyncio
import io
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from bot.clock import Clock
from bot.console.guard import Pace
from bot.fonts import Font, chinese
from flows.domain.volunteering import spoken
from flows.volunteer import own_texts
from storage import audit, codes, personal, volunteers_hours, volunteers_people
from storage.community import time_zone
from storage.database import Database

NO_STORE = {"cache-control": "no-store"}
TITLE = "志愿服务证明"
BODY = "兹证明 {name} 在本社区志愿服务中，经活动组织者确认的服务时长累计 {hours}。"
CHECK = "扫码或在 {page} 输入编号，可以核对真假。"
NO_FONT = "这台服务器上没有中文字体，暂时开不出证明，请联系社区。"
TOO_OFTEN = "查得太多了，请过几分钟再来。"
GONE = "这个链接已经过期了，请在聊天里再发一次「志愿证明」。"


class CertificatePages:
    """The PDF behind a private link, and the public page that checks a number."""

    def __init__(self, database: Database, templates: Jinja2Templates, public_url: str, clock: Clock) -> None:
        self._database = database
        self._templates = templates
        self._public_url = public_url
        self._clock = clock
        self._pace = Pace(clock, burst=10, rate=1 / 30)

    def routes(self) -> list[Route]:
        return [Route("/certificate/{code}", self.download), Route("/verify", self.verify)]

    async def download(self, request: Request) -> Response:
        """The PDF, drawn anew each time: nothing with a name in it lies on the disk."""
        font = chinese()
        if font is None:
            raise HTTPException(503, NO_FONT)
        self._slow(request)
        found = await asyncio.to_thread(self._found, request.path_params["code"])
        if found is None:
            raise HTTPException(404, GONE)
        name, row, day = found
        page = f"{self._public_url or str(request.base_url).rstrip('/')}/verify"
        data = await asyncio.to_thread(draw, name, row.minutes, row.number, day, page, font)
        headers = {**NO_STORE, "content-disposition": f'inline; filename="{row.number}.pdf"'}
        return Response(data, media_type="application/pdf", headers=headers)

    def _found(self, code: str) -> tuple[str, Any, date] | None:
        """The name, the certificate, and the day it was made where the volunteer lives."""
        with self._database.read() as conn:
            row = codes.find(conn, code[:64], kind="certificate", now=self._clock())
            found = volunteers_hours.certificate_by(conn, id=int(row.subject["certificate"])) if row else None
            name = personal.read(conn, found.person_id).get("display_name") if found else None
            if not found or not name or found.revoked_at is not None:
                return None
            zone = time_zone(conn, volunteers_people.home(conn, found.person_id) or 0)
            return name, found, found.at.astimezone(zone).date()

    async def verify(self, request: Request) -> Response:
        """Valid or not, with the masked name; no other word. Guessing is slowed down, and written down."""
        number = request.query_params.get("number", "").strip().upper()[:40]
        row = None
        if number:
            self._slow(request)
            row = await asyncio.to_thread(self._by_number, number)
        context = {"number": number, "row": row, "name": row.masked if row and row.masked.strip("*") else ""}
        return self._templates.TemplateResponse(request, "verify.html", context, headers=NO_STORE)

    def _by_number(self, number: str) -> Any:
        with self._database.write() as conn:
            row = volunteers_hours.certificate_by(conn, number=number)
            if row is None:
                audit.record(conn, actor="public", action="certificate_unknown", subject={}, now=self._clock())
            return row if row is not None and row.revoked_at is None else None

    def _slow(self, request: Request) -> None:
        refused = self._pace.take(request.client.host if request.client else "")
        if refused:
            raise HTTPException(429, TOO_OFTEN, {"retry-after": str(refused.wait)})


def draw(name: str, minutes: int, number: str, day: date, page: str, font: Font) -> bytes:
    """One page A4: title, name, hours, number, day and a QR code to the page that checks it."""
    import segno
    from fpdf import FPDF
    from fpdf.enums import WrapMode

    pdf = FPDF(format="A4")
    pdf.set_title(TITLE)
    pdf.add_page()
    pdf.add_font("han", fname=str(font.path), collection_font_number=font.place)
    pdf.set_draw_color(170, 40, 40)
    pdf.set_line_width(0.8)
    pdf.rect(12, 12, 186, 273)
    pdf.set_font("han", size=34)
    pdf.set_y(50)
    pdf.cell(0, 16, TITLE, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("han", size=12)
    pdf.cell(0, 12, f"编号 {number}", align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_xy(30, 100)
    pdf.set_font("han", size=17)
    pdf.multi_cell(150, 12, BODY.format(name=name, hours=spoken(minutes)), wrapmode=WrapMode.CHAR)
    pdf.set_xy(30, 140)
    pdf.set_font("han", size=12)
    pdf.multi_cell(150, 8, own_texts.CERTIFICATE_RULE, wrapmode=WrapMode.CHAR)
    pdf.set_xy(30, 180)
    pdf.cell(150, 10, f"{day.year}年{day.month}月{day.day}日", align="R")
    picture = io.BytesIO()
    segno.make(f"{page}?number={number}", error="m").save(picture, kind="png", scale=6, border=2)
    pdf.image(picture, x=30, y=205, w=38)
    pdf.set_xy(72, 215)
    pdf.multi_cell(108, 7, CHECK.format(page=page), wrapmode=WrapMode.CHAR)
    return bytes(pdf.output())
