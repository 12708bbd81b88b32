"""What a model that can but quote may choose from, as its own words would mix halves of phrases.

It is offered the lines that frames make of the brief and of short forms of its items, and chooses
among them as it would write: each row is drawn by the model, token by token, but leads to one of
these lines.
"""

from collections.abc import Collection, Iterator, Sequence

from creative.counting import width
from creative.domain import Angle
from creative.drafting.frames import SPARE, lines_of
from creative.drafting.job import Job
from creative.drafting.rounds import SAYS_LITTLE
from creative.likeness import is_near_duplicate
from creative.ranking.candidates import pairs_in, staleness
from creative.ranking.fidelity import faithfulness


class Choices:
    """Lines of a job's brief in frames, by angle."""

    def __init__(self, job: Job, most: int) -> None:
        """Take a job, and the widest line to write in the unit of its field."""
        self._job, self._most = job, most
        self._known: dict[Angle, dict[str, float]] = {}

    def of(
        self, angle: Angle, kept: Sequence[str], out: Collection[str], least: float, stale: float
    ) -> tuple[str, ...]:
        """Return the lines of an angle that are like none that is kept.

        Args:
            out: Lines that would be refused.
            least: Log-odds of being let run that they reach.
            stale: Share of their neighbouring words that kept lines may have too.
        """
        said = pairs_in(kept)
        return tuple(
            text
            for text, odds in self._odds(angle).items()
            if odds >= least
            and text not in out
            and staleness(text, said) <= stale
            and not is_near_duplicate(text, kept)
        )

    def _odds(self, angle: Angle) -> dict[str, float]:
        """Return the lines of an angle that fit, with the log-odds of being let run."""
        if angle not in self._known:
            brief = self._job.brief
            found = {text: faithfulness(text, brief) for text in self._fitting(angle.value)}
            if angle is Angle.BRAND:
                found |= dict.fromkeys(self._fitting(SPARE), SAYS_LITTLE)
            self._known[angle] = found
        return self._known[angle]

    def _fitting(self, section: str) -> Iterator[str]:
        """Yield the lines of a section of frames; none for long fields and other languages."""
        if not self._job.is_framed:
            return
        for text in lines_of(self._job.brief, section):
            if width(text, self._job.field.counting) <= self._most:
                yield text
