"""Looks at a table before anything is fitted: cleaned, thinned, split, warned of, and what is left.

A fit begins with the very same look, so that what a person was shown is what is learnt from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from creative.tables.cleaning import Cleaned, clean_table
from creative.tables.leakage import Leak, leaks_in
from creative.tables.plan import Plan
from creative.tables.refusals import TableRefused
from creative.tables.splitting import Parts, split
from creative.tables.table import Frame, Kind, RawTable, demand

MOST_ROWS = 200_000  #: that are learnt from; of more, a random part is taken
_SNAPSHOTS = 50  #: different moments below which the column of a time split is no feature


@dataclass(frozen=True, kw_only=True)
class Examination:
    """A table as it would be learnt from.

    Attributes:
        used: Columns that are learnt from.
        notes: What was done to it besides cleaning, in sentences.
    """

    cleaned: Cleaned
    parts: Parts
    leaks: tuple[Leak, ...]
    used: tuple[str, ...]
    notes: tuple[str, ...]


def examine(raw: RawTable, plan: Plan) -> Examination:
    """Clean a table, split it and look for leaks; nothing is fitted.

    Raises:
        TableRefused: If the table cannot be learnt from; the message says why.
    """
    if plan.target in (plan.time, plan.group, plan.baseline):
        raise TableRefused(f"“{plan.target}” is the outcome and nothing else.")
    demand(raw.columns, [plan.time, plan.group, plan.baseline], raw.name)
    cleaned = clean_table(
        raw,
        plan.target,
        positive=plan.positive,
        keep=(*plan.keep, *([plan.baseline] if plan.baseline else [])),
        drop=[name for name in plan.drop if name not in (plan.time, plan.group, plan.baseline)],
        decimal=plan.decimal,
        dates=plan.dates,
    )
    cleaned, notes = _thinned(cleaned, plan.seed)
    frame, outcome = cleaned.frame, cleaned.outcome
    parts = split(frame, outcome, time=plan.time, group=plan.group, seed=plan.seed)
    leaks = leaks_in(frame, outcome, parts, keep=plan.keep)
    used = _used(frame, parts, leaks, plan)
    return Examination(
        cleaned=cleaned, parts=parts, leaks=tuple(leaks), used=tuple(used), notes=tuple(notes)
    )


def _thinned(cleaned: Cleaned, seed: int) -> tuple[Cleaned, list[str]]:
    rows = cleaned.frame.rows
    if rows <= MOST_ROWS:
        return cleaned, []
    kept = np.sort(np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False))
    note = f"Of {rows:,} rows, {MOST_ROWS:,} were taken at random."
    thin = replace(cleaned, frame=cleaned.frame.take(kept), outcome=cleaned.outcome[kept])
    return thin, [note]


def _used(frame: Frame, parts: Parts, leaks: Sequence[Leak], plan: Plan) -> list[str]:
    """Return the columns that are learnt from."""
    left_out = {leak.column for leak in leaks if leak.is_left_out} | set(plan.drop)
    if parts.how == "group":
        left_out.add(parts.by)
    elif parts.how == "time" and len(np.unique(frame[parts.by].values)) < _SNAPSHOTS:
        left_out.add(parts.by)  # a handful of days tells only which sample a row is from
    useless = (Kind.ID, Kind.CONSTANT)
    found = [each.name for each in frame if each.kind not in useless and each.name not in left_out]
    if not found:
        raise TableRefused(
            "No column is left to learn from: all are ids, the same in every row, or would not be"
            " known beforehand. The warnings say which; keep one of them, or bring more columns."
        )
    return found
