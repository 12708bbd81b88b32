"""Fits models to a table: cleaned, checked for leaks, split, searched, trained, measured once.

Training rows teach; validation rows stop, calibrate, set the threshold and choose among families;
test rows are looked at once, at the end, by all families and both baselines.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from creative.tables.baseline import best_single_column, raw_auc
from creative.tables.cleaning import Cleaned, CleaningReport, clean_table
from creative.tables.drift import references
from creative.tables.encoding import Encoder, fit_encoder
from creative.tables.families import FAMILIES, Family, chance
from creative.tables.leakage import Leak, leaks_in
from creative.tables.metrics import Metrics, auc, best_threshold, log_loss, measure
from creative.tables.model import VERSION, Calibration, Card, TableModel
from creative.tables.refusals import TableRefused
from creative.tables.searching import Budget, Progress, Step, encoded_folds, sample, search
from creative.tables.splitting import Parts, folds, split
from creative.tables.table import Floats, Frame, Kind, RawTable, demand

MOST_ROWS = 200_000  #: that are learnt from; of more, a random part is taken
MOST_NUMBERS = 60_000_000  #: training rows times features, half a gigabyte
_SNAPSHOTS = 50  #: different moments below which the column of a time split is no feature
_STEADY = 10.0  #: inverse strength that holds a calibration near slope 1 when rows are few


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to fit and how; see `clean_table` and `split` for the columns.

    Attributes:
        baseline: A column that is told beside the model, such as the days since the last order.
        families: Of "linear", "boosted" and "network".
        seconds: Budget of the whole search, shared by the families.
        trials: Most trials of each family; 0 takes the usual choices.
    """

    target: str
    positive: str = ""
    time: str = ""
    group: str = ""
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    baseline: str = ""
    families: tuple[str, ...] = ("linear", "boosted", "network")
    seconds: float = 60.0
    trials: int = 20
    decimal: str = ""
    dates: str = ""
    seed: int = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One family: what was chosen for it, and how it did."""

    family: str
    choice: dict[str, float]
    trials: int
    cross_validated_log_loss: float | None
    valid_log_loss: float
    valid_auc: float
    test_auc: float
    test_log_loss: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Rival:
    """A single column on the same test rows, and the gain of the model over it in AUC."""

    column: str
    auc: float
    gain: float


@dataclass(frozen=True, kw_only=True)
class FitReport:
    """What the fit found.

    Attributes:
        best_column: The column that by itself orders validation rows best, by binned rates.
        baseline: The column that the plan names, by its bare values; None without one.
        weights: Mean absolute contribution of columns on test rows in log-odds, strongest first;
            empty for a network.
    """

    cleaning: CleaningReport
    leaks: tuple[Leak, ...]
    split: str
    chosen: str
    candidates: tuple[Candidate, ...]
    test: Metrics
    best_column: Rival
    baseline: Rival | None
    weights: tuple[tuple[str, float], ...]
    notes: tuple[str, ...]
    seed: int

    def data(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A model with the report of its fit."""

    model: TableModel
    report: FitReport


def fit_table(raw: RawTable, plan: Plan, progress: Progress | None = None) -> Fitted:
    """Fit all families of a plan and return the one with the lowest log-loss on validation rows.

    Args:
        progress: Called after each trial of a search.

    Raises:
        TableRefused: If the table cannot be learnt from; the message says why.
    """
    _check(plan)
    demand(raw.columns, [plan.time, plan.group, plan.baseline], raw.name)
    cleaned = clean_table(
        raw,
        plan.target,
        positive=plan.positive,
        keep=(*plan.keep, *([plan.baseline] if plan.baseline else [])),
        drop=[name for name in plan.drop if name not in (plan.time, plan.group)],
        decimal=plan.decimal,
        dates=plan.dates,
    )
    cleaned, notes = _thinned(cleaned, plan.seed)
    frame, outcome = cleaned.frame, cleaned.outcome
    parts = split(frame, outcome, time=plan.time, group=plan.group, seed=plan.seed)
    leaks = leaks_in(frame, outcome, parts, keep=plan.keep)
    used = frame.select(_used(frame, parts, leaks, plan))
    encoder = fit_encoder(used.take(parts.train))
    _demand_features(encoder, parts)
    trained = list(_trained(used, outcome, parts, encoder, plan, progress or (lambda _step: None)))
    candidates = tuple(candidate for _, candidate in trained)
    at = int(np.argmin([each.valid_log_loss for each in candidates]))
    model = trained[at][0]
    rivals = _rivals(frame.select(used.columns), frame, outcome, parts, plan, candidates[at])
    report = FitReport(
        cleaning=cleaned.report,
        leaks=tuple(leaks),
        split=parts.said,
        chosen=candidates[at].family,
        candidates=candidates,
        test=_tested(model, used, outcome, parts),
        best_column=rivals[0],
        baseline=rivals[1] if plan.baseline else None,
        weights=_weights(model, used.take(parts.test)),
        notes=tuple(notes),
        seed=plan.seed,
    )
    seen = np.concatenate([parts.valid, parts.test])
    card = replace(
        model.card,
        references=references(
            used.take(parts.train), encoder.names, model.chances(used.take(seen))
        ),
        report=report.data(),
    )
    return Fitted(model=replace(model, card=card), report=report)


def _check(plan: Plan) -> None:
    unknown = set(plan.families) - set(FAMILIES)
    if unknown or not plan.families:
        raise TableRefused(f"The kinds of models are {', '.join(FAMILIES)}.")
    if plan.target in (plan.time, plan.group, plan.baseline):
        raise TableRefused(f"“{plan.target}” is the outcome and nothing else.")


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
            " known beforehand. The warnings say which; --keep brings a column back."
        )
    return found


def _demand_features(encoder: Encoder, parts: Parts) -> None:
    width = max(len(encoder.dense_owner), len(encoder.tree_owner))
    if not len(encoder.tree_owner):
        raise TableRefused("The dates of this table are all that is left, and they never vary.")
    if width * len(parts.train) > MOST_NUMBERS:
        raise TableRefused(
            f"{len(parts.train):,} rows of {width:,} features are too many; drop columns (--drop)."
        )


def _trained(
    frame: Frame,
    outcome: Floats,
    parts: Parts,
    encoder: Encoder,
    plan: Plan,
    progress: Progress,
) -> Iterable[tuple[TableModel, Candidate]]:
    """Yield a calibrated model for each family."""
    cuts = folds(parts, outcome)
    cached = {}
    for at, name in enumerate(plan.families):
        family = FAMILIES[name]
        if plan.trials and family.view not in cached:
            cached[family.view] = encoded_folds(frame, outcome, cuts, family.view)
        found = search(
            family,
            cached.get(family.view, ()),
            Budget(seconds=plan.seconds / len(plan.families), trials=plan.trials),
            plan.seed,
            _reporter(progress, name, at, len(plan.families)),
        )
        model = _model(family, encoder, frame, outcome, parts, dict(found.choice), plan)
        valid, test = (model.chances(frame.take(rows)) for rows in (parts.valid, parts.test))
        yield (
            model,
            Candidate(
                family=name,
                choice=dict(found.choice),
                trials=found.trials,
                cross_validated_log_loss=found.log_loss,
                valid_log_loss=log_loss(valid, outcome[parts.valid]),
                valid_auc=auc(valid, outcome[parts.valid]),
                test_auc=auc(test, outcome[parts.test]),
                test_log_loss=log_loss(test, outcome[parts.test]),
            ),
        )


def _reporter(
    progress: Progress, family: str, at: int, families: int
) -> Callable[[int, float, float | None], None]:
    def report(trial: int, share: float, best: float | None) -> None:
        progress(Step(family=family, trial=trial, share=(at + share) / families, best=best))

    return report


def _model(
    family: Family,
    encoder: Encoder,
    frame: Frame,
    outcome: Floats,
    parts: Parts,
    choice: dict[str, float],
    plan: Plan,
) -> TableModel:
    learn, look = (
        sample(encoder, family.view, frame, outcome, rows) for rows in (parts.train, parts.valid)
    )
    learner = family.train(learn, look, choice, plan.seed, encoder.tree_categories)
    margins = learner.margins(look.rows)
    calibration = calibrated(margins, look.outcome)
    chances = chance(calibration.slope * margins + calibration.intercept)
    card = Card(
        version=VERSION,
        target=plan.target,
        positive=plan.positive,
        family=family.name,  # type: ignore[arg-type]  # one of FAMILIES
        encoder=encoder,
        calibration=calibration,
        threshold=best_threshold(chances, look.outcome),
        references=(),
        report={},
        digests={},
    )
    return TableModel(card=card, learner=learner)


def calibrated(margins: Floats, outcome: Floats) -> Calibration:
    """Return the slope and intercept under which log-odds [rows] fit outcomes [rows] best.

    The slope is drawn towards 1 by a ridge, so that few rows change little; one that is not
    positive would turn the order round and is not taken.
    """
    shifted = _offset_fit(margins, outcome)
    return shifted if shifted.slope > 0 else Calibration()


def _offset_fit(margins: Floats, outcome: Floats) -> Calibration:
    """Fit by Newton's method, penalising (slope - 1)^2; source: Platt 1999, with a prior."""
    design = np.column_stack([margins, np.ones_like(margins)])
    weights, prior = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    ridge = np.diag([_STEADY, 1e-3])
    for _ in range(50):
        foretold = chance(design @ weights)
        slope = design.T @ (foretold - outcome) + ridge @ (weights - prior)
        bend = (design * (foretold * (1 - foretold))[:, None]).T @ design + ridge
        step = np.linalg.solve(bend, slope)
        weights = weights - np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:
            break
    return Calibration(slope=float(weights[0]), intercept=float(weights[1]))


def _tested(model: TableModel, frame: Frame, outcome: Floats, parts: Parts) -> Metrics:
    keys = parts.keys[parts.test] if parts.how == "group" and parts.keys is not None else None
    return measure(
        model.chances(frame.take(parts.test)),
        outcome[parts.test],
        model.card.threshold,
        seed=parts.seed,
        groups=keys,
    )


def _rivals(
    used: Frame, frame: Frame, outcome: Floats, parts: Parts, plan: Plan, best: Candidate
) -> list[Rival]:
    single = best_single_column(used, outcome, parts.train, parts.valid)
    alone = auc(single.chances(used[single.name].take(parts.test)), outcome[parts.test])
    found = [Rival(column=single.name, auc=alone, gain=best.test_auc - alone)]
    if plan.baseline:
        column = frame[plan.baseline]
        bare = raw_auc(column, outcome, parts.train, parts.test)
        found.append(Rival(column=plan.baseline, auc=bare, gain=best.test_auc - bare))
    return found


def _weights(model: TableModel, frame: Frame) -> tuple[tuple[str, float], ...]:
    if model.card.family == "network":
        return ()
    explained = model.explain(frame)
    mean = np.abs(explained.added).mean(axis=0)
    order = np.argsort(-mean, kind="stable")
    return tuple((explained.columns[at], float(mean[at])) for at in order)
