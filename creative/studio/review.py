"""Judging drafts: found, rated, approved, edited with their history kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from creative.channels import channel
from creative.checking import checked_line
from creative.domain import Brief, Draft, DraftState, Edit, Line, Rating, kept_id
from creative.errors import BriefError, ExperimentRefused
from creative.ports import NO_LIMIT, DraftFilter, Records, Store

MAX_LINE = 10_000  #: code points of an edited line; no field of any platform takes more

Arrange = Callable[[Sequence[Draft]], list[Draft]]


class Review:
    """What a copywriter does with drafts."""

    def __init__(self, store: Store, best_first: Arrange = list) -> None:
        """Take a library, and what puts drafts in the order in which to look at them."""
        self._store = store
        self._best_first = best_first

    def find(self, wish: DraftFilter) -> list[Draft]:
        """Return one page of the drafts that match; for `best` all of them are compared."""
        if wish.order == "best":
            every = replace(wish, order="newest", limit=NO_LIMIT, offset=0)
            found = self._best_first(self.find(every))
            return found[wish.offset : wish.offset + wish.limit]
        with self._store.transaction() as records:
            return records.drafts.find(wish)

    def count(self, wish: DraftFilter) -> int:
        with self._store.transaction() as records:
            return records.drafts.count(wish)

    def get(self, id: int) -> Draft:
        with self._store.transaction() as records:
            return records.drafts.get(id)

    def decide(self, ids: Iterable[int], state: DraftState) -> dict[int, DraftState]:
        """Set the state of drafts; returns the states before, for `undo`."""
        wanted = list(ids)
        with self._store.transaction() as records:
            before = {id: records.drafts.get(id).state for id in wanted}
            records.drafts.set_state(wanted, state)
        return before

    def undo(self, before: dict[int, DraftState]) -> None:
        """Put drafts back into the states that `decide` returned."""
        with self._store.transaction() as records:
            for id, state in before.items():
                records.drafts.set_state([id], state)

    def rate(self, draft_id: int, rater: str, stars: int) -> Rating:
        """Add a rating; the latest one of each rater counts.

        Raises:
            BriefError: If nobody is named.
        """
        name = " ".join(rater.split())
        if not name:
            raise BriefError("Say who rates: type your name first.")
        with self._store.transaction() as records:
            return records.ratings.add(Rating(draft_id=draft_id, rater=name, stars=stars))

    def ratings(self, draft_id: int) -> list[Rating]:
        with self._store.transaction() as records:
            return records.ratings.of_draft(draft_id)

    def raters(self) -> list[str]:
        """Names that ever rated, the latest first."""
        with self._store.transaction() as records:
            return records.ratings.raters()

    def preview(self, draft: Draft, text: str) -> Line:
        """Check a wording without keeping it: width, findings, claims."""
        with self._store.transaction() as records:
            return _reworded(records.briefs.get(draft.brief_id), draft, text)

    def edit(self, draft: Draft, text: str, editor: str) -> Draft:
        """Keep a new wording; the old ones stay in the history.

        An approval was given to the old words, so the draft is new again.

        Args:
            draft: As it was shown, with the version the edit started from.

        Raises:
            BriefError: If the wording is empty or huge.
            EditConflict: If somebody else changed it meanwhile; nothing is overwritten.
            ExperimentRefused: If a running test shows it.
        """
        wording = _wording(text)
        with self._store.transaction() as records:
            _refuse_under_test(records, kept_id(draft))
            line = _reworded(records.briefs.get(draft.brief_id), draft, wording)
            edited = records.drafts.edit(kept_id(draft), draft.version, line, editor)
            if edited.state is not DraftState.APPROVED or wording == draft.line.text:
                return edited
            records.drafts.set_state([kept_id(draft)], DraftState.NEW)
            return records.drafts.get(kept_id(draft))

    def write(self, brief_id: int, field_id: str, text: str) -> Draft:
        """Keep a line that a person wrote.

        Raises:
            BriefError: If it is empty or huge, or the field is filled from the brief.
        """
        wording = _wording(text)
        with self._store.transaction() as records:
            brief = records.briefs.get(brief_id)
            place = channel(brief.channel)
            field = place.field(field_id)
            if not field.is_drafted:
                raise BriefError(f"{field.name} is filled from the brief: change it there.")
            line = checked_line(wording, brief=brief, channel=place, field=field)
            return records.drafts.add(brief_id, None, line)

    def history(self, id: int) -> Sequence[Edit]:
        """Every wording of a draft, the first one first."""
        with self._store.transaction() as records:
            return records.drafts.history(id)


def _wording(text: str) -> str:
    """Return the words of a line that a person typed, or refuse them."""
    wording = text.strip()
    if not wording:
        raise BriefError("A line cannot be empty. To be rid of one, reject it.")
    if len(wording) > MAX_LINE:
        raise BriefError(f"A line may have at most {MAX_LINE:,} characters.")
    return wording


def _refuse_under_test(records: Records, draft_id: int) -> None:
    """Keep the words of a line while a test counts what they earn."""
    if running := records.experiments.running_with(draft_id):
        raise ExperimentRefused(
            f"This line is in the test “{running[0].name}”, which counts how these very words do."
            " Stop the test first, or write the new wording as a line of its own."
        )


def _reworded(brief: Brief, draft: Draft, text: str) -> Line:
    place = channel(brief.channel)
    return checked_line(
        text,
        brief=brief,
        channel=place,
        field=place.field(draft.line.field),
        angle=draft.line.angle,
        seed=draft.line.seed,
        logprob=draft.line.logprob if text == draft.line.text else None,
    )
