"""What a running assistant has at hand: its database, understanding, law search and the places it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.holidays import is_workday
from bot.remembering import Remembering
from flows.catalogue import Catalogue
from flows.domain.calendar import WorkingHours
from flows.domain.places import Places
from flows.domain.units import NOBODY, Units
from flows.effects import Effect
from flows.facts import Articles, FindArticles, Query, ServiceView
from flows.registry import Registry, registry
from nlu.persons import Persons
from nlu.understanding import Engine, LocalService
from storage import community, kept, people
from storage.database import Database
from storage.units import load_units

if TYPE_CHECKING:
    from storage.law_library import LawLibrary


class Law(Protocol):
    """The law library as a flow asks it."""

    def answer(self, query: FindArticles) -> Articles: ...

    def full_text(
        self, conn: Connection, law: str, number: str, now: datetime, area: int | None = None
    ) -> tuple[Effect, ...]:
        """What is said when somebody of an area asks for the whole article."""
        ...

    def library(self, conn: Connection) -> LawLibrary:
        """Every article known."""
        ...


@dataclass(frozen=True, slots=True)
class Community:
    """A community as the turn needs it."""

    id: int
    name: str
    zone: ZoneInfo
    texts: Mapping[str, str]
    options: Mapping[str, Any]


@dataclass
class Known:
    """What changes only when a community file is imported; read again when its version moves."""

    version: int
    places: Places
    communities: Mapping[int, Community]
    top: int | None = None  # the smallest area that holds all communities
    any_local: bool = False
    staff_names: frozenset[str] = frozenset()  # colleagues may be named in their groups
    units: Units = field(default=NOBODY)
    local: dict[int, tuple[LocalService, ...]] = field(default_factory=dict)
    services: dict[int, Mapping[str, ServiceView]] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[tuple[int, str], ...]:
        return tuple((one.id, one.name) for one in self.communities.values())

    def community_of(self, area: int | None) -> Community | None:
        """The community an area lies in; where there is only one in all, that one."""
        if area is not None and area in self.places:
            above = self.places.above(area, "community")
            if above is not None:
                return self.communities.get(above)
        return next(iter(self.communities.values())) if len(self.communities) == 1 else None


class World:
    """Everything a turn may consult; one per process."""

    def __init__(
        self,
        database: Database,
        engine: Engine,
        catalogue: Catalogue,
        law: Law,
        secret: bytes,
        data_dir: Path,
    ) -> None:
        self.database = database
        quick = getattr(engine, "quick", None)
        self.engine: Engine = Remembering(engine)
        self.overhearing: Engine = quick() if quick else engine  # for group talk that is not meant for us
        self.catalogue = catalogue
        self.law = law
        self.secret = secret
        self.data_dir = data_dir
        self.persons: Persons | None = None  # finds names that no cue gives away
        self.public_url = ""  # where people reach the web pages
        self.reminder = ""  # template of the notice (订阅通知) that says something waits; "": there is none
        self._known: Known | None = None

    @cached_property
    def flows(self) -> Registry:
        return registry()

    def warm(self) -> None:
        """Load what the first turn would wait for, so that no message is in hand meanwhile. Raises Away."""
        replace(self.overhearing.understand("楼道灯坏了"))  # with what is found out when it is asked for
        with self.database.read() as conn:
            self.known(conn)
        self.flows  # noqa: B018 - looked at, so that it is there

    def warm_models(self) -> None:
        """Load the optional models, which few sentences need, so that none of these waits for them."""
        self.engine.understand("那个啥咋整啊")  # unclear enough that the second stage is asked as well
        if self.persons is not None:
            self.persons.named("李雷和韩梅梅")

    def warm_law(self, now: datetime) -> None:
        """Load the statutes and their search; with the first question of law everybody would wait a second for that."""
        self.law.answer(FindArticles("房东不退押金怎么办", now.date()))

    def known(self, conn: Connection) -> Known:
        """Places and communities, read anew after an import."""
        version = kept.version(conn)
        if self._known is None or self._known.version != version:
            places = community.load_places(conn)
            found = {}
            for one in community.communities(conn):
                options = community.options(conn, one.id)
                zone = community.time_zone(conn, one.id)
                texts = options.get("texts")
                found[one.id] = Community(
                    one.id, one.name, zone, dict(texts) if isinstance(texts, Mapping) else {}, options
                )
            top, local = _top(places, list(found)), community.any_services(conn)
            names, units = people.staff_names(conn), load_units(conn, places)
            self._known = Known(version, places, found, top, local, names, units)
        return self._known

    def community_of(self, conn: Connection, area: int | None) -> Community | None:
        """The community an area lies in; where there is only one in all, that one."""
        return self.known(conn).community_of(area)

    @property
    def has_local_services(self) -> bool:
        """Whether any community, as far as known by now, added services or phrases of its own."""
        return self._known is not None and self._known.any_local

    def known_services(self, version: int, area: int | None) -> tuple[LocalService, ...] | None:
        """What an area calls its own services, if that is known at this version already."""
        known = self._known
        if known is None or known.version != version:
            return None
        here = known.community_of(area)
        return known.local.get(here.id) if here else ()

    def local_services(self, conn: Connection, community_id: int | None) -> tuple[LocalService, ...]:
        known = self.known(conn)
        if community_id is None:
            return ()
        if community_id not in known.local:
            known.local[community_id] = community.local_services(conn, community_id)
        return known.local[community_id]

    def services(self, conn: Connection, area: int | None) -> Mapping[str, ServiceView]:
        """Every service as an area offers it; empty where there is no community, so that the catalogue's stand."""
        known = self.known(conn)
        if area is None:
            return {}
        if area not in known.services:
            known.services[area] = community.services_at(conn, area, self.catalogue)
        return known.services[area]

    def answer(self, query: Query) -> Any:
        """What a decision asked to have looked up, before it is taken again; what is in the rows it reads itself."""
        assert isinstance(query, FindArticles)
        return self.law.answer(query)

    def hours(self, zone: ZoneInfo) -> WorkingHours:
        return WorkingHours(zone, workday=is_workday)


def _top(places: Places, communities: list[int]) -> int | None:
    """The smallest area that holds them all."""
    if not communities:
        return None
    levels = ("community", "subdistrict", "city")
    above = [[a for level in levels if (a := places.above(one, level)) is not None] for one in communities]
    return next((a for a in above[0] if all(a in other for other in above)), above[0][-1])
