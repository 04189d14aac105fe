"""The rules of the ledger by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from flows.domain import ledger
from flows.domain.ledger import BadReversal, BadTransfer, NotEnough, Transfer
from flows.errors import NotAllowed

GIFT = Transfer("k1", "issuer:c1", "household:h1", 10, "staff:7", "孝老爱亲", 3)
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": 0},
        {"points": -5},
        {"points": 1.5},
        {"points": True},
        {"points": "10"},
        {"points": ledger.MOST + 1},
        {"points": 2**63},
        {"source": "household:h1"},
        {"source": "bank:h1"},
        {"target": "household:"},
        {"target": "household"},
        {"target": "household:" + "x" * 200},
        {"key": ""},
        {"key": "k" * 129},
        {"by": ""},
        {"memo": "字" * 256},
    ],
)
def test_nonsense_is_refused_in_words_for_people(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadTransfer) as refused:
        ledger.check(replace(GIFT, **wrong))
    assert isinstance(refused.value, NotAllowed)
    assert str(refused.value).endswith("。")


def test_sense_is_not_refused() -> None:
    for good in (GIFT, replace(GIFT, points=1), replace(GIFT, points=ledger.MOST), replace(GIFT, memo="字" * 255)):
        ledger.check(good)


def test_only_the_issuer_goes_below_zero() -> None:
    assert ledger.balances_after(GIFT, 0, 5) == (-10, 15)
    spend = Transfer("k", "household:h1", "shop:s1", 10, "x")
    assert ledger.balances_after(spend, 10, 0) == (0, 10)
    with pytest.raises(NotEnough):
        ledger.balances_after(spend, 9, 0)


def test_the_book_does_not_run_over() -> None:
    for source, target in ((-ledger.BOOK_LIMIT, 0), (0, ledger.BOOK_LIMIT)):
        with pytest.raises(BadTransfer):
            ledger.balances_after(GIFT, source, target)


def test_a_reversal_moves_the_points_back_and_is_final() -> None:
    back = ledger.reversal(GIFT, 4, key="k2", by="staff:8", memo="记错了")
    assert (back.source, back.target, back.points, back.rule, back.reverses) == ("household:h1", "issuer:c1", 10, 3, 4)
    ledger.check_reversal(GIFT, back)
    for wrong in (replace(back, points=9), replace(back, target="shop:s1"), GIFT):
        with pytest.raises(BadReversal):
            ledger.check_reversal(GIFT, wrong)
    with pytest.raises(BadReversal):
        ledger.reversal(back, 5, key="k3", by="x", memo="")
    with pytest.raises(BadReversal):
        ledger.check_reversal(back, ledger.reversal(GIFT, 5, key="k3", by="x", memo=""))


@pytest.mark.parametrize("field", ["key", "source", "target", "points", "by", "memo", "rule", "reverses"])
def test_every_part_of_the_body_is_in_the_digest(field: str) -> None:
    other = {"points": 11, "rule": 4, "reverses": 1}.get(field, "household:other")
    assert ledger.digest(replace(GIFT, **{field: other})) != ledger.digest(GIFT)
    assert ledger.digest(replace(GIFT)) == ledger.digest(GIFT)


def test_the_hash_holds_what_came_before_and_when() -> None:
    body = ledger.digest(GIFT)
    first = ledger.chain(ledger.GENESIS, body, AT)
    assert first == ledger.chain(ledger.GENESIS, body, AT.astimezone(timezone(timedelta(hours=8))))
    assert (
        len({first, ledger.chain(first, body, AT), ledger.chain(ledger.GENESIS, body, AT + timedelta(seconds=1))}) == 3
    )
