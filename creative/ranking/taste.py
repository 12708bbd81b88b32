"""Choosing by what a library likes, among candidates that are as good anyway.

What won in tests steers the writer only where it costs nothing: of candidates that a reader would
as gladly let run as the one that would be kept without any taste.
"""

from collections.abc import Sequence

from creative.domain import Brief, Taste
from creative.ranking.candidates import Candidate, best
from creative.ranking.fit import fit
from creative.ranking.traits import liking, traits_of


def chosen(
    candidates: Sequence[Candidate],
    brief: Brief,
    kept: Sequence[str],
    *,
    quoting: bool = False,
    taste: Taste,
) -> Candidate:
    """Return the candidate to keep next; see `best`, which decides where taste has no say."""
    first = best(candidates, brief, kept, quoting=quoting)
    if taste == Taste():
        return first
    least = fit(first.line, brief, quoting=quoting)
    as_good = [each for each in candidates if fit(each.line, brief, quoting=quoting) >= least]
    likings = [liking(traits_of(each.line.text, brief, each.line.angle), taste) for each in as_good]
    liked = [each for each, own in zip(as_good, likings, strict=True) if own == max(likings)]
    return first if first in liked else best(liked, brief, kept, quoting=quoting)
