"""`linli law …`: search the law library, measure the search, check citations, build the index, import more law."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer

from bot.clock import today

app = typer.Typer(help="The law library: search, eval, check, index, import.", no_args_is_help=True)


@app.callback()
def law() -> None:
    """The statutes Linli cites, and what we wrote so that everyday words find them."""


Day = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="As the law stood on this day (YYYY-MM-DD); today.")
]


@app.command()
def search(
    top: Annotated[int, typer.Option(min=1, max=100, help="How many articles a question.")] = 10,
    on: Day = None,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Without sentence vectors: faster, finds less.")
    ] = False,
) -> None:
    """Reads {"text":…} lines, writes {"text":…,"confident":…,"articles":[{"law","article","score"}]} lines."""
    from storage.law_search import load_search

    day = _day(on)
    found = load_search(meaning=not words_only)
    for text, problem in _questions():
        if problem:
            answer: dict[str, Any] = {"error": problem}
        else:
            result = found.search(text, top=top, on=day)
            articles = [{"law": h.article.law, "article": h.article.number, "score": h.score} for h in result.hits]
            answer = {"text": text, "confident": result.confident, "articles": articles}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _day(on: str | None) -> date:
    if on is None:
        return today()
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise typer.BadParameter(f"{on!r} is no date like 2026-08-15", param_hint="--on") from error


def _questions() -> Iterator[tuple[str, str]]:
    """The text of each input line, or what is wrong with the line; blank lines ask nothing."""
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        line = raw.decode("utf-8", "replace").strip()
        if not line:
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield "", f"line {number} is not JSON: {error}"
            continue
        text = row.get("text") if isinstance(row, dict) else None
        if isinstance(text, str):
            yield text, ""
        else:
            yield "", f'line {number} needs {{"text": "…"}}'


if __name__ == "__main__":
    app()
