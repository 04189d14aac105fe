"""The catalogue of services: categories, who answers for a service, and its two clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of matter; `acknowledge_minutes` and `resolve_hours` are working time."""

    key: str
    name: str
    category: str
    label7: str
    department: str
    acknowledge_minutes: int
    resolve_hours: int
    follow_up_days: int = 0  # after which the resident is asked whether what was settled held; 0: never


@dataclass(frozen=True, slots=True)
class Category:
    """A heading of the catalogue with its services, in menu order."""

    name: str
    label7: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All categories of a community, in menu order."""

    categories: tuple[Category, ...]
    services: Mapping[str, Service] = field(init=False, repr=False, compare=False)  # every one by its key

    def __post_init__(self) -> None:
        services = {service.key: service for category in self.categories for service in category.services}
        object.__setattr__(self, "services", services)

    def labels(self) -> dict[str, tuple[str, str]]:
        """Service key to (category, label7): what an understanding engine is handed."""
        return {key: (service.category, service.label7) for key, service in self.services.items()}


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one reads ten times faster


@lru_cache(maxsize=4)
def load_catalogue(text: str) -> Catalogue:
    """The catalogue written as YAML; raises KeyError, TypeError or yaml.YAMLError when it is not one."""
    rows = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    return Catalogue(tuple(_category(row) for row in rows))


def _category(row: Mapping[str, Any]) -> Category:
    name, label7 = str(row["category"]), str(row["label7"])
    services = (
        Service(
            key=str(item["key"]),
            name=str(item["name"]),
            category=name,
            label7=str(item.get("label7", label7)),
            department=str(item["department"]),
            acknowledge_minutes=int(item["acknowledge_minutes"]),
            resolve_hours=int(item["resolve_hours"]),
            follow_up_days=int(item.get("follow_up_days", 0)),
        )
        for item in row["services"]
    )
    return Category(name, label7, tuple(services))
