"""Plays the transcripts beside the flows, and writes down what was said in the same form.

A transcript is scenes with an empty line between them. `#` says what a scene shows, `@ 2026-03-02 20:00` sets the
clock, `@ bound` sets the scene (Neighbourhood.setting), `& case_resolve` is a press of staff on a card. `> words` is
typed, `> [label]` or `> [2]` pressed, `> （照片）` a photo. `< words` is said back, line for line, with `[buttons]`
in a line of their own; `< →8 words` is said to somebody else. `! Effect a=1` is done. "…" in what is expected is
anything.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flows import effects as fx
from flows.assistant import flow as assistant
from flows.assistant import texts as assistant_texts
from flows.facts import Articles, FindSimilar, Query
from flows.flow import Outcome, Said, State, Turn
from flows.legal.texts import full_text
from flows.mine import flow as mine
from flows.mine import texts as mine_texts
from flows.plainly import meant, unthanked
from flows.registry import Registry, registry
from flows.router import begin, route
from nlu.normalize import aligned
from nlu.script import unmarked
from nlu.understanding import Engine, Understanding
from tests.support.facts import LIBRARY, ME, MONDAY, NUMBER, PICKUP, ZONE, Neighbourhood, look_up
from tests.support.understanding import Keywords

FLOWS = Path(__file__).parents[2] / "flows"
ROUNDS = 3  # look-ups in one turn
NOTHING = Understanding("", None, "chatter", 0.0)
MINE: dict[str, Callable[[Turn, Mapping[str, Any]], tuple[fx.Effect, ...]]] = {
    "mine.withdraw": lambda turn, args: mine.withdraw(turn, str(args["purpose"])),
    "mine.erase": lambda turn, _args: mine.erase_asked(turn),
    "mine.erase_now": lambda turn, _args: mine.erased(turn),
    "mine.keep": lambda _turn, _args: (fx.Say(mine_texts.KEPT),),
    "mine.guardian": lambda turn, _args: mine.guarded(turn),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation: the lines before the first `>` set it, the rest is said, heard and done."""

    file: Path
    number: int
    about: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file.parent.parent.name}/{self.file.stem}:{self.number}"


def scenes(folder: Path = FLOWS) -> Iterator[Scene]:
    """Every scene of every transcript, in order of files."""
    for file in sorted(folder.glob("*/transcripts/*.txt")):
        blocks = re.split(r"\n\s*\n", file.read_text(encoding="utf-8").strip())
        for number, block in enumerate(blocks, 1):
            lines = tuple(line.rstrip() for line in block.splitlines())
            about = " ".join(line[1:].strip() for line in lines if line.startswith("#"))
            yield Scene(file, number, about, lines)


@dataclass
class Talk:
    """One person talking with the assistant in private; the state is JSON between two lines."""

    flows: Registry = field(default_factory=registry)
    engine: Engine = field(default_factory=Keywords)
    place: Neighbourhood = field(default_factory=Neighbourhood)
    look_up: Callable[[Query], Articles] = look_up
    now: datetime = MONDAY
    stored: str = field(default_factory=lambda: json.dumps(State().to_json()))
    options: list[fx.Option] = field(default_factory=list)
    effects: list[fx.Effect] = field(default_factory=list)  # of the last turn

    @property
    def state(self) -> State:
        return State.from_json(json.loads(self.stored))

    def type(self, text: str, *, photos: tuple[int, ...] = ()) -> list[str]:
        """Say something; what comes back, as lines of a transcript."""
        understood = meant(self.flows, self.engine.understand(unthanked(text))) if text else NOTHING
        return self.hear(Said(text, understood, photos=photos))

    def press(self, label: str) -> list[str]:
        """Press the button of this label, or the n-th, of what was said last."""
        found = [o for o in self.options if o.label == label]
        if not found and label.isdecimal() and 0 < int(label) <= len(self.options):
            found = [self.options[int(label) - 1]]
        assert found, f"no button 「{label}」 among {[o.label for o in self.options]}"
        option = found[0]
        match option.action:
            case "answer":
                key = (str(option.args["slot"]), str(option.args["key"]), int(option.args["step"]))
                return self.hear(Said("", NOTHING, answer=key))
            case "begin":
                return self.hear(self._begun(option.args))
            case "law.text":
                known = (a for _, articles in LIBRARY for a in articles.articles)
                article = next(a for a in known if (a.law, a.number) == (option.args["law"], option.args["number"]))
                return self._done(full_text(article))
            case "mine.phone" | "mine.name":
                return self.ask(option.action.replace(".", "_"), {})
            case action if action.startswith("mine."):
                facts = self.place.seen("", frozenset({"held"}), {})
                return self._done(MINE[action](Turn(Said("", NOTHING), self.now, ME, facts, ZONE), option.args))
            case "menu":
                return self._take(assistant.show_menu(assistant_texts.MENU, self.state))
        raise AssertionError(f"nobody here knows what a press of {option.action} does")

    def _begun(self, args: Mapping[str, Any]) -> Said:
        text, flow = str(args.get("text", "")), str(args["flow"])
        understood = self.engine.understand(text) if text else NOTHING
        if args.get("intent"):
            understood = replace(understood, flow=flow, intent=str(args["intent"]), confidence=1.0)
        return Said(text, understood, begin=flow)

    def ask(self, flow: str, given: Mapping[str, Any]) -> list[str]:
        """Start a flow by its name, as a press of a member of staff does."""
        facts = self.place.seen("", self.flows.needs(flow), {})
        turn = Turn(Said("", NOTHING, begin=flow), self.now, ME, facts, ZONE)
        return self._take(begin(self.flows, flow, self.state, turn, given))

    def hear(self, said: Said) -> list[str]:
        """One turn, with what it wants looked up."""
        state, answers = self.state, dict[Query, Any]()
        names = [state.flow, said.begin, said.understood.flow, *(s.flow for s in state.suspended)]
        needs = self.flows.needs(*names, "complaint" if said.photos else None)
        for _ in range(ROUNDS + 1):
            facts = self.place.seen(aligned(said.text), needs, answers)
            outcome = route(self.flows, state, Turn(said, self.now, ME, facts, ZONE))
            if isinstance(outcome, Outcome):
                return self._take(outcome)
            answers[outcome] = self.place.like(outcome) if isinstance(outcome, FindSimilar) else self.look_up(outcome)
        raise AssertionError("a decision asked too often")

    def _take(self, outcome: Outcome) -> list[str]:
        self.stored = json.dumps(outcome.state.to_json())
        return self._done(outcome.effects)

    def _done(self, effects: tuple[fx.Effect, ...]) -> list[str]:
        self.effects = list(effects)
        lines: list[str] = []
        said = [e for e in effects if isinstance(e, fx.Say) and isinstance(e.to, fx.Here | fx.Privately)]
        if said:
            self.options = [o for e in said for row in e.options for o in row]
        for effect in effects:
            self.place.take(effect, self.now)
            lines += self.ask(effect.flow, effect.given) if isinstance(effect, fx.BeginFlow) else _written(effect)
        return lines

    def play(self, line: str) -> list[str]:
        """One `@`, `&` or `>` line."""
        kind, _, rest = line.partition(" ")
        if kind == "@":
            if re.match(r"\d{4}-", rest):
                self.now = datetime.fromisoformat(rest).replace(tzinfo=ZONE)
            else:
                self.place.setting(rest)
            return []
        if kind == "&":
            return self.ask(rest, {"case": 71})
        pressed = re.fullmatch(r"\[(.+)\]", rest)
        if pressed:
            return self.press(pressed.group(1))
        return self.type("", photos=(1,)) if rest == "（照片）" else self.type(rest)


def _written(effect: fx.Effect) -> list[str]:
    if isinstance(effect, fx.Notice):
        return [f"< （{effect.text}）"]
    if isinstance(effect, fx.Say):
        to = ""
        if isinstance(effect.to, fx.Privately) and effect.to.person != ME:
            to = f"→{effect.to.person} "
        lines = [f"< {to}{line}" for line in unmarked(effect.text).split("\n")]
        return lines + [f"< {' '.join(f'[{o.label}]' for o in row)}" for row in effect.options]
    fields = [(f.name, getattr(effect, f.name)) for f in dataclasses.fields(effect)]
    kept = [f"{name}={_plain(value)}" for name, value in fields if name != "receipt" and value not in (None, (), {})]
    lines = [f"! {type(effect).__name__} {' '.join(kept)}".rstrip()]
    receipt = str(getattr(effect, "receipt", "") or "")
    filled = receipt.replace("{number}", NUMBER).replace("{code}", PICKUP)
    return lines + [f"< {line}" for line in filled.split("\n") if filled]


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%m-%dT%H:%M")
    if isinstance(value, str):
        return value.replace("\n", "/")
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return json.dumps([[_plain(part) for part in each] for each in value], ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, default=_inside) if isinstance(value, Mapping | tuple) else str(value)


def _inside(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else list(value)


def fits(expected: str, got: str) -> bool:
    """Whether a line is the expected one; … stands for anything."""
    return re.fullmatch(".*".join(re.escape(part) for part in expected.split("…")), got) is not None


def replay(scene: Scene, engine: Engine | None = None) -> list[str]:
    """The scene as it is played now, in the form of a transcript."""
    talk = Talk(engine=engine or Keywords())
    told: list[str] = []
    for line in scene.lines:
        if line[:1] in ("<", "!"):
            continue
        told.append(line)
        if line[:1] in (">", "@", "&"):
            told += talk.play(line)
    return told


def differences(scene: Scene, told: list[str]) -> list[str]:
    """Where the scene as told is not the scene as written."""
    wrong = [
        f"line {i}: expected {want!r}, got {got!r}"
        for i, (want, got) in enumerate(zip(scene.lines, told, strict=False), 1)
        if not fits(want, got)
    ]
    if len(told) != len(scene.lines):
        wrong.append(f"{len(scene.lines)} lines written, {len(told)} told")
    return wrong


if __name__ == "__main__":  # python -m tests.flows.transcripts: write down how every scene goes now, to be looked over
    import sys

    for file in {scene.file for scene in scenes()}:
        if len(sys.argv) > 1 and sys.argv[1] not in str(file):
            continue
        told = ["\n".join(replay(scene)) for scene in scenes() if scene.file == file]
        file.write_text("\n\n".join(told) + "\n", encoding="utf-8")
