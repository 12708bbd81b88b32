"""How each kind of learner is trained, what can be chosen about it, and where a search begins.

Boosted trees are LightGBM's and not scikit-learn's: its models are text files, which load without
running code, and it gives exact SHAP values of its trees itself.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import lightgbm
import numpy as np
from optuna import Trial
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from creative.tables.learners import FAR, Boosted, Learner, Linear, Network, chance
from creative.tables.metrics import log_loss
from creative.tables.table import Floats

Choice = Mapping[str, float]  #: values of what can be chosen, by name
_MOST_ROUNDS, _PATIENCE = 500, 30  #: of boosting
_MOST_EPOCHS, _EPOCHS_PATIENCE, _BATCH = 60, 6, 256  #: of the network


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Encoded rows [rows, features] with outcomes [rows]."""

    rows: Floats
    outcome: Floats


@dataclass(frozen=True, kw_only=True)
class Family:
    """A kind of learner.

    Attributes:
        view: Of the encoder.
        usual: Where a search begins.
        suggest: Draws a choice for a trial of Optuna.
        train: Learns from the first sample; the second says when to stop.
    """

    name: str
    view: str
    usual: Choice
    suggest: Callable[[Trial], Choice]
    train: Callable[[Sample, Sample, Choice, int, list[int]], Learner]


def _suggest_linear(trial: Trial) -> Choice:
    return {"strength": trial.suggest_float("strength", 1e-4, 1e2, log=True)}


def _train_linear(
    learn: Sample, look: Sample, choice: Choice, seed: int, categories: list[int]
) -> Learner:
    model = LogisticRegression(C=choice["strength"], max_iter=1000, random_state=seed)
    with warnings.catch_warnings():
        # weak strength on collinear columns creeps; where it stands by then is good enough
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(learn.rows, learn.outcome)
    return Linear(
        weights=np.ascontiguousarray(model.coef_[0], dtype=np.float64),
        centre=learn.rows.mean(axis=0),
        bias=float(model.intercept_[0]),
    )


def _suggest_boosted(trial: Trial) -> Choice:
    return {
        "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.2, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 3, 63, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 5, 200, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.4, 1.0),
        "lambda_l2": trial.suggest_float("lambda_l2", 1e-3, 30.0, log=True),
    }


def _train_boosted(
    learn: Sample, look: Sample, choice: Choice, seed: int, categories: list[int]
) -> Learner:
    fixed = {
        "objective": "binary",
        "metric": "binary_logloss",
        "verbosity": -1,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "min_data_per_group": 20,
    }
    data = lightgbm.Dataset(
        learn.rows, learn.outcome, categorical_feature=categories, free_raw_data=False
    )
    held = lightgbm.Dataset(look.rows, look.outcome, reference=data, free_raw_data=False)
    whole = {"num_leaves", "min_data_in_leaf"}
    chosen = {name: int(value) if name in whole else value for name, value in choice.items()}
    booster = lightgbm.train(
        fixed | chosen,
        data,
        num_boost_round=_MOST_ROUNDS,
        valid_sets=[held],
        callbacks=[lightgbm.early_stopping(_PATIENCE, verbose=False)],
    )
    return Boosted(text=booster.model_to_string(num_iteration=booster.best_iteration))


def _suggest_network(trial: Trial) -> Choice:
    return {
        "width": trial.suggest_int("width", 8, 64, log=True),
        "depth": trial.suggest_int("depth", 1, 2),
        "dropout": trial.suggest_float("dropout", 0.0, 0.5),
        "rate": trial.suggest_float("rate", 3e-4, 1e-2, log=True),
        "decay": trial.suggest_float("decay", 1e-5, 1e-1, log=True),
    }


def _train_network(
    learn: Sample, look: Sample, choice: Choice, seed: int, categories: list[int]
) -> Learner:
    """Train until the held-out log-loss has not fallen for some epochs; keep the best epoch."""
    import torch  # takes a second, and only this family needs it

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        widths = [learn.rows.shape[1], *[int(choice["width"])] * int(choice["depth"])]
        blocks: list[torch.nn.Module] = []
        for wide, narrow in pairwise(widths):
            blocks += [torch.nn.Linear(wide, narrow), torch.nn.ReLU()]
            blocks += [torch.nn.Dropout(choice["dropout"])]
        model = torch.nn.Sequential(*blocks, torch.nn.Linear(widths[-1], 1))
        optimiser = torch.optim.AdamW(
            model.parameters(), lr=choice["rate"], weight_decay=choice["decay"]
        )
        rows = torch.from_numpy(np.clip(learn.rows, -FAR, FAR)).float()
        outcome = torch.from_numpy(learn.outcome).float()
        best, best_loss, waited = _layers(model), np.inf, 0
        for _ in range(_MOST_EPOCHS):
            model.train()
            for batch in torch.randperm(len(rows)).split(_BATCH):  # type: ignore[no-untyped-call]
                optimiser.zero_grad()
                margins = model(rows[batch])[:, 0]
                loss = torch.nn.functional.binary_cross_entropy_with_logits(margins, outcome[batch])
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
            found = _layers(model)
            here = log_loss(chance(found.margins(look.rows)), look.outcome)
            if here < best_loss - 1e-5:
                best, best_loss, waited = found, here, 0
            else:
                waited += 1
            if waited >= _EPOCHS_PATIENCE:
                break
    return best


def _layers(model: "object") -> Network:
    import torch

    assert isinstance(model, torch.nn.Sequential)
    layers = [each for each in model if isinstance(each, torch.nn.Linear)]
    return Network(
        layers=tuple(
            (
                np.ascontiguousarray(each.weight.detach().numpy().T, dtype=np.float64),
                each.bias.detach().numpy().astype(np.float64),
            )
            for each in layers
        )
    )


FAMILIES = {
    family.name: family
    for family in (
        Family(
            name="linear",
            view="dense",
            usual={"strength": 0.1},
            suggest=_suggest_linear,
            train=_train_linear,
        ),
        Family(
            name="boosted",
            view="trees",
            usual={
                "learning_rate": 0.05,
                "num_leaves": 15,
                "min_data_in_leaf": 40,
                "feature_fraction": 0.8,
                "lambda_l2": 1.0,
            },
            suggest=_suggest_boosted,
            train=_train_boosted,
        ),
        Family(
            name="network",
            view="dense",
            usual={"width": 32, "depth": 1, "dropout": 0.2, "rate": 2e-3, "decay": 1e-2},
            suggest=_suggest_network,
            train=_train_network,
        ),
    )
}
