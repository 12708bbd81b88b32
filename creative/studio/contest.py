"""Whether one writer is at least as good as another, from blind votes on pairs of their lines.

The unit is the pair, not the vote: several people on one pair say more of that pair, and no more of
others.  A pair is worth the mean of what people said of it, ties a half; of each person the last
word counts.  Knows no models and no library.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from creative.judging.voters import is_model
from creative.prediction.record import wilson
from creative.trials import Choice, Vote

FEWEST_PAIRS = 30  #: that have to be judged
NOT_WORSE = 0.4  #: share of pairs that a writer surely has to win to be called not worse
_LEVEL = 0.9  #: of the range: each end is 95 % sure by itself


class Doubt(StrEnum):
    """Why a writer may not take the place of another."""

    NEVER_COMPARED = "they were never compared"
    PAIRS_LEFT = "not every pair was judged"
    FEW_PAIRS = "too few pairs were judged"
    MAY_BE_WORSE = "it may be worse"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contest:
    """How a writer does against another.

    Attributes:
        pairs: Pairs of lines, those that read the same among them.
        judged: Of these, how many somebody judged, or read the same.
        same: How many read the same, which is a tie without a vote.
        votes: Of people, one for each person and pair.
        share: Of judged pairs that it won, ties a half; a half while none was judged.
        low, high: Ends of the range of that share, each 95 % sure.
    """

    pairs: int
    judged: int
    same: int
    votes: int
    share: float
    low: float
    high: float

    @property
    def left(self) -> int:
        """Pairs that nobody has judged yet."""
        return self.pairs - self.judged

    @property
    def doubt(self) -> Doubt | None:
        """Why the writer may not take the other's place; None if it may."""
        if not self.pairs:
            return Doubt.NEVER_COMPARED
        if self.left:
            return Doubt.PAIRS_LEFT  # an end that was fixed beforehand: no stopping while ahead
        if self.judged < FEWEST_PAIRS:
            return Doubt.FEW_PAIRS
        return None if self.low >= NOT_WORSE else Doubt.MAY_BE_WORSE


def contest(pairs: Collection[tuple[int, int]], votes: Iterable[Vote], same: int = 0) -> Contest:
    """Return how the writers of the first drafts of pairs do against those of the second.

    Args:
        pairs: Ids of drafts.
        votes: On any drafts, the first one first; those of models are left out.
        same: Further pairs that read the same.
    """
    said: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    known = set(pairs)
    for vote in votes:
        ends = (vote.first, vote.second)
        won = 0.5 if vote.choice.is_tie else float(vote.choice is Choice.FIRST)
        if is_model(vote.voter):
            continue
        if ends in known:
            said[ends][vote.voter] = won
        elif ends[::-1] in known:
            said[ends[::-1]][vote.voter] = 1 - won
    judged = len(said) + same
    won = sum(sum(by.values()) / len(by) for by in said.values()) + same / 2
    tied = sum(sum(each == 0.5 for each in by.values()) / len(by) for by in said.values()) + same
    low, high = _range(won, tied, judged)
    return Contest(
        pairs=len(known) + same,
        judged=judged,
        same=same,
        votes=sum(map(len, said.values())),
        share=won / judged if judged else 0.5,
        low=low,
        high=high,
    )


def _range(won: float, tied: float, judged: int) -> tuple[float, float]:
    """Return the range of a share of pairs: ties are taken as they came, the rest by Wilson (1927).

    Taken for luck, ties would widen the range most where two writers are hardly to be told apart.
    """
    if not judged:
        return 0.0, 1.0
    decided = judged - tied
    wins = (won - tied / 2) / decided if decided else 0.0
    whole = int(decided)  # halves of pairs are no pairs
    ends = wilson(wins * whole, whole, _LEVEL)
    low, high = ((decided * end + tied / 2) / judged for end in ends)
    return low, high
