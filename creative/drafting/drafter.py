"""Drafts lines: draws candidates per angle, keeps the best that pass, redraws what is missing.

A job has one slot per line.  Each round asks the engine for several candidates per open slot;
a slot is filled by its best candidate that breaks no rule and repeats no line.  Slots are decided
in order, whatever order the engine finishes rows in, so the same seed gives the same lines.
Knows no storage: what it yields is the caller's to keep.
"""

import itertools
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from creative.channels import Channel, Field
from creative.checking import checked_line, has_errors
from creative.domain import Angle, Brief, Line, Sampling
from creative.drafting.angles import plan_angles, possible_angles
from creative.drafting.grounding import grounded_words, odd_capitals
from creative.drafting.prompting import messages_for
from creative.drafting.seeds import derived_seed
from creative.engine.catalog import ModelProfile
from creative.engine.protocol import (
    Constraint,
    Ending,
    Engine,
    Request,
    RequestFailed,
    Row,
    RowFinished,
    Ticket,
)
from creative.errors import EngineUnavailable
from creative.ranking.candidates import Candidate, best, is_thin
from creative.ranking.likeness import is_near_duplicate
from creative.templates import Template, Templates

ROUNDS = 5  #: how often an empty slot is drawn again before it is reported as missing
_SMS_CHARS = 160  #: characters of one message part in the GSM alphabet
_TRAINED_CHARS = 150  #: the starter model has not seen longer lines
_TOKENS_SPARE = 16  #: room for the closing token and for pieces shorter than a character
_WIDE_LANGUAGES = ("zh", "ja", "ko")  #: their characters count double where width is counted

_request_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Lines wanted for one field.

    Attributes:
        first: Slots that are already filled, when a stopped run goes on.
        taken: Texts that must not be repeated.
    """

    brief: Brief
    channel: Channel
    field: Field
    count: int
    seed: int
    template: Template
    sampling: Sampling = field(default_factory=Sampling)
    first: int = 0
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortfall:
    """Lines that could not be delivered; `reasons` counts why candidates were refused."""

    field: str
    missing: int
    reasons: Counter[str]

    def __str__(self) -> str:
        causes = ", ".join(f"{count} {reason}" for reason, count in self.reasons.most_common(3))
        return (
            f"{self.missing} more for {self.field} could not be written: of the candidates, "
            f"{causes or 'none was finished'}. Give the brief more to say, or ask for fewer."
        )


class Stop:
    """A wish to end a job early, from any thread; rows already finished still count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ticket: Ticket | None = None
        self.is_wanted = False

    def now(self) -> None:
        """End the request that is in flight, and ask for no more."""
        with self._lock:
            self.is_wanted = True
            ticket = self._ticket
        if ticket is not None:
            ticket.cancel()

    def watch(self, ticket: Ticket) -> None:
        """Name the request that `now` must end."""
        with self._lock:
            self._ticket = ticket
            is_late = self.is_wanted
        if is_late:
            ticket.cancel()


@dataclass(slots=True)
class _Slot:
    index: int
    angle: Angle


class Drafter:
    """Turns jobs into lines with one engine and the profile of its model."""

    def __init__(self, engine: Engine, templates: Templates, profile: ModelProfile) -> None:
        self._engine = engine
        self._templates = templates
        self._profile = profile

    def draft(self, job: Job, stop: Stop | None = None) -> Iterator[Line | Shortfall]:
        """Yield lines as they are decided, then a shortfall if some could not be written.

        Raises:
            EngineUnavailable: If the engine fails; lines yielded before stay valid.
        """
        yield from _Drafting(
            self._engine, self._templates, self._profile, job, stop or Stop()
        ).run()


class _Drafting:
    """The state of one job: open slots, kept texts, spare candidates, refusals."""

    def __init__(
        self, engine: Engine, templates: Templates, profile: ModelProfile, job: Job, stop: Stop
    ) -> None:
        self._engine, self._templates, self._profile = engine, templates, profile
        self._job, self._stop = job, stop
        self._kept = list(job.taken)
        self._spare: list[Candidate] = []
        self._refused: Counter[str] = Counter()
        plan = plan_angles(job.brief, job.first + job.count, job.seed)
        self._open = [_Slot(i, plan[i]) for i in range(job.first, job.first + job.count)]

    def run(self) -> Iterator[Line | Shortfall]:
        for attempt in range(ROUNDS):
            if not self._open or self._stop.is_wanted:
                break
            yield from self._round(attempt)
        if self._stop.is_wanted:
            return
        yield from self._from_spare()
        if self._open:
            yield Shortfall(
                field=self._job.field.id, missing=len(self._open), reasons=self._refused
            )

    def _round(self, attempt: int) -> Iterator[Line]:
        """Draw candidates for every open slot once, and fill the slots in order."""
        slots = [self._turned(slot, attempt) for slot in self._open]
        per_slot = self._candidates_per_line
        request = self._request(slots, attempt, per_slot)
        ticket = self._engine.submit(request)
        self._stop.watch(ticket)
        finished: dict[int, list[RowFinished]] = defaultdict(list)
        undecided = iter(slots)
        slot = next(undecided)
        for event in ticket:
            if isinstance(event, RequestFailed):
                raise EngineUnavailable(event.message)
            if not isinstance(event, RowFinished):
                break
            finished[slots[event.row // per_slot].index].append(event)
            while slot and len(finished[slot.index]) == per_slot:
                if line := self._decide(slot, finished[slot.index]):
                    yield line
                slot = next(undecided, None)

    def _decide(self, slot: _Slot, rows: Sequence[RowFinished]) -> Line | None:
        """Fill a slot with its best passing candidate, if there is one."""
        passing = [
            c for row in sorted(rows, key=lambda r: r.row) if (c := self._checked(slot, row))
        ]
        if not passing:
            return None
        chosen = best(passing, self._job.brief, self._kept)
        self._spare += [candidate for candidate in passing if candidate is not chosen]
        return self._keep(slot, chosen)

    def _keep(self, slot: _Slot, candidate: Candidate) -> Line:
        self._kept.append(candidate.line.text)
        self._open = [other for other in self._open if other.index != slot.index]
        return candidate.line

    def _checked(self, slot: _Slot, row: RowFinished) -> Candidate | None:
        """Return the finished row as a candidate, or count why it is none."""
        if row.ending is not Ending.COMPLETE:
            return self._refuse("were too long" if row.ending is Ending.TOO_LONG else "got stuck")
        line = checked_line(
            row.text,
            brief=self._job.brief,
            channel=self._job.channel,
            field=self._job.field,
            angle=slot.angle.value,
            seed=self._job.seed,
            logprob=row.logprob,
        )
        if line.limit is not None and line.width > line.limit:
            return self._refuse("were too long")
        if odd_capitals(line.text, self._job.brief):
            return self._refuse("had odd capitals")
        if has_errors(line.findings):
            return self._refuse("broke a rule or promised too much")
        if is_near_duplicate(line.text, self._kept):
            return self._refuse("repeated another line")
        if is_thin(line.text, self._job.brief) and slot.angle is not Angle.BRAND:
            return self._refuse("said nothing about the product")
        return Candidate(line=line, tokens=row.tokens)

    def _refuse(self, reason: str) -> None:
        self._refused[reason] += 1

    def _from_spare(self) -> Iterator[Line]:
        """Fill what is still open with good candidates that lost in their own slot."""
        for slot in list(self._open):
            fresh = [c for c in self._spare if not is_near_duplicate(c.line.text, self._kept)]
            if not fresh:
                return
            chosen = best(fresh, self._job.brief, self._kept)
            self._spare.remove(chosen)
            yield self._keep(slot, chosen)

    def _turned(self, slot: _Slot, attempt: int) -> _Slot:
        """From the third round on, try the slot from another angle."""
        if attempt < 2:
            return slot
        angles = possible_angles(self._job.brief)
        return _Slot(slot.index, angles[(slot.index + attempt) % len(angles)])

    def _request(self, slots: Sequence[_Slot], attempt: int, per_slot: int) -> Request:
        job = self._job
        rows = []
        for slot in slots:
            messages = messages_for(
                self._templates,
                job.template,
                job.brief,
                limit=self._chars,
                angle=slot.angle,
                is_typed=self._profile.is_typed,
            )
            place = (job.field.id, slot.index, attempt)
            rows += [
                Row(messages=messages, seed=derived_seed(job.seed, *place, candidate))
                for candidate in range(per_slot)
            ]
        sampling = self._sampling
        return Request(
            id=f"{job.field.id}-{next(_request_numbers)}",
            rows=tuple(rows),
            constraint=self._constraint(),
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            max_new_tokens=self._chars + _TOKENS_SPARE,
        )

    def _constraint(self) -> Constraint:
        words = self._profile.vocabulary if self._profile.grounded else None
        return Constraint(
            max_chars=self._chars,
            vocabulary=grounded_words(self._job.brief, words) if words is not None else None,
        )

    @property
    def _chars(self) -> int:
        """Code points that a line may have at most, whatever the field counts in."""
        field = self._job.field
        target = field.target or _TRAINED_CHARS
        if field.counting == "sms_segments":
            target *= _SMS_CHARS
        if self._job.brief.language[:2].lower() in _WIDE_LANGUAGES and "width" in field.counting:
            target //= 2
        return min(target, _TRAINED_CHARS) if self._profile.is_typed else target

    @property
    def _candidates_per_line(self) -> int:
        return self._job.sampling.candidates_per_line or self._profile.candidates_per_line

    @property
    def _sampling(self) -> Sampling:
        wish, profile = self._job.sampling, self._profile
        return replace(
            wish,
            temperature=wish.temperature if wish.temperature is not None else profile.temperature,
            top_p=wish.top_p if wish.top_p is not None else profile.top_p,
        )
