"""Near the limit and never over it: alerts, replies meanwhile, limited chats and outages on a simulated clock."""

from __future__ import annotations

import pytest

from tests.simulator import pace


@pytest.mark.parametrize(("random_429", "most"), [(0.0, 1.05), (0.01, 1.10)])
def test_an_alert_goes_out_at_the_platforms_pace(random_429: float, most: float) -> None:
    ratio, post = pace.alert(300, random_429)
    assert ratio <= most
    assert (post.platform.over, post.platform.inside) == (0, 0)


def test_who_is_answered_meanwhile_hardly_waits() -> None:
    idle, busy = pace.replies(240, 20)
    assert busy <= 2 * idle


def test_a_tenth_of_the_chats_limited_leaves_the_others_their_pace() -> None:
    share, post = pace.tenth_limited(12)
    assert share >= 0.95
    assert (post.platform.over, post.platform.inside) == (0, 0)


def test_what_waited_for_an_outage_goes_at_the_limit() -> None:
    share, _, post = pace.after_outage(300, 5)
    assert share >= 0.95
    assert (post.platform.over, post.platform.inside) == (0, 0)
