"""Votes, experiments and their results."""

from collections.abc import Iterable

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from creative.trials import DayCounts, Experiment, ExperimentState, Result, ResultFile, Vote
from storage.lookup import existing
from storage.rows import BriefRow, DraftRow, now
from storage.trial_rows import ArmRow, ExperimentRow, ResultFileRow, ResultRow, VoteRow


class Votes:
    """Blind choices between two drafts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, vote: Vote) -> Vote:
        """Keep a vote.

        Raises:
            RecordNotFound: If there is no such draft.
            ValueError: If a draft is compared with itself.
        """
        if vote.first == vote.second:
            raise ValueError("a vote is between two drafts")
        for draft_id in (vote.first, vote.second):
            existing(self._session, DraftRow, draft_id)
        row = VoteRow(
            first_id=vote.first,
            second_id=vote.second,
            choice=vote.choice,
            voter=vote.voter,
            created_at=vote.created_at or now(),
        )
        self._session.add(row)
        self._session.flush()
        return row.to_vote()

    def remove(self, id: int) -> None:
        """Count a vote no more."""
        existing(self._session, VoteRow, id).removed_at = now()
        self._session.flush()

    def between(self, draft_ids: Iterable[int]) -> list[Vote]:
        """Votes whose two drafts are both among these, the first one first."""
        wanted = set(draft_ids)
        query = select(VoteRow).where(VoteRow.removed_at.is_(None)).order_by(VoteRow.id)
        if wanted:
            query = query.where(VoteRow.first_id.between(min(wanted), max(wanted)))
        rows = self._session.scalars(query)
        return [row.to_vote() for row in rows if {row.first_id, row.second_id} <= wanted]

    def all(self) -> list[Vote]:
        """Every vote that was not removed, the first one first."""
        query = select(VoteRow).where(VoteRow.removed_at.is_(None)).order_by(VoteRow.id)
        return [row.to_vote() for row in self._session.scalars(query)]


class Experiments:
    """Lines under test."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, experiment: Experiment) -> Experiment:
        """Add or change an experiment; arms without id are new, those left out are gone."""
        existing(self._session, BriefRow, experiment.brief_id)
        row = ExperimentRow()
        if experiment.id is not None:
            row = existing(self._session, ExperimentRow, experiment.id, lock=True)
        known = {arm.id: arm for arm in row.arms}
        row.take(experiment)
        row.arms = [
            (known[arm.id] if arm.id in known else ArmRow()).take(arm, place)
            for place, arm in enumerate(experiment.arms)
        ]
        self._session.add(row)
        self._session.flush()
        return row.to_experiment()

    def get(self, id: int) -> Experiment:
        return existing(self._session, ExperimentRow, id).to_experiment()

    def all(self) -> list[Experiment]:
        """Every experiment, the newest first."""
        return self._found(select(ExperimentRow))

    def running_with(self, draft_id: int) -> list[Experiment]:
        """Running experiments that test a draft."""
        is_running = ExperimentRow.state == ExperimentState.RUNNING
        has_it = ExperimentRow.arms.any(ArmRow.draft_id == draft_id)
        return self._found(select(ExperimentRow).where(is_running, has_it))

    def _found(self, query: Select[ExperimentRow]) -> list[Experiment]:
        rows = self._session.scalars(query.order_by(ExperimentRow.id.desc()))
        return [row.to_experiment() for row in rows]


class Results:
    """What experiments earned; of an arm and a day, the last file that is not undone holds."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, file: ResultFile, results: Iterable[Result]) -> ResultFile:
        """Keep a file with what it says."""
        existing(self._session, ExperimentRow, file.experiment_id)
        found = list(results)
        row = ResultFileRow(
            experiment_id=file.experiment_id,
            filename=file.filename,
            digest=file.digest,
            platform=file.platform,
            columns=file.columns,
            mapping=dict(file.mapping),
            rows=len(found),
            created_at=file.created_at or now(),
        )
        self._session.add(row)
        self._session.flush()
        if found:
            self._session.execute(insert(ResultRow), [_values(row.id, each) for each in found])
        return row.to_file()

    def files(self, experiment_id: int) -> list[ResultFile]:
        """Every file that was imported, the newest first, undone ones included."""
        query = select(ResultFileRow).where(ResultFileRow.experiment_id == experiment_id)
        rows = self._session.scalars(query.order_by(ResultFileRow.id.desc()))
        return [row.to_file() for row in rows]

    def of_file(self, file_id: int) -> list[Result]:
        """What a file says, in its own order."""
        query = select(ResultRow).where(ResultRow.file_id == file_id).order_by(ResultRow.id)
        return [row.to_result() for row in self._session.scalars(query)]

    def set_undone(self, file_id: int, is_undone: bool) -> ResultFile:
        """Count a file no more, or again."""
        row = existing(self._session, ResultFileRow, file_id)
        row.undone_at = now() if is_undone else None
        self._session.flush()
        return row.to_file()

    def counts(self, experiment_id: int) -> list[DayCounts]:
        """What holds, by day and arm."""
        counted = (
            select(ResultRow.arm_id, ResultRow.day, func.max(ResultRow.file_id).label("file_id"))
            .join(ResultFileRow, ResultFileRow.id == ResultRow.file_id)
            .where(ResultFileRow.experiment_id == experiment_id, ResultFileRow.undone_at.is_(None))
            .group_by(ResultRow.arm_id, ResultRow.day)
            .subquery()
        )
        is_counted = (
            (ResultRow.arm_id == counted.c.arm_id)
            & (ResultRow.day == counted.c.day)
            & (ResultRow.file_id == counted.c.file_id)
        )
        sums = (
            func.sum(ResultRow.impressions),
            func.coalesce(func.sum(ResultRow.clicks), 0),
            func.coalesce(func.sum(ResultRow.conversions), 0.0),
            func.coalesce(func.sum(ResultRow.revenue), 0.0),
            func.max(ResultRow.currency),
        )
        query = (
            select(ResultRow.arm_id, ResultRow.day, *sums)
            .join(counted, is_counted)
            .group_by(ResultRow.arm_id, ResultRow.day)
            .order_by(ResultRow.day, ResultRow.arm_id)
        )
        return [
            DayCounts(
                arm_id=arm,
                day=day,
                impressions=shown or 0,
                clicks=clicks or 0,
                conversions=own or 0.0,
                revenue=worth or 0.0,
                currency=currency,
            )
            for arm, day, shown, clicks, own, worth, currency in self._session.execute(query)
        ]

    def last_mapping(self, columns: Iterable[str]) -> ResultFile | None:
        """The last file with the same headers, whatever experiment it was for."""
        wanted = tuple(columns)
        rows = self._session.scalars(select(ResultFileRow).order_by(ResultFileRow.id.desc()))
        return next((row.to_file() for row in rows if row.columns == wanted), None)

    def revision(self) -> str:
        """What is another one as soon as a file comes, is undone or counts again.

        Times are in it, since a library that was restored gives its ids out again.
        """
        last = select(func.count(), func.max(ResultFileRow.id), func.max(ResultFileRow.created_at))
        undone = select(ResultFileRow.id).where(ResultFileRow.undone_at.is_not(None))
        left_out = self._session.scalars(undone.order_by(ResultFileRow.id)).all()
        return repr((tuple(self._session.execute(last).one()), left_out))


def _values(file_id: int, result: Result) -> dict[str, object]:
    return {
        "file_id": file_id,
        "arm_id": result.arm_id,
        "day": result.day,
        "impressions": result.impressions,
        "clicks": result.clicks,
        "conversions": result.conversions,
        "revenue": result.revenue,
        "cost": result.cost,
        "currency": result.currency,
        "segment": result.segment,
        "sheet": result.sheet,
        "line": result.line,
    }
