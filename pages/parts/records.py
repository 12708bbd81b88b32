"""Small questions about records that several pages ask."""

from creative.domain import DraftState
from creative.ports import DraftFilter
from pages.parts.resources import studio


def drafts_in(brief_id: int | None, *states: DraftState) -> int:
    """Count the drafts of a brief, or of all, in these states; in any when none is named."""
    return studio().review.count(DraftFilter(brief_id=brief_id, states=states))
