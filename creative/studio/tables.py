"""Models of tables: a table opened and looked at, learnt from, scored; models kept by name.

Models are folders in `tables` of the home folder, so that those of `python -m creative table fit`
stand beside those of the page.  Tables that are brought stay in memory and are soon forgotten.
What learns and scores is imported when it is first asked for: it takes a moment.
"""

import hashlib
import io
import re
import shutil
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from creative.errors import StudioError
from creative.export.files import ExportFile, filename
from creative.studio.notes import read_note, write_note
from creative.tables.drift import Drift, drifts
from creative.tables.fitter import FitProgress, Fitter
from creative.tables.guessing import Described, Guess, described, guessed
from creative.tables.plan import Plan
from creative.tables.reading import read_table
from creative.tables.refusals import TableRefused
from creative.tables.sample import NAME, NEW_NAME, sample_table, sample_to_score
from creative.tables.table import RawTable

if TYPE_CHECKING:
    from creative.tables.examining import Examination
    from creative.tables.model import TableModel
    from creative.tables.report import FitReport
    from creative.tables.scoring import Scored

_CARD, _ABOUT, _REMOVED = "model.json", "about.json", ".removed"
_REMEMBERED = 3  #: tables, looks, models and scores each; a table may take some hundred megabytes
_LONGEST_NAME = 80  #: code points
_SHOWN = 20  #: best rows that are explained one by one


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file as somebody brought it; `sheet` is of a workbook, the first with rows if empty."""

    content: bytes
    name: str
    sheet: str = ""

    @property
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
class KeptModel:
    """A model of the home folder; `file` is the name of the table that it was made from."""

    id: str
    name: str
    file: str
    made_at: datetime


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


@dataclass(frozen=True, kw_only=True, slots=True)
class BestRow:
    """A row with a high chance.

    Attributes:
        cells: By header, as they stand in the file.
        base: Log-odds that every row begins with.
        added: What each column adds to them, the strongest first; empty for a network.
    """

    line: int
    chance: float
    cells: dict[str, str]
    base: float
    added: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoredTable:
    """A table with chances: the file to hand out, its best rows, and how like the old one it is."""

    rows: int
    left_out: dict[str, int]
    mean: float
    file: ExportFile
    best: tuple[BestRow, ...]
    drift: tuple[Drift, ...]


class Tables:
    """What people do with tables; one fit at a time, in a process of its own."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "tables"
        self._lock = threading.Lock()
        self._fit: tuple[Fit, Fitter] | None = None
        self._tables: _Recent = _Recent()
        self._looks: _Recent = _Recent()
        self._models: _Recent = _Recent()
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
        found: Examination = self._looks.get((upload.key, plan), lambda: examine(raw, plan))
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
        title = " ".join(name.split())[:_LONGEST_NAME] or upload.name
        with self._lock:
            if self._fit is not None and self._fit[1].progress.is_active:
                raise TableRefused(
                    f"“{self._fit[0].name}” is being learnt now. Wait until it has ended, or stop"
                    " it."
                )
            folder = self._free_folder(title)
            about = {"name": title, "file": upload.name, "made_at": datetime.now(UTC).isoformat()}
            fitter = Fitter(
                upload.content,
                upload.name,
                upload.sheet,
                plan,
                folder,
                done=lambda: write_note(folder / _ABOUT, about, "The name"),
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

    def all(self) -> list[KeptModel]:
        """The models that are kept, the newest first."""
        cards = self._folder.glob(f"*/{_CARD}")
        found = [_kept(card.parent) for card in cards if not card.parent.name.startswith(".")]
        return sorted(found, key=lambda each: each.made_at, reverse=True)

    def read(self, id: str) -> Reading:
        """Return what a model says.

        Raises:
            TableRefused: If it is gone or damaged.
        """
        from creative.tables.learners import Network
        from creative.tables.report import report_of

        model = self._model(id)
        return Reading(
            kept=_kept(self._folder / id),
            target=model.card.target,
            positive=model.card.positive,
            needs=model.card.encoder.names,
            is_explained=not isinstance(model.learner, Network),
            report=report_of(model.card.report),
        )

    def archive(self, id: str) -> ExportFile:
        """Return the files of a model as one, for another computer.

        Raises:
            TableRefused: If it is gone.
        """
        folder = self._found(id)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.iterdir()):
                if file.is_file():
                    archive.write(file, f"{id}/{file.name}")
        name = filename("table", _kept(folder).name, extension="zip")
        return ExportFile(content=packed.getvalue(), filename=name, media_type="application/zip")

    def remove(self, id: str) -> None:
        """Put a model aside; `put_back` undoes it until the next one is removed.

        Raises:
            StudioError: If it is gone, or its folder cannot be moved.
        """
        folder, aside = self._found(id), self._folder / _REMOVED
        try:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True)
            folder.rename(aside / id)
        except OSError as error:
            raise StudioError(f"{folder} cannot be removed: {error.strerror}.") from error

    def put_back(self, id: str) -> None:
        """Undo the last removal.

        Raises:
            StudioError: If the model is not there any more, or its folder cannot be moved.
        """
        aside = self._folder / _REMOVED / Path(id).name
        try:
            aside.rename(self._folder / aside.name)
        except OSError as error:
            raise StudioError("That model cannot be put back; it is gone.") from error

    def score(self, id: str, upload: Upload) -> ScoredTable:
        """Foretell the outcome of each row of a table, and compare it with the one learnt from.

        Raises:
            StudioError: If the table cannot be read, or lacks a column that the model needs.
        """
        model = self._model(id)
        raw, _ = self._opened(upload)
        found: ScoredTable = self._scores.get(
            (id, model.card.digests["arrays.safetensors"], upload.key), lambda: _scored(model, raw)
        )
        return found

    def _opened(self, upload: Upload) -> tuple[RawTable, Opened]:
        found: tuple[RawTable, Opened] = self._tables.get(upload.key, lambda: _open(upload))
        return found

    def _model(self, id: str) -> "TableModel":
        from creative.tables.model import load_model

        folder = self._found(id)
        age = (folder / _CARD).stat().st_mtime_ns
        found: TableModel = self._models.get((id, age), lambda: load_model(folder))
        return found

    def _found(self, id: str) -> Path:
        """Return the folder of a model; an id is the name of one that is there, and no path."""
        if id not in {each.id for each in self.all()}:
            raise TableRefused("That model is not in this library; it may have been removed.")
        return self._folder / id

    def _free_folder(self, title: str) -> Path:
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower())[:40].strip("-") or "table"
        names = (slug if at == 1 else f"{slug}-{at}" for at in range(1, 10_000))
        return next(
            folder
            for name in names
            if not (folder := self._folder / name).exists()
            and not (self._folder / _REMOVED / name).exists()
        )


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


def _kept(folder: Path) -> KeptModel:
    about = read_note(folder / _ABOUT)
    try:
        made_at = datetime.fromisoformat(str(about.get("made_at")))
    except ValueError:
        made_at = datetime.fromtimestamp((folder / _CARD).stat().st_mtime, UTC)
    return KeptModel(
        id=folder.name,
        name=str(about.get("name") or folder.name)[:_LONGEST_NAME],
        file=str(about.get("file") or ""),
        made_at=made_at,
    )


def _scored(model: "TableModel", raw: RawTable) -> ScoredTable:
    from creative.tables.scoring import score_table, scored_file

    scored = score_table(model, raw)
    content = scored_file(raw, scored, model.card.target)
    frame = model.frame(raw)
    return ScoredTable(
        rows=raw.rows,
        left_out=dict(raw.left_out),
        mean=float(scored.chances.mean()) if raw.rows else 0.0,
        file=ExportFile(
            content=content,
            filename=filename("scored", Path(raw.name).stem, extension="csv"),
            media_type="text/csv",
        ),
        best=_best(model, raw, scored),
        drift=tuple(drifts(model.card.references, frame, scored.chances)),
    )


def _best(model: "TableModel", raw: RawTable, scored: "Scored") -> tuple[BestRow, ...]:
    import numpy as np

    from creative.tables.kinds import as_text

    rows = np.argsort(-scored.chances, kind="stable")[:_SHOWN]
    explained = model.explain(model.frame(raw).take(rows)) if scored.reasons else None
    added: Sequence[tuple[tuple[str, float], ...]] = (
        [tuple(explained.of_row(at)) for at in range(len(rows))] if explained else [()] * len(rows)
    )
    return tuple(
        BestRow(
            line=raw.lines[row],
            chance=float(scored.chances[row]),
            cells={name: as_text(cells[row]) for name, cells in raw.columns.items()},
            base=explained.base if explained else 0.0,
            added=added[at],
        )
        for at, row in enumerate(rows.tolist())
    )
