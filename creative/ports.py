"""What use cases need from storage; `storage` provides it, tests use the real thing.

One `transaction()` is one user action: it commits on a clean exit and leaves nothing behind on an
error.  Objects returned carry their ids.  Unknown ids raise RecordNotFound.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from creative.domain import (
    Audience,
    Brand,
    Brief,
    Draft,
    DraftState,
    Edit,
    ExportRecord,
    Line,
    Product,
    Rating,
    Run,
    RunState,
)
from creative.trials import DayCounts, Experiment, Result, ResultFile, Vote

NO_LIMIT = 1_000_000  #: more drafts than any brief has


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftFilter:
    """Which drafts are wanted, in which order; unset fields do not filter.

    `text` is matched anywhere, in any case.  `order` ties are broken by id; `best` is no order of
    storage, and `studio.review` alone takes it.
    """

    brief_id: int | None = None
    run_id: int | None = None
    field: str | None = None
    states: tuple[DraftState, ...] = ()
    angle: str | None = None
    min_stars: float | None = None
    has_findings: bool | None = None
    text: str = ""
    order: Literal["newest", "oldest", "best", "stars", "likely", "shortest"] = "newest"
    limit: int = 50
    offset: int = 0


class Brands(Protocol):
    def keep(self, brand: Brand) -> Brand:
        """Add a brand without id, or change the one that has it."""

    def get(self, id: int) -> Brand: ...
    def all(self) -> list[Brand]: ...
    def remove(self, id: int) -> None:
        """Hide a brand from lists; briefs and drafts that use it stay whole."""


class Products(Protocol):
    def keep(self, product: Product) -> Product: ...
    def get(self, id: int) -> Product: ...
    def of_brand(self, brand_id: int) -> list[Product]: ...
    def remove(self, id: int) -> None: ...


class Audiences(Protocol):
    def keep(self, audience: Audience) -> Audience: ...
    def get(self, id: int) -> Audience: ...
    def all(self) -> list[Audience]: ...
    def remove(self, id: int) -> None: ...


class Briefs(Protocol):
    def keep(self, brief: Brief) -> Brief:
        """Add or change a brief; its brand, product and audience are kept with it."""

    def get(self, id: int) -> Brief: ...
    def all(self) -> list[Brief]:
        """Every brief that was not removed, the newest first."""

    def remove(self, id: int) -> None: ...
    def put_back(self, id: int) -> Brief:
        """Undo `remove`."""


class Runs(Protocol):
    def add(self, run: Run) -> Run: ...
    def get(self, id: int) -> Run: ...
    def brief(self, id: int) -> Brief:
        """The brief as it stood when the run was added, whatever became of it since."""

    def set_state(self, id: int, state: RunState, message: str = "") -> Run: ...
    def of_brief(self, brief_id: int) -> list[Run]:
        """The runs of a brief, the newest first."""

    def active(self) -> list[Run]:
        """Runs that are queued or running."""

    def latest(self, limit: int = 10) -> list[Run]: ...


class Drafts(Protocol):
    def add(self, brief_id: int, run_id: int | None, line: Line) -> Draft: ...
    def get(self, id: int) -> Draft: ...
    def find(self, filter: DraftFilter) -> list[Draft]: ...
    def count(self, filter: DraftFilter) -> int:
        """How many drafts match, whatever `limit` and `offset` say."""

    def set_state(self, ids: Iterable[int], state: DraftState) -> None: ...
    def edit(self, id: int, version: int, line: Line, editor: str) -> Draft:
        """Keep a new wording; the old ones stay in the history.

        Raises:
            EditConflict: If the draft is no longer at `version`.
        """

    def history(self, id: int) -> list[Edit]:
        """Every wording, the first one first."""


class Ratings(Protocol):
    def add(self, rating: Rating) -> Rating: ...
    def of_draft(self, draft_id: int) -> list[Rating]: ...
    def raters(self) -> list[str]:
        """Names that ever rated, the latest first."""


class Exports(Protocol):
    def add(self, record: ExportRecord) -> ExportRecord: ...
    def of_brief(self, brief_id: int) -> list[ExportRecord]: ...


class Votes(Protocol):
    def add(self, vote: Vote) -> Vote: ...
    def remove(self, id: int) -> None:
        """Count a vote no more."""

    def between(self, draft_ids: Iterable[int]) -> list[Vote]:
        """Votes whose two drafts are both among these, the first one first."""

    def all(self) -> list[Vote]:
        """Every vote that was not removed, the first one first."""


class Experiments(Protocol):
    def keep(self, experiment: Experiment) -> Experiment:
        """Add or change an experiment; arms without id are new, those left out are gone."""

    def get(self, id: int) -> Experiment: ...
    def all(self) -> list[Experiment]:
        """Every experiment, the newest first."""

    def running_with(self, draft_id: int) -> list[Experiment]:
        """Running experiments that test a draft."""


class Results(Protocol):
    """Results of experiments; for an arm and a day, the last file that is not undone holds."""

    def add(self, file: ResultFile, results: Iterable[Result]) -> ResultFile: ...
    def files(self, experiment_id: int) -> list[ResultFile]:
        """Every file that was imported, the newest first, undone ones included."""

    def of_file(self, file_id: int) -> list[Result]: ...
    def set_undone(self, file_id: int, is_undone: bool) -> ResultFile: ...
    def counts(self, experiment_id: int) -> list[DayCounts]:
        """What holds, by day and arm."""

    def last_mapping(self, columns: Iterable[str]) -> ResultFile | None:
        """The last file with the same headers, whatever experiment it was for."""

    def revision(self) -> str:
        """What is another one as soon as a file comes, is undone or counts again."""


class Records(Protocol):
    """The tables, inside one transaction."""

    @property
    def brands(self) -> Brands: ...
    @property
    def products(self) -> Products: ...
    @property
    def audiences(self) -> Audiences: ...
    @property
    def briefs(self) -> Briefs: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def ratings(self) -> Ratings: ...
    @property
    def exports(self) -> Exports: ...
    @property
    def votes(self) -> Votes: ...
    @property
    def experiments(self) -> Experiments: ...
    @property
    def results(self) -> Results: ...


class Store(Protocol):
    """The database, safe to use from any thread."""

    def transaction(self) -> AbstractContextManager[Records]: ...
    def backup(self, target: Path) -> Path:
        """Write a consistent copy while the app runs."""

    def restore(self, source: Path) -> None:
        """Replace everything by a backup; what was there is backed up first."""

    def problems(self) -> Sequence[str]:
        """What is wrong with the database, in plain words; empty when all is well."""
