"""Preferences that were brought from elsewhere: files in the home folder, read when tuning.

They never come back out with the library's own, so that files that go round do not grow.  Their
briefs are told apart from those of this library: ids of two libraries mean nothing to each other.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from creative.engine.protocol import Message
from creative.errors import BriefError, StudioError
from creative.export.preferences import (
    Approved,
    Preference,
    holds_lines,
    read_lines,
    read_pairs,
)
from creative.studio.free_names import free_name

MAX_BYTES = 50 * 2**20
_REMOVED = ".removed"
_SUFFIXES = {True: ".lines.jsonl", False: ".pairs.jsonl"}  #: by whether it has single lines

Item = TypeVar("Item", Preference, Approved)


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """A file that was brought; `id` is its name in the folder."""

    id: str
    name: str
    pairs: int
    lines: int
    brought_at: datetime


class BroughtFiles:
    """The files that were brought into one library."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "preferences"

    def bring(self, content: bytes, name: str) -> Brought:
        """Keep a file of pairs, or of good lines, after reading all of it.

        Raises:
            BriefError: If a line holds no preference, the file holds none, is too large, or was
                brought before.
            StudioError: If it cannot be kept.
        """
        if len(content) > MAX_BYTES:
            raise BriefError(f"A file of preferences may have {MAX_BYTES // 2**20} MB at most.")
        is_lines = holds_lines(content)
        if not (read_lines(content) if is_lines else read_pairs(content)):
            raise BriefError(f"{name} holds no preferences.")
        if any(file.read_bytes() == content for file in self._files()):
            raise BriefError(f"{name} was brought before; nothing was added.")
        stem = re.sub(r"[^\w]+", "-", name.rsplit(".", 1)[0])[:60].strip("-") or "preferences"
        folders = self._folder, self._folder / _REMOVED  # what was removed may be put back
        file = self._folder / free_name(stem, *folders, suffix=_SUFFIXES[is_lines])
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        except OSError as error:
            raise StudioError(f"{name} cannot be kept: {error.strerror}.") from error
        return _told(file)

    def all(self) -> list[Brought]:
        """The files, the newest first."""
        return sorted(map(_told, self._files()), key=lambda each: each.brought_at, reverse=True)

    def remove(self, id: str) -> None:
        """Put a file aside; `put_back` undoes it.

        Raises:
            StudioError: If it is gone, or cannot be moved.
        """
        self._move(self._folder / Path(id).name, self._folder / _REMOVED / Path(id).name)

    def put_back(self, id: str) -> None:
        """Undo `remove`.

        Raises:
            StudioError: If it is gone, or cannot be moved.
        """
        self._move(self._folder / _REMOVED / Path(id).name, self._folder / Path(id).name)

    def pairs(self) -> list[Preference]:
        """Return every pair that was brought."""
        return [
            pair
            for file in self._files()
            if not _is_lines(file)
            for pair in _foreign(file, read_pairs(file.read_bytes()))
        ]

    def lines(self) -> list[Approved]:
        """Return every good line that was brought."""
        return [
            line
            for file in self._files()
            if _is_lines(file)
            for line in _foreign(file, read_lines(file.read_bytes()))
        ]

    def _files(self) -> list[Path]:
        found = (self._folder.glob(f"*{suffix}") for suffix in _SUFFIXES.values())
        return sorted(file for files in found for file in files)

    def _move(self, file: Path, target: Path) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            file.rename(target)
        except OSError as error:
            raise StudioError(f"{file.name} is not there any more.") from error


def _is_lines(file: Path) -> bool:
    return file.name.endswith(_SUFFIXES[True])


def _told(file: Path) -> Brought:
    is_lines = _is_lines(file)
    count = sum(bool(line.strip()) for line in file.read_bytes().split(b"\n"))
    return Brought(
        id=file.name,
        name=file.name.removesuffix(_SUFFIXES[is_lines]),
        pairs=0 if is_lines else count,
        lines=count if is_lines else 0,
        brought_at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
    )


def _foreign(file: Path, items: Sequence[Item]) -> Iterator[Item]:
    """Give briefs numbers below zero: by file and id, or by what was asked where there is none."""
    for item in items:
        about = _asked(item.prompt) if item.brief is None else str(item.brief)
        digest = hashlib.sha256(f"{file.name}\n{about}".encode()).hexdigest()
        yield replace(item, brief=-1 - int(digest[:12], 16))


def _asked(prompt: Sequence[Message]) -> str:
    return "\n".join(turn.content for turn in prompt if turn.role == "user")
