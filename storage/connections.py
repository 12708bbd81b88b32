"""Connections to the database: how they are made, pooled and begun.

SQLite gets a queue pool: its connections live long, keep their page cache, and see a restored
library at once.  Every transaction takes the write lock when it begins (BEGIN IMMEDIATE): one that
reads first and writes later could otherwise fail half-way, whatever the timeout.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from creative.errors import StorageError

BUSY_S = 10.0  #: how long to wait for another writer, unless the URL says `?timeout=`
POOL_S = 30.0  #: how long a thread waits for a free connection


def connected(url: str | URL, *, foreign_keys: bool = True) -> Engine:
    """Return an engine; nothing is opened yet.

    Args:
        foreign_keys: False only for migrations, which rebuild tables that others refer to.

    Raises:
        StorageError: If the URL cannot be used here.
    """
    parsed = _checked(url)
    try:
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True, pool_timeout=POOL_S)
        wait = {} if "timeout" in parsed.query else {"timeout": BUSY_S}
        engine = create_engine(
            parsed, connect_args=wait, pool_size=5, max_overflow=20, pool_timeout=POOL_S
        )
    except (ArgumentError, ModuleNotFoundError) as error:
        raise StorageError(
            f"ADLIB_DATABASE_URL asks for {parsed.drivername}, which is not installed here: {error}"
        ) from error
    _prepare(engine, foreign_keys=foreign_keys)
    return engine


def database_file(url: str | URL) -> Path | None:
    """Return the file of an SQLite database, None for a database server."""
    parsed = _checked(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return Path((parsed.database or "").removeprefix("file:"))


def _checked(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError(
            "ADLIB_DATABASE_URL is not a database URL. Leave it empty, or write one like "
            "sqlite:////folder/adlib.db or postgresql+psycopg://user:password@host/adlib."
        ) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StorageError("ADLIB_DATABASE_URL must name a file: Adlib keeps what it writes.")
    return parsed


def _prepare(engine: Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # the driver would begin too late: see `on_begin`
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        connection.execute(
            "PRAGMA synchronous = NORMAL"
        )  # with WAL, a killed process loses nothing

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
