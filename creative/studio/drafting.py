"""Drafting jobs: started, watched, stopped and resumed; a finished line is kept at once.

A run goes on in a thread of its own, whatever happens to the page that started it.  The thread
never touches a page: pages ask `progress`.
"""

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from creative.channels import Channel, Field, channel
from creative.domain import (
    Angle,
    Brief,
    Draft,
    DraftState,
    Line,
    Run,
    RunState,
    Sampling,
    Taste,
    kept_id,
)
from creative.drafting.drafter import Drafter
from creative.drafting.examples import Example, examples_for
from creative.drafting.heeding import heeding
from creative.drafting.job import Job, Shortfall, Stop
from creative.errors import BriefError, StudioError
from creative.ports import NO_LIMIT, DraftFilter, Records, Store
from creative.settings import Settings
from creative.studio.models import Models
from creative.studio.progress import Progress
from creative.studio.suitability import obstacles, reach
from creative.templates import Template, Templates

_UNEXPECTED = "Writing ended unexpectedly; what is finished is kept. Resume to go on."
_USUAL = 8  #: lines of a field for which the channel recommends no number
_LONG = 200  #: units of a text so long that one is enough to begin with
_STARRED = 4.5  #: stars from which an approved line is an example
_STAR_WORTH = 0.5  #: of such a line, against 1 for one that won a test
_KNOWN = 200  #: starred lines that examples are chosen from
_CHOICE = 4  #: lines to choose from where the ad takes a single one


@dataclass(frozen=True, kw_only=True, slots=True)
class _Work:
    """A run in hand."""

    thread: threading.Thread
    stop: Stop
    begun_at: datetime


class Drafting:
    """Runs of all users, one thread each; the engine behind them serves them together."""

    def __init__(
        self,
        store: Store,
        templates: Templates,
        models: Models,
        settings: Settings,
        taste: Callable[[], Taste] = Taste,
    ) -> None:
        """Take a library, models, and what the tests of the library have shown it to like."""
        self._taste = taste
        self._store = store
        self._templates = templates
        self._models = models
        self._settings = settings
        self._lock = threading.Lock()
        self._running: dict[int, _Work] = {}

    def start(
        self,
        brief_id: int,
        wanted: Mapping[str, int],
        *,
        templates: Mapping[str, str] | None = None,
        sampling: Sampling | None = None,
        angles: Sequence[Angle] = (),
        seed: int | None = None,
        user: str = "",
    ) -> Run:
        """Keep a new run and begin it; returns at once.

        Args:
            wanted: Field id to number of lines.
            templates: Field id to `id@version`; the default template where it names none.
            angles: To write from in turn; without any, the usual ones and what tests favour.
            seed: Drawn at random when None, and kept either way.
            user: Who asks, by any name; several users share the engine fairly.

        Raises:
            BriefError: If no line is wanted, too many are, or a field is not drafted.
        """
        taste = self._taste()
        seed = random.randrange(2**31) if seed is None else seed
        with self._store.transaction() as records:
            brief = records.briefs.get(brief_id)
            chosen = self._templates_for(channel(brief.channel), wanted, templates or {})
            run = records.runs.add(
                Run(
                    brief_id=brief_id,
                    wanted=dict(wanted),
                    templates={field: template.reference for field, template in chosen.items()},
                    model=self._models.choice.id,
                    sampling=sampling or Sampling(),
                    angles=tuple(angles) or heeding(brief, taste, seed),
                    taste=taste,
                    seed=seed,
                )
            )
        return self._begin(run, user)

    def stop(self, run_id: int) -> None:
        """End a run; the lines that were shown are kept, and `resume` takes it up again."""
        with self._lock:
            work = self._running.get(run_id)
        if work is not None:
            work.stop.now()

    def resume(self, run_id: int, *, user: str = "") -> Run:
        """Go on with a stopped or failed run, writing the lines that it still owes.

        Raises:
            BriefError: If another model is in use now: the lines of a run have one origin.
        """
        with self._store.transaction() as records:
            run = records.runs.get(run_id)
        if run.model != self._models.choice.id:
            raise BriefError(
                f"This run was written by {run.model}, and {self._models.choice.id} is in use "
                "now. Choose that model again, or start a new run."
            )
        return self._begin(run, user)

    def progress(self, run_id: int) -> Progress:
        with self._store.transaction() as records:
            run = records.runs.get(run_id)
            delivered = {field: _count(records, run, field) for field in run.wanted}
        with self._lock:
            work = self._running.get(run_id)
        return Progress(
            run=run,
            delivered=delivered,
            engine=self._models.engine.status(),
            position=work.stop.position if work else 0,
            begun_at=work.begun_at if work else None,
        )

    def of_brief(self, brief_id: int) -> list[Run]:
        """The runs of a brief, the newest first."""
        with self._store.transaction() as records:
            return records.runs.of_brief(brief_id)

    def active(self) -> list[Run]:
        with self._store.transaction() as records:
            return records.runs.active()

    def lines_of(self, run_id: int) -> list[Draft]:
        """The drafts of a run in the order in which they were finished."""
        with self._store.transaction() as records:
            return records.drafts.find(DraftFilter(run_id=run_id, order="oldest", limit=NO_LIMIT))

    def templates(self, shape: str) -> tuple[Template, ...]:
        """The templates that can write such a field, the usual one first."""
        return self._templates.for_shape(shape)

    def obstacles(self, brief: Brief) -> list[str]:
        """What stands between a brief and good lines of the model in use, in plain words."""
        return obstacles(brief, self._models.choice, self._templates)

    def is_too_long(self, run_id: int) -> bool:
        """Whether the model in use cannot read the brief of a run, as it was when it began."""
        with self._store.transaction() as records:
            brief = records.runs.brief(run_id)
        found = reach(brief, self._models.choice, self._templates)
        return found is not None and found.is_over

    def wait(self, run_id: int, timeout_s: float | None = None) -> None:
        """Block until a run of this process has ended."""
        with self._lock:
            work = self._running.get(run_id)
        if work is not None:
            work.thread.join(timeout_s)

    def recover(self) -> None:
        """Mark runs that a killed process left behind as stopped, so that they can go on.

        For the app alone, when it starts: beside a running app this would stop its runs.
        """
        with self._store.transaction() as records:
            for run in records.runs.active():
                if run.id not in self._running:
                    message = "Adlib was closed while this was being written. Resume to go on."
                    records.runs.set_state(kept_id(run), RunState.STOPPED, message)

    def close(self) -> None:
        """Stop every run; what is finished is kept."""
        with self._lock:
            works = list(self._running.values())
        for work in works:
            work.stop.now()
        for work in works:
            work.thread.join(timeout=10)

    def _templates_for(
        self, place: Channel, wanted: Mapping[str, int], chosen: Mapping[str, str]
    ) -> dict[str, Template]:
        total = sum(wanted.values())
        if total < 1 or min(wanted.values()) < 0:
            raise BriefError("Ask for at least one line.")
        if total > self._settings.max_lines:
            raise BriefError(
                f"{total} lines are more than one run may write ({self._settings.max_lines}). "
                "Ask for fewer, or raise ADLIB_MAX_LINES."
            )
        return {id: template_for(self._templates, place, id, chosen.get(id)) for id in wanted}

    def _begin(self, run: Run, user: str) -> Run:
        """Start the thread of a run, unless it has one."""
        run_id, stop = kept_id(run), Stop()
        thread = threading.Thread(
            target=self._work, args=(run, stop, user), name=f"run-{run_id}", daemon=True
        )
        with self._lock:
            if run_id in self._running:
                return run
            begun = self._mark(run_id, RunState.QUEUED)
            self._running[run_id] = _Work(thread=thread, stop=stop, begun_at=datetime.now(UTC))
            thread.start()
        return begun

    def _work(self, run: Run, stop: Stop, user: str) -> None:
        """Write every missing line of a run; the only place where a run's failure is caught."""
        run_id = kept_id(run)
        state, message = RunState.FAILED, _UNEXPECTED
        try:
            self._mark(run_id, RunState.RUNNING)
            message = " ".join(str(item) for item in self._write(run, stop, user))
            state = RunState.STOPPED if stop.is_wanted else RunState.DONE
        except StudioError as error:
            message = str(error)
        finally:  # whatever happened, no run stays active without a thread
            with self._lock:
                self._running.pop(run_id, None)
            self._mark(run_id, state, message)

    def _write(self, run: Run, stop: Stop, user: str) -> Iterator[Shortfall]:
        choice, engine = self._models.in_use()
        drafter = Drafter(engine, self._templates, choice.profile)
        run_id = kept_id(run)
        for field_id, count in run.wanted.items():
            with self._store.transaction() as records:
                brief = records.runs.brief(run_id)
                job = self._job(records, run, brief, field_id, count)
                if not choice.profile.is_typed:
                    job = replace(job, examples=_examples(records, brief, field_id))
            for item in drafter.draft(replace(job, user=user), stop):
                if isinstance(item, Shortfall):
                    yield item
                else:
                    self._keep(run, item)

    def _job(self, records: Records, run: Run, brief: Brief, field_id: str, count: int) -> Job:
        place = channel(brief.channel)
        field = place.field(field_id)
        known = records.drafts.find(
            DraftFilter(brief_id=run.brief_id, field=field_id, order="oldest", limit=NO_LIMIT)
        )
        return Job(
            brief=brief,
            channel=place,
            field=field,
            count=count,
            seed=run.seed,
            template=template_for(self._templates, place, field_id, run.templates.get(field_id)),
            sampling=run.sampling,
            angles=run.angles,
            taste=run.taste,
            delivered=tuple(draft.line.angle for draft in known if draft.run_id == run.id),
            taken=tuple(draft.line.text for draft in known),
        )

    def _keep(self, run: Run, line: Line) -> None:
        with self._store.transaction() as records:
            records.drafts.add(run.brief_id, run.id, line)

    def _mark(self, run_id: int, state: RunState, message: str = "") -> Run:
        with self._store.transaction() as records:
            return records.runs.set_state(run_id, state, message)


def _examples(records: Records, brief: Brief, field_id: str) -> tuple[str, ...]:
    """Return lines of a field that won a test or got five stars, whatever brief they are of."""
    starred = DraftFilter(
        field=field_id, states=(DraftState.APPROVED,), min_stars=_STARRED, limit=_KNOWN
    )
    briefs = {kept_id(each): each for each in records.briefs.all()}
    worth = {(d.brief_id, d.line.text): _STAR_WORTH for d in records.drafts.find(starred)}
    for test in records.experiments.all():
        if test.decision and test.field == field_id and not test.is_simulated:
            won = [arm.text for arm in test.arms if arm.id == test.decision.arm_id]
            worth |= dict.fromkeys(((test.brief_id, text) for text in won), 1.0)
    known = [
        Example(text=text, brief=briefs[brief_id], worth=value)
        for (brief_id, text), value in worth.items()
        if brief_id in briefs
    ]
    return examples_for(brief, known)


def template_for(
    templates: Templates, place: Channel, field_id: str, reference: str | None
) -> Template:
    """Return the template that writes a field.

    Raises:
        BriefError: If the field is filled from the brief and never drafted.
    """
    field = place.field(field_id)
    if not field.is_drafted:
        raise BriefError(
            f"{field.name} is not drafted: it is filled from the brief. "
            f"{place.name} drafts {', '.join(f.id for f in place.drafted)}."
        )
    return templates.get(reference) if reference else templates.default(field.shape)


def _count(records: Records, run: Run, field_id: str) -> int:
    return records.drafts.count(DraftFilter(run_id=run.id, field=field_id))


def usual_count(place: Channel, field: Field) -> int:
    """Return how many lines of a field to draft when nobody says: a full ad and some choice.

    A field that nobody needs gets none, unless the channel needs no drafted field at all.
    """
    if not field.required and any(other.required for other in place.drafted):
        return 0
    full = max(field.min_count, field.recommended_count or min(_USUAL, field.max_count))
    return max(full, _CHOICE if (field.limit or 0) <= _LONG else 1)
