"""Column types that keep the promises of creative.domain in any database.

Times go in and out as aware UTC, text is what every database can store, tuples are JSON arrays.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from creative.errors import StorageError


class NaiveTime(DontWrapMixin, ValueError):
    """A time without a zone; nobody can say when it was."""


class UnkeepableText(DontWrapMixin, StorageError):
    """A text that not every database can store."""


class UtcTime(TypeDecorator[datetime]):
    """An instant.  Refuses naive times, and returns aware ones in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveTime(f"{value!r} has no time zone; use datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text of any length and script; refuses what PostgreSQL or UTF-8 cannot hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and not _is_keepable(value):
            raise UnkeepableText(
                "The text holds a character that cannot be stored (NUL, or half of a surrogate "
                "pair); it often comes from a damaged file. Delete it and try again."
            )
        return value


def _is_keepable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


class Items(TypeDecorator[tuple[Any, ...]]):
    """A tuple of texts or numbers, as a JSON array."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: tuple[Any, ...] | None, dialect: Dialect
    ) -> list[Any] | None:
        return None if value is None else list(value)

    def process_result_value(
        self, value: list[Any] | None, dialect: Dialect
    ) -> tuple[Any, ...] | None:
        return None if value is None else tuple(value)


def choice(states: type[StrEnum], name: str = "state") -> Enum:
    """Return a text column that a CHECK constraint holds to the values of an enum."""
    return Enum(
        states,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        name=name,
        length=16,
    )
