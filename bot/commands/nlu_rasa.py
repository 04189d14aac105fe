"""A Rasa server of its own for `linli nlu bench`: started on a free port, timed until it answers, weighed, stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import typer

from bot.commands.nlu_bench import Run, warmed
from nlu.rasa_http import RasaEngine, Unanswered
from nlu.understanding import Engine

PATIENCE = 600.0  # seconds a busy machine may take to load the model
STILL = "no Rasa environment at {venv} or no model at {model}: `make rasa` makes both"


class NotThere(Exception):
    """There is no server to be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that has answered: where, after how many seconds, and its process."""

    url: str
    start: float
    pid: int

    def memory(self) -> float:
        """The memory it holds now, in MB; nought where the system does not say."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def rasa_beside(where: str, first: Engine, stack: ExitStack) -> list[Run]:
    """Rasa by its address, or started from the folder of its project; none where no server answers.

    It may take its time: an answer that came from the embedded engine instead would be no measurement.
    """
    try:
        served = stack.enter_context(serving(Path(where))) if Path(where).is_dir() else None
        client = stack.enter_context(httpx.Client(timeout=60.0, trust_env=False))
        server = RasaEngine(served.url if served else where, first, client=client)
        server.parse(first.understand("你好"))
    except (NotThere, Unanswered) as error:
        typer.echo(f"no Rasa server answers at {where} ({error}); `make rasa` makes and starts one", err=True)
        return []
    run = warmed("Rasa, DIET", server, served.start if served else 0.0, here=False)
    return [replace(run, memory=f"{served.memory():,.0f}") if served else run]


@contextmanager
def serving(project: Path) -> Iterator[Served]:
    """The server of a trained project while it is measured; raises NotThere."""
    venv = Path(os.environ.get("LINLI_RASA_VENV") or project.parent / "venv").absolute()
    model = (project / "models" / "linli.tar.gz").absolute()
    python = venv / "bin" / "python"
    if not python.exists() or not model.exists():
        raise NotThere(STILL.format(venv=venv, model=model))
    port = _free_port()
    where = ("-i", "127.0.0.1", "-p", str(port))
    words = [str(python), "-W", "ignore", "-m", "rasa", "run", "--enable-api", *where, "--model", str(model)]
    quiet = os.environ | {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    begun = time.perf_counter()
    server = subprocess.Popen(  # noqa: S603 (the environment `make rasa` made, no shell)
        words, cwd=project, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _answers(url, server, begun)
        yield Served(url, time.perf_counter() - begun, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(url: str, server: subprocess.Popen[bytes], begun: float) -> None:
    while time.perf_counter() - begun < PATIENCE:
        if server.poll() is not None:
            raise NotThere(f"the Rasa server stopped by itself (exit {server.returncode})")
        try:
            if httpx.post(f"{url}/model/parse", json={"text": "你好"}, timeout=60, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise NotThere(f"the Rasa server did not answer within {PATIENCE:.0f} s")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
