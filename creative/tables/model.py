"""A fitted model: from columns to chances, and from chances to what each column added.

Log-odds of the learner are made true by a slope and an intercept learnt on validation rows (Platt
1999), which keeps contributions additive.  A model is stored as a folder of three files that hold
no code: `model.json`, `arrays.safetensors` and, for boosted trees, `trees.txt`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from lightgbm.basic import LightGBMError
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from creative.tables.calibration import Calibration
from creative.tables.drift import Reference
from creative.tables.encoding import Encoder
from creative.tables.kinds import read_column
from creative.tables.learners import Boosted, Learner, chance, learner_from
from creative.tables.refusals import TableRefused
from creative.tables.table import Floats, Frame, RawTable, Rows, demand

VERSION = 1  #: of the files; others are not read
CARD, ARRAYS, TREES = "model.json", "arrays.safetensors", "trees.txt"
_BLOCK = 20_000  #: rows that are encoded at a time
_MOST_BYTES = 200 * 2**20  #: of one file


@dataclass(frozen=True, kw_only=True)
class Card:
    """All of a model but its weights.

    Attributes:
        threshold: Chance from which a row counts as a hit; F1 on validation rows was best there.
        report: What the fit found and measured, as plain data.
        digests: SHA-256 of the other files, by name; they find damage, not malice.
    """

    version: int
    target: str
    positive: str
    family: Literal["linear", "boosted", "network"]
    encoder: Encoder
    calibration: Calibration
    threshold: float
    references: tuple[Reference, ...]
    report: dict[str, Any]
    digests: dict[str, str]


_CARDS = TypeAdapter(Card)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What each column adds to log-odds; base and the row's sum make the log-odds of its chance.

    Attributes:
        columns: Names, in the order of `added`.
        added: Contributions [rows, columns].
        base: Log-odds that every row begins with.
    """

    columns: tuple[str, ...]
    added: Floats
    base: float

    def of_row(self, row: int) -> list[tuple[str, float]]:
        """Return (column, contribution) of one row, the strongest first."""
        order = np.argsort(-np.abs(self.added[row]), kind="stable")
        return [(self.columns[at], float(self.added[row, at])) for at in order]


@dataclass(frozen=True, kw_only=True)
class TableModel:
    """Foretells an outcome from a table; made by `fit_table` or `load_model`."""

    card: Card
    learner: Learner

    def frame(self, raw: RawTable) -> Frame:
        """Return the columns that the model needs, read as they were when it was made.

        Raises:
            TableRefused: If a column is missing.
        """
        parts = self.card.encoder.parts
        demand(raw.columns, self.card.encoder.names, raw.name)
        read = {
            part.form.name: read_column(part.form, raw.columns[part.form.name]) for part in parts
        }
        return Frame(columns=read, rows=raw.rows)

    def log_odds(self, frame: Frame) -> Floats:
        """Return calibrated log-odds [rows]."""
        made = [self.learner.margins(self._encoded(frame, rows)) for rows in _blocks(frame.rows)]
        margins = np.concatenate(made) if made else np.empty(0)
        return self.card.calibration.log_odds(margins)

    def chances(self, frame: Frame) -> Floats:
        """Return the chance of success [rows], fractions."""
        return chance(self.log_odds(frame))

    def explain(self, frame: Frame) -> Explanation:
        """Return what each column adds to the log-odds of each row.

        Raises:
            TableRefused: If the learner is a network.
        """
        encoder, slope = self.card.encoder, self.card.calibration.slope
        owner = encoder.tree_owner if self.learner.view == "trees" else encoder.dense_owner
        own = np.eye(len(encoder.parts))[owner]  # features to columns
        added, base = [], 0.0
        for rows in _blocks(frame.rows):
            each, base = self.learner.contributions(self._encoded(frame, rows))
            added.append(slope * (each @ own))
        return Explanation(
            columns=encoder.names,
            added=np.concatenate(added) if added else np.empty((0, len(encoder.parts))),
            base=slope * base + self.card.calibration.intercept,
        )

    def _encoded(self, frame: Frame, rows: Rows) -> Floats:
        found: Floats = getattr(self.card.encoder, self.learner.view)(frame.take(rows))
        return found


def save_model(model: TableModel, folder: Path) -> None:
    """Write a model into a folder, which is made if it is not there.

    Raises:
        TableRefused: If it cannot be written.
    """
    files = {ARRAYS: save(model.learner.arrays())}
    if isinstance(model.learner, Boosted):
        files[TREES] = model.learner.text.encode()
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    card = _CARDS.dump_python(model.card, mode="json") | {"digests": digests}
    files[CARD] = json.dumps(card, ensure_ascii=False, allow_nan=False, indent=1).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise TableRefused(f"{folder} cannot be written: {error.strerror}.") from error


def load_model(folder: Path) -> TableModel:
    """Read a model from its folder; nothing in it is run.

    Raises:
        TableRefused: If a file is missing, damaged or of another version.
    """
    try:
        content = _read(folder / CARD)
        if json.loads(content).get("version") != VERSION:
            raise TableRefused(f"{folder} was written by another version; fit the model again.")
        card = _CARDS.validate_json(content)
        files = {name: _checked(folder, name, digest) for name, digest in card.digests.items()}
        arrays = load(files[ARRAYS])
        learner = learner_from(card.family, arrays, files.get(TREES, b"").decode())
        _fits(card, learner)
    except OSError as error:
        raise TableRefused(f"The model {folder} cannot be read: {error.strerror}.") from error
    except (ValidationError, SafetensorError, LightGBMError, LookupError, ValueError) as error:
        raise TableRefused(f"The model {folder} is damaged; fit it again.") from error
    except (AttributeError, RecursionError) as error:  # JSON, but no object
        raise TableRefused(f"{folder / CARD} holds no model.") from error
    return TableModel(card=card, learner=learner)


def _checked(folder: Path, name: str, digest: str) -> bytes:
    if name not in (ARRAYS, TREES):
        raise ValueError(f"no file of a model: {name}")
    content = _read(folder / name)
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"{name} was changed")
    return content


def _read(file: Path) -> bytes:
    if file.stat().st_size > _MOST_BYTES:
        raise TableRefused(f"{file} is larger than a model can be.")
    return file.read_bytes()


def _fits(card: Card, learner: Learner) -> None:
    """Try one encoded row of nothing: shapes that do not fit show here and not when scoring."""
    owner = card.encoder.tree_owner if learner.view == "trees" else card.encoder.dense_owner
    margins = learner.margins(np.zeros((1, len(owner))))
    if margins.shape != (1,) or not np.isfinite(margins).all():
        raise ValueError("weights do not fit the columns")


def _blocks(rows: int) -> Sequence[Rows]:
    return [np.arange(at, min(at + _BLOCK, rows)) for at in range(0, rows, _BLOCK)]
