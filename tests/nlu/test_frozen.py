"""A frozen value changed by our own `replace` is what the standard one makes of it."""

import dataclasses

from nlu.frozen import replace
from nlu.understanding import Understanding


def test_what_is_not_given_to_the_constructor_is_left_out() -> None:
    seen = Understanding("", None, "chatter", 0.0)
    assert replace(seen, text="你好") == dataclasses.replace(seen, text="你好")
