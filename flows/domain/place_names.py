"""The names of estates and buildings in what people say: in full, written otherwise by one character, cut short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from nlu.late import regex

_STRANGER = regex(r"([一-鿿a-z]{2,8}?(?:小区|家园|花园|公寓|新村|公馆|苑|庭|院|(?<!政)府|村))\|")
_OWN = regex(r"(?:我|咱|本|这|你|俺|那)(?:们|个)?(?:家|的)?(?:小区|新村|公寓|家园|花园|大院|院|村)\Z")
_KIND = regex(r"(?<=..)(?:新村|家园|公寓|花园|新苑|雅苑|嘉苑|苑|庄园|大厦|小区)\Z")  # what is left out: 桥南新村, 桥南
# A short name is a word like others (梧桐, 桥南): it counts where nothing runs into it and a number or a home follows.
_BEFORE = regex(r"(?:\A|[^一-鿿]|[住在是的们家到从去跟和或及呢啊了给妈爸爷奶儿女])\Z")
_AFTER = regex(
    r"(?:小区)?(?:[a-z]?\d{1,3}[a-z]?(?:号|栋|幢|座|楼|#|单元|-)|[a-z](?:座|栋|幢|号)"
    r"|[那这](?:一?套|边|儿|里|个?小区|块|片)|的?(?:老?房子|老房))"
)


class Names(Mapping[str, tuple[int, ...]]):
    """Places by the names they have; never changed once built."""

    def __init__(self, names: Mapping[str, Collection[int]]) -> None:
        self._names = {name: tuple(sorted(ids)) for name, ids in names.items()}
        self._short = _shortened(self._names)
        self._gaps: dict[str, str] = {}  # names of three and more characters with one left open
        for name in self._names:
            self._gaps |= {f"{name[:at]}?{name[at + 1 :]}": name for at in range(len(name) if 2 < len(name) < 9 else 0)}
        lengths: dict[str, set[int]] = defaultdict(set)  # first two characters → lengths of names, longest first
        for name in (*self._names, *self._short):
            lengths[name[:2]].add(len(name))
        self._lengths = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}

    def __getitem__(self, name: str) -> tuple[int, ...]:
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def named(self, text: str) -> tuple[list[tuple[int, ...]], str]:
        """The known names in a text, longest first at each position, and the text without them."""
        found: list[tuple[int, ...]] = []
        rest: list[str] = []
        at = 0
        while at < len(text):
            name, ids = self._at(text, at)
            if name:
                found.append(ids)
                at += len(name)
            else:
                rest.append(text[at])
                at += 1
        return found, "".join(rest)

    def alike(self, name: str) -> list[tuple[int, ...]]:
        """The known name that differs in one character from the end of an unknown one: 梧桐院 → 梧桐苑."""
        for length in range(len(name), 2, -1):
            end = name[-length:]
            for at in range(length):
                known = self._gaps.get(f"{end[:at]}?{end[at + 1 :]}")
                if known:
                    return [self._names[known]]
        return []

    def _at(self, text: str, at: int) -> tuple[str, tuple[int, ...]]:
        for length in self._lengths.get(text[at : at + 2], ()):
            name, end = text[at : at + length], at + length
            cut = (name[0].isdigit() and text[at - 1 : at].isdigit()) or (
                name[-1].isdigit() and text[end : end + 1].isdigit()
            )
            if name in self._names and not cut:
                return name, self._names[name]
            if name in self._short and (
                text == name or (_AFTER.match(text, end) and _BEFORE.search(text, max(0, at - 1), at))
            ):
                return name, self._short[name]
        return "", ()


def _shortened(names: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The names without what kind of an estate it is, where that is no name of its own."""
    found: dict[str, set[int]] = defaultdict(set)
    for name, ids in names.items():
        short = _KIND.sub("", name)
        if short != name and short not in names:
            found[short] |= set(ids)
    return {short: tuple(sorted(ids)) for short, ids in found.items()}


def strange(rest: str) -> str | None:
    """An estate's name before a number that is no name we know; 我们小区 is none. `rest`: with "|" for the number."""
    found = _STRANGER.search(rest)
    return found[1] if found and not _OWN.search(found[1]) else None
