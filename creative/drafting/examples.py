"""Lines that did well before, shown to a model as what to reach for, never to be copied.

Relevant ones come first into the choice, unlike ones are preferred among them, and the most
relevant stands last, where a model heeds it most (Carbonell & Goldstein 1998; Liu et al. 2022).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from creative.domain import Brief
from creative.likeness import is_near_duplicate, likeness, normalised
from creative.ranking.candidates import brief_stems

MOST = 5  #: examples in a prompt
_WORTH = 0.3  #: weight of how well a line did beside how relevant it is
_SAMENESS = 0.6  #: weight against lines like those chosen already
_RUN = 5  #: words in a row from which a line copies another


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A line with the brief that it was written for; `worth` is 0 to 1, 1 for a winner."""

    text: str
    brief: Brief
    worth: float


def examples_for(brief: Brief, known: Sequence[Example], most: int = MOST) -> tuple[str, ...]:
    """Return the texts of some lines, the most relevant last."""
    relevance = {example: _relevance(brief, example.brief) for example in set(known)}
    left = sorted(relevance, key=lambda example: (-relevance[example], example.text))
    chosen: list[Example] = []
    while left and len(chosen) < most:
        texts = [example.text for example in chosen]
        best = max(
            left,
            key=lambda example: (
                relevance[example]
                + _WORTH * example.worth
                - _SAMENESS * likeness(example.text, texts) / 100
            ),
        )
        left.remove(best)
        chosen.append(best)
    chosen.sort(key=lambda example: relevance[example])
    return tuple(example.text for example in chosen)


def is_copied(text: str, examples: Sequence[str], brief: Brief) -> bool:
    """Tell whether a line repeats an example, or five words in a row that its brief has not.

    >>> from creative.domain import Brand, Product
    >>> tea = Brief(brand=Brand(name="B"), product=Product(name="tea"), channel="")
    >>> is_copied("Tea that never once runs out", ["Milk that never once runs out"], tea)
    True
    """
    if not examples:
        return False
    said = f" {normalised(repr(brief))} "
    runs = {run for each in examples for run in _runs(each) if f" {run} " not in said}
    return is_near_duplicate(text, examples) or not runs.isdisjoint(_runs(text))


def _runs(text: str) -> Iterator[str]:
    words = normalised(text).split()
    return (" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _relevance(one: Brief, other: Brief) -> float:
    """Return the share of words that tell two products, that they share; 1 for the same brief."""
    ours, theirs = brief_stems(one), brief_stems(other)
    return len(ours & theirs) / max(1, len(ours | theirs))
