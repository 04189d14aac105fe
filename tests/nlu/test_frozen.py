"""Frozen values made and changed our way are what the standard way makes of them."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from nlu.frozen import quickly_made, replace
from nlu.understanding import Understanding


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    """`name`: as said."""

    name: str
    kind: int | None = None
    said: Sequence[str] = field(default_factory=list)

    @property
    def loud(self) -> str:
        return self.name.upper()


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    kind: int | None = None
    said: Sequence[str] = field(default_factory=list)


def test_what_is_not_given_to_the_constructor_is_left_out() -> None:
    seen = Understanding("", None, "chatter", 0.0)
    assert replace(seen, text="你好") == dataclasses.replace(seen, text="你好")


def test_a_quickly_made_value_is_as_any_other() -> None:
    for one in (Quick("a"), Quick("a", 3), Quick(said=["x"], name="a", kind=None), replace(Quick("a"), kind=5)):
        plain = Plain(one.name, one.kind, one.said)
        assert dataclasses.asdict(one) == dataclasses.asdict(plain)
        assert type(one) is Quick and one.loud == "A" and repr(one) == repr(plain).replace("Plain", "Quick")
        assert pickle.loads(pickle.dumps(one)) == one and one != plain
    assert Quick("a") == Quick("a") and Quick("a").said is not Quick("a").said
    assert hash(Quick("a", 1, ())) == hash(Quick("a", 1, ()))


def test_it_is_frozen_all_the_same() -> None:
    one = Quick("a")
    for change in (lambda: setattr(one, "name", "b"), lambda: delattr(one, "name"), lambda: setattr(one, "more", 1)):
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError, AttributeError)):
            change()
    assert one == Quick("a")


def test_it_takes_what_the_standard_constructor_takes() -> None:
    for wrong in (lambda: Quick(), lambda: Quick("a", nobody=1), lambda: Quick("a", 1, [], 2)):  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            wrong()


def test_what_is_made_in_a_way_of_its_own_is_left_alone() -> None:
    @dataclass(frozen=True, slots=True)
    class Own:
        name: str

        def __post_init__(self) -> None:
            assert self.name

    @dataclass(frozen=True, slots=True)
    class Partly:
        name: str
        found: int = field(default=0, init=False)

    for kind in (Own, Partly, type("Child", (Plain,), {})):
        with pytest.raises(TypeError):
            quickly_made(kind)
