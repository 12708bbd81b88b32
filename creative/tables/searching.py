"""Searches the choices of a family by cross-validation, within a budget of time and trials.

Optuna's tree-structured Parzen estimator (Bergstra et al. 2011; Akiba et al. 2019) begins at the
usual choice.  A search that ends by its trials is repeatable; one that ends by time may not be.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import optuna

from creative.tables.encoding import Encoder, fit_encoder
from creative.tables.families import Choice, Family, Sample
from creative.tables.learners import chance
from creative.tables.metrics import log_loss
from creative.tables.table import Floats, Frame, Rows

Progress = Callable[["Step"], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """How far a fit has come.

    Attributes:
        share: Of the whole fit, a fraction.
        best: Lowest log-loss of this family so far; None before the first trial ends.
    """

    family: str
    trial: int
    share: float
    best: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """What one search may take; a trial that is running when time ends is cut off at a fold."""

    seconds: float
    trials: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a search chose; log-loss is the mean over folds, None if no trial was finished."""

    choice: Choice
    log_loss: float | None
    trials: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """One fold, encoded by what its own training rows taught."""

    encoder: Encoder
    learn: Sample
    look: Sample


def encoded_folds(
    frame: Frame, outcome: Floats, folds: Sequence[tuple[Rows, Rows]], view: str
) -> list[Fold]:
    """Encode each fold by itself, so that nothing of the rows looked at is known."""
    found = []
    for learn, look in folds:
        encoder = fit_encoder(frame.take(learn))
        samples = [sample(encoder, view, frame, outcome, rows) for rows in (learn, look)]
        found.append(Fold(encoder=encoder, learn=samples[0], look=samples[1]))
    return found


def sample(encoder: Encoder, view: str, frame: Frame, outcome: Floats, rows: Rows) -> Sample:
    """Return rows in the view of a family."""
    return Sample(rows=getattr(encoder, view)(frame.take(rows)), outcome=outcome[rows])


def search(
    family: Family,
    folds: Sequence[Fold],
    budget: Budget,
    seed: int,
    report: Callable[[int, float, float | None], None],
) -> Found:
    """Return the choice with the lowest mean log-loss over folds; the usual one if none was tried.

    Args:
        report: Called after each trial with their number, the share of the budget and the best.
    """
    if not folds or budget.trials < 1:
        return Found(choice=family.usual, log_loss=None, trials=0)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    begun = time.monotonic()

    def spent() -> float:
        return (time.monotonic() - begun) / max(budget.seconds, 1e-9)

    def loss(trial: optuna.Trial) -> float:
        choice = family.suggest(trial)
        losses: list[float] = []
        for fold in folds:
            if losses and spent() > 1:
                raise optuna.TrialPruned
            learner = family.train(
                fold.learn, fold.look, choice, seed, fold.encoder.tree_categories
            )
            losses.append(log_loss(chance(learner.margins(fold.look.rows)), fold.look.outcome))
        return float(np.mean(losses))

    def after(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        done = len(study.trials)
        report(done, min(1.0, max(spent(), done / budget.trials)), _best(study))

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.enqueue_trial(dict(family.usual))
    study.optimize(loss, n_trials=budget.trials, timeout=budget.seconds, callbacks=[after])
    best = _best(study)
    choice = family.usual if best is None else study.best_params
    return Found(choice=choice, log_loss=best, trials=len(study.trials))


def _best(study: optuna.Study) -> float | None:
    done = [each.value for each in study.trials if each.value is not None]
    return min(done) if done else None
