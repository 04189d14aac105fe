"""Trains the second opinion of nlu/danger.py from nlu/danger_examples.yml; the flows' examples are no danger."""

from __future__ import annotations

import argparse
import random
import re
import warnings
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from nlu.danger import CLASSES, evidence
from nlu.examples import parse_examples
from nlu.linear import pack
from tools import augment

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "nlu" / "weights" / "danger.npz"
LEAST = 2  # an n-gram must stand in so many examples
C = 30.0
SEED = 20260105
# Who it happens to says nothing about whether it is danger: in a copy of each example somebody else stands there.
_PEOPLE = (
    "我爸 我妈 我爹 我娘 俺爹 俺娘 我爷 我奶 爷爷 奶奶 老爸 老妈 公公 婆婆 我舅 我姨 "
    "我叔 大伯 姥姥 姥爷 外婆 阿公 阿婆 老伴 大爷 大妈 老头 老太太 二婶 三叔 姑姑",
    "孩子 小孩 娃 宝宝 儿子 女儿 闺女 孙子 弟弟 妹妹 小朋友 侄子 外甥 囡囡 细路 学生",
    "邻居 同事 工友 师傅 小伙子 姑娘 老公 老婆 我哥 我姐 室友 同学 朋友 媳妇 堂弟 表姐",
)
OTHERS = 0.5  # weight of an example from the flows, which is mostly far from danger
# Services under which people also write of what is happening now: their examples say nothing about danger.
UNCLEAR = frozenset(
    [
        "gas",
        "fire_hazard",
        "security",
        "family_dispute",
        "power",
        "manhole",
        "dog",
        "fraud",
        "elevator",
        "flooding",
        "production_safety",
    ]
)


def others(text: str, rng: random.Random) -> str:
    """The same told of somebody else, now and then with a slip of the keyboard."""
    for names in map(str.split, _PEOPLE):
        text = re.sub("|".join(sorted(names, key=len, reverse=True)), lambda _, n=names: rng.choice(n), text)
    return augment.slip(text, rng) if rng.random() < 0.15 else text


def read() -> tuple[list[str], list[str], list[float]]:
    """(texts, classes, weights), in a fixed order."""
    texts, labels, weights = [], [], []
    rng = random.Random(SEED)
    for example in parse_examples((ROOT / "nlu" / "danger_examples.yml").read_text("utf-8")):
        for text in (example.text, others(example.text, rng)):
            texts.append(text), labels.append(example.intent), weights.append(0.6)
    for path in sorted(
        [
            *ROOT.glob("flows/*/nlu.yml"),
            *ROOT.glob("flows/*/hard.yml"),
            ROOT / "flows" / "assistant.yml",
            ROOT / "flows" / "chatter.yml",
        ]
    ):
        for example in parse_examples(path.read_text("utf-8")):
            if example.intent.split("/")[-1] not in UNCLEAR:
                (
                    texts.append(example.text),
                    labels.append("none"),
                    weights.append(2 * OTHERS if example.intent in ("chatter", "greet", "thanks") else OTHERS),
                )
    return texts, labels, weights


def matrix(rows: list[np.ndarray], hashes: np.ndarray) -> sparse.csr_matrix:
    index, start = [], [0]
    for row in rows:
        at = np.searchsorted(hashes, row)
        at[at == len(hashes)] = 0
        index.append(at[hashes[at] == row])
        start.append(start[-1] + len(index[-1]))
    data = np.concatenate([np.full(len(i), 1 / max(1.0, len(i)) ** 0.5) for i in index])
    return sparse.csr_matrix((data, np.concatenate(index), np.array(start)), shape=(len(rows), len(hashes)))


def train(texts: list[str], labels: list[str], weights: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(hashes, weights, bias) with the classes in the order of CLASSES."""
    rows = [evidence(text) for text in texts]
    values, counts = np.unique(np.concatenate(rows), return_counts=True)
    hashes = values[counts >= LEAST]
    model = LogisticRegression(C=C, max_iter=600, tol=1e-5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(matrix(rows, hashes), labels, sample_weight=weights)
    order = [list(model.classes_).index(name) for name in CLASSES]
    coefficients, bias = model.coef_[order], model.intercept_[order]
    strong = np.sort(np.argsort(-coefficients.std(axis=0), kind="stable")[:24_000])
    return hashes[strong], coefficients[:, strong].T.astype(np.float32), bias.astype(np.float32)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=OUT)
    out = options.parse_args().out
    hashes, weights, bias = train(*read())
    pack(out, hashes, weights, bias)
    print(weights.shape, out.stat().st_size)


if __name__ == "__main__":
    main()
