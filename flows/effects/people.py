"""The effects of what is kept of a person, and what was done with it, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class UseCode:
    """Use a one-time code that was found valid: bind the person to what it stands for."""

    code: int
    person: int


@dataclass(frozen=True, slots=True)
class Consent:
    """The person agreed to a purpose as described by a version of its text."""

    person: int
    purpose: str
    text_version: str


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    person: int
    purpose: str


@dataclass(frozen=True, slots=True)
class KeepPersonal:
    """Keep a personal field (name, phone, room), encrypted under the person's key."""

    person: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class DropPersonal:
    """Keep a personal field no longer."""

    person: int
    field: str


@dataclass(frozen=True, slots=True)
class ErasePersonal:
    """Delete everything a person said or left: every table is emptied of it, the key goes, what was open ends."""

    person: int


@dataclass(frozen=True, slots=True)
class Audit:
    """A trace that something sensitive was done; ids only."""

    actor: str
    action: str
    subject: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OfferLink:
    """Give the person a one-time code by which another account becomes theirs; `text` has {code}."""

    person: int
    text: str


@dataclass(frozen=True, slots=True)
class LinkAccounts:
    """Use such a code: whoever speaks, with everything they have, is the person who got it."""

    code: int
    person: int


@dataclass(frozen=True, slots=True)
class UnlinkAccount:
    """One account of a person is nobody's from now on; everything else stays with the person."""

    account: int
    person: int


PersonEffect = (
    OfferLink
    | LinkAccounts
    | UnlinkAccount
    | UseCode
    | Consent
    | WithdrawConsent
    | KeepPersonal
    | DropPersonal
    | ErasePersonal
    | Audit
)
