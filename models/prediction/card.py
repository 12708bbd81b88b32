"""The card of a trained predictor: measured from its files, as users will load it."""

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from creative.prediction.predictor import Kind, Predictor
from creative.prediction.record import NOT_TESTED
from models.prediction.bands import ordinary_pairs
from models.prediction.fitting import design, fitted
from models.prediction.measures import accuracy, character_reference, figures, gaps, longer_wins
from models.prediction.pairs import Arms, Pairs

TEMPLATE = Path(__file__).with_name("card.md")
SEED = 7


def write_card(folder: Path, train: Pairs, valid: Pairs, arms: Arms) -> None:
    """Measure the predictor in a folder and write its README.md."""
    measured = {kind: Predictor.load(folder, kind=kind) for kind in _kinds(folder)}
    best = measured[max(measured, key=list(Kind).index)]
    told = {kind: ordinary_pairs(predictor, arms) for kind, predictor in measured.items()}
    text = Template(TEMPLATE.read_text("utf-8")).substitute(
        sentence=NOT_TESTED[0].lower() + NOT_TESTED[1:].removesuffix("."),
        days=f"{train.created.min()} to {train.created.max()}",
        train=f"{len(train):,}",
        train_tests=f"{len(np.unique(train.test)):,}",
        valid=f"{len(valid):,}",
        valid_tests=f"{len(np.unique(valid.test)):,}",
        clear=_clear(measured, train, valid),
        confident=_confident(best, valid),
        bands=_bands(told),
        ordinary=_calibrations(told),
        drift=_drift(best, train),
    )
    (folder / "README.md").write_text(text, "utf-8")


def _kinds(folder: Path) -> list[Kind]:
    has_adapter = (folder / "adapter.safetensors").exists()
    return [kind for kind in Kind if kind is not Kind.TUNED or has_adapter]


def _clear(measured: Mapping[Kind, Predictor], train: Pairs, valid: Pairs) -> str:
    """Return the table rows of accuracy on clear winners, rivals first."""
    reference = figures(character_reference(train, valid), valid)
    rows = [
        f"| the longer line wins | {longer_wins(valid):.1%} | | |",
        _row("characters, TF-IDF and logistic regression", reference),
    ]
    for kind, predictor in measured.items():
        chances = predictor.calibration.clear(gaps(predictor.scores(valid.lines), valid))
        rows.append(_row(f"**{kind.value}**", figures(chances, valid)))
    return "\n".join(rows)


def _row(name: str, found: Mapping[str, float]) -> str:
    span = f"{found['accuracy']:.1%} [{found['low']:.1%}, {found['high']:.1%}]"
    return f"| {name} | {span} | {found['log_loss']:.3f} | {found['ece']:.3f} |"


def _confident(predictor: Predictor, valid: Pairs) -> str:
    chances = predictor.calibration.clear(gaps(predictor.scores(valid.lines), valid))
    told = []
    for least in (0.8, 0.9):
        sure = np.flatnonzero(np.maximum(chances, 1 - chances) >= least)
        right = accuracy(chances[sure], valid.at(sure))
        share = len(sure) / len(valid)
        told.append(
            f"at least {least:.0%} sure of {share:.0%} of pairs, {right:.1%} of these right"
        )
    return "; ".join(told)


def _bands(told: Mapping[Kind, Mapping[str, Any]]) -> str:
    names = list(next(iter(told.values()))["bands"])
    head = f"| difference over its error | pairs | {' | '.join(kind.value for kind in told)} |"
    rows = [head, "|---" * (2 + len(told)) + "|"]
    for name in names:
        bands = [each["bands"][name] for each in told.values()]
        spans = [f"{b['accuracy']:.1%} [{b['low']:.1%}, {b['high']:.1%}]" for b in bands]
        rows.append(f"| {name} | {bands[0]['pairs']:,} | {' | '.join(spans)} |")
    return "\n".join(rows)


def _calibrations(told: Mapping[Kind, Mapping[str, Any]]) -> str:
    rows = ["| | slope | spread | ECE on the other half of tests |", "|---|---|---|---|"]
    rows += [
        f"| {kind.value} | {each['slope']:.3f} | {each['spread']:.2f} | {each['ece']:.3f} |"
        for kind, each in told.items()
    ]
    return "\n".join(rows)


def _drift(predictor: Predictor, train: Pairs) -> str:
    """Return how words learnt on the oldest third do on the newest, beside as many newer pairs."""
    old, late = np.quantile(train.created.astype(np.int64), [1 / 3, 2 / 3])
    when, groups = train.created.astype(np.int64), train.groups()
    newest = np.random.default_rng(SEED).permutation(np.unique(groups[when > late]))
    is_told = np.isin(groups, newest[::2])
    tell = np.flatnonzero(is_told & (when > late))
    before = np.flatnonzero(~is_told & (when <= old))
    lately = np.flatnonzero(~is_told & (when > late))
    size = min(len(before), len(lately))
    features = design(predictor.lexicon.rows(train.lines))
    spans = []
    for rows in (before, lately):
        learn = np.random.default_rng(SEED).permutation(rows)[:size]
        effects = fitted(features, train.at(learn), 1.0)
        there = train.at(tell)
        gap = (features[there.first] - features[there.second]) @ effects
        found = figures(1 / (1 + np.exp(-gap)), there)
        spans.append(f"{found['accuracy']:.1%} [{found['low']:.1%}, {found['high']:.1%}]")
    days = np.array([old, late]).astype("datetime64[D]")
    return (
        f"{size:,} pairs until {days[0]} foretell {len(tell):,} pairs after {days[1]} with "
        f"{spans[0]}; as many pairs of that last time itself with {spans[1]}"
    )
