"""Drafts, their history and what people think of them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from creative.domain import Draft, DraftState, Edit, Line, Rating
from creative.errors import EditConflict, RecordNotFound
from creative.ports import DraftFilter
from storage.lookup import existing
from storage.rows import BriefRow, DraftRow, EditRow, RatingRow, RunRow, folded, now

_CHUNK = 500  #: ids in one statement; databases bound the number of parameters


class Drafts:
    """The drafts of all briefs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, brief_id: int, run_id: int | None, line: Line) -> Draft:
        """Keep a line as a new draft at version 1.

        Raises:
            RecordNotFound: If there is no such brief or run.
            ValueError: If the run was of another brief.
        """
        self._refuse_unknown(brief_id, run_id)
        row = DraftRow(
            brief_id=brief_id, run_id=run_id, state=DraftState.NEW, version=1, created_at=now()
        )
        row.take(line)
        self._session.add(row)
        self._session.flush()
        self._remember(row, editor="")
        return row.to_draft()

    def get(self, id: int) -> Draft:
        return existing(self._session, DraftRow, id).to_draft()

    def find(self, filter: DraftFilter) -> list[Draft]:
        """Return one page of the drafts that match.

        Drafts without stars or likelihood come last where these order.  Equal ones follow the
        direction of the order: `stars` and `likely` show the newer first, `shortest` the older.
        """
        query = select(DraftRow).where(*_wanted(filter)).order_by(*_ORDERS[filter.order])
        page = query.limit(filter.limit).offset(filter.offset)
        return [row.to_draft() for row in self._session.scalars(page)]

    def count(self, filter: DraftFilter) -> int:
        """How many drafts match, whatever `limit` and `offset` say."""
        query = select(func.count()).select_from(DraftRow).where(*_wanted(filter))
        return self._session.scalars(query).one()

    def set_state(self, ids: Iterable[int], state: DraftState) -> None:
        """Decide about drafts, all of them or none.

        Raises:
            RecordNotFound: Naming the first unknown id.
        """
        for chunk in _chunks(sorted(set(ids))):
            known = set(self._session.scalars(select(DraftRow.id).where(DraftRow.id.in_(chunk))))
            if missing := [id for id in chunk if id not in known]:
                raise RecordNotFound("Draft", missing[0])
            self._session.execute(
                update(DraftRow).where(DraftRow.id.in_(chunk)).values(state=state)
            )

    def edit(self, id: int, version: int, line: Line, editor: str) -> Draft:
        """Keep a new wording; the old ones stay in the history.

        Args:
            line: Replaces the whole line, so it must carry the angle and seed that are to stay.

        Raises:
            EditConflict: If the draft is no longer at `version`.
        """
        row = existing(self._session, DraftRow, id, lock=True)
        if row.version != version:
            raise EditConflict(self._conflict(row))
        if row.field != line.field:
            raise ValueError(f"draft {id} is a {row.field}, not a {line.field}")
        row.take(line)
        row.version = version + 1
        self._remember(row, editor)
        return row.to_draft()

    def history(self, id: int) -> list[Edit]:
        """Every wording, the first one first."""
        existing(self._session, DraftRow, id)
        query = select(EditRow).where(EditRow.draft_id == id).order_by(EditRow.version)
        return [row.to_edit() for row in self._session.scalars(query)]

    def _refuse_unknown(self, brief_id: int, run_id: int | None) -> None:
        if run_id is None:
            existing(self._session, BriefRow, brief_id)
            return
        run = existing(self._session, RunRow, run_id)
        if run.brief_id != brief_id:
            existing(self._session, BriefRow, brief_id)
            raise ValueError(f"run {run_id} is of brief {run.brief_id}, not {brief_id}")

    def _remember(self, row: DraftRow, editor: str) -> None:
        self._session.add(
            EditRow(
                draft_id=row.id,
                version=row.version,
                text=row.text,
                editor=editor,
                created_at=row.created_at if row.version == 1 else now(),
            )
        )
        self._session.flush()

    def _conflict(self, row: DraftRow) -> str:
        last = self.history(row.id)[-1]
        return (
            f"{last.editor or 'Somebody'} changed this line on {last.created_at:%Y-%m-%d at %H:%M} "
            f"UTC, after you opened it, so your wording was not saved over theirs. It now reads: "
            f"“{row.text}”. Compare the two, then save yours again if it is better."
        )


class Ratings:
    """Stars; every rating is kept, the latest of each rater counts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, rating: Rating) -> Rating:
        """Keep a rating and bring the mean of its draft up to date.

        Raises:
            ValueError: If there are not one to five stars.
        """
        if rating.stars not in range(1, 6):
            raise ValueError(f"{rating.stars} is not one to five stars")
        draft = existing(self._session, DraftRow, rating.draft_id, lock=True)
        row = RatingRow(
            draft_id=rating.draft_id,
            rater=rating.rater,
            stars=rating.stars,
            created_at=rating.created_at or now(),
        )
        self._session.add(row)
        self._session.flush()
        draft.stars = self._mean(draft.id)
        self._session.flush()
        return row.to_rating()

    def of_draft(self, draft_id: int) -> list[Rating]:
        """Every rating of a draft, the first one first; the last of each rater counts."""
        existing(self._session, DraftRow, draft_id)
        query = select(RatingRow).where(RatingRow.draft_id == draft_id).order_by(RatingRow.id)
        return [row.to_rating() for row in self._session.scalars(query)]

    def raters(self) -> list[str]:
        """Names that ever rated, the latest first."""
        latest = func.max(RatingRow.id).desc()
        query = select(RatingRow.rater).group_by(RatingRow.rater).order_by(latest)
        return list(self._session.scalars(query))

    def _mean(self, draft_id: int) -> float:
        latest = (
            select(func.max(RatingRow.id))
            .where(RatingRow.draft_id == draft_id)
            .group_by(RatingRow.rater)
        )
        stars = self._session.scalars(select(RatingRow.stars).where(RatingRow.id.in_(latest))).all()
        return sum(stars) / len(stars)


def _wanted(filter: DraftFilter) -> Iterator[ColumnElement[bool]]:
    """Yield one condition for each field of a filter that is set."""
    columns: dict[InstrumentedAttribute[Any], object] = {
        DraftRow.brief_id: filter.brief_id,
        DraftRow.run_id: filter.run_id,
        DraftRow.field: filter.field,
        DraftRow.angle: filter.angle,
        DraftRow.has_findings: filter.has_findings,
    }
    for column, value in columns.items():
        if value is not None:
            yield column == value
    if filter.states:
        yield DraftRow.state.in_(filter.states)
    if filter.min_stars is not None:
        yield DraftRow.stars >= filter.min_stars
    if filter.text:
        # LIKE would need escapes and has a longest pattern; a text without the needle stays equal.
        yield func.replace(DraftRow.folded, folded(filter.text), "") != DraftRow.folded


#: Every order reads an index forwards or backwards, id included; see the indices of DraftRow.
_ORDERS: dict[str, tuple[SQLColumnExpression[Any], ...]] = {
    "newest": (DraftRow.id.desc(),),
    "oldest": (DraftRow.id,),
    "stars": (DraftRow.stars.desc().nulls_last(), DraftRow.id.desc()),
    "likely": (DraftRow.logprob.desc().nulls_last(), DraftRow.id.desc()),
    "shortest": (DraftRow.width, DraftRow.id),
}


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
