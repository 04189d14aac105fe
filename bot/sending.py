"""Hands one letter to its channel, part by part; an impossible edit becomes news, a failure gets its verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.channels.base import Act, Channel, Outbound, SendError, Sent
from bot.letters import OVERDUE, Fate, Verdict, judge, overdue
from bot.logs import Log
from bot.render import render
from storage import failpoints
from storage.outbox import OutboxRow

SEND_SECONDS = 20.0  # for all parts of a letter: inside the lease, so that nobody else takes what is on its way

_log = Log()


@dataclass(slots=True)
class Letter:
    """A claimed row with what to send of it."""

    row: OutboxRow
    out: Outbound
    parts_sent: int = 0  # of a long text, or of a photo and its words


@dataclass(frozen=True, slots=True)
class Refusal:
    """The platform did not take it, and what becomes of it."""

    error: SendError
    verdict: Verdict


async def send(
    channel: Channel, letter: Letter, count: Callable[[], None], chance: Callable[[], float]
) -> Sent | Refusal:
    """Send a letter. `count` is called for each message that goes out, `chance` spreads the waits."""
    reason = "the message to edit is gone"
    # Of an edit parts went out before: it is said anew already, and goes on.
    if not (letter.out.act is Act.EDIT and letter.parts_sent):
        try:
            return await _hand_over(channel, letter, letter.out, count)
        except SendError as error:
            verdict = judge(letter.row, error, chance())
            if verdict.fate is not Fate.ANEW:
                return Refusal(error, verdict)
            reason = verdict.reason
    # The message to edit is gone, or too old: what it should say now is said as a new one.
    try:
        return await _hand_over(channel, letter, replace(letter.out, act=Act.SAY, message=None), count)
    except SendError as error:
        again = judge(letter.row, error, chance())
        hopeless = Verdict(Fate.FAILED, f"{reason}; {again.reason}")
        return Refusal(error, hopeless if again.fate is Fate.ANEW else again)


async def _hand_over(channel: Channel, letter: Letter, out: Outbound, count: Callable[[], None]) -> Sent:
    """Send what the platform makes of the message; raises SendError, nothing else: what a channel raises against its
    contract is a permanent error, what hangs is uncertain."""
    sent = Sent(None)
    missed: dict[str, str] = {}
    group = letter.row.chat_kind == "group"
    try:
        async with asyncio.timeout(SEND_SECONDS):
            parts = _late(letter, render(out, channel.abilities, group=group), channel)
            for part in parts[letter.parts_sent :]:
                if part.act is not Act.NOTICE:
                    count()
                failpoints.reach("send")
                try:
                    sent = await channel.send(part)
                except SendError as error:
                    if not _goes_on(part, parts, error):
                        raise
                    _log.warning("delivery.photo_not_sent", outbox=out.outbox, channel=channel.name, reason=str(error))
                failpoints.reach("sent")
                letter.parts_sent += 1
                missed |= sent.missed
    except SendError:
        raise
    except TimeoutError as error:
        raise SendError("no answer in time", transient=True, uncertain=True) from error
    except Exception as error:
        _log.exception("delivery.bug", outbox=out.outbox, channel=channel.name)
        raise SendError(f"a fault of ours: {type(error).__name__}", transient=False) from error
    return replace(sent, missed=missed)


def _goes_on(part: Outbound, parts: tuple[Outbound, ...], error: SendError) -> bool:
    """Whether the words go though their photo never will: what it showed is the lesser part."""
    for_good = not (error.transient or error.uncertain or error.waits or error.gone or error.moved_to)
    return for_good and part.photo is not None and not part.text.strip() and len(parts) > 1


def _late(letter: Letter, parts: tuple[Outbound, ...], channel: Channel) -> tuple[Outbound, ...]:
    """What had to wait says so where its words begin, if there is room for it: cut another way, a text begun before
    would lose a part."""
    if not overdue(letter.row):
        return parts
    first = next((n for n, part in enumerate(parts) if part.text.strip()), len(parts))
    if first == len(parts) or first < letter.parts_sent:
        return parts
    text = f"{OVERDUE}\n{parts[first].text}"
    fits = channel.abilities.measure(text) <= channel.abilities.longest
    return (*parts[:first], replace(parts[first], text=text), *parts[first + 1 :]) if fits else parts


def by_chat(letters: Sequence[Letter]) -> dict[int, list[Letter]]:
    """The letters of each chat, in order."""
    chats: dict[int, list[Letter]] = {}
    for letter in letters:
        chats.setdefault(letter.row.chat_id, []).append(letter)
    return chats


def log_line(row: OutboxRow, outcome: str, reason: str | None) -> None:
    """One line a delivery: ids only."""
    known = {"reason": reason} if reason else {}
    _log.info(
        "delivery",
        outbox=row.id,
        channel=row.channel,
        chat=row.chat_id,
        kind=row.kind,
        lane=row.lane,
        cause=row.cause,
        tries=row.tries,
        outcome=outcome,
        **known,
    )
