"""The placements and rules that ship with Adlib, read once from TOML.

The files are part of the program: a mistake in one is a programmer's and crashes as ValueError.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from creative.channels.spec import KINDS, SHAPES, VERIFIED, Channel, Combined, Field, Rule, unknown
from creative.counting import UNITS
from creative.domain import Severity
from creative.errors import ChannelError

_HERE = Path(__file__).parent
_SCHEMA_VERSION = 1
_SEVERITIES = {"error": Severity.ERROR, "warn": Severity.WARNING}


@cache
def channels() -> tuple[Channel, ...]:
    """Return every placement, grouped by platform file in the order of file names."""
    files = sorted((_HERE / "data").glob("*.toml"))
    _demand(bool(files), "the channel data is missing: this copy of Adlib is incomplete")
    return tuple(_channel(entry) for file in files for entry in _read(file)["channel"])


@cache
def channel(id: str) -> Channel:
    """Return a placement by its id.

    Raises:
        ChannelError: If there is none; the message names near matches.
    """
    for found in channels():
        if found.id == id:
            return found
    raise ChannelError(unknown(id, [known.id for known in channels()], "There is no channel"))


@cache
def rules() -> Mapping[str, Rule]:
    """Return every editorial rule by its id."""
    entries = _read(_HERE / "rules.toml")["rule"]
    return MappingProxyType({id: _rule(id, entry) for id, entry in entries.items()})


def _read(file: Path) -> dict[str, Any]:
    """Read a data file of a schema this program knows."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    if data.get("schema_version") != _SCHEMA_VERSION:
        raise ValueError(f"{file.name}: schema_version must be {_SCHEMA_VERSION}")
    return data


def _channel(entry: dict[str, Any]) -> Channel:
    """Build a placement; its fields are as sure as the placement unless they say otherwise."""
    entry = _frozen(entry, Channel)
    sure = {"verified": entry["verified"]}
    entry["fields"] = tuple(_field(sure | dict(each)) for each in entry["fields"])
    entry["pins"] = {key: tuple(value) for key, value in entry.get("pins", {}).items()}
    if "combined" in entry:
        entry["combined"] = Combined(**_frozen(entry["combined"], Combined))
    built = Channel(**entry)
    _demand(isinstance(built.checked_on, date), f"{built.id}: checked_on is no date")
    _demand(set(built.rules) <= set(rules()), f"{built.id}: names an unknown rule")
    return built


def _field(entry: dict[str, Any]) -> Field:
    """Build a text slot, refusing words that no code would understand."""
    built = Field(**_frozen(entry, Field))
    _demand(built.kind in KINDS, f"{built.id}: unknown kind {built.kind!r}")
    _demand(built.counting in UNITS, f"{built.id}: unknown unit {built.counting!r}")
    _demand(built.verified in VERIFIED, f"{built.id}: unknown verified {built.verified!r}")
    _demand(built.is_drafted == (built.shape in SHAPES), f"{built.id}: shape {built.shape!r}")
    return built


def _rule(id: str, entry: dict[str, Any]) -> Rule:
    """Build a rule; one that rests on an old or unsure source may be overridden."""
    entry = _frozen(entry, Rule)
    unsure = entry.get("verified") in ("legacy", "unverified")
    severity = _SEVERITIES[entry.pop("severity")]
    overridable = entry.pop("overridable", False) or unsure
    return Rule(id=id, severity=severity, overridable=overridable, **entry)


def _frozen(entry: dict[str, Any], kind: type) -> dict[str, Any]:
    """Turn lists into tuples, and name the keys that `kind` does not have."""
    known = {each.name for each in dataclass_fields(kind)}
    _demand(set(entry) <= known, f"{entry.get('id')}: unknown keys {set(entry) - known}")
    return {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}


def _demand(claim: bool, otherwise: str) -> None:
    """Crash on a data file that contradicts this program."""
    if not claim:
        raise ValueError(otherwise)
