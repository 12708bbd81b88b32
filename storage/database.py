"""The store: one database, its transactions, its backups and its health."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from creative.errors import StorageError
from storage.backup import restore_backup, use_wal, write_backup
from storage.connections import connected, database_file
from storage.failures import BACKUPS, files_in_plain_words, in_plain_words
from storage.repositories import Records
from storage.schema import Migration, alone, newest, revision_of, upgrade

_LITTLE_SPACE = 200_000_000  #: bytes free on the disk below which people are warned


class Database:
    """A library that is open; safe to use from any thread.

    Implements creative.ports.Store.  Make one with `open_store`.
    """

    def __init__(self, engine: Engine, home: Path) -> None:
        self.engine = engine
        self._home = home
        # A session that is done refuses further use, instead of beginning anew unnoticed.
        self._sessions = sessionmaker(engine, close_resets_only=False)
        self._here = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[Records]:
        """Keep all that is done inside, or nothing; the one place that words database errors.

        Raises:
            StorageError: If the database is busy, full, damaged or gone.
            RuntimeError: If this thread is in a transaction already; it would wait for itself.
        """
        if getattr(self._here, "is_busy", False):
            raise RuntimeError("transactions do not nest: pass the records on instead")
        self._here.is_busy = True
        try:
            with in_plain_words(self._home), self._sessions.begin() as session:
                yield Records(session)
        finally:
            self._here.is_busy = False

    def backup(self, target: Path) -> Path:
        """Write a consistent copy while the app runs; see storage.backup."""
        return write_backup(self._url, target)

    def restore(self, source: Path) -> None:
        """Replace everything by a backup; what was there is backed up first."""
        restore_backup(self._url, self._home, source)

    def problems(self) -> Sequence[str]:
        """What is wrong with the database, in plain words; empty when all is well."""
        found: list[str] = []
        try:
            with files_in_plain_words(f"look into {self._home}"), in_plain_words(self._home):
                found += _space_problems(self._home)
                found += self._database_problems()
        except StorageError as error:
            found.append(str(error))
        return found

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @property
    def _url(self) -> str:
        return self.engine.url.render_as_string(hide_password=False)

    def _database_problems(self) -> Iterator[str]:
        with self.engine.connect() as connection:  # begins a write, so a locked file shows
            revision = revision_of(connection)
            if revision != newest():
                yield f"The library is at revision {revision}, not {newest()}. Start Adlib again."
            if connection.dialect.name == "sqlite":
                checked = connection.exec_driver_sql("PRAGMA quick_check").scalar_one()
                if checked != "ok":
                    yield (
                        f"The library is damaged ({checked}). Restore a backup from "
                        f"{self._home / BACKUPS}."
                    )
                if connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() != "wal":
                    yield "The library is not in WAL mode, so pages may wait. Start Adlib again."


def open_store(url: str, home: Path) -> Database:
    """Open a library, made or brought up to date first where needed.

    Args:
        url: SQLAlchemy URL of the database.
        home: Folder of backups; made when missing.

    Raises:
        StorageError: If it cannot be opened, or was made by a newer Adlib.
    """
    migrate(url, home)
    return Database(connected(url), home)


def migrate(url: str, home: Path) -> Migration:
    """Bring a library to the newest revision; a library with content is backed up first.

    Raises:
        StorageError: If it is damaged, not ours, or made by a newer Adlib; it is untouched then.
    """
    with files_in_plain_words(f"use the folder {home}"):
        home.mkdir(parents=True, exist_ok=True)
    engine = connected(url, foreign_keys=False)
    try:
        with alone(url), in_plain_words(home):
            _back_up_before_upgrade(engine, url, home)
            migration = upgrade(engine)
            file = database_file(url)
            if file is not None:
                use_wal(file)
            return migration
    finally:
        engine.dispose()


def _back_up_before_upgrade(engine: Engine, url: str, home: Path) -> None:
    with engine.connect() as connection:
        before = revision_of(connection)
    if before not in (None, newest()) and engine.dialect.name == "sqlite":
        (home / BACKUPS).mkdir(exist_ok=True)
        write_backup(url, home / BACKUPS / f"before-{newest()}-from-{before}.db")


def _space_problems(home: Path) -> Iterator[str]:
    free = shutil.disk_usage(home).free
    if free < _LITTLE_SPACE:
        yield (
            f"Only {free / 1e6:.0f} MB are free on the disk of {home}. Free some space before "
            "drafts can no longer be kept."
        )
