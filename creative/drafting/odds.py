"""What readers' marks say of a line in a frame: the odds that a reader lets it run.

The weights (odds.json) are a logistic regression on lines that blind readers marked; which ones,
and how well it tells good lines from others, says `models/training/weighing.py`, which writes them.
"""

import json
from functools import cache
from importlib.resources import files

from creative.domain import Brief
from creative.drafting.frames import Framed
from creative.drafting.signs import signs
from creative.ranking.fidelity import faithfulness, read

FILE = "odds.json"
_SUREST = 4.0  #: log-odds of the model beyond which nothing is made of more


def features(text: str, brief: Brief, sure: float) -> dict[str, float]:
    """Return numbers that the odds of a line are reckoned from, beside its signs and its frame.

    Args:
        brief: With its short forms.
        sure: Log-odds that the model gives the line.
    """
    reading = read(text, brief)
    return {
        "faithful": faithfulness(text, brief),
        "sure": max(-_SUREST, min(_SUREST, sure)),
        "shortened": float(reading.is_shortened),
        "whole": float(reading.has_whole),
        "characters": len(text) / 10,
        "words": len(text.split()) / 3,
    }


@cache
def weights() -> dict[str, dict[str, float]]:
    """Return the weights of features, signs and frames; a base for all lines among the first."""
    found: dict[str, dict[str, float]] = json.loads(
        files(__package__).joinpath(FILE).read_text("utf-8")
    )
    return found


def odds(line: Framed, brief: Brief, sure: float | None) -> float:
    """Return the log-odds that a reader lets a line run; a thin one counts for a third.

    Args:
        brief: With its short forms.
        sure: Log-odds that the model gives the line; None where it was not asked.
    """
    own, frames, by_sign = (weights()[part] for part in ("features", "frames", "signs"))
    known = features(line.text, brief, own["usually_sure"] if sure is None else sure)
    told = sum(own[name] * value for name, value in known.items())
    told += sum(by_sign.get(sign, 0.0) for sign in signs(line, brief))
    return own["base"] + told + frames.get(line.frame, own["unknown_frame"])
