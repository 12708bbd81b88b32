"""Which lines have to carry the words that a brand requires.

An ad needs each of them once, in whichever line.  So the first open slots of a job carry one each,
until a kept line has it: more than one per line would leave no room to say anything else.  A job
knows one field only, so every field of an ad comes to carry them; one too many is no fault.
"""

from collections.abc import Iterator, Sequence

from creative.drafting.job import Job
from creative.engine.constraints import Acceptor
from creative.engine.protocol import Constraint
from creative.phrases import mentions

GIVEN_UP_AT = 6  #: round from which a line without the word is better than none


def demands_for(
    job: Job, constraint: Constraint, *, kept: Sequence[str], slots: int, attempt: int
) -> tuple[str, ...]:
    """Return what each slot in turn has to carry; empty for those that are free.

    Args:
        job: What is wanted.
        constraint: Under which its lines are written.
        kept: Lines that are there.
        slots: How many are open.
        attempt: The round, from 0.
    """
    wanted = [] if attempt >= GIVEN_UP_AT else list(_missing(job, constraint, kept))[:slots]
    return (*wanted, *("" for _ in range(slots - len(wanted))))


def _missing(job: Job, constraint: Constraint, kept: Sequence[str]) -> Iterator[str]:
    """Yield the words that no kept line has, and that a line can have."""
    for word in dict.fromkeys(job.brief.brand.required_words):
        if not any(mentions(text, word) for text in kept) and _fits(word, constraint):
            yield word


def _fits(word: str, constraint: Constraint) -> bool:
    """Tell whether a line can hold a word; a long or a banned one would leave its slot empty."""
    return bool(word.strip()) and Acceptor(constraint, (word,)).may_begin()
