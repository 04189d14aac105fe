"""Learns how much each piece of evidence counts when a line is overheard in a group; writes flows/group_weights.py."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.commands.nlu import embedded_engine
from flows.group_evidence import evidence
from nlu.features import ngrams
from nlu.normalize import fold, normalize
from tools.train_nlu import ROOT, SEED, group_talk, local_head, read_examples

FOLDS = 5
HEAD = '''"""What each piece of flows/group_evidence.py counts; written by `python -m tools.train_groups`."""

WEIGHTS = {
'''


def chance(head: dict[str, object], text: str) -> float:
    """What a head just trained says of one text."""
    hashes, weights, bias = (np.asarray(head[name]) for name in ("hashes", "weights", "bias"))
    grams = ngrams(fold(normalize(text)))
    at = np.searchsorted(hashes, grams).clip(max=len(hashes) - 1)
    known = at[hashes[at] == grams]
    no, yes = weights[known].sum(axis=0) / max(1, len(known)) ** 0.5 + bias
    return float(1 / (1 + np.exp(no - yes)))


def main() -> None:
    """The local head is asked about lines it was not trained on: each part by a head of the other parts."""
    talk, found = group_talk(), read_examples()
    engine = embedded_engine(second=False).quick()
    rows: list[dict[str, float]] = []
    labels: list[bool] = []
    for fold_number in range(FOLDS):
        held = talk[fold_number::FOLDS]
        others = [line for number, line in enumerate(talk) if number % FOLDS != fold_number]
        head = local_head(found, random.Random(SEED), others)
        for text, told in held:
            seen = replace(engine.understand(text), local=chance(head, text))
            rows.append(evidence(seen))
            labels.append(told)
    names = sorted(rows[0])
    model = LogisticRegression(C=1.0, max_iter=1000).fit([[row[name] for name in names] for row in rows], labels)
    lines = "".join(f'    "{name}": {weight:.2f},\n' for name, weight in zip(names, model.coef_[0], strict=True))
    text = f"{HEAD}{lines}}}\nBIAS = {model.intercept_[0]:.2f}\n"
    (ROOT / "flows" / "group_weights.py").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
