"""What `python -m creative table fit | score | drift` does, as plain data; prints nothing."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from creative.tables.drift import drifts
from creative.tables.families import FAMILIES
from creative.tables.fitting import fit_table
from creative.tables.leakage import Leak
from creative.tables.model import load_model, save_model
from creative.tables.plan import Plan
from creative.tables.reading import read_table
from creative.tables.refusals import TableRefused
from creative.tables.report import FitReport
from creative.tables.scoring import score_table, scored_file
from creative.tables.searching import Step

Say = Callable[[str], None]  #: where progress and warnings go


def run(options: Namespace, say: Say) -> tuple[dict[str, Any], list[str]]:
    """Do what was asked and return the result as data and as lines for people.

    Raises:
        StudioError: If a file cannot be read, learnt from or written.
    """
    actions = {"fit": _fit, "score": _score, "drift": _drift}
    return actions[options.action](options, say)


def _fit(options: Namespace, say: Say) -> tuple[dict[str, Any], list[str]]:
    folder = Path(options.out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TableRefused(f"{folder} holds something already. Name an empty folder.")
    raw = read_table(Path(options.file), options.file, options.sheet)
    plan = Plan(
        target=options.target,
        positive=options.positive,
        time=options.time,
        group=options.group,
        keep=tuple(options.keep),
        drop=tuple(options.drop),
        baseline=options.baseline,
        families=tuple(FAMILIES) if options.model == "best" else (options.model,),
        seconds=options.seconds,
        trials=options.trials,
        decimal=options.decimal,
        dates=options.dates,
        seed=options.seed,
    )
    fitted = fit_table(raw, plan, lambda step: say(_step(step)))
    save_model(fitted.model, folder)
    data = {"folder": str(folder), **fitted.report.data()}
    return data, [*in_words(fitted.report), f"The model is in {folder}."]


def in_words(report: FitReport) -> list[str]:
    """Return a report as sentences: warnings, then what was measured."""
    test, best = report.test, report.best_column
    lines = [*report.notes, *report.cleaning.notes]
    lines += [f"Warning: {leak.message} {_way_out(leak)}" for leak in report.leaks]
    chosen = (
        f"Chosen: {report.chosen}. AUC {test.auc:.3f} ({test.auc_low:.3f} to {test.auc_high:.3f}),"
        f" log-loss {test.log_loss:.3f}, calibration error {test.ece:.3f} on {test.rows:,} rows."
    )
    hits = (
        f"From a chance of {test.threshold:.2f} on: precision {test.precision:.2f}, recall"
        f" {test.recall:.2f}, F1 {test.f1:.2f}. The best tenth has {test.deciles[0].lift:.1f} times"
        f" the usual rate and {test.deciles[0].captured:.0%} of all successes."
    )
    alone = f"“{best.column}” alone has an AUC of {best.auc:.3f}; the model gains {best.gain:+.3f}."
    lines += [report.split, chosen, hits, alone]
    if report.baseline:
        rival = report.baseline
        lines.append(f"“{rival.column}”, bare, has {rival.auc:.3f}; gain {rival.gain:+.3f}.")
    if report.weights:
        lines.append("What counts most: " + ", ".join(name for name, _ in report.weights[:5]) + ".")
    return lines


def _way_out(leak: Leak) -> str:
    if leak.sign == "group":
        return f"(--group “{leak.column}”)"
    return "It was left out; --keep brings it back." if leak.is_left_out else "It stays."


def _score(options: Namespace, say: Say) -> tuple[dict[str, Any], list[str]]:
    model = load_model(Path(options.folder))
    raw = read_table(Path(options.file), options.file, options.sheet)
    scored = score_table(model, raw)
    target = Path(options.out)
    try:
        target.write_bytes(scored_file(raw, scored, model.card.target))
    except OSError as error:
        raise TableRefused(f"{target} cannot be written: {error.strerror}.") from error
    mean = float(scored.chances.mean())
    data = {"file": str(target), "rows": raw.rows, "left_out": raw.left_out, "mean_chance": mean}
    notes = [f"{count:,} rows left out: {why}." for why, count in raw.left_out.items()]
    return data, [*notes, f"{raw.rows:,} rows with a mean chance of {mean:.3f} are in {target}."]


def _drift(options: Namespace, say: Say) -> tuple[dict[str, Any], list[str]]:
    model = load_model(Path(options.folder))
    raw = read_table(Path(options.file), options.file, options.sheet)
    frame = model.frame(raw)
    found = drifts(model.card.references, frame, model.chances(frame))
    said = [each.message for each in found if each.message]
    data = {"rows": raw.rows, "columns": [asdict(each) for each in found]}
    return data, said or ["Nothing has moved beyond what chance allows."]


def _step(step: Step) -> str:
    best = "" if step.best is None else f", best log-loss {step.best:.4f}"
    return f"{step.share:.0%} {step.family}, trial {step.trial}{best}"
