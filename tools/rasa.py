"""`make rasa`: a Rasa server beside Linli, in a Python 3.10 of its own, trained on the examples that ship."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.commands.nlu import all_examples
from bot.commands.nlu_tools import rasa_project
from nlu.examples import share_of
from nlu.understanding import Example

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".linli" / "rasa"
LOCK = ROOT / "requirements-rasa.lock"
STAMP = ".made-from"  # holds the hash of what the environment or the model was made from
RIGHT = "import sys; print(sys.executable); sys.exit(sys.version_info[:2] != (3, 10))"
NO_PYTHON = (
    "Rasa 3.6 needs Python 3.10 and none was found: not LINLI_RASA_PYTHON, not python3.10, not under ~/.pyenv/versions."
)


class Failed(Exception):
    """Something could not be made; the message says what to do."""


def candidates() -> Iterator[str]:
    """Where a Python 3.10 may be, best first."""
    named = os.environ.get("LINLI_RASA_PYTHON")
    if named:
        yield named
    yield "python3.10"
    yield from sorted(str(path) for path in Path.home().glob(".pyenv/versions/3.10*/bin/python"))


def find_python(names: Iterable[str]) -> str | None:
    """The first candidate that runs and is a Python 3.10: a shim on the PATH may be broken."""
    for name in names:
        try:
            ran = subprocess.run([name, "-c", RIGHT], capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if ran.returncode == 0:
            return ran.stdout.strip() or name
    return None


def venv_dir() -> Path:
    """Where Rasa's environment is or will be."""
    return Path(os.environ.get("LINLI_RASA_VENV") or HOME / "venv")


def installed(venv: Path) -> bool:
    """Whether Rasa is there; one that somebody else made counts as well."""
    return (venv / "bin" / "python").exists() and any(venv.glob("lib/python3.10/site-packages/rasa/__main__.py"))


def install(venv: Path) -> None:
    """Makes the environment, or brings it to the lock file; one that LINLI_RASA_VENV names is taken as it is."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = venv / STAMP
    if installed(venv) and (os.environ.get("LINLI_RASA_VENV") or (stamp.exists() and stamp.read_text() == wanted)):
        return
    python = find_python(candidates())
    if python is None:
        raise Failed(NO_PYTHON)
    print(f"Installing Rasa for {python}: about 650 MB to download, 2.7 GB on disk ...", flush=True)
    uv = [sys.executable, "-m", "uv"]
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    venv.parent.mkdir(parents=True, exist_ok=True)
    if not (venv / "bin" / "python").exists():
        _do([*uv, "venv", "--quiet", "--python", python, str(venv)], ROOT, environment)
    into = ["--python", str(venv / "bin" / "python")]
    _do([*uv, "pip", "sync", "--quiet", "--require-hashes", *into, str(LOCK)], ROOT, environment)
    stamp.write_text(wanted)


def export(project: Path, examples: Sequence[Example], epochs: int | None = None) -> None:
    """Writes the project; `epochs` instead of those the pipeline says."""
    rasa_project(examples, project)
    if epochs is not None:
        config = project / "config.yml"
        config.write_text(re.sub(r"epochs: \d+", f"epochs: {epochs}", config.read_text("utf-8")), "utf-8")


def rasa(venv: Path, *words: str) -> list[str]:
    """The command line of Rasa."""
    return [str(venv / "bin" / "python"), "-W", "ignore", "-m", "rasa", *words]


def quiet(project: Path) -> dict[str, str]:
    """The environment Rasa runs in: it reports to nobody and writes nowhere but into the project."""
    return os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "MPLCONFIGDIR": str(project / ".cache"),
        "TMPDIR": str(_made(project / ".cache")),
    }


def validate(venv: Path, project: Path) -> None:
    """`rasa data validate`; raises Failed."""
    _do(rasa(venv, "data", "validate", "--data", "data"), project, quiet(project))


def train(venv: Path, project: Path) -> None:
    """Trains unless the model was made from exactly this project; raises Failed."""
    files = [project / "config.yml", project / "domain.yml", project / "data" / "nlu.yml"]
    wanted = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
    stamp, model = project / STAMP, project / "models" / "linli.tar.gz"
    if model.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    validate(venv, project)
    print("Training (minutes; the progress is Rasa's) ...", flush=True)
    words = ("train", "nlu", "--nlu", "data", "--domain", "domain.yml", "--fixed-model-name", "linli")
    _do(rasa(venv, *words), project, quiet(project))
    stamp.write_text(wanted)


def serve(venv: Path, port: int) -> list[str]:
    """The command line of the server, on loopback only: its HTTP API asks nobody who they are."""
    where = ("-i", "127.0.0.1", "-p", str(port))
    return rasa(venv, "run", "--enable-api", *where, "--model", "models/linli.tar.gz")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _do(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    if subprocess.run(command, cwd=folder, env=environment, check=False).returncode:
        raise Failed(f"failed: {' '.join(command)}")


def main() -> None:
    """Install, export, validate, train, serve."""
    parser = argparse.ArgumentParser(prog="python -m tools.rasa", description=__doc__)
    parser.add_argument("--port", type=int, default=5005, help="where the server listens on loopback")
    parser.add_argument("--epochs", type=int, help="train fewer or more epochs than nlu/rasa/config.yml says")
    parser.add_argument("--no-server", action="store_true", help="stop when the model is trained")
    parser.add_argument("--share", type=float, default=1.0, help="this part of the examples only, for a comparison")
    chosen = parser.parse_args()
    venv, project = venv_dir().absolute(), HOME / "project"
    try:
        install(venv)
        export(project, share_of(all_examples(), chosen.share), chosen.epochs)
        train(venv, project)
    except Failed as error:
        sys.exit(str(error))
    if chosen.no_server:
        return
    print(f"Rasa on http://127.0.0.1:{chosen.port}; start Linli with LINLI_NLU=chain (or rasa). Ctrl-C stops Rasa.")
    os.chdir(project)
    command = serve(venv, chosen.port)
    os.execve(command[0], command, quiet(project))


if __name__ == "__main__":
    main()
