"""When two lines say the same thing in nearly the same words."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

NEAR_DUPLICATE = 85.0  #: likeness from which a reader calls two short lines the same, 0 to 100

_NOISE = re.compile(r"[^\w\s]+")


def normalised(text: str) -> str:
    """Return the words of a line without case and punctuation, for comparing only."""
    return " ".join(_NOISE.sub(" ", text.casefold()).split())


def likeness(text: str, others: Iterable[str]) -> float:
    """Return how like the most similar other line it is, 0 (nothing shared) to 100 (the same).

    Word order is ignored, since "Fresh bread daily" and "Daily fresh bread" are one idea.
    """
    own = normalised(text)
    return max((fuzz.token_sort_ratio(own, normalised(other)) for other in others), default=0.0)


def is_near_duplicate(text: str, others: Iterable[str]) -> bool:
    """Tell whether a line repeats one of the others, exactly or nearly."""
    return likeness(text, others) >= NEAR_DUPLICATE
