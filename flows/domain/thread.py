"""A resident and a member of staff talking: who may take, pass on and close a thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows.errors import NotAllowed

LEGAL = ("legal_guide", "legal_adviser")  # who a legal question goes to, and on to
TIERS = {"legal_guide": "legal_adviser"}


@dataclass(frozen=True, slots=True)
class Thread:
    """A legal question, a hand-over to a person, or an alarm. `owner` is a staff id.

    `unasked`: called because the assistant did not understand.
    `aside`: staff who stepped aside for a conflict of interest, or did not answer in time.
    """

    id: int
    kind: str
    number: str
    person: int
    chat: int
    area: int | None
    role: str
    state: str
    owner: int | None
    version: int
    question: str = ""
    rating: int | None = None
    aside: tuple[int, ...] = ()
    unasked: bool = False


def claim(thread: Thread, staff: int) -> Thread:
    """Take it; exactly one does (the version is compared when it is saved)."""
    if thread.state == "closed":
        raise NotAllowed("这件事已经结束了。")
    if thread.owner is not None:
        raise NotAllowed("您已经接过了。" if thread.owner == staff else "已经有同事接了。")
    if staff in thread.aside:
        raise NotAllowed("这件您已经回避或转出了，由下一位来接。")
    return replace(thread, state="claimed", owner=staff)


def pass_on(thread: Thread, staff: int) -> Thread:
    """Give it to the next tier (a legal question), or back to those on duty."""
    if thread.state == "closed":
        raise NotAllowed("这件事已经结束了。")
    if thread.owner not in (None, staff):
        raise NotAllowed("已经有同事接了，由他来转。")
    return replace(thread, state="open", owner=None, role=TIERS.get(thread.role, thread.role))


def step_aside(thread: Thread, staff: int) -> Thread:
    """Somebody with a conflict of interest leaves it to the next one; they hear no more of it."""
    if thread.state == "closed":
        raise NotAllowed("这件事已经结束了。")
    if thread.owner not in (None, staff):
        raise NotAllowed("已经有同事接了，不用您管了。")
    if staff in thread.aside:
        raise NotAllowed("您已经回避了，这件由下一位来接。")
    return replace(thread, state="open", owner=None, aside=(*thread.aside, staff))


def take_over(thread: Thread, staff: int) -> Thread:
    """A colleague of its owner takes what has ended, to look at the answer again."""
    if thread.state != "closed":
        raise NotAllowed("这件事还没有结束，由接手的人来答。")
    if thread.owner == staff:
        raise NotAllowed("这件就是您答的，可以直接更正。")
    if staff in thread.aside:
        raise NotAllowed("这件您已经回避或转出了，由别的同事来看。")
    return replace(thread, owner=staff)


def release(thread: Thread) -> Thread:
    """Its owner has left or does not answer: it waits for somebody again."""
    return replace(thread, state="open", owner=None)


def close(thread: Thread, staff: int | None) -> Thread:
    """End it: the owner, or (None) the resident."""
    if thread.state == "closed":
        raise NotAllowed("这件事已经结束了。")
    if staff is not None and thread.owner != staff:
        raise NotAllowed("接下的人才能结束它。" if thread.owner is None else "已经有同事接了，由他来结束。")
    return replace(thread, state="closed")
