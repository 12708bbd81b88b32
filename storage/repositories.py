"""The tables as use cases see them, inside one transaction; see creative/ports.py."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from creative.domain import Brief, ExportRecord, Run, RunState
from storage.briefs import Audiences, Brands, Briefs, Products
from storage.drafts import Drafts, Ratings
from storage.lookup import existing
from storage.rows import BriefRow, ExportRow, RunRow, now
from storage.snapshots import brief_from, brief_to
from storage.trials import Experiments, Results, Votes


class Runs:
    """Drafting jobs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, run: Run) -> Run:
        """Keep a new run, with a snapshot of its brief."""
        brief = existing(self._session, BriefRow, run.brief_id).to_brief()
        row = RunRow(brief_then=brief_to(brief))
        row.take(run)
        self._session.add(row)
        self._session.flush()
        return row.to_run()

    def get(self, id: int) -> Run:
        return existing(self._session, RunRow, id).to_run()

    def brief(self, id: int) -> Brief:
        """Return the brief as it stood when the run was added."""
        return brief_from(existing(self._session, RunRow, id).brief_then)

    def set_state(self, id: int, state: RunState, message: str = "") -> Run:
        """Say where a run stands; one that is not active is finished now."""
        row = existing(self._session, RunRow, id)
        row.state = state
        row.message = message
        row.finished_at = None if state.is_active else now()
        self._session.flush()
        return row.to_run()

    def of_brief(self, brief_id: int) -> list[Run]:
        """The runs of a brief, the newest first."""
        query = select(RunRow).where(RunRow.brief_id == brief_id).order_by(RunRow.id.desc())
        return [row.to_run() for row in self._session.scalars(query)]

    def active(self) -> list[Run]:
        """Runs that are queued or running, the oldest first."""
        states = [state for state in RunState if state.is_active]
        query = select(RunRow).where(RunRow.state.in_(states)).order_by(RunRow.id)
        return [row.to_run() for row in self._session.scalars(query)]

    def latest(self, limit: int = 10) -> list[Run]:
        """The newest runs of all briefs, the newest first."""
        query = select(RunRow).order_by(RunRow.id.desc()).limit(limit)
        return [row.to_run() for row in self._session.scalars(query)]


class Exports:
    """Files that were handed out."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: ExportRecord) -> ExportRecord:
        """Remember that a file was handed out."""
        existing(self._session, BriefRow, record.brief_id)
        row = ExportRow(
            brief_id=record.brief_id,
            format=record.format,
            filename=record.filename,
            draft_ids=record.draft_ids,
            created_at=record.created_at or now(),
        )
        self._session.add(row)
        self._session.flush()
        return row.to_record()

    def of_brief(self, brief_id: int) -> list[ExportRecord]:
        """The files of a brief, the newest first."""
        query = select(ExportRow).where(ExportRow.brief_id == brief_id)
        rows = self._session.scalars(query.order_by(ExportRow.id.desc()))
        return [row.to_record() for row in rows]


class Records:
    """Every repository on one session; usable until its transaction ends."""

    def __init__(self, session: Session) -> None:
        self.brands = Brands(session)
        self.products = Products(session)
        self.audiences = Audiences(session)
        self.briefs = Briefs(session)
        self.runs = Runs(session)
        self.drafts = Drafts(session)
        self.ratings = Ratings(session)
        self.exports = Exports(session)
        self.votes = Votes(session)
        self.experiments = Experiments(session)
        self.results = Results(session)
