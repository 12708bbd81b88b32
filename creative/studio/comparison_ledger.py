"""Which drafts form the pairs of a comparison: kept in the home folder, by adapter.

What is kept holds for the weights that were compared: another adapter in the same folder has none.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from creative.domain import Draft
from creative.engine.adapters import WEIGHTS
from creative.errors import RecordNotFound
from creative.ports import Records
from creative.studio.notes import read_note, write_note

_REMEMBERED = 64  #: digests of weights, which pages ask for at every click


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairing:
    """The pairs of an adapter with its base.

    Attributes:
        base: Model id.
        pairs: Ids of drafts, the adapter's first.
        same: Further pairs whose lines read the same, of which no drafts were kept.
    """

    base: str
    pairs: tuple[tuple[int, int], ...] = ()
    same: int = 0

    def drafts(self, records: Records, adapter: str) -> dict[int, Draft]:
        """Return the drafts by id that are still what they were.

        A library may have been replaced by a backup since, where an id is of another draft; and a
        line that somebody reworded is no more its writer's.
        """
        found: dict[int, Draft] = {}
        writers: dict[int, str] = {}
        for pair in self.pairs:
            for id, model in zip(pair, (adapter, self.base), strict=True):
                try:
                    draft = records.drafts.get(id)
                except RecordNotFound:
                    continue
                if draft.run_id is None or draft.version > 1:
                    continue
                if draft.run_id not in writers:
                    writers[draft.run_id] = records.runs.get(draft.run_id).model
                if writers[draft.run_id] == model:
                    found[id] = draft
        return found

    def standing(self, drafts: dict[int, Draft]) -> list[tuple[int, int]]:
        """Return the pairs of which both drafts still stand."""
        return [pair for pair in self.pairs if {*pair} <= {*drafts}]


class Ledger:
    """The pairings of one library."""

    def __init__(self, home: Path) -> None:
        self._file = home / "comparisons.json"

    def adapters(self) -> list[str]:
        """Return the model ids of adapters that were ever compared."""
        return list(read_note(self._file))

    def of(self, adapter: str) -> Pairing:
        """Return the pairing of an adapter; without a base where it was never compared."""
        told = read_note(self._file).get(adapter)
        if not isinstance(told, dict) or told.get("digest") != _digest(adapter):
            return Pairing(base="")
        pairs, same = told.get("pairs"), told.get("same")
        if not isinstance(pairs, list) or not isinstance(same, int):
            return Pairing(base="")
        return Pairing(base=str(told.get("base")), pairs=tuple(_ids(pairs)), same=max(0, same))

    def add(self, adapter: str, more: Pairing) -> None:
        """Keep further pairs of an adapter.

        Raises:
            StudioError: If they cannot be kept.
        """
        before = self.of(adapter)
        now = replace(more, pairs=before.pairs + more.pairs, same=before.same + more.same)
        told = {
            "base": now.base,
            "digest": _digest(adapter),
            "pairs": [list(pair) for pair in now.pairs],
            "same": now.same,
        }
        write_note(self._file, read_note(self._file) | {adapter: told}, "The comparison")


def _digest(adapter: str) -> str:
    """Return what tells weights apart; empty where there are none."""
    file = Path(adapter) / WEIGHTS
    if not file.is_file():
        return ""
    found = file.stat()
    return _digest_of(file, found.st_size, found.st_mtime_ns)


@lru_cache(_REMEMBERED)
def _digest_of(file: Path, size: int, mtime_ns: int) -> str:
    """Return the digest of weights; size and time tell when they are other ones."""
    with file.open("rb") as weights:
        return hashlib.file_digest(weights, "sha256").hexdigest()


def _ids(pairs: Iterable[object]) -> Iterable[tuple[int, int]]:
    for pair in pairs:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(id, int) for id in pair):
            yield pair[0], pair[1]
