"""When two lines say the same thing in nearly the same words."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

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
    pool = [normalised(other) for other in others]
    closest = process.extractOne(own, pool, scorer=fuzz.token_sort_ratio)
    return float(closest[1]) if closest else 0.0


def is_near_duplicate(text: str, others: Iterable[str]) -> bool:
    """Tell whether a line repeats one of the others, exactly or nearly."""
    return likeness(text, others) >= NEAR_DUPLICATE
