"""Which messages may be sent now, and which have to wait for others: the conditions, as statements made once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, exists, func, or_, select, text

from storage.tables import chat, chat_pulse, outbox

# Conditions on the state are written out, not bound: a partial index is used only when the statement itself says so.
NEW = text("outbox.state = 'new'")
target = outbox.alias("target")
earlier = outbox.alias("earlier")
_held = outbox.alias("held")


def _free(table: Any) -> ColumnElement[bool]:
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= bindparam("now"))


def in_time(now: Any, table: Any = outbox) -> ColumnElement[bool]:
    """Whether it still is to be sent at a moment."""
    return or_(table.c.not_after.is_(None), table.c.not_after > now)


def blocks(now: Any, *, many: bool = False) -> ColumnElement[bool]:
    """Whether an `earlier` row is one to wait for: not what nobody wants to read any more (unless it is on its way),
    nor what itself waits for its target, but for what belongs to the same message."""
    shown = select(_held.c.state).where(_held.c.id == earlier.c.target_id)
    if many:
        shown = shown.where(_held.c.chat_id == earlier.c.chat_id)  # what lies elsewhere is not at hand
    return and_(
        or_(in_time(now, earlier), earlier.c.lease_until > now),
        or_(
            earlier.c.target_id.is_(None),
            earlier.c.target_id == outbox.c.target_id,
            # A value, not an `exists`: PostgreSQL might hash all that was ever sent for that.
            shown.scalar_subquery().in_(("sent", "failed")),
        ),
    )


# What came before in the same chat and lane goes first, unless it is not its time yet (one that was tried is only being
# tried again, and keeps its place); two edits of one message keep their order whatever their lanes.
def _overtakes(*, many: bool) -> ColumnElement[bool]:
    return exists(
        select(earlier.c.id).where(
            text("earlier.state = 'new'"),
            earlier.c.chat_id == outbox.c.chat_id,
            earlier.c.id < outbox.c.id,
            or_(
                earlier.c.lane == outbox.c.lane,
                and_(earlier.c.target_id == outbox.c.target_id, earlier.c.kind == "edit", outbox.c.kind == "edit"),
            ),
            or_(
                earlier.c.not_before <= bindparam("now"),
                earlier.c.tries > 0,
                earlier.c.not_before <= earlier.c.created_at,  # it is its time whatever a clock set back says
            ),
            blocks(bindparam("now"), many=many),
        )
    )


def on_target(*, many: bool) -> ColumnElement[bool]:
    """What joins a message with the one it edits or replies to: on many servers only with one of the same chat."""
    shown = target.c.id == outbox.c.target_id
    return and_(shown, target.c.chat_id == outbox.c.chat_id) if many else shown


def _due(*, held: bool) -> Select[Any]:
    """`held`: nobody else gets them. Rows of many servers can't be held, and are joined only with what lies beside."""
    found = (
        select(
            outbox.c.id,
            outbox.c.chat_id,
            chat.c.channel,
            chat.c.address,
            chat.c.kind.label("chat_kind"),
            outbox.c.kind,
            outbox.c.lane,
            outbox.c.payload,
            outbox.c.target_id,
            target.c.message,
            target.c.state,
            outbox.c.cause,
            outbox.c.created_at,
            (outbox.c.tries + 1).label("tries"),
            func.coalesce(chat_pulse.c.heard_at, chat.c.heard_at),
            chat.c.state.label("chat_state"),
            outbox.c.reason,
            outbox.c.parts,
        )
        .join(chat, chat.c.id == outbox.c.chat_id)
        .outerjoin(chat_pulse, chat_pulse.c.chat_id == outbox.c.chat_id)
        .outerjoin(target, on_target(many=not held))
        .where(
            NEW,
            outbox.c.not_before <= bindparam("now"),
            in_time(bindparam("now")),
            _free(outbox),
            or_(outbox.c.target_id.is_(None), target.c.state.in_(("sent", "failed"))),
            ~_overtakes(many=not held),
        )
        .order_by(outbox.c.lane, outbox.c.not_before, outbox.c.id)
        .limit(bindparam("limit"))
    )
    return found.with_for_update(of=outbox, skip_locked=True) if held else found


def _claims(*, held: bool) -> tuple[dict[tuple[bool, bool], Executable], Executable]:
    found = _due(held=held)
    # Not while the platform wants to be sent nothing for the chat, whichever process was told so.
    free = found.where(or_(chat_pulse.c.retry_at.is_(None), chat_pulse.c.retry_at <= bindparam("now")))
    away = outbox.c.chat_id.not_in(bindparam("skip", expanding=True))
    # The empty string keeps SQLite from going through all chats of the channel instead of the few new rows.
    on = and_(chat.c.channel.concat("") == bindparam("channel"), outbox.c.lane <= bindparam("last_lane"))
    claims: dict[tuple[bool, bool], Executable] = {
        (False, False): free,
        (False, True): free.where(away),
        (True, False): free.where(on),
        (True, True): free.where(on, away),
    }
    return claims, found.where(on, away, chat.c.address.in_(bindparam("only", expanding=True)))


# By (on one channel, not in some chats): a statement that asks for less is planned better. And what goes back with
# requests that are open: that is no sending, and nothing a platform counts.
_HERE, _FAR = _claims(held=True), _claims(held=False)


def claimable(*, many: bool, channel: bool, skip: bool, only: bool) -> Executable:
    """The statement for one server or many, on a channel, not in some chats, or of some chats only."""
    claims, answers = _FAR if many else _HERE
    return answers if only else claims[channel, skip]
