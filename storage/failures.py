"""Database errors in plain words: what happened, what is safe, what to do next.

Used by `transaction` and by what opens, copies or replaces a database; nothing else catches them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from creative.errors import StorageError

BACKUPS = "backups"  #: folder of backups inside the home folder

_BUSY = "The library is busy; try again in a moment; nothing was lost."
_FULL = (
    "The disk is full, so this change was not kept; everything before it is safe. "
    "Free some space on the disk of {home}, then try again."
)
_BROKEN = (
    "The library in {home} is damaged, or is not an Adlib library. Nothing was changed. "
    "Restore a backup from {backups}, or put the file aside to start an empty library."
)
_FORBIDDEN = (
    "Adlib may not write to its library in {home}. Make the folder and its files writable, "
    "or set ADLIB_HOME to another folder."
)
_DISK = (
    "The disk of {home} did not read or write as it should, so this change was not kept. "
    "Check that it is connected and not full, then try again."
)
_REPLACED = (
    "The library in {home} does not fit this program; it may have been replaced while Adlib "
    "was running. Start Adlib again."
)
_SENTENCES = {
    "database is locked": _BUSY,
    "database table is locked": _BUSY,
    "database schema is locked": _BUSY,
    "disk is full": _FULL,
    "file is not a database": _BROKEN,
    "malformed": _BROKEN,
    "readonly database": _FORBIDDEN,
    "unable to open database": _FORBIDDEN,
    "disk i/o error": _DISK,
    "no such table": _REPLACED,
    "no such column": _REPLACED,
}


class LibraryBusy(StorageError):
    """Somebody else is writing; the same request will succeed later."""

    retryable = True

    def __init__(self, message: str = _BUSY) -> None:
        super().__init__(message)


@contextmanager
def in_plain_words(home: Path) -> Iterator[None]:
    """Turn errors of the database into StorageError; what a programmer did wrong passes.

    Args:
        home: Folder to name in the sentence.
    """
    try:
        yield
    except NoConnectionLeft as error:
        raise LibraryBusy from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        if sentence == _BUSY:
            raise LibraryBusy from error
        raise StorageError(sentence.format(home=home, backups=home / BACKUPS)) from error


@contextmanager
def files_in_plain_words(doing: str) -> Iterator[None]:
    """Turn errors of the file system into StorageError.

    Args:
        doing: What was being done, as in "Adlib could not {doing}".
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(
            f"Adlib could not {doing}: {reason}. Check that the folder exists, can be written to "
            "and has space, then try again."
        ) from error


def _sentence(error: Exception) -> str | None:
    """Return the sentence for an error, None for misuse by a programmer."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    told = str(cause).lower()
    for symptom, sentence in _SENTENCES.items():
        if symptom in told:
            return sentence
    if isinstance(error, (OperationalError, sqlite3.OperationalError)):
        first = (str(cause).strip().splitlines() or ["no reason given"])[0]
        # braces would be taken for fields of the sentence
        first = first.replace("{", "(").replace("}", ")")
        return (
            f"The database could not do this ({first}). Check ADLIB_DATABASE_URL, then try again."
        )
    return None
