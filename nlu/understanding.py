"""What the assistant understood of one message, and the protocol every understanding engine fulfils."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from nlu.normalize import plain


class Hazard(StrEnum):
    """What kind of danger a message speaks of; decides the hotline that is named first."""

    FIRE = "fire"  # 火灾、爆炸 → 119
    GAS = "gas"  # 燃气泄漏 → 离开、119、燃气抢修
    ELECTRIC = "electric"  # 触电、电线落地 → 119/120
    INJURY = "injury"  # 受伤、突发疾病 → 120
    VIOLENCE = "violence"  # 家暴、打人、持械 → 110
    CRIME = "crime"  # 正在发生的抢劫、入室、诈骗转账 → 110
    SUICIDE = "suicide"  # 轻生 → 12356、110
    MISSING = "missing"  # 老人、孩子走失 → 110
    DROWNING = "drowning"  # 溺水、洪水 → 119/110
    COLLAPSE = "collapse"  # 坍塌、高空坠物、被困 → 119
    CHILD = "child"  # 未成年人正受侵害 → 110/12355


@dataclass(frozen=True, slots=True)
class Slots:
    """What stands in the sentence, as it was written; each flow parses it with the parser it uses for typed answers."""

    place: str | None = None
    time: str | None = None
    phone: str | None = None
    number: int | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """One more matter of a message: the flow it is for, and its own words."""

    flow: str
    text: str


@dataclass(frozen=True)
class Understanding:
    """One message understood.

    `confidence` (0..1) belongs to `flow`; `flow` is None for chatter. `category`, `service` and `label7` hold the best
    guess whatever the flow. `danger` is a hazard that is happening now; `concern` is one that may be, and asks one
    caring question instead of raising an alarm. `local` (0..1) says how much the message reads like a concrete
    problem of this neighbourhood that nobody has solved: groups use it to decide whether to speak. Where a message
    has several matters, all of it but danger belongs to the `first`, and `others` are the rest, in their order.
    `text` is what was written, `plain` what patterns read of it.
    An engine may find out what is in LATER only when somebody asks for it (`until_asked`): few messages are complaints.
    These fields have factories, for a plain default would be the class's own answer, and it has no slots, for a dozen
    of them take ten times as long to fill as one dict.
    """

    text: str
    flow: str | None
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()  # flows, "chatter" among them, best first
    category: str = field(default_factory=str)
    service: str = field(default_factory=str)
    label7: str = field(default_factory=str)
    services: tuple[tuple[str, float], ...] = field(default_factory=tuple)  # service keys, best first
    danger: Hazard | None = None
    concern: Hazard | None = None
    local: float = field(default_factory=float)
    slots: Slots = field(default_factory=Slots)
    first: str = ""  # the words of the first matter when there are others
    others: tuple[Matter, ...] = ()
    later: Callable[[str], Mapping[str, Any]] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def plain(self) -> str:
        """The words however they were typed: script, width and dialect are one."""
        return plain(self.text)

    @classmethod
    def until_asked(cls, later: Callable[[str], Mapping[str, Any]], **known: Any) -> Understanding:
        """What is `known`, and what else there is in LATER by a name of it, which `later` gives with its like."""
        seen = cls.__new__(cls)
        seen.__dict__.update(known, later=later)
        return seen

    def but(self, **changed: Any) -> Understanding:
        """The same with these fields changed; what nobody asked for yet is still not found out, as `replace` would."""
        seen = Understanding.__new__(Understanding)
        seen.__dict__.update(self.__dict__, **changed)
        return seen

    if not TYPE_CHECKING:  # to its reader it has all its fields

        def __getattr__(self, name: str) -> Any:
            if name not in LATER:
                raise AttributeError(name)
            self.__dict__.update({**self.later(name), **self.__dict__})
            return self.__dict__[name]


LATER = frozenset({"category", "service", "label7", "services", "slots", "local"})


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence written by us, and what it means: an intent of a flow, or a service."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class LocalService:
    """A community's own service: its key, the default service it is like, and phrases people use for it."""

    key: str
    like: str
    phrases: tuple[str, ...] = ()


class Engine(Protocol):
    """Words in, understanding out; no I/O but its own model or server, never raises on any string."""

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding: ...
