"""What an intelligent bot or a robot is made to say, in the forms WeCom takes from them; pure."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

NO_PICTURE = "（还有一张图片，这里发不出来，请在企业微信工作台打开小邻看。）"
WORKING = "正在看，请稍等…"
ELSEWHERE = "好了，看下一条。"
HEARD = "收到。"
LATE = "还没办完，好了马上告诉您。"
NOT_SEEN = "图片和文件我在这里看不到。请在企业微信工作台打开小邻，发给我就行。"
# Answers are shown as Markdown: a masked phone would turn bold, a number sign a headline.
_SHOWN = str.maketrans({"*": "＊", "#": "＃", "`": "｀", "_": "＿", "~": "～", "[": "［", "]": "］", ">": "＞"})


def plain(text: str) -> str:
    """The text so that nothing in it is taken for Markdown, and every line stays one."""
    return text.translate(_SHOWN)


def markdown(text: str) -> dict[str, Any]:
    """An answer after its request (document 101138: once, within an hour)."""
    return {"msgtype": "markdown", "markdown": {"content": text}}


def card(card: dict[str, Any]) -> dict[str, Any]:
    """A card, with its request (document 101031) or after it (101138)."""
    return {"msgtype": "template_card", "template_card": card}


def changed(card: dict[str, Any]) -> dict[str, Any]:
    """The answer to a press (document 101031): what its card looks like from now on, for all who see it."""
    return {"response_type": "update_template_card", "template_card": card}


def stream(id: str, text: str, shown: bytes | None = None, *, over: bool = True) -> dict[str, Any]:
    """An answer with its request (document 101031). Until it is over the platform asks for the rest; what ends it may
    hold a picture."""
    said: dict[str, Any] = {"id": id, "finish": over, "content": text}
    if shown is not None and over:
        said["msg_item"] = [{"msgtype": "image", "image": picture(shown)}]
    return {"msgtype": "stream", "stream": said}


def picture(data: bytes) -> dict[str, str]:
    """A picture inside a message: its bytes and what they are checked by."""
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {"base64": base64.b64encode(data).decode("ascii"), "md5": digest}
