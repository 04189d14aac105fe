"""A message with choices as a template card, and what a card looks like when it is changed; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import render
from bot.channels.base import Abilities, Outbound
from bot.channels.wecom.address import Way, place

MOST_BUTTONS = 6
LONGEST_TITLE, LONGEST_BODY, LONGEST_BUTTON = 36, 160, 10  # characters that WeCom shows
LONGEST = 2048  # bytes a text
NUMBERED = Abilities(edits=False, buttons=False, longest=LONGEST, measure=render.utf8)
PRIVATELY = "请在企业微信工作台打开小邻，直接把事情发给我，别人看不到。"
EXTRA = 64  # how much longer a text may be before it is said apart from its card


def fits(out: Outbound) -> bool:
    """Whether a card shows the whole text."""
    title, body = parts(out.text)
    return len(title) <= LONGEST_TITLE and len(body) <= LONGEST_BODY


def apart(out: Outbound, link: Callable[[str], str]) -> tuple[Outbound, ...]:
    """What WeCom takes as messages of their own: a photo, a text too long for its card, the card. A bot's answer is one
    message, with its picture in it. Where a card shows too few choices, or not all of their words, they are numbered:
    in a member's own chat a number is an answer."""
    way = place(out.chat).way
    if way is Way.BOT:
        return (out,)
    *before, last = render.apart(out)
    if way is Way.MEMBER and not _shows_all(last):
        return (*before, *render.render(last, replace(NUMBERED, link=link)))
    if way not in (Way.MEMBER, Way.APP) or not last.choices or fits(last):
        return (*before, last)
    title, body = parts(last.text)
    short = f"{_cut(title, LONGEST_TITLE)}\n{_cut(body, LONGEST_BODY)}"
    return (*before, replace(last, choices=()), replace(last, text=short))


def _shows_all(out: Outbound) -> bool:
    choices = [choice for row in out.choices for choice in row]
    return len(choices) <= MOST_BUTTONS and all(len(choice.label) <= LONGEST_BUTTON for choice in choices)


def parts(text: str) -> tuple[str, str]:
    """Title and body: the first line, and the rest."""
    first, _, rest = text.strip().partition("\n")
    return first.strip(), rest.strip()


def card(out: Outbound, task: str, link: Callable[[str], str], page: str) -> dict[str, Any]:
    """The card; without buttons (a change that leaves none) a notice that leads to the `page`, as one must."""
    title, body = parts(out.text)
    made: dict[str, Any] = {
        "main_title": {"title": _cut(title, LONGEST_TITLE)},
        "sub_title_text": _cut(body, LONGEST_BODY),
        "task_id": task,
    }
    choices = [choice for row in out.choices for choice in row][:MOST_BUTTONS]
    if not choices:
        return {"card_type": "text_notice", **made, "card_action": {"type": 1, "url": page}}
    buttons = [
        {"text": _cut(c.label, LONGEST_BUTTON), "type": 1, "url": link(c.link)}
        if c.link
        else {"text": _cut(c.label, LONGEST_BUTTON), "style": 1 if n == 0 else 2, "key": c.token}
        for n, c in enumerate(choices)
    ]
    return {"card_type": "button_interaction", **made, "button_list": buttons}


def plain(out: Outbound) -> str:
    """The text where no buttons can be shown. A link would open a browser, where nobody is known to be the member it is
    for: what was to be said behind it is said to the app; what only a button does is left to the app as well."""
    choices = [choice for row in out.choices for choice in row]
    lines = [PRIVATELY] if any(c.link for c in choices) else []
    if any(not c.link for c in choices):
        lines.append("要处理，请到企业微信工作台打开小邻，或在网页工作台操作。")
    return "\n".join([out.text, *lines])


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
