"""How often an open slot is drawn again, and what each time asks of a line.

A model that finds its own words is asked the same again, from other angles in the end.  One that
can but quote chooses from lines in frames, the surest first, and settles for less and less, as long
as English is kept: for words that other lines have too, for less sure lines, for what says little.
Its own words are for slots of the first round whose angle has no line, where they have to be surely
good, and for the end: where facts have run out they are seldom English.
"""

import math
from dataclasses import dataclass

SAYS_LITTLE = -4.0  #: least odds of rounds that take lines which say little, see frames.txt


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One time that all open slots are drawn.

    Attributes:
        number: From 0.
        least: Log-odds of being let run that a line has to reach, as far as quoting tells.
        stale: Share of its neighbouring words that kept lines may have too.
        spare: As `least`, of lines that lost before, which then fill what is open; None for none.
        is_turned: Whether slots are tried from other angles than planned.
        is_forced: Whether a line that the model would not write so is better than none.
        is_choosing: Whether the model chooses from lines in frames.
        needs_news: Whether a line has to say something of the product that no kept one does.
    """

    number: int
    least: float = -math.inf
    stale: float = 1.0
    spare: float | None = None
    is_turned: bool = True
    is_forced: bool = False
    is_choosing: bool = False
    needs_news: bool = False


OWN_WORDS = tuple(Round(number=at, is_turned=at > 1, is_forced=at > 5) for at in range(10))
QUOTING = (
    Round(number=0, least=1.0, is_choosing=True, is_turned=False, stale=0.34, needs_news=True),
    Round(number=1, least=1.0, is_choosing=True, stale=0.34, needs_news=True),
    Round(number=2, least=0.7, is_choosing=True, stale=0.34, needs_news=True),
    Round(number=3, least=0.7, is_choosing=True, stale=0.5, spare=0.7),
    Round(number=4, least=0.5, is_choosing=True, stale=0.5, spare=0.5),
    Round(number=5, least=0.3, is_choosing=True, stale=0.5, spare=0.3),
    Round(number=6, least=0.1, is_choosing=True, stale=0.67, spare=0.1),
    Round(number=7, least=-0.2, is_choosing=True, stale=0.67, spare=0.0),
    Round(number=8, least=-0.5, is_choosing=True, stale=0.67, spare=-0.3),
    Round(number=9, least=-0.8, is_choosing=True, stale=0.67, spare=-0.5),
    Round(number=10, least=SAYS_LITTLE, is_choosing=True, stale=0.5),
    Round(number=11, least=SAYS_LITTLE, is_choosing=True, stale=0.5),
    Round(number=12, is_choosing=True, stale=0.5),
    Round(number=13, is_choosing=True, stale=0.67, spare=-1.0),
    Round(number=14, is_choosing=True, spare=-math.inf),
    Round(number=15),
    Round(number=16, is_forced=True, spare=-math.inf),
    Round(number=17, is_forced=True),
)
