"""When two lines say the same thing in nearly the same words."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

Floats = NDArray[np.float64]

NEAR_DUPLICATE = 85.0  #: likeness from which a reader calls two short lines the same, 0 to 100

_NOISE = re.compile(r"[^\w\s]+")


def normalised(text: str) -> str:
    """Return the words of a line without case and punctuation, for comparing only."""
    return " ".join(_NOISE.sub(" ", text.casefold()).split())


def in_order(text: str) -> str:
    """Return the words of a line in alphabetical order, without case and punctuation.

    Word order is ignored, since "Fresh bread daily" and "Daily fresh bread" are one idea.
    """
    return " ".join(sorted(normalised(text).split()))


def likeness(text: str, others: Iterable[str]) -> float:
    """Return how like the most similar other line it is, 0 (nothing shared) to 100 (the same)."""
    own = in_order(text)
    return max((fuzz.ratio(own, in_order(other)) for other in others), default=0.0)


def is_near_duplicate(text: str, others: Iterable[str]) -> bool:
    """Tell whether a line repeats one of the others, exactly or nearly."""
    return likeness(text, others) >= NEAR_DUPLICATE


def is_like(ordered: str, others: Sequence[str], least: float) -> bool:
    """Tell whether a line is at least so like one of the others; all as `in_order` returns them."""
    return process.extractOne(ordered, others, scorer=fuzz.ratio, score_cutoff=least) is not None


def likenesses(ordered: str, others: Sequence[str]) -> Floats:
    """Return how like each of the others is [others]; all as `in_order` returns them."""
    return np.asarray(process.cdist([ordered], others, scorer=fuzz.ratio)[0], float)
