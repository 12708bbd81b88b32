"""Drafts lines: draws candidates per angle, keeps the best that pass, redraws what is missing.

A job has one slot per line.  Each round asks the engine for several candidates per open slot;
a slot is filled by its best candidate that breaks no rule and repeats no line.  Slots are decided
in order, whatever order the engine finishes rows in, so the same seed gives the same lines.
Knows no storage: what it yields is the caller's to keep.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from creative.checking import checked_line, has_errors
from creative.counting import width
from creative.domain import Angle, Brief, Line
from creative.drafting.angles import angles_among, plan_angles, possible_angles
from creative.drafting.asking import answers, line_prompt
from creative.drafting.bounds import constraint_for
from creative.drafting.choosing import Choice, Offer, Offers, choices_of, drawn
from creative.drafting.demands import demands_for
from creative.drafting.examples import is_copied
from creative.drafting.frames import wording_of
from creative.drafting.grounding import (
    grounded_words,
    is_mixed_case,
    names_in_part,
    odd_capitals,
)
from creative.drafting.job import Job, Shortfall, Stop, finished_rows, request_id
from creative.drafting.odds import odds
from creative.drafting.prompting import messages_for
from creative.drafting.rounds import LEVELS, OWN_WORDS, QUOTING, Round
from creative.drafting.seeds import derived_seed
from creative.drafting.shortening import shortened
from creative.engine.catalog import ModelProfile
from creative.engine.protocol import (
    Constraint,
    Ending,
    Engine,
    Message,
    Request,
    Row,
    RowFinished,
)
from creative.likeness import is_near_duplicate
from creative.ranking.candidates import Candidate, is_thin
from creative.ranking.fidelity import read
from creative.ranking.grammar import grammar_slips
from creative.ranking.taste import chosen
from creative.templates import Templates

_SMS_CHARS, _SMS_WIDE_CHARS = 160, 70  #: characters of one message part, GSM and UCS-2
_TRAINED_CHARS = 150  #: the starter model has not seen longer lines
_TOKENS_SPARE = 16  #: room for the closing token and for pieces shorter than a character
_WIDE_LANGUAGES = ("zh", "ja", "ko")  #: their characters count double on most platforms
_WIDE_CHARACTER = "字"
_REPEATED = "repeated another line"
_DRAWN = 8  #: rows for each angle that tell which lines in frames the model would write
_UNLIKELY = -2.0  #: nats a character of a line that none of them led to
_CHOSEN_FROM = 4  #: lines in frames that are drawn for a slot, the best of which is kept
_MOST_TASTE = 3.0  #: log-odds that a tuned model's liking adds or takes at most
_REDRAWS = 3  #: of a row that got stuck, when a line is forced; before, the next round will do
_NO_COPY = "<>[]{}|~^*_=\\;#°"  #: signs that a small model slips in and no ad line needs
_MIN_P = 0.05  #: a token much less likely than the likeliest one is a slip, or forced by the width


@dataclass(frozen=True, kw_only=True, slots=True)
class _Slot:
    """A line that is wanted: its place in the run and the angle to write it from."""

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
        stop = stop or Stop()
        if _is_judging(self._profile, job):
            job = replace(job, brief=shortened(self._engine, job, stop))
        asking = _Asking(self._templates, self._profile, job)
        yield from _Drafting(self._engine, asking, job, stop).run()


class _Asking:
    """How a job is put to the engine: prompts, seeds, bounds."""

    def __init__(self, templates: Templates, profile: ModelProfile, job: Job) -> None:
        self._templates, self._profile, self._job = templates, profile, job
        self.is_quoting = profile.grounded
        self.is_judging = _is_judging(profile, job)
        self.rounds = QUOTING if self.is_quoting else OWN_WORDS
        self.angles = angles_among(job.angles, possible_angles(job.brief))

    @property
    def per_slot(self) -> int:
        """How many rows each slot gets in a round, in the model's own words."""
        wanted = self._job.sampling.candidates_per_line or self._profile.candidates_per_line
        # of one that can but quote, own words are only for what is left
        return max(1, wanted // 3) if self.is_quoting else wanted

    @property
    def temperature(self) -> float:
        wish = self._job.sampling.temperature
        return self._profile.temperature if wish is None else wish

    def choices(self) -> list[Choice]:
        """Return the lines in frames that can be chosen."""
        return choices_of(self._job, self.angles, self._most)

    def weighing(self, choices: Sequence[Choice]) -> Request:
        """Return rows that each have to be one of the lines of an angle.

        Lines are not asked for one by one: a row that has to be a line which the model would not
        write is spelt in odd tokens, and its likelihood says nothing.
        """
        lines: dict[Angle, list[str]] = {}
        for choice in choices:
            for angle in choice.angles:
                lines.setdefault(angle, []).append(choice.line.text)
        rows = (
            Row(messages=self._messages(angle), seed=seed, choices=tuple(own))
            for angle, own in lines.items()
            for seed in (self._seed(angle.value, at) for at in range(_DRAWN))
        )
        return self._request(tuple(rows), self._constraint(()))

    def _seed(self, *place: int | str) -> int:
        return derived_seed(self._job.seed, self._job.field.id, *place)

    def taste_for(self, candidates: Sequence[Candidate]) -> list[float]:
        """Return what a tuned model's liking of each adds to its odds, beside the others."""
        nats = [(each.line.logprob or 0.0) / max(1, each.tokens) for each in candidates]
        usual = sum(nats) / max(1, len(nats))
        return [_bounded(self._profile.taste * (own - usual), _MOST_TASTE) for own in nats]

    def drawn(self, offers: Sequence[Offer], slot: _Slot, *place: int) -> list[Candidate]:
        """Return some lines in frames for a slot that they fit; `place` is when it is drawn."""
        count = self._job.sampling.candidates_per_line or _CHOSEN_FROM
        seed = self._seed(slot.index, *place)
        some = drawn(offers, self.temperature, seed, min(count, _CHOSEN_FROM))
        return [offer.written_from(slot.angle) for offer in some]

    def demands(self, turn: Round, kept: Sequence[str], slots: int) -> tuple[str, ...]:
        """Return what each open slot has to carry in a round."""
        constraint = self._constraint(kept)
        return demands_for(self._job, constraint, kept=kept, slots=slots, attempt=turn.number)

    def request(self, slots: Sequence[_Slot], turn: Round, kept: Sequence[str]) -> Request:
        """Return the rows of a round: `per_slot` of them for each slot, in the slots' order.

        The engine compares rows with the lines in `kept`, not with each other: of the candidates
        for one slot a single one is kept, so that likeness among them costs nothing, and rows that
        wait for those before them would.
        """
        demands = self.demands(turn, kept, len(slots))
        rows = (
            row
            for slot, word in zip(slots, demands, strict=True)
            for row in self._rows(slot, turn, word)
        )
        request = self._request(tuple(rows), self._constraint(kept))
        return replace(
            request,
            min_p=_MIN_P,
            may_force=turn.is_forced,
            redraws=_REDRAWS if turn.is_forced else 0,
        )

    def _request(self, rows: tuple[Row, ...], constraint: Constraint) -> Request:
        wish, job = self._job.sampling, self._job
        return Request(
            id=request_id(job.field.id),
            rows=rows,
            constraint=constraint,
            user=job.user,
            temperature=self.temperature,
            top_p=self._profile.top_p if wish.top_p is None else wish.top_p,
            may_force=False,
            redraws=0,
            max_new_tokens=self._chars + _TOKENS_SPARE,
        )

    def _rows(self, slot: _Slot, turn: Round, demand: str) -> Iterator[Row]:
        messages = self._messages(slot.angle, demand)
        for candidate in range(self.per_slot):
            seed = self._seed(slot.index, turn.number, candidate)
            yield Row(messages=messages, seed=seed, required=(demand,) if demand else ())

    def _messages(self, angle: Angle, demand: str = "") -> tuple[Message, ...]:
        job = self._job
        return messages_for(
            self._templates,
            job.template,
            job.brief,
            limit=self._chars,
            angle=angle,
            demand=demand,
            examples=job.examples,
            is_typed=self._profile.is_typed,
        )

    def _constraint(self, kept: Sequence[str]) -> Constraint:
        words = self._profile.vocabulary if self._profile.grounded else None
        constraint = constraint_for(
            self._job,
            most=self._most,
            vocabulary=None if words is None else grounded_words(self._job.brief, words),
            kept=kept,
        )
        if words is None:
            return constraint
        return replace(constraint, forbidden=constraint.forbidden + _NO_COPY)

    @property
    def _most(self) -> int:
        """The widest line to write, in the unit of its field."""
        target = self._job.field.target or _TRAINED_CHARS
        return min(target, _TRAINED_CHARS) if self._profile.is_typed else target

    @property
    def _chars(self) -> int:
        """About how many characters a line may have, whatever the field counts in: to ask for."""
        field = self._job.field
        target = field.target or _TRAINED_CHARS
        is_wide = self._job.brief.primary_language in _WIDE_LANGUAGES
        if field.counting == "sms_segments":
            target *= _SMS_WIDE_CHARS if is_wide else _SMS_CHARS
        elif is_wide:
            target //= width(_WIDE_CHARACTER, field.counting)
        return min(target, _TRAINED_CHARS) if self._profile.is_typed else target


class _Drafting:
    """The state of one job: open slots, kept texts, spare candidates, refusals."""

    def __init__(self, engine: Engine, asking: _Asking, job: Job, stop: Stop) -> None:
        self._engine, self._asking, self._job, self._stop = engine, asking, job, stop
        self._kept = [*job.taken, *job.examples]
        self._offers: Offers | None = None  #: lines in frames, once they were asked for
        self._spare: list[Candidate] = []
        self._refused: Counter[str] = Counter()
        self._open = _open_slots(job)

    def run(self) -> Iterator[Line | Shortfall]:
        """Yield lines, and at last what is missing."""
        for turn in self._asking.rounds:
            if not self._open or self._stop.is_wanted:
                break
            yield from self._chosen(turn) if turn.is_choosing else self._written(turn)
        if self._stop.is_wanted:
            return
        yield from self._from_spare()
        if self._open:
            missing = len(self._open)
            yield Shortfall(field=self._job.field.id, missing=missing, reasons=self._refused)

    def _chosen(self, turn: Round) -> Iterator[Line]:
        """Fill open slots in order with lines in frames, asking less and less of them."""
        if self._offers is None:
            self._offers = Offers(list(self._weighed()))
            for text in self._kept:
                self._offers.keep(text, read(text, self._job.brief).items)
        for at, level in enumerate(LEVELS):
            words = self._asking.demands(turn, self._kept, len(self._open))
            for slot, word in zip(tuple(self._open), words, strict=True):
                if self._stop.is_wanted:
                    return
                if fitting := self._offers.fitting(level, slot.angle, word):
                    some = self._asking.drawn(fitting, slot, turn.number, at)
                    yield self._keep(slot, self._best(some))

    def _weighed(self) -> Iterator[Offer]:
        """Yield the lines in frames that pass, with what the model and its marks say of them."""
        choices = self._asking.choices()
        if not choices:
            return
        request = self._asking.weighing(choices)
        written: dict[str, RowFinished] = {}
        for row in finished_rows(self._engine, request, self._stop):
            if row.text not in written or row.logprob > written[row.text].logprob:
                written[row.text] = row
        if self._stop.is_wanted:
            return
        passing = [
            (choice, found)
            for choice in choices
            if (found := self._checked(choice.angles[0], _row_of(choice.line.text, written)))
        ]
        brief = self._job.brief
        sure: Sequence[float | None] = [None] * len(passing)
        if self._asking.is_judging:
            prompts = [line_prompt(choice.line.text, brief) for choice, _ in passing]
            sure = answers(self._engine, self._job, self._stop, prompts)
        liked = self._asking.taste_for([found for _, found in passing])
        for (choice, found), own, more in zip(passing, sure, liked, strict=True):
            known = odds(choice.line, brief, own) + more
            yield Offer(
                candidate=replace(found, odds=known),
                angles=choice.angles,
                wording=wording_of(choice.line.frame),
                odds=known,
                reading=read(choice.line.text, brief),
            )

    def _written(self, turn: Round) -> Iterator[Line]:
        """Draw candidates in the model's own words for every open slot, and fill them in order.

        What lost in its own slot is better than what is forced on the model.
        """
        if turn.is_forced:
            yield from self._from_spare()
        slots = _turned(self._open, turn, self._asking.angles) if turn.is_turned else self._open
        if not slots:
            return
        request = self._asking.request(slots, turn, self._kept)
        with closing(finished_rows(self._engine, request, self._stop)) as rows:
            for slot, done in _in_order(slots, rows, self._asking.per_slot):
                passing = [found for row in done if (found := self._checked(slot.angle, row))]
                if line := self._decide(slot, passing):
                    yield line

    def _decide(self, slot: _Slot, passing: Sequence[Candidate]) -> Line | None:
        """Fill a slot with its best candidate, if there is one."""
        chosen = self._best(passing) if passing else None
        self._spare += [candidate for candidate in passing if candidate is not chosen]
        return self._keep(slot, chosen) if chosen else None

    def _best(self, candidates: Sequence[Candidate]) -> Candidate:
        brief, quoting = self._job.brief, self._asking.is_quoting
        taste = self._job.taste
        return chosen(candidates, brief, self._kept, quoting=quoting, taste=taste)

    def _keep(self, slot: _Slot, candidate: Candidate) -> Line:
        text = candidate.line.text
        self._kept.append(text)
        if self._offers is not None:
            self._offers.keep(text, read(text, self._job.brief).items)
        self._open = [other for other in self._open if other.index != slot.index]
        return candidate.line

    def _checked(self, angle: Angle, row: RowFinished) -> Candidate | None:
        """Return the finished row as a candidate, or count why it is none."""
        line = checked_line(
            row.text,
            brief=self._job.brief,
            channel=self._job.channel,
            field=self._job.field,
            angle=angle.value,
            seed=self._job.seed,
            logprob=row.logprob,
        )
        if reason := self._reason_against(line, row):
            self._refused[reason] += 1
            return None
        return Candidate(line=line, tokens=row.tokens)

    def _reason_against(self, line: Line, row: RowFinished) -> str:
        """Say what keeps a line from being delivered; empty when nothing does."""
        brief = self._job.brief
        if row.ending is Ending.STUCK:
            return "got stuck"
        if row.ending is Ending.REPEATED:
            return _REPEATED
        if row.ending is Ending.TOO_LONG or (line.limit is not None and line.width > line.limit):
            return "were too long"
        if reason := _odd_spelling(line.text, brief, is_quoting=self._asking.is_quoting):
            return reason
        if brief.primary_language == "en" and grammar_slips(line.text):
            return "had wrong grammar"
        if has_errors(line.findings):
            return "broke a rule or promised too much"
        if is_near_duplicate(line.text, self._kept):
            return _REPEATED
        if is_copied(line.text, self._job.examples, brief):
            return _REPEATED
        if is_thin(line.text, brief) and line.angle != Angle.BRAND:
            return "said nothing about the product"
        return ""

    def _from_spare(self) -> Iterator[Line]:
        """Fill what is still open with candidates that lost in their own slot."""
        for slot in tuple(self._open):
            self._spare = [c for c in self._spare if not is_near_duplicate(c.line.text, self._kept)]
            if not self._spare:
                return
            yield self._keep(slot, self._best(self._spare))


def _is_judging(profile: ModelProfile, job: Job) -> bool:
    """Tell whether a model shortens items and judges lines of a job: as far as frames go."""
    return profile.judges and job.is_framed


def _row_of(text: str, written: Mapping[str, RowFinished]) -> RowFinished:
    """Return a line as it was written; what no row led to counts as unlikely."""
    unlikely = RowFinished(
        request_id="",
        row=0,
        text=text,
        logprob=_UNLIKELY * len(text),
        tokens=len(text),
        ending=Ending.COMPLETE,
    )
    return written.get(text, unlikely)


def _bounded(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _in_order(
    slots: Sequence[_Slot], rows: Iterable[RowFinished], per_slot: int
) -> Iterator[tuple[_Slot, list[RowFinished]]]:
    """Yield each slot once all its candidates and those of earlier slots are finished."""
    finished: dict[int, list[RowFinished]] = defaultdict(list)
    decided = 0
    for row in rows:
        finished[row.row // per_slot].append(row)
        while decided < len(slots) and len(finished[decided]) == per_slot:
            yield slots[decided], sorted(finished[decided], key=lambda done: done.row)
            decided += 1


def _odd_spelling(text: str, brief: Brief, *, is_quoting: bool) -> str:
    """Say what is odd about names and capitals of a line; empty when nothing is."""
    if is_quoting and names_in_part(text, brief):
        return "named the brand in part"
    is_mixed = is_quoting and is_mixed_case(text, brief)
    return "had odd capitals" if is_mixed or odd_capitals(text, brief) else ""


def _turned(slots: Sequence[_Slot], turn: Round, angles: Sequence[Angle]) -> list[_Slot]:
    """Return slots with another angle to try."""
    return [
        _Slot(index=slot.index, angle=angles[(slot.index + turn.number) % len(angles)])
        for slot in slots
    ]


def _open_slots(job: Job) -> list[_Slot]:
    """Return the slots of the plan that no delivered line fills.

    A delivered line fills the first slot of its angle; one that was turned to another angle fills
    the first slot that is left.
    """
    plan = plan_angles(job.brief, job.count, job.seed, job.angles)
    slots = [_Slot(index=at, angle=angle) for at, angle in enumerate(plan)]
    turned = 0
    for angle in job.delivered:
        filled = next((slot for slot in slots if slot.angle == angle), None)
        if filled is None:
            turned += 1
        else:
            slots.remove(filled)
    return slots[turned:]
