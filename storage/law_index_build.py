"""`linli law index`: the sentence vectors of articles and questions, made again and saved as they come."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from flows.legal.article import Article, short_title
from flows.legal.grams import Floats
from storage.law_library import LawLibrary
from storage.law_search import load_knowledge
from storage.law_vectors import ARTICLES, QUESTIONS, Embed, Sentences, mark, passage, save, stored

_BATCH = 32
_SAVE_EVERY = 1024


def build(folder: Path, *, again: bool, on: date, say: Callable[[str], None]) -> bool:
    """Makes what is missing in the data files; false when the package that makes vectors is not installed."""
    if not Sentences.installed():
        return False
    sentences, knowledge = Sentences(), load_knowledge()
    folder.mkdir(parents=True, exist_ok=True)
    articles = _most_asked_first(LawLibrary.embedded().all, knowledge.priors, on)
    texts = {article.key: passage(article) for article in articles}
    _update(folder / ARTICLES, texts, sentences.passages, again=again, say=say)
    questions = {mark(question): question for asked in knowledge.asked.values() for question in asked}
    _update(folder / QUESTIONS, questions, sentences.questions, again=again, say=say)
    return True


def _most_asked_first(articles: Sequence[Article], priors: Mapping[str, float], on: date) -> list[Article]:
    """Articles that hold or will hold; interrupted, the file has those that matter most."""
    kept = [article for article in articles if article.until is None or article.until > on]
    return sorted(kept, key=lambda article: -priors.get(short_title(article.law), 0.0))


def _update(path: Path, texts: dict[int, str], embed: Embed, *, again: bool, say: Callable[[str], None]) -> None:
    done: dict[int, Floats] = {}
    if path.exists() and not again:
        keys, vectors = stored(path)
        done = {int(key): row.astype(np.float32) for key, row in zip(keys, vectors, strict=True) if int(key) in texts}
    missing = [key for key in texts if key not in done]
    say(f"{path.name}: {len(done)} there, {len(missing)} to make")
    started = time.perf_counter()
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        done.update(zip(batch, embed([texts[key] for key in batch]), strict=True))
        if start % _SAVE_EVERY == 0 and start:
            _write(path, done)
            say(f"{start} of {len(missing)}, {time.perf_counter() - started:.0f} s")
    _write(path, done)


def _write(path: Path, rows: dict[int, Floats]) -> None:
    if rows:
        save(path, np.array(list(rows), dtype=np.int64), np.stack(list(rows.values())))
