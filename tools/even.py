"""Finds how large each number inside the sentence model gets on our examples: `python -m tools.even`, once a model.

The quick form (nlu/sentence.py) keeps a layer's input in 8 bits with one scale; a few numbers are up to eighty times
the others and would leave these no room (SmoothQuant, arXiv 2211.10438). Writes nlu/weights/sentence.npz.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from nlu.e5file import E5File
from nlu.graph import Graph
from nlu.linear import save_arrays
from nlu.sentence import EVEN, SentenceModel, dense_of, encoder
from tools.train_nlu import SEED, read_examples

EXAMPLES = 200
POWER = 0.7  # how far inputs are evened out; the rest is left to the weights
LEAST = 0.05  # of the median: what is never large is not blown up further


def main() -> None:
    texts = [example.text for _, example in read_examples()]
    random.Random(SEED).shuffle(texts)
    weight: dict[str, np.ndarray] = {}  # of each dense layer, the largest weight of each input

    def watched(file: E5File) -> bytes:
        """The encoder in plain numbers; what comes out is what each dense layer reads."""
        graph, read = Graph(), []

        def dense(entry: str, names: Sequence[str]) -> str:
            weights, bias = dense_of(file, names)
            weight[names[0]] = np.abs(weights).max(axis=0)
            read.append(entry)
            product = graph.node("MatMul", [entry, graph.constant(np.ascontiguousarray(weights.T))])
            return graph.node("Add", [product, graph.constant(bias)])

        encoder(file, graph, dense)
        return graph.model("rows", file.size, *read)

    model = SentenceModel(watched)
    told = [
        [np.abs(one[0]).max(axis=0) for one in model.run(model.pieces(f"query: {text}"))] for text in texts[:EXAMPLES]
    ]
    even = {}
    for (name, heavy), most in zip(weight.items(), zip(*told, strict=True), strict=True):
        size = np.max(most, axis=0)
        scale = np.maximum(size, np.median(size) * LEAST) ** POWER / (heavy + 1e-6) ** (1 - POWER)
        even[name] = (scale / np.exp(np.log(scale).mean())).astype(np.float16)
    save_arrays(EVEN, even)
    print(EVEN.name, EVEN.stat().st_size)


if __name__ == "__main__":
    main()
