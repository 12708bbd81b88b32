"""Models of tables: a table opened and looked at, learnt from, scored.

Tables that are brought stay in memory and are soon forgotten.
What learns and scores is imported when it is first asked for: it takes a moment.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from creative.studio.table_shelf import CARD, LONGEST_NAME, KeptModel, Shelf
from creative.tables.fitter import FitProgress, Fitter
from creative.tables.guessing import Described, Guess, described, guessed
from creative.tables.plan import Plan
from creative.tables.reading import read_table
from creative.tables.refusals import TableRefused
from creative.tables.sample import NAME, NEW_NAME, sample_table, sample_to_score
from creative.tables.table import RawTable

if TYPE_CHECKING:
    from creative.studio.scored_tables import ScoredTable
    from creative.tables.examining import Examination
    from creative.tables.model import TableModel
    from creative.tables.report import FitReport

_REMEMBERED = 3  #: tables, looks, models and scores each; a table may take some hundred megabytes


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as somebody brought it; `sheet` is of a workbook, the first with rows if empty."""

    content: bytes
    name: str
    sheet: str = ""

    @cached_property
    def key(self) -> str:
        digest = hashlib.sha256(self.content)
        digest.update(f"\n{self.name}\n{self.sheet}".encode())
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A table that was read, what its columns are, and what they are likely for."""

    rows: int
    left_out: dict[str, int]
    columns: tuple[Described, ...]
    guess: Guess


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """The fit in hand, or the last one; `model_id` is where its model is once it ended well."""

    name: str
    model_id: str
    begun_at: datetime
    progress: FitProgress


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a model says, told for a page.

    Attributes:
        needs: Columns that a table must have to be scored.
        is_explained: Whether it says what each column adds.
    """

    kept: KeptModel
    target: str
    positive: str
    needs: tuple[str, ...]
    is_explained: bool
    report: "FitReport"


class Tables:
    """What people do with tables; one fit at a time, in a process of its own.

    `models` is the shelf on which models stand: `tables` of the home folder.
    """

    def __init__(self, home: Path) -> None:
        self.models = Shelf(home / "tables")
        self._lock = threading.Lock()
        self._fit: tuple[Fit, Fitter] | None = None
        self._tables: _Recent = _Recent()
        self._looks: _Recent = _Recent()
        self._loaded: _Recent = _Recent()
        self._scores: _Recent = _Recent()

    def open(self, upload: Upload) -> Opened:
        """Read a table.

        Raises:
            StudioError: If it cannot be read; says why.
        """
        return self._opened(upload)[1]

    def examine(self, upload: Upload, plan: Plan) -> "Examination":
        """Clean a table, split it and look for leaks, as a fit would; nothing is fitted.

        Raises:
            StudioError: If it cannot be learnt from; says why.
        """
        from creative.tables.examining import examine

        raw, _ = self._opened(upload)
        asked = replace(plan, families=(), seconds=0, trials=0)  # none of it changes what is seen
        found: Examination = self._looks.get((upload.key, asked), lambda: examine(raw, asked))
        return found

    def sample(self) -> Upload:
        """Return an example of impressions with their outcome."""
        return Upload(content=sample_table(), name=NAME)

    def sample_to_score(self) -> Upload:
        """Return an example of rows that follow those of `sample`."""
        return Upload(content=sample_to_score(), name=NEW_NAME)

    def start(self, upload: Upload, plan: Plan, name: str) -> Fit:
        """Begin to learn from a table; returns at once.

        Args:
            name: For the model.

        Raises:
            TableRefused: If another table is being learnt from.
        """
        title = " ".join(name.split())[:LONGEST_NAME] or upload.name
        with self._lock:
            if self._fit is not None and self._fit[1].progress.is_active:
                raise TableRefused(
                    f"“{self._fit[0].name}” is being learnt now. Wait until it has ended, or stop"
                    " it."
                )
            folder = self.models.free_folder(title)
            fitter = Fitter(
                upload.content,
                upload.name,
                upload.sheet,
                plan,
                folder,
                done=lambda: self.models.describe(folder, title, upload.name),
            )
            fit = Fit(
                name=title,
                model_id=folder.name,
                begun_at=datetime.now(UTC),
                progress=fitter.progress,
            )
            self._fit = fit, fitter
            return fit

    def fit(self) -> Fit | None:
        """Return how far the fit in hand is, or how the last one ended; None before the first."""
        with self._lock:
            if self._fit is None:
                return None
            fit, fitter = self._fit
        return Fit(
            name=fit.name, model_id=fit.model_id, begun_at=fit.begun_at, progress=fitter.progress
        )

    def stop(self) -> None:
        """End the fit in hand; nothing of it is kept."""
        with self._lock:
            fit = self._fit
        if fit is not None:
            fit[1].stop()

    def wait(self, timeout_s: float | None = None) -> None:
        """Block until the fit in hand has ended."""
        with self._lock:
            fit = self._fit
        if fit is not None:
            fit[1].wait(timeout_s)

    def close(self) -> None:
        """End the fit in hand."""
        with self._lock:
            fit = self._fit
        if fit is not None:
            fit[1].close()

    def read(self, id: str) -> Reading:
        """Return what a model says.

        Raises:
            TableRefused: If it is gone or damaged.
        """
        from creative.tables.learners import Network
        from creative.tables.report import report_of

        model = self._model(id)
        return Reading(
            kept=self.models.get(id),
            target=model.card.target,
            positive=model.card.positive,
            needs=model.card.encoder.names,
            is_explained=not isinstance(model.learner, Network),
            report=report_of(model.card.report),
        )

    def score(self, id: str, upload: Upload) -> "ScoredTable":
        """Foretell the outcome of each row of a table, and compare it with the one learnt from.

        Raises:
            StudioError: If the table cannot be read, or lacks a column that the model needs.
        """
        from creative.studio.scored_tables import scored_with

        model = self._model(id)
        raw, _ = self._opened(upload)
        found: ScoredTable = self._scores.get(
            (id, model.card.digests["arrays.safetensors"], upload.key),
            lambda: scored_with(model, raw),
        )
        return found

    def _opened(self, upload: Upload) -> tuple[RawTable, Opened]:
        found: tuple[RawTable, Opened] = self._tables.get(upload.key, lambda: _open(upload))
        return found

    def _model(self, id: str) -> "TableModel":
        from creative.tables.model import load_model

        folder = self.models.folder(id)
        age = (folder / CARD).stat().st_mtime_ns
        found: TableModel = self._loaded.get((id, age), lambda: load_model(folder))
        return found


class _Recent:
    """What was made lately, by key, so that a page that is drawn again makes it but once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what has this key, made now if it was not yet."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > _REMEMBERED:
                self._made.popitem(last=False)
        return made


def _open(upload: Upload) -> tuple[RawTable, Opened]:
    raw = read_table(upload.content, upload.name, upload.sheet)
    columns = described(raw)
    opened = Opened(
        rows=raw.rows, left_out=dict(raw.left_out), columns=columns, guess=guessed(columns)
    )
    return raw, opened
