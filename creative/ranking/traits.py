"""What a line is like, in words that people use of lines, and which of it a library likes.

What tests teach of these traits is for experiments/lessons.py; here lines are held against it.
"""

import re
from collections.abc import Iterable

from creative.domain import Brief, Taste

SHORT = 20  #: characters up to which a line is short
QUESTION, BRAND = "asks a question", "names the brand"
ANGLE = "angle: "  #: before the angle that a line was written from


def traits_of(text: str, brief: Brief, angle: str = "") -> frozenset[str]:
    """Return what a line is like; `angle` is what it was written from, if that is known."""
    folded = text.casefold()
    said = {
        QUESTION: "?" in text,
        "has a number": bool(re.search(r"\d", text)),
        BRAND: brief.brand.name.casefold() in folded,
        "names the product": brief.product.name.casefold() in folded,
        "speaks to the reader": bool(re.search(r"\byour?\b", folded)),
        f"is short (up to {SHORT} characters)": len(text) <= SHORT,
        angle_trait(angle): bool(angle),
    }
    return frozenset(trait for trait, has_it in said.items() if has_it)


def angle_trait(angle: str) -> str:
    """Return the trait of lines that were written from an angle."""
    return f"{ANGLE}{angle}"


def liking(traits: Iterable[str], taste: Taste) -> int:
    """Return how many of the traits are liked, less those that are disliked."""
    own = set(traits)
    return len(own & set(taste.liked)) - len(own & set(taste.disliked))
