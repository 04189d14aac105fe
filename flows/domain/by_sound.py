"""A place whose name is written otherwise than it is, but sounds like it: 星福里, said to a phone, is 幸福里."""

from __future__ import annotations

from functools import lru_cache

from flows.domain.address import plain
from flows.domain.places import Places
from nlu.sounds import sound

SHORTEST, LONGEST = 3, 8  # characters of a name that is looked for by its sound


@lru_cache(maxsize=2)  # the places now, and those before an import
def _names(places: Places) -> dict[tuple[str, ...], str]:
    """The names by their sound; of two that sound alike, neither."""
    found: dict[tuple[str, ...], str] = {}
    for name in places.names():
        if SHORTEST <= len(name) <= LONGEST:
            key = tuple(map(sound, name))
            found[key] = "" if key in found else name
    return found


def heard(places: Places, text: str) -> tuple[str, str] | None:
    """The known name that another only sounds like, and the text with it put right; None: there is none."""
    said = plain(text)
    names, sounds = _names(places), [sound(c) for c in said]
    for length in range(min(LONGEST, len(said)), SHORTEST - 1, -1):
        for at in range(len(said) - length + 1):
            name = names.get(tuple(sounds[at : at + length]))
            if name and name != said[at : at + length]:
                return name, said[:at] + name + said[at + length :]
    return None
