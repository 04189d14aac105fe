"""What an intelligent bot or a robot is made to say, in the forms WeCom takes from them; pure."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

NO_PICTURE = "（还有一张图片，这里发不出来，请在企业微信工作台打开小邻看。）"
NOT_SEEN = "图片和文件我在这里看不到。请在企业微信工作台打开小邻，发给我就行。"
# Answers are shown as Markdown: a masked phone would turn bold, a number sign a headline.
_SHOWN = str.maketrans({"*": "＊", "#": "＃", "`": "｀", "_": "＿", "~": "～", "[": "［", "]": "］", ">": "＞"})


def plain(text: str) -> str:
    """The text so that nothing in it is taken for Markdown, and every line stays one."""
    return text.translate(_SHOWN)


def markdown(text: str) -> dict[str, Any]:
    """An answer after its request (document 101138: once, within an hour)."""
    return {"msgtype": "markdown", "markdown": {"content": text}}


def stream(id: str, text: str, shown: bytes | None) -> dict[str, Any]:
    """An answer with its request (document 101031): a stream that ends at once, where a picture may stand in it."""
    said: dict[str, Any] = {"id": id, "finish": True, "content": text}
    if shown is not None:
        said["msg_item"] = [{"msgtype": "image", "image": picture(shown)}]
    return {"msgtype": "stream", "stream": said}


def picture(data: bytes) -> dict[str, str]:
    """A picture inside a message: its bytes and what they are checked by."""
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {"base64": base64.b64encode(data).decode("ascii"), "md5": digest}
