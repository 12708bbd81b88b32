"""The learning curve of a run as a picture for the model card.

    python -m models.training.curve models/training/runs/starter models/starter/curve.png

Needs matplotlib (requirements-dev.txt).
"""

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from models.training.mixture import PHASES

LABELS = {
    "made": "made-up briefs",
    "written": "hand-written copy, unseen industries",
    "short": "short forms, unseen industries",
}
SIZE_INCHES, DOTS_PER_INCH = (7.0, 3.6), 110


def curve(log: list[dict[str, Any]]) -> Figure:
    """Return held-out losses over millions of tokens, with the borders of the phases."""
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    axes = figure.subplots()
    tokens = [entry["tokens"] / 1e6 for entry in log]
    for kind, label in LABELS.items():
        axes.plot(tokens, [entry["held_out"][kind] for entry in log], label=label)
    seconds = log[-1]["seconds"]
    for phase in PHASES[:-1]:
        later = (entry for entry in log if entry["seconds"] >= phase.until * seconds)
        axes.axvline(next(later)["tokens"] / 1e6, color="grey", linewidth=0.8, linestyle=":")
    axes.set(xlabel="million tokens read", ylabel="held-out loss, nats per answer token")
    axes.legend(frameon=False)
    return figure


def main() -> None:
    """Draw the curve of a run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder with log.json")
    parser.add_argument("picture", type=Path)
    options = parser.parse_args()
    mpl.use("agg")
    log = json.loads((options.run / "log.json").read_text("utf-8"))
    curve(log).savefig(options.picture, dpi=DOTS_PER_INCH)


if __name__ == "__main__":
    main()
