"""Copies of a library, made and put back while the app runs.

Both directions use SQLite's online backup: a copy is one consistent moment, and open connections
see a restored library with their next transaction.  Databases on a server have tools of their own.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from sqlalchemy import URL

from creative.errors import StorageError
from storage.connections import connected, database_file
from storage.failures import BACKUPS, LibraryBusy, files_in_plain_words, in_plain_words
from storage.schema import alone, upgrade

_HEADER = b"SQLite format 3\0"
_BUSY_S = 10.0  #: how long a copy waits for somebody who writes


def write_backup(url: str, target: Path) -> Path:
    """Copy a library; a file of that name is replaced only when the copy is whole.

    Args:
        target: File to write, or a folder that gets a file named after the time.

    Returns:
        The file written; it needs no other file beside it.

    Raises:
        StorageError: If the copy cannot be made, or would overwrite the library.
    """
    library = library_file(url)
    if target.is_dir():
        target = target / f"adlib-{_stamp()}.db"
    with (
        files_in_plain_words(f"write the backup {target}"),
        in_plain_words(library.parent),
        _scratch(target.parent) as folder,
    ):
        if target.exists() and target.samefile(library):
            raise StorageError("A backup cannot replace the library itself; choose another file.")
        copy = _copied(library, folder / target.name)
        _refuse_damaged(copy, named=library)
        copy.replace(target)
    return target


def restore_backup(url: str, home: Path, source: Path) -> Path | None:
    """Replace a library by a backup, also while it is open, and bring it up to date.

    All checks are made on a copy of the backup: when this raises, the library is as it was.

    Returns:
        Where the library that was replaced is kept; None when there was none.

    Raises:
        StorageError: If the source is no whole Adlib library, or from a newer Adlib.
    """
    library = library_file(url)
    with (
        alone(url),
        files_in_plain_words(f"restore {source}"),
        in_plain_words(library.parent),
        _scratch(home / BACKUPS) as folder,
    ):
        staged = _staged(source, folder / "staged.db")
        kept = _put_aside(library, home / BACKUPS)
        _match_pages(staged, library)
        _copied(staged, library)
        use_wal(library)
    return kept


def library_file(url: str) -> Path:
    """Return the file of a library.

    Raises:
        StorageError: If it is on a database server.
    """
    file = database_file(url)
    if file is None:
        raise StorageError(
            "This library is on a database server. Back it up and restore it with the tools of "
            "the server, such as pg_dump and pg_restore."
        )
    return file


def use_wal(library: Path) -> None:
    """Let readers and a writer work at the same time; the file remembers it."""
    with closing(sqlite3.connect(library, timeout=_BUSY_S)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def _staged(source: Path, staged: Path) -> Path:
    """Return a copy of a backup, whole, ours and at the newest revision."""
    _refuse_other_files(source)
    try:
        _copied(source, staged)
        _refuse_damaged(staged, named=source)
    except sqlite3.DatabaseError as error:
        raise StorageError(_unusable(source)) from error
    engine = connected(URL.create("sqlite", database=str(staged)), foreign_keys=False)
    try:
        if upgrade(engine).before is None:
            raise StorageError(_unusable(source))
    finally:
        engine.dispose()
    return staged


def _refuse_other_files(source: Path) -> None:
    if source.is_dir():
        raise StorageError(f"{source} is a folder; choose a backup file in it.")
    if not source.is_file():
        raise StorageError(f"{source} is not there; choose a backup file.")
    with source.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise StorageError(_unusable(source))


def _unusable(source: Path) -> str:
    return f"{source} is damaged, or is no backup of Adlib. Nothing was changed; choose another."


def _refuse_damaged(copy: Path, *, named: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        found = [text for (text,) in connection.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise StorageError(f"{named} is damaged ({found[0]}), so it was not copied.")


def _put_aside(library: Path, backups: Path) -> Path | None:
    """Keep the library that is about to be replaced, whatever its condition."""
    if not library.exists():
        return None
    try:
        return _copied(library, backups / f"before-restore-{_stamp()}.db")
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # locked, full, forbidden: not damaged
            raise
    kept = backups / f"damaged-{_stamp()}.db"
    for ending in ("", "-wal", "-shm"):
        part = library.with_name(library.name + ending)
        if part.exists():
            shutil.move(part, kept.with_name(kept.name + ending))
    return kept


def _copied(source: Path, target: Path) -> Path:
    """Copy a database in one step: the target has all of it or stays as it was.

    Raises:
        LibraryBusy: If a writer keeps either of them for too long.
    """
    deadline = monotonic() + _BUSY_S

    def give_up(status: int, remaining: int, total: int) -> None:
        if status not in (sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE) and monotonic() > deadline:
            raise LibraryBusy

    reading = f"{source.resolve().as_uri()}?mode=ro"
    is_new = not target.exists()
    with (
        closing(sqlite3.connect(reading, uri=True, timeout=_BUSY_S)) as origin,
        closing(sqlite3.connect(target, timeout=0)) as copy,  # `give_up` waits instead
    ):
        origin.backup(copy, pages=-1, progress=give_up, sleep=0.05)
        if is_new:
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    return target


def _match_pages(staged: Path, library: Path) -> None:
    """Give a copy the page size of the library: a live one cannot change its own."""
    if not library.exists():
        return
    with closing(sqlite3.connect(library)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with closing(sqlite3.connect(staged, isolation_level=None)) as connection:
        if connection.execute("PRAGMA page_size").fetchone() != (size,):
            connection.execute(f"PRAGMA page_size = {size:d}")
            connection.execute("VACUUM")


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """Lend a folder beside the target, on the same disk, and clear it away."""
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".adlib-", dir=parent) as folder:
        yield Path(folder)


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
