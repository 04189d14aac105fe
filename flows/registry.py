"""Finds the flows: every package below flows/ that has a flow.py with FLOW (one) or FLOWS (several) in it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import flows
from flows.flow import Flow


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """The flows by name; `menu` are those residents start, in the order of the menu."""

    by_name: Mapping[str, Flow]

    def get(self, name: str | None) -> Flow | None:
        return self.by_name.get(name or "")

    @property
    def menu(self) -> tuple[Flow, ...]:
        return tuple(f for f in self.by_name.values() if f.title and not f.aside)

    def needs(self, *names: str | None) -> frozenset[str]:
        """What the flows of these names want loaded."""
        return frozenset().union(*(f.needs for n in names if (f := self.get(n))))


NO_FLOWS = frozenset({"domain", "effects"})  # packages beside them


@cache
def registry() -> Registry:
    """All flows, imported once; a folder is found by being there."""
    found: dict[str, Flow] = {}
    for module in pkgutil.iter_modules(flows.__path__):
        if module.ispkg and module.name not in NO_FLOWS:
            loaded = importlib.import_module(f"flows.{module.name}.flow")
            for flow in getattr(loaded, "FLOWS", None) or (loaded.FLOW,):
                found[flow.name] = flow
    return Registry(found)
