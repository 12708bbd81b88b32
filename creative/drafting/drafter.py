"""Drafts lines: draws candidates per angle, keeps the best that pass, redraws what is missing.

A job has one slot per line.  Each round asks the engine for several candidates per open slot;
a slot is filled by its best candidate that breaks no rule and repeats no line.  Slots are decided
in order, whatever order the engine finishes rows in, so the same seed gives the same lines.
Knows no storage: what it yields is the caller's to keep.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from creative.checking import checked_line, has_errors
from creative.counting import width
from creative.domain import Angle, Brief, Line
from creative.drafting.angles import angles_among, plan_angles, possible_angles
from creative.drafting.asking import answers, line_prompt, odds
from creative.drafting.bounds import constraint_for
from creative.drafting.choosing import Choices
from creative.drafting.demands import demands_for
from creative.drafting.examples import is_copied
from creative.drafting.grounding import (
    grounded_words,
    is_mixed_case,
    names_in_part,
    odd_capitals,
)
from creative.drafting.job import Job, Shortfall, Stop, finished_rows, request_id
from creative.drafting.prompting import messages_for
from creative.drafting.rounds import OWN_WORDS, QUOTING, Round
from creative.drafting.seeds import derived_seed
from creative.drafting.shortening import shortened
from creative.engine.catalog import ModelProfile
from creative.engine.protocol import (
    Constraint,
    Ending,
    Engine,
    Request,
    Row,
    RowFinished,
)
from creative.likeness import is_near_duplicate
from creative.phrases import mentions
from creative.ranking.candidates import Candidate, is_thin, pairs_in, staleness
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
_CHOSEN_FROM = 4  #: rows for each slot when the model chooses from lines in frames
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
        self._choices = Choices(job, self._most)

    def per_slot(self, turn: Round) -> int:
        """Return how many rows each slot gets in a round."""
        if turn.is_choosing:
            return _CHOSEN_FROM
        wanted = self._job.sampling.candidates_per_line or self._profile.candidates_per_line
        # of one that can but quote, own words are only for what is left
        return max(1, wanted // 3) if self.is_quoting else wanted

    def offers(
        self, turn: Round, kept: Sequence[str], out: Collection[str]
    ) -> dict[Angle, tuple[str, ...]]:
        """Return the angles that a round can be written from, each with lines to choose from.

        Empty where there is nothing to choose from.
        """
        angles = angles_among(self._job.angles, possible_angles(self._job.brief))
        if not turn.is_choosing:
            return dict.fromkeys(angles, ())
        bounds = turn.least, turn.stale
        lines = {angle: self._choices.of(angle, kept, out, *bounds) for angle in angles}
        return {angle: found for angle, found in lines.items() if found}

    def _demands(self, turn: Round, kept: Sequence[str], slots: int) -> tuple[str, ...]:
        constraint = self._constraint(kept)
        return demands_for(self._job, constraint, kept=kept, slots=slots, attempt=turn.number)

    def request(
        self,
        slots: Sequence[_Slot],
        turn: Round,
        kept: Sequence[str],
        choices: Mapping[Angle, tuple[str, ...]],
    ) -> Request:
        """Return the rows of a round: `per_slot` of them for each slot, in the slots' order.

        The engine compares rows with the lines in `kept`, not with each other: of the candidates
        for one slot a single one is kept, so that likeness among them costs nothing, and rows that
        wait for those before them would.
        """
        wish, profile, job = self._job.sampling, self._profile, self._job
        demands = self._demands(turn, kept, len(slots))
        return Request(
            id=request_id(job.field.id),
            rows=tuple(
                replace(row, choices=_with(word, choices.get(slot.angle, ())))
                for slot, word in zip(slots, demands, strict=True)
                for row in self._rows(slot, turn, word)
            ),
            constraint=self._constraint(kept),
            user=job.user,
            temperature=profile.temperature if wish.temperature is None else wish.temperature,
            top_p=profile.top_p if wish.top_p is None else wish.top_p,
            min_p=0.0 if turn.is_choosing else _MIN_P,
            may_force=turn.is_forced,
            redraws=_REDRAWS if turn.is_forced else 0,
            max_new_tokens=self._chars + _TOKENS_SPARE,
        )

    def _rows(self, slot: _Slot, turn: Round, demand: str) -> Iterator[Row]:
        job = self._job
        messages = messages_for(
            self._templates,
            job.template,
            job.brief,
            limit=self._chars,
            angle=slot.angle,
            demand=demand,
            examples=job.examples,
            is_typed=self._profile.is_typed,
        )
        for candidate in range(self.per_slot(turn)):
            seed = derived_seed(job.seed, job.field.id, slot.index, turn.number, candidate)
            yield Row(messages=messages, seed=seed, required=(demand,) if demand else ())

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
        self._spare: list[Candidate] = []
        self._refused: Counter[str] = Counter()
        self._refused_texts: set[str] = set()
        self._open = _open_slots(job)
        self._known_odds: dict[str, float] = {}  #: of the lines that the model was asked about

    def run(self) -> Iterator[Line | Shortfall]:
        """Yield lines, and at last what is missing."""
        for turn in self._asking.rounds:
            if not self._open or self._stop.is_wanted:
                break
            yield from self._round(turn)
            if turn.spare is not None and not self._stop.is_wanted:
                yield from self._from_spare(turn)
        if self._stop.is_wanted:
            return
        yield from self._from_spare(self._asking.rounds[-1])
        if self._open:
            missing = len(self._open)
            yield Shortfall(field=self._job.field.id, missing=missing, reasons=self._refused)

    def _round(self, turn: Round) -> Iterator[Line]:
        """Draw candidates for every open slot once, and fill the slots in order."""
        offers = self._asking.offers(turn, self._kept, self._out(turn))
        if not offers:
            return
        slots = _turned(self._open, turn, tuple(offers)) if turn.is_turned else self._open
        request = self._asking.request(slots, turn, self._kept, offers)
        with closing(finished_rows(self._engine, request, self._stop)) as rows:
            finished = _in_order(slots, rows, self._asking.per_slot(turn))
            for slot, candidates in self._judged(finished):
                if line := self._decide(slot, candidates, turn):
                    yield line

    def _out(self, turn: Round) -> set[str]:
        """Return the lines that a round would refuse, as far as they have been looked at."""
        unsure = {text for text, known in self._known_odds.items() if known < turn.least}
        return self._refused_texts | unsure

    def _judged(
        self, finished: Iterator[tuple[_Slot, list[RowFinished]]]
    ) -> Iterator[tuple[_Slot, list[Candidate]]]:
        """Yield what passes for each slot; a model that can judge is asked once for all slots."""
        passing = (
            (slot, [found for row in rows if (found := self._checked(slot, row))])
            for slot, rows in finished
        )
        if not self._asking.is_judging:
            yield from passing
            return
        waiting = list(passing)
        brief = self._job.brief
        drawn = {each.line.text for _, own in waiting for each in own}
        texts = sorted(drawn - self._known_odds.keys())
        prompts = [line_prompt(text, brief) for text in texts]
        sure = answers(self._engine, self._job, self._stop, prompts)
        for text, own in zip(texts, sure, strict=True):
            self._known_odds[text] = odds(text, brief, own)
        yield from waiting

    def _decide(self, slot: _Slot, passing: Sequence[Candidate], turn: Round) -> Line | None:
        """Fill a slot with its best candidate that lines kept since leave open, if there is one."""
        passing = [c for c in passing if not is_near_duplicate(c.line.text, self._kept)]
        fitting = [candidate for candidate in passing if self._is_sure(candidate, turn)]
        chosen = self._best(fitting) if fitting else None
        self._spare += [candidate for candidate in passing if candidate is not chosen]
        return self._keep(slot, chosen) if chosen else None

    def _is_sure(self, candidate: Candidate, turn: Round) -> bool:
        """Tell whether a candidate is good enough for a round."""
        text = candidate.line.text
        # a short form is never quite sure: one line with it is enough while others are left
        is_short = read(text, self._job.brief).is_shortened and turn.least > -math.inf
        if (turn.needs_news or is_short) and not self._is_new(text):
            return False
        return self._odds(candidate) >= turn.least and self._is_fresh(candidate, turn)

    def _is_fresh(self, candidate: Candidate, turn: Round) -> bool:
        text = candidate.line.text
        return turn.stale == 1.0 or staleness(text, pairs_in(self._kept)) <= turn.stale

    def _odds(self, candidate: Candidate) -> float:
        """Return the log-odds of being let run, where the model can but quote."""
        if not self._asking.is_quoting:
            return math.inf
        text = candidate.line.text
        known = self._known_odds.get(text)
        return odds(text, self._job.brief, None) if known is None else known

    def _is_new(self, text: str) -> bool:
        """Tell whether a line says something of the product that no kept one does."""
        brief = self._job.brief
        said = {item for line in self._kept for item in read(line, brief).items}
        return not read(text, brief).items <= said

    def _best(self, candidates: Sequence[Candidate]) -> Candidate:
        brief, quoting = self._job.brief, self._asking.is_quoting
        taste = self._job.taste
        return chosen(candidates, brief, self._kept, quoting=quoting, taste=taste)

    def _keep(self, slot: _Slot, candidate: Candidate) -> Line:
        self._kept.append(candidate.line.text)
        self._open = [other for other in self._open if other.index != slot.index]
        return candidate.line

    def _checked(self, slot: _Slot, row: RowFinished) -> Candidate | None:
        """Return the finished row as a candidate, or count why it is none."""
        line = checked_line(
            row.text,
            brief=self._job.brief,
            channel=self._job.channel,
            field=self._job.field,
            angle=slot.angle.value,
            seed=self._job.seed,
            logprob=row.logprob,
        )
        if reason := self._reason_against(line, row):
            self._refused[reason] += 1
            self._refused_texts.add(line.text)
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

    def _from_spare(self, turn: Round) -> Iterator[Line]:
        """Fill what is still open with candidates that lost in their own slot, good ones first."""
        least = -math.inf if turn.spare is None else turn.spare
        sure = {c.line.text: c for c in self._spare if self._odds(c) >= least}
        for slot in list(self._open):
            fresh = [
                c
                for text, c in sure.items()
                if self._is_fresh(c, turn) and not is_near_duplicate(text, self._kept)
            ]
            if not fresh:
                return
            chosen = self._best(fresh)
            sure = {candidate.line.text: candidate for candidate in fresh}
            yield self._keep(slot, chosen)


def _is_judging(profile: ModelProfile, job: Job) -> bool:
    """Tell whether a model shortens items and judges lines of a job: as far as frames go."""
    return profile.judges and job.is_framed


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


def _with(word: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines that carry a word; a row that is left without any finds its own words."""
    return tuple(line for line in lines if mentions(line, word)) if word else lines


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
