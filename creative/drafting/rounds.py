"""How often an open slot is drawn again, and what each time asks of a line.

A model that finds its own words is asked the same again, from other angles in the end.  One that
can but quote first chooses from lines in frames, the surest first, and settles for less and less,
as long as English is kept: for words that other lines have too, for less sure lines, for what says
little.  Its own words are for what is left: where facts have run out they are seldom English.
"""

import math
from dataclasses import dataclass

from creative.drafting.demands import GIVEN_UP_AT


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One time that all open slots are filled as far as they can be.

    Attributes:
        number: From 0; from GIVEN_UP_AT on, lines need no longer carry what the brand requires.
        is_turned: Whether slots are tried from other angles than planned.
        is_forced: Whether a line that the model would not write so is better than none.
        is_choosing: Whether lines are chosen from those in frames.
    """

    number: int
    is_turned: bool = True
    is_forced: bool = False
    is_choosing: bool = False


OWN_WORDS = tuple(Round(number=at, is_turned=at > 1, is_forced=at > 5) for at in range(10))
QUOTING = (
    Round(number=0, is_choosing=True),
    Round(number=1),
    Round(number=2, is_forced=True),
    Round(number=GIVEN_UP_AT, is_choosing=True),
    *(Round(number=GIVEN_UP_AT + more, is_forced=True) for more in (1, 2, 3)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """What is asked of a line in a frame, before less is.

    Attributes:
        least: Log-odds of being let run that it has to reach.
        stale: Share of its neighbouring words that kept lines may have too.
        is_planned: Whether it has to be of the angle that its slot was planned for.
        again: How many kept lines may tell the same of the product, or be of the same frame if that
            has words; with 0 it has to tell something.
        tells: Whether it has to tell something of the product.
        is_last: Whether it may be one that only the model's own words are worse than.
    """

    least: float = -math.inf
    stale: float = 1.0
    is_planned: bool = False
    again: float = math.inf
    tells: bool = False
    is_last: bool = False


OFTEN = 9  #: lines that may tell the same, from which short forms may too
#: What lines say comes first, then that they say different things; then how different and how sure
#: they have to be is given up by turns, and last how often the same is told.
#: A fact comes again in most of its words before a line may tell nothing.
LEVELS = (
    Level(least=1.0, stale=0.34, again=0, is_planned=True),
    Level(least=1.0, stale=0.34, again=0),
    Level(least=0.6, stale=0.34, again=0),
    Level(least=0.6, stale=0.34, again=1),
    Level(least=0.6, stale=0.34, again=3, tells=True),
    Level(least=0.3, stale=0.34, again=3, tells=True),
    Level(least=0.6, stale=0.5, again=3, tells=True),
    Level(least=0.0, stale=0.34, again=3, tells=True),
    Level(least=0.3, stale=0.5, again=3, tells=True),
    Level(least=-0.4, stale=0.34, again=3, tells=True),
    Level(least=0.6, stale=0.67, again=3, tells=True),
    Level(least=0.0, stale=0.5, again=4, tells=True),
    Level(least=0.3, stale=0.67, again=4, tells=True),
    Level(least=-0.4, stale=0.5, again=4, tells=True),
    Level(least=0.3, stale=0.75, again=OFTEN, tells=True),
    Level(least=-0.4, stale=0.34, again=3),
    Level(least=-0.8, stale=0.34, again=3),
    Level(least=-0.4, stale=0.5, again=4),
    Level(least=0.0, stale=0.67, again=OFTEN),
    Level(least=-0.4, stale=0.67),
    Level(least=-0.8, stale=0.67),
    Level(stale=0.67),
    Level(),
    Level(is_last=True),
)
