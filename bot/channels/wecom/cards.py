"""A message with choices as a template card, and what a card looks like when it is changed; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import render
from bot.channels.base import Abilities, Outbound
from bot.channels.wecom.address import Way, place
from nlu.late import regex

MOST_BUTTONS = 6
LONGEST_TITLE, LONGEST_BODY, LONGEST_BUTTON = 36, 160, 10  # characters that WeCom shows
LONGEST = 2048  # bytes a text
NUMBERED = Abilities(edits=False, buttons=False, longest=LONGEST, measure=render.utf8)
AT_WORK = "要处理，请到企业微信工作台打开小邻，或在网页工作台操作。"
CHOSEN = "已选：{label}"
PRIVATELY = "请在企业微信工作台打开小邻，直接把事情发给我，别人看不到。"
# The longest beginning that is a title.
SENTENCES, CLAUSES = (regex(rf".{{1,{LONGEST_TITLE - 1}}}[{ends}]") for ends in ("。！？!?", "，；：、"))
TASK = regex(r"o(\d{1,18})-\d{1,4}")
LONGEST_STREAM = 20_000  # bytes of a bot's answer (document 101031: 20480)


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


def task_of(out: Outbound) -> str:
    """Our name of a message: of digits, letters and "_-@", as WeCom wants it of a card (document 90236)."""
    return f"o{out.outbox}-{out.part}"


def outbox_of(task: str) -> int | None:
    """The message of a name; None for what is none of ours."""
    found = TASK.fullmatch(task)
    return int(found[1]) if found else None


def parts(text: str) -> tuple[str, str]:
    """Title and body: the first line, or of a longer one what it begins with, and the rest."""
    first, _, rest = text.strip().partition("\n")
    if len(first) > LONGEST_TITLE and (begins := SENTENCES.match(first) or CLAUSES.match(first)):
        first, rest = begins[0], f"{first[begins.end() :].strip()}\n{rest}"
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
    said = without_link(out.text) if any(c.link for c in choices) else out.text
    return f"{said}\n{AT_WORK}" if any(not c.link for c in choices) else said


def without_link(text: str) -> str:
    """The text with where to go on in private instead of a link to be pressed."""
    first, *rest = text.replace("点这里就行，", "").replace("点这里", "").split("\n")
    return "\n".join([first, PRIVATELY, *rest])


def numbered(out: Outbound, link: Callable[[str], str]) -> str:
    """The text with its choices as numbers and links, for a chat in which a number is an answer."""
    shows = replace(NUMBERED, longest=LONGEST_STREAM, link=link)
    return render.render(replace(out, photo=None), shows)[0].text


def for_bot(out: Outbound, *, alone: bool) -> dict[str, Any] | None:
    """The card as a bot shows it (documents 101031, 101032: its buttons open nothing); None where a text says it all,
    or the card would not."""
    choices = [choice for row in out.choices for choice in row if not choice.link]
    links = len(choices) < sum(len(row) for row in out.choices)
    said = replace(out, text=without_link(out.text)) if links else out
    if not choices or out.photo or not _shows_all(replace(out, choices=(tuple(choices),))) or (alone and links):
        return None
    if not fits(said):
        return None
    made = card(replace(said, choices=(tuple(choices),)), task_of(out), str, "")
    buttons = [{name: of[name] for name in ("text", "style", "key")} for of in made["button_list"]]
    return {**made, "button_list": buttons}


def pressed(text: str, label: str, task: str, page: str) -> dict[str, Any]:
    """What a bot's card becomes when one of its buttons was pressed."""
    title, body = parts(text)
    said = _cut("\n".join(part for part in (body, CHOSEN.format(label=label)) if part), LONGEST_BODY)
    shown = {"main_title": {"title": _cut(title, LONGEST_TITLE)}, "sub_title_text": said, "task_id": task}
    return {"card_type": "text_notice", **shown, "card_action": {"type": 1, "url": page}}


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
