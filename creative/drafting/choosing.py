"""What a model that can but quote chooses from, as its own words would mix halves of phrases.

Lines that frames make of the brief and of short forms of its items are weighed by the model before
one is chosen: how likely it is to write them, and whether it would let them run.  A slot is then
drawn from those that fit it, as the model would write them.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from creative.counting import width
from creative.domain import Angle
from creative.drafting.frames import LAST, SPARE, Framed, lines_of
from creative.drafting.job import Job
from creative.drafting.rounds import OFTEN, Level
from creative.likeness import is_near_duplicate
from creative.phrases import mentions
from creative.ranking.candidates import Candidate, pairs_in, staleness

_NOTHING = frozenset({""})  #: what lines tell that say nothing of the product


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A line in a frame, with the angles that it may be written from."""

    line: Framed
    angles: tuple[Angle, ...]


def choices_of(job: Job, angles: Iterable[Angle], most: int) -> list[Choice]:
    """Return the lines in frames that a job allows; none for long fields and other languages.

    Args:
        angles: That may be written from.
        most: Widest line in the unit of the field.
    """
    if not job.is_framed:
        return []
    found: dict[str, list[tuple[Framed, Angle]]] = {}
    for angle in dict.fromkeys(angles):
        for section in (angle.value, *([SPARE, LAST] if angle is Angle.BRAND else [])):
            for line in lines_of(job.brief, section):
                if width(line.text, job.field.counting) <= most:
                    found.setdefault(line.text, []).append((line, angle))
    return [
        Choice(line=own[0][0], angles=tuple(dict.fromkeys(angle for _, angle in own)))
        for own in found.values()
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A choice that passes, weighed.

    Attributes:
        wording: The frame, if it has words of its own.
        items: Of the brief that it tells.
        is_shortened: Whether it says one of them in a short form.
        is_last: Whether it is for when all else is used up.
    """

    candidate: Candidate
    angles: tuple[Angle, ...]
    wording: str
    odds: float
    items: frozenset[str]
    is_shortened: bool
    is_last: bool = False

    @property
    def text(self) -> str:
        return self.candidate.line.text

    def written_from(self, angle: Angle) -> Candidate:
        """Return it as a candidate for a slot, of the slot's angle if it may be written so."""
        line = self.candidate.line
        if angle in self.angles:
            line = replace(line, angle=angle.value)
        return replace(self.candidate, line=line, odds=self.odds)


@dataclass
class Offers:
    """What is left to choose from beside the lines that are kept."""

    left: list[Offer]
    _pairs: set[tuple[str, str]] = field(default_factory=set)
    _told: Counter[str] = field(default_factory=Counter)
    _worded: Counter[str] = field(default_factory=Counter)

    def keep(self, text: str, items: Iterable[str]) -> None:
        """Note a line that is kept, with the items of the brief that it tells."""
        self._worded.update(offer.wording for offer in self.left if offer.text == text)
        self.left = [offer for offer in self.left if not is_near_duplicate(offer.text, (text,))]
        self._pairs |= pairs_in((text,))
        self._told.update(set(items) or _NOTHING)

    def fitting(self, level: Level, angle: Angle, word: str) -> list[Offer]:
        """Return what may fill a slot.

        Args:
            angle: That the slot was planned for.
            word: What its line has to carry; empty for nothing.
        """
        return [
            offer
            for offer in self.left
            if offer.odds >= level.least
            and (level.is_last or not offer.is_last)
            and (angle in offer.angles or not level.is_planned)
            and (offer.items or not level.tells)
            and (not word or mentions(offer.text, word))
            and self._is_news(offer, level)
            and (level.stale == 1.0 or staleness(offer.text, self._pairs) <= level.stale)
        ]

    def _is_news(self, offer: Offer, level: Level) -> bool:
        """Tell whether few enough kept lines say the same, or say it in the same words.

        A short form is never quite sure: one line with it is enough until facts come often.
        """
        if level.again == math.inf:
            return True
        if offer.wording and self._worded[offer.wording] > level.again:
            return False
        is_once = offer.is_shortened and offer.items and level.again < OFTEN
        most = 0 if is_once else level.again
        items = offer.items or (_NOTHING if most else ())
        return any(self._told[item] <= most for item in items)


def drawn(offers: Sequence[Offer], temperature: float, seed: int, count: int) -> list[Offer]:
    """Return so many of the offers as the model would write them one after the other, no two alike.

    Gumbel noise on log-probabilities draws without replacement (Kool, van Hoof & Welling 2019).
    """
    chance = Random(seed)

    def rank(offer: Offer) -> float:
        noise = -math.log(-math.log(chance.uniform(1e-12, 1 - 1e-12)))
        return (offer.candidate.line.logprob or 0.0) + temperature * noise

    return sorted(offers, key=rank, reverse=True)[:count]
