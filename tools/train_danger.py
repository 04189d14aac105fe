"""Trains the second opinion of nlu/danger.py on sentences written by hand and drawn; the flows' examples are quiet."""

from __future__ import annotations

import argparse
import random
import re
import warnings
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlu.danger import CLASSES, evidence
from nlu.examples import parse_examples
from nlu.linear import pack
from tools import augment, danger_grammar
from tools.fitting import matrix, vocabulary

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "nlu" / "weights" / "danger.npz"
LEAST = 2  # an n-gram must stand in so many examples
KEPT = 40_000  # so many n-grams, those that tell most
FIRST_ROUNDS, ROUNDS = 60, 1000
C = 20.0
SEED = 20260105
# Who it happens to says nothing about whether it is danger: in a copy of each example somebody else stands there.
_PEOPLE = (
    "我爸 我妈 我爹 我娘 俺爹 俺娘 我爷 我奶 爷爷 奶奶 老爸 老妈 公公 婆婆 我舅 我姨 "
    "我叔 大伯 姥姥 姥爷 外婆 阿公 阿婆 老伴 大爷 大妈 老头 老太太 二婶 三叔 姑姑",
    "孩子 小孩 娃 宝宝 儿子 女儿 闺女 孙子 弟弟 妹妹 小朋友 侄子 外甥 囡囡 细路 学生",
    "邻居 同事 工友 师傅 小伙子 姑娘 老公 老婆 我哥 我姐 室友 同学 朋友 媳妇 堂弟 表姐",
)
# Weights: by hand, drawn from the grammar, of the flows, chatter of both, chatter drawn, together, told in groups.
BY_HAND, DRAWN, OTHERS, CHAT, CHAT_DRAWN, LONG_WEIGHT, TOLD = 0.7, 0.15, 1.0, 3.0, 1.0, 1.0, 2.0
# What is told in a group is mostly a broken thing with a story to it; of these it is not said whether it is danger.
EITHER = re.compile(
    r"电线|电缆|高压线|漏电|火星|火花|煤气|臭鸡蛋|线头|配电|电闸|电箱|硫磺|白烟|鼓|往下坠|电梯|砸|塌|裂|漫到|被困|流血|救护车"
)
# What people put around a call for help, and around anything else they tell: it says nothing of danger.
BEFORE = ("", "", "", "你好，", "在吗，", "请问，", "社区的同志，", "小邻，", "我们这儿")
AFTER = (
    "，我的电话13700001111", "，电话13900002222，姓李", "，麻烦尽快处理", "，谢谢", "，请社区派人来", "，快来人",
    "，我在5号楼1单元", "，地址是平安里8栋", "，我是4单元的", "，能不能来看看", "，怎么办", "，请回复", "，辛苦了",
    "，就在小区北门", "，拜托了",
)  # fmt: skip
LONG = 6000  # so many messages are put together of chatter
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


Rows = list[tuple[str, str, float]]  # (text, class, weight)


def read() -> tuple[list[str], list[str], list[float]]:
    """(texts, classes, weights), in a fixed order."""
    chat, rest = said_to_others()
    hand, grammar = by_hand(), by_grammar()
    quiet = [*chat, *(row for row in grammar if row[1] == "none"), *(row for row in hand if row[1] == "none")]
    texts, labels, weights = zip(*hand, *grammar, *rest, *chat, *at_length(quiet, hand), strict=True)
    return list(texts), list(labels), list(weights)


def by_hand() -> Rows:
    """What was written by hand, and the same told of somebody else, and as it is told to an office."""
    folder = ROOT / "nlu" / "danger_examples"
    return [
        (text, example.intent, CHAT if path.stem == "chatter" else BY_HAND)
        for path in (*sorted(folder.glob("*.yml")), *sorted(folder.glob("later/*.yml")))
        for example in parse_examples(path.read_text("utf-8"))
        for text in dressed(example.text)
    ]


def dressed(text: str) -> tuple[str, str, str]:
    """The text, the same of somebody else, the same told to an office; what is drawn hangs on the text alone, so that
    a new line changes no other."""
    rng = random.Random(f"{SEED} {text}")
    return text, others(text, rng), rng.choice(BEFORE) + text + rng.choice(AFTER)


def by_grammar() -> Rows:
    """What the grammar draws, so that what nobody has written down yet is known by its pieces."""
    return [
        (text, hazard, CHAT_DRAWN if file == "chatter" else DRAWN) for file, hazard, text in danger_grammar.drawn(SEED)
    ]


def said_to_others() -> tuple[Rows, Rows]:
    """What people write in the flows, which is mostly far from danger: (chatter, the rest)."""
    chat, rest = [], []
    for pattern in ("*/nlu.yml", "*/hard.yml", "assistant.yml", "chatter.yml"):
        for path in sorted((ROOT / "flows").glob(pattern)):
            for example in parse_examples(path.read_text("utf-8")):
                if example.intent in ("chatter", "greet", "thanks"):
                    chat.append((example.text, "none", CHAT))
                elif example.intent.split("/")[-1] not in UNCLEAR:
                    rest.append((example.text, "none", OTHERS))
    for example in parse_examples((ROOT / "flows" / "group_talk.yml").read_text("utf-8")):
        if example.intent == "group_talk":
            chat.append((example.text, "none", CHAT))
        elif not EITHER.search(example.text):
            rest.append((example.text, "none", TOLD))
    return chat, rest


def at_length(quiet: Rows, danger: Rows) -> Rows:
    """What is said at length, several things in one message: without danger, and danger between other things."""
    rng = random.Random(SEED)

    def joined(texts: list[str]) -> str:
        return rng.choice((" ", "，", "", "。")).join(texts)

    calm, told = [text for text, _, _ in quiet], [row for row in danger if row[1] != "none"]
    long = [(joined(rng.choices(calm, k=rng.choice((2, 2, 3, 4)))), "none", LONG_WEIGHT) for _ in range(LONG)]
    for text, hazard, _ in rng.choices(told, k=LONG // 4):
        around = rng.choices(calm, k=2)
        long.append((joined(rng.choice(([around[0], text], [text, around[1]]))), hazard, LONG_WEIGHT))
    return long


def train(texts: list[str], labels: list[str], weights: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(hashes, weights, bias) with the classes in the order of CLASSES.

    What is kept after a short first round is fitted by itself: the rest would be missed in the weights and in the
    length of a message.
    """
    rows = [evidence(text) for text in texts]
    hashes = vocabulary(rows, LEAST)
    first, _ = fitted(matrix(rows, hashes), labels, weights, FIRST_ROUNDS)
    hashes = hashes[np.sort(np.argsort(-first.std(axis=0), kind="stable")[:KEPT])]
    coefficients, bias = fitted(matrix(rows, hashes), labels, weights, ROUNDS)
    return hashes, coefficients.T.astype(np.float32), bias.astype(np.float32)


def fitted(rows: csr_matrix, labels: list[str], weights: list[float], rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """(coefficients, bias) with the classes in the order of CLASSES."""
    model = LogisticRegression(C=C, max_iter=rounds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(rows, labels, sample_weight=weights)
    order = [list(model.classes_).index(name) for name in CLASSES]
    return model.coef_[order], model.intercept_[order]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=OUT)
    out = options.parse_args().out
    hashes, weights, bias = train(*read())
    pack(out, hashes, weights, bias)
    print(weights.shape, out.stat().st_size)


if __name__ == "__main__":
    main()
