"""Callbacks that nobody honest would send."""

from __future__ import annotations

from tests.support.wechat_people import ACCOUNT

FINE = (
    f"<xml><ToUserName>{ACCOUNT}</ToUserName><FromUserName>u1</FromUserName><CreateTime>1772413200</CreateTime>"
    "<MsgType>text</MsgType><Content>你好</Content><MsgId>77</MsgId></xml>"
)
HOSTILE: dict[str, str | bytes] = {
    "empty": "",
    "not xml": "hello",
    "json": '{"xml": 1}',
    "cut off": FINE[:60],
    "two roots": FINE + FINE,
    "another root": FINE.replace("<xml>", "<html>").replace("</xml>", "</html>"),
    "no root": "text only",
    "a duplicate": FINE.replace("<MsgType>", "<FromUserName>u2</FromUserName><MsgType>"),
    "no sender": FINE.replace("<FromUserName>u1</FromUserName>", ""),
    "no kind": FINE.replace("<MsgType>text</MsgType>", ""),
    "no time": FINE.replace("<CreateTime>1772413200</CreateTime>", ""),
    "a time that is none": FINE.replace("1772413200", "now"),
    "no number": FINE.replace("<MsgId>77</MsgId>", ""),
    "a number that is none": FINE.replace("77", "seventy"),
    "another account": FINE.replace(ACCOUNT, "gh_another"),
    "a document type": "<!DOCTYPE xml>" + FINE,
    "an entity": '<!DOCTYPE xml [<!ENTITY a "b">]>' + FINE.replace("你好", "&a;"),
    "a laugh of a billion": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + FINE,
    "a file of ours": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + FINE.replace("你好", "&a;"),
    "deep": "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>",
    "wide": "<xml>" + "".join(f"<a{n}/>" for n in range(2000)) + "</xml>",
    "UTF-16": FINE.encode("utf-16"),
    "GBK": FINE.encode("gbk"),
    "another encoding": '<?xml version="1.0" encoding="iso-8859-1"?>' + FINE,
    "an instruction": "<?php evil ?>" + FINE,
    "attributes": FINE.replace("<Content>", '<Content a="b">'),
    "no characters": FINE.replace("你好", "\x01\x02"),
    "a place that is none": FINE.replace("text", "location").replace("<Content>你好</Content>", ""),
    "too large": FINE.replace("你好", "好" * 30_000),
}
