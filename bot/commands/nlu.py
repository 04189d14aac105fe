"""`linli nlu`: understanding from outside, line by line, and measured against labelled files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from bot.errors import Wrong

if TYPE_CHECKING:
    from nlu.embedded import EmbeddedEngine
    from nlu.understanding import Engine, Example, Understanding

app = typer.Typer(help="Understanding: predict line by line, or measure against a labelled file.", no_args_is_help=True)

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_LINE = 4 * 1024 * 1024  # bytes; a longer line is answered as a bad one


def embedded_engine(*, second: bool = True, weights: Path | None = None) -> EmbeddedEngine:
    """The embedded engine with the default catalogue, and the weights that ship with the project or others."""
    from flows.catalogue import load_catalogue
    from nlu.embedded import EmbeddedEngine

    catalogue = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))
    return EmbeddedEngine.load(weights or ROOT / "nlu" / "weights", catalogue.labels(), second=second)


def answer(
    engine: Engine, row: Mapping[str, Any], overhearing: Engine | None = None, now: datetime | None = None
) -> dict[str, Any]:
    """One input row to one output row; raises ValueError when the row is not one. `now`: what its times are seen from.

    `overhearing` understands what nobody said to the assistant: groups talk a lot, so it is the quicker engine.
    """
    text, chat, addressed = row.get("text"), row.get("chat", "private"), row.get("addressed", False)
    if not isinstance(text, str):
        raise ValueError('"text" must be a string')
    if chat not in ("private", "group"):
        raise ValueError('"chat" must be "private" or "group"')
    if not isinstance(addressed, bool):
        raise ValueError('"addressed" must be true or false')
    from bot.commands.nlu_times import meant

    hearing = overhearing if overhearing is not None and chat == "group" and not addressed else engine
    found = hearing.understand(text)
    slots = found.slots
    return {
        **row,
        "flow": found.flow,
        "intent": found.intent,
        "confidence": round(found.confidence, 4),
        "category": found.category,
        "service": found.service,
        "label7": found.label7,
        "danger": found.danger is not None,
        "speak": "answer" if chat == "private" else _speak(found, addressed, hearing),
        "slots": {
            "place": slots.place,
            "time": slots.time,
            "when": meant(found.first or found.text, now) if now and slots.time else None,
            "phone": slots.phone,
            "number": slots.number,
            "people": slots.people,
        },
    }


def _speak(found: Understanding, addressed: bool, hearing: Engine) -> str:
    """What a line in a group calls for, as if nothing had been said before; a line that waits for more is silent."""
    from flows.group_hearing import overheard
    from flows.group_memory import Line, Memory
    from flows.groups import Answer, Offer, decide

    now = datetime(2026, 1, 5, tzinfo=UTC)
    seen = found if addressed else overheard(Memory(), "", found, now, hearing.understand)
    decision = decide(Memory(), Line("", found.text, seen, addressed=addressed), now)
    return {Offer: "offer", Answer: "answer"}.get(type(decision), "silent")


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines split on \\n only."""
    for line in stream:
        yield line.removesuffix(b"\n")


def each_line(
    stream: BinaryIO, handle: Callable[[dict[str, Any]], Mapping[str, Any]], out: Callable[[str], None]
) -> None:
    """One JSON answer a line, in order; a bad line gives an error object and the run goes on."""
    for line in lines(stream):
        if not line.strip():
            continue
        try:
            if len(line) > LONGEST_LINE:
                raise ValueError("the line is too long")
            row = json.loads(line.decode("utf-8", "replace"))
            if not isinstance(row, dict):
                raise ValueError("not a JSON object")
            out(json.dumps(handle(row)))
        except (ValueError, RecursionError) as error:
            out(json.dumps({"error": str(error)[:200]}))


@app.command()
def predict(
    now: Annotated[
        datetime | None, typer.Option(help="The local time that words such as 昨晚 are seen from; the present one.")
    ] = None,
) -> None:
    """Read {"text","chat","addressed"} as JSON lines from standard input, write what was understood."""
    from bot import clock

    engine = embedded_engine()
    seen_from = now.replace(tzinfo=clock.HOME) if now else clock.now().astimezone(clock.HOME)
    write = sys.stdout.write

    def out(line: str) -> None:
        write(line + "\n")
        sys.stdout.flush()

    quick = engine.quick()
    each_line(sys.stdin.buffer, lambda row: answer(engine, row, quick, seen_from), out)


@app.command("eval")
def evaluate(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines with text and flow, category or label7.")
    ],
    before: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Other weights to compare with, a directory.")
    ] = None,
) -> None:
    """Precision, recall, F1 and confusions of a labelled file; with --before, what other weights made of it."""
    from bot.commands.nlu_eval import compared, judged, report

    pairs = judged(embedded_engine(), file)
    try:
        earlier = judged(embedded_engine(weights=before), file) if before else {}
    except FileNotFoundError as missing:
        raise Wrong(
            f"--before: {missing.filename} is missing; `linli nlu train --out DIR` writes such a folder"
        ) from None
    if not pairs:
        typer.echo(
            'nothing to compare: lines need "text" (or "short") and one of "flow", "category", "label7"', err=True
        )
        raise typer.Exit(2)
    for kind, seen in pairs.items():
        typer.echo("\n".join(report(kind, seen)))
        if kind in earlier:
            typer.echo(compared(earlier[kind], seen))


@app.command()
def bench(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines with text and flow.")],
    rasa: Annotated[
        str | None,
        typer.Option(
            help="Rasa beside it: the folder of a trained project (started, weighed, stopped), or an address."
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option(help="Put table and picture into docs/understanding.md and docs/screens.")
    ] = False,
    in_a_row: Annotated[int, typer.Option(min=1, help="Messages an engine is asked before the next one's turn.")] = 200,
) -> None:
    """Accuracy, speed, start time and memory of the engines on one file, some messages each in turn, as tables."""
    from contextlib import ExitStack

    from bot.commands import nlu_bench
    from bot.commands.nlu_rasa import rasa_beside
    from bot.commands.nlu_tools import gold_rows

    rows = gold_rows(file)
    if not rows:
        typer.echo('nothing to measure: lines need "text" and "flow"', err=True)
        raise typer.Exit(2)
    with ExitStack() as stack:
        runs = list(nlu_bench.engines())
        runs += rasa_beside(rasa, runs[0].engine, stack) if rasa else []
        nlu_bench.interleaved(runs, rows, in_a_row)
    whole = nlu_bench.with_all(runs[1])
    told = f"{len(rows)} messages, one at a time, {in_a_row} for each engine in turn, on {nlu_bench.machine()}"
    lines = [told, "", nlu_bench.HEAD]
    lines += [*map(nlu_bench.line, runs), "", whole]
    for run in runs:
        lines += ["", *nlu_bench.reliability(run)]
    typer.echo("\n".join(lines))
    if write:
        page = ROOT / "docs" / "understanding.md"
        page.write_text(nlu_bench.put(page.read_text("utf-8"), "\n".join(lines)), "utf-8")
        (ROOT / "docs" / "screens" / "bench.svg").write_text(nlu_bench.picture(runs), "utf-8")


@app.command()
def review(
    out: Annotated[Path, typer.Option(dir_okay=False, help="Examples are appended there.")] = Path("examples.jsonl"),
    labels: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help='JSON lines {"id", "label"} instead of asking.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Only list what is open, as JSON lines.")] = False,
    limit: Annotated[int, typer.Option(min=1)] = 50,
    database: Annotated[str | None, typer.Option(metavar="URL", help="Another database.")] = None,
) -> None:
    """What residents wrote and the assistant was unsure about, scrubbed: label it, and it becomes examples."""
    from bot.commands import nlu_review
    from bot.commands.db import opened
    from flows.catalogue import load_catalogue
    from storage import doubts

    catalogue = load_catalogue((ROOT / "flows" / "catalogue.yml").read_text("utf-8"))
    with opened(database) as found:
        with found.read() as conn:
            waiting = doubts.waiting(conn, limit)
        if as_json:
            for one in nlu_review.listed(waiting, embedded_engine(), nlu_review.labels(catalogue)):
                typer.echo(nlu_review.as_json(one))
            return
        lines = labels.read_text("utf-8").split("\n") if labels else None
        done = nlu_review.review(waiting, catalogue, lines, out, talk=(_typed, typer.echo))
        with found.write() as conn:
            doubts.looked_at(conn, done)


def _typed(question: str) -> str:
    """What somebody answers; who closes the terminal has ended, and what was labelled by then is kept."""
    try:
        return str(typer.prompt(question, default="", show_default=False))
    except typer.Abort:
        return "q"


@app.command()
def train(
    extra: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Your own labelled JSON lines.")
    ] = None,
    out: Annotated[Path, typer.Option(file_okay=False, help="Where the weights go.")] = ROOT / "nlu" / "weights",
) -> None:
    """Train again from the examples, with lines of your own: {"text", "intent" or "service"} each."""
    more = ["--extra", str(extra.resolve())] if extra else []
    _with_scikit("tools.train_nlu", "--out", str(out.resolve()), *more)


@app.command()
def curve(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines with text and flow.")],
) -> None:
    """How right the flow is with 5 to 100% of the examples, first stage and both, with 95% intervals; takes minutes."""
    _with_scikit("tools.curve", str(file.resolve()))


def _with_scikit(module: str, *words: str) -> None:
    """Run one of our own tools that trains."""
    from importlib.util import find_spec
    from subprocess import run

    if find_spec("sklearn") is None:
        typer.echo("scikit-learn is not installed; run `make weights` once, it installs it", err=True)
        raise typer.Exit(2)
    command = [sys.executable, "-m", module, *words]
    raise typer.Exit(run(command, cwd=ROOT, check=False).returncode)  # noqa: S603 (our own module, no shell)


@app.command("export-rasa")
def export_rasa(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where the Rasa project is written.")],
) -> None:
    """Write the examples as a project Rasa accepts: domain, training data, pipeline."""
    from bot.commands.nlu_tools import rasa_project

    rasa_project(all_examples(), folder)
    typer.echo(f"written: {folder}/domain.yml, config.yml and data/nlu.yml", err=True)


def all_examples() -> list[Example]:
    """Every example that ships beside the flows."""
    from nlu.examples import parse_examples

    beside = sorted(path for name in ("nlu", "hard") for path in ROOT.glob(f"flows/*/{name}.yml"))
    files = [*beside, *(ROOT / "flows" / f"{name}.yml" for name in ("assistant", "chatter", "hard"))]
    return [example for path in files for example in parse_examples(path.read_text("utf-8"))]


if __name__ == "__main__":
    app()
