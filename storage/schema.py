"""The revision of a library: told, checked and brought up to date.

An upgrade happens under a file lock, in one transaction, after a backup; it happens wholly or not
at all.  There are no downgrades: to go back, restore the backup.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, inspect

from creative.errors import StorageError
from storage.connections import database_file
from storage.failures import LibraryBusy, files_in_plain_words

_FOLDER = Path(__file__).parent / "migrations"
_LOCK_S = 120.0  #: how long to wait for another process that opens the same library
_OURS = {"alembic_version", "brief", "draft"}  #: tables that tell a library from other databases
_alembic_is_global = threading.Lock()


class Migration(NamedTuple):
    """Where a library came from (None: it was empty) and where it is now."""

    before: str | None
    after: str


def newest() -> str:
    """Return the revision that this program works with."""
    head = _scripts(_FOLDER).get_current_head()
    assert head is not None, "there is always a first migration"
    return head


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a library, None for an empty database.

    Raises:
        StorageError: If it was made by a newer Adlib, or by another program.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if not tables >= _OURS:
        raise StorageError(
            "This is a database of another program, not an Adlib library. Nothing was changed. "
            "Choose another file, or set ADLIB_HOME to another folder."
        )
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None or not _is_known(revision):
        raise StorageError(
            "This library was made by a newer Adlib. Nothing was changed. Update the program, "
            "or set ADLIB_HOME to another folder."
        )
    return revision


def upgrade(engine: Engine) -> Migration:
    """Bring a library to the newest revision, wholly or not at all.

    Args:
        engine: Without foreign keys, as migrations rebuild tables that others refer to.
    """
    with _alembic_is_global, engine.begin() as connection:
        before = revision_of(connection)
        if before != newest():
            config = Config()
            config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _refuse_orphans(connection)
    return Migration(before, newest())


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Keep every other process from opening, upgrading or replacing the same library.

    Raises:
        LibraryBusy: If another one takes too long.
    """
    file = database_file(url)
    if file is None:  # a server orders what its clients do
        yield
        return
    with files_in_plain_words(f"use the folder {file.parent}"):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file.with_name(file.name + ".lock"), timeout=_LOCK_S)
        try:
            lock.acquire()
        except Timeout as error:
            raise LibraryBusy(
                "Another Adlib is opening the same library and has not finished; try again."
            ) from error
    try:
        yield
    finally:
        lock.release()


@cache
def _scripts(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(str(folder))


def _is_known(revision: str) -> bool:
    try:
        return _scripts(_FOLDER).get_revision(revision) is not None
    except CommandError:
        return False


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise StorageError(
                f"{len(orphans)} rows of this library refer to rows that are not there, so it "
                "was not changed. Restore a backup, or ask for help with this message."
            )
