"""Fits models to a table: cleaned, checked for leaks, split, searched, trained, measured once.

Training rows teach; validation rows stop, calibrate, set the threshold and choose among families;
test rows are looked at once, at the end, by all families and both baselines.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from creative.tables.baseline import best_single_column, raw_scores
from creative.tables.calibration import calibrated, calibrating
from creative.tables.drift import references
from creative.tables.effects import effects
from creative.tables.encoding import Encoder, fit_encoder
from creative.tables.examining import examine
from creative.tables.families import FAMILIES, Family
from creative.tables.learners import chance
from creative.tables.metrics import (
    Metrics,
    auc,
    best_threshold,
    gain_interval,
    log_loss,
    measure,
    surprises,
)
from creative.tables.model import VERSION, Card, Explanation, TableModel
from creative.tables.plan import Plan
from creative.tables.refusals import TableRefused
from creative.tables.report import Candidate, FitReport, Rival
from creative.tables.searching import Budget, Progress, Step, encoded_folds, sample, search
from creative.tables.splitting import Parts, folds
from creative.tables.table import Floats, Frame, RawTable

MOST_NUMBERS = 60_000_000  #: training rows times features, half a gigabyte
_WEIGHED = 5_000  #: test rows that tell what counts most


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A model with the report of its fit."""

    model: TableModel
    report: FitReport


def fit_table(raw: RawTable, plan: Plan, progress: Progress | None = None) -> Fitted:
    """Fit all families of a plan and return the one that surprises least on validation rows.

    Args:
        progress: Called after each trial of a search; what it raises ends the fit.

    Raises:
        TableRefused: If the table cannot be learnt from; the message says why.
    """
    if not plan.families or set(plan.families) - set(FAMILIES):
        raise TableRefused(f"The kinds of models are {', '.join(FAMILIES)}.")
    seen = examine(raw, plan)
    frame, outcome, parts = seen.cleaned.frame, seen.cleaned.outcome, seen.parts
    used = frame.select(seen.used)
    encoder = fit_encoder(used.take(parts.train))
    _demand_features(encoder, parts)
    trained = list(_trained(used, outcome, parts, encoder, plan, progress or (lambda _step: None)))
    candidates = tuple(candidate for _, candidate in trained)
    valid = used.take(parts.valid)
    losses = [surprises(model.chances(valid), outcome[parts.valid]) for model, _ in trained]
    at = _chosen(losses, candidates)
    model = trained[at][0]
    rivals = _rivals(used, frame, outcome, parts, plan, model)
    weighed = used.take(parts.test[:_WEIGHED])
    explained = None if model.card.family == "network" else model.explain(weighed)
    report = FitReport(
        cleaning=seen.cleaned.report,
        leaks=seen.leaks,
        split=parts.said,
        chosen=candidates[at].family,
        candidates=candidates,
        test=_tested(model, used, outcome, parts),
        best_column=rivals[0],
        baseline=rivals[1] if plan.baseline else None,
        weights=_weights(explained) if explained else (),
        effects=effects(explained, weighed) if explained else (),
        notes=seen.notes,
        seed=plan.seed,
    )
    later = np.concatenate([parts.valid, parts.test])
    card = replace(
        model.card,
        references=references(
            used.take(parts.train), encoder.names, model.chances(used.take(later))
        ),
        report=report.data(),
    )
    return Fitted(model=replace(model, card=card), report=report)


def _demand_features(encoder: Encoder, parts: Parts) -> None:
    width = max(len(encoder.dense_owner), len(encoder.tree_owner))
    if not len(encoder.tree_owner):
        raise TableRefused("The dates of this table are all that is left, and they never vary.")
    if width * len(parts.train) > MOST_NUMBERS:
        raise TableRefused(
            f"{len(parts.train):,} rows of {width:,} features are too many; leave columns out."
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


def _chosen(losses: Sequence[Floats], candidates: Sequence[Candidate]) -> int:
    """Return the best family; a network only if it is better by two standard errors.

    A network does not say what each column adds, which is worth a gain that may be luck.

    Args:
        losses: Of each family on validation rows [rows].
    """
    order = sorted(range(len(losses)), key=lambda at: float(losses[at].mean()))
    best = order[0]
    others = [at for at in order if candidates[at].family != "network"]
    if candidates[best].family != "network" or not others:
        return best
    gaps = losses[others[0]] - losses[best]
    error = float(gaps.std()) / np.sqrt(len(gaps))
    return best if float(gaps.mean()) > 2 * error else others[0]


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
    near = calibrating(parts, outcome)
    calibration = calibrated(margins[near], look.outcome[near])
    chances = chance(calibration.log_odds(margins))
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


def _tested(model: TableModel, frame: Frame, outcome: Floats, parts: Parts) -> Metrics:
    return measure(
        model.chances(frame.take(parts.test)),
        outcome[parts.test],
        model.card.threshold,
        seed=parts.seed,
        groups=parts.test_groups,
    )


def _rivals(
    used: Frame, frame: Frame, outcome: Floats, parts: Parts, plan: Plan, model: TableModel
) -> list[Rival]:
    test = parts.test
    chances = model.chances(used.take(test))
    single = best_single_column(used, outcome, parts.train, parts.valid)
    scores = {single.name: single.chances(used[single.name].take(test))}
    found = [_rival(single.name, scores[single.name], chances, outcome, parts)]
    if plan.baseline:
        bare = raw_scores(frame[plan.baseline], outcome, parts.train, test)
        found.append(_rival(plan.baseline, bare, chances, outcome, parts))
    return found


def _rival(name: str, scores: Floats, ours: Floats, outcome: Floats, parts: Parts) -> Rival:
    here = outcome[parts.test]
    alone = auc(scores, here)
    low, high = gain_interval(ours, scores, here, seed=parts.seed, groups=parts.test_groups)
    return Rival(column=name, auc=alone, gain=auc(ours, here) - alone, gain_low=low, gain_high=high)


def _weights(explained: Explanation) -> tuple[tuple[str, float], ...]:
    mean = np.abs(explained.added).mean(axis=0)
    order = np.argsort(-mean, kind="stable")
    return tuple((explained.columns[at], float(mean[at])) for at in order)
