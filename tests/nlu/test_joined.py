"""The joined heads say what each head says by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.danger import looked_for
from nlu.features import END, hashed, numbers_of, spread
from nlu.joined import Joined, joined
from nlu.linear import Head, chances, softmax
from nlu.spotting import keys_of


def a_head(rng: np.random.Generator, size: int, classes: int, among: np.ndarray) -> Head:
    hashes = np.sort(rng.choice(among, size, replace=False)).astype(np.uint32)
    weights = rng.integers(-127, 128, (size, classes)).astype(np.int8)
    scale, bias = rng.random(classes).astype(np.float32), rng.normal(size=classes).astype(np.float32)
    return Head(tuple(map(str, range(classes))), hashes, weights, scale, bias)


RNG = np.random.default_rng(7)
# So many that share the high or the low bits of their hash that many have to make room for each other.
HASHES = (
    RNG.integers(0, 40, 60_000) << 27 | RNG.integers(0, 2**13, 60_000) << 14 | RNG.integers(0, 999, 60_000)
).astype(np.uint32)
KNOWN = np.array(sorted(set(HASHES.tolist())), np.uint32)[::6]
NARROW = {name: a_head(RNG, size, classes, KNOWN) for name, size, classes in (("a", 4_000, 3), ("b", 2_000, 2))}
WIDE = a_head(RNG, 3_000, 9, KNOWN)


@pytest.fixture(scope="module")
def heads() -> Joined:
    return joined(NARROW, WIDE, ["停水", "火", "~", "1"])


@given(st.lists(st.sampled_from(KNOWN.tolist()) | st.integers(0, 2**32 - 1), max_size=60))
def test_scores_are_those_of_the_heads(heads: Joined, grams: list[int]) -> None:
    message = spread(np.array([*grams, END], np.uint32))
    rows = heads.rows(message)
    total = heads.totals(rows).tolist()
    once = np.array(sorted(set(grams)), np.uint32)
    for name, head in NARROW.items():
        assert np.allclose(heads.columns[name].scores(total), head.scores(once), atol=1e-3)
    assert np.allclose(heads.wide_scores(rows), WIDE.scores(once), atol=1e-3)


def test_every_known_gram_has_a_row_of_its_own(heads: Joined) -> None:
    known = set(WIDE.hashes.tolist()).union(*(head.hashes.tolist() for head in NARROW.values()))
    rows = heads.row_of(np.array(sorted(known), np.uint32)).tolist()
    assert len(set(rows)) == len(known)
    assert heads.rows(spread(np.array([*sorted(known), END], np.uint32))).tolist() == sorted(rows)
    assert heads.row_of(np.array([END, *numbers_of(["没有"])], np.uint32)).tolist() == [0, 0]


def pieces_in(heads: Joined, text: str) -> set[str]:
    return {piece for row in heads.found(heads.rows(hashed(text))) for piece in heads.pieces[row]}


@pytest.mark.parametrize(
    ("text", "found"),
    [("停水了", {"停水", "~"}), ("停了水", {"~"}), ("着火~", {"火", "~"}), ("120", {"1", "~"}), ("", {"~"})],
)
def test_a_piece_is_found_wherever_it_stands(heads: Joined, text: str, found: set[str]) -> None:
    assert pieces_in(heads, text) == found  # "~" is a stop, as is the end of any text


PIECES = sorted(looked_for())
WITH_WORDS = joined(NARROW, WIDE, PIECES)


@given(st.lists(st.sampled_from([*PIECES, "~!", "。_", "^_^", "12", "水"]) | st.characters(), max_size=9).map("".join))
def test_no_piece_is_missed(text: str) -> None:
    assert keys_of(text).intersection(PIECES) <= pieces_in(WITH_WORDS, text)


CALM = joined({"calm": NARROW["a"].tempered(60)}, WIDE, ["火"])  # as trained weights are: no score is in the hundreds


@given(st.lists(st.sampled_from(NARROW["a"].hashes.tolist()), max_size=60))
def test_chances_in_one_go_are_those_of_the_scores(grams: list[int]) -> None:
    column = CALM.columns["calm"]
    total = CALM.totals(CALM.rows(spread(np.array([*grams, END], np.uint32)))).tolist()
    assert np.allclose(column.chances(total), chances(column.scores(total)), atol=1e-9)


@given(st.lists(st.floats(-60, 60), min_size=1, max_size=20))
def test_chances_are_a_softmax(scores: list[float]) -> None:
    assert np.allclose(chances(scores), softmax(np.array(scores, np.float64)), atol=1e-5)


def test_a_temperature_makes_chances_modest() -> None:
    grams, warm = WIDE.hashes[:9], WIDE.tempered(2)
    assert np.allclose(warm.scores(grams) * 2, WIDE.scores(grams), atol=1e-4)


def test_there_is_room_for_the_rows_that_ship() -> None:
    weights = Path(__file__).resolve().parents[2] / "nlu" / "weights"
    sizes = [len(np.load(weights / f"{name}.npz")["hashes"]) for name in ("intent", "local", "service", "danger")]
    assert sum(sizes) < 2**18
