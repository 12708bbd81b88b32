"""Drafts lines: weighs or draws candidates, keeps the best that pass, redraws what is missing.

A job has one slot per line.  A model that can but quote chooses from lines in frames first; each
other round asks the engine for several candidates per open slot, which is filled by its best one
that breaks no rule and repeats no line.  Slots are decided in order, whatever order the engine
finishes rows in, so the same seed gives the same lines.
Knows no storage: what it yields is the caller's to keep.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from creative.checking import checked_line, has_errors
from creative.domain import Angle, Line
from creative.drafting.angles import plan_angles
from creative.drafting.asking import answers, line_prompt
from creative.drafting.choosing import Offer, Offers
from creative.drafting.examples import is_copied
from creative.drafting.frames import LAST, frames, wording_of
from creative.drafting.grounding import (
    is_mixed_case,
    names_in_part,
    odd_capitals,
    odd_compounds,
)
from creative.drafting.job import Job, Shortfall, Stop, finished_rows
from creative.drafting.odds import odds
from creative.drafting.requesting import Requests, Slot, is_judging
from creative.drafting.rounds import LEVELS, Round
from creative.drafting.shortening import shortened
from creative.drafting.truth import keeps_bounds
from creative.engine.catalog import ModelProfile
from creative.engine.protocol import (
    Ending,
    Engine,
    RowFinished,
)
from creative.likeness import is_near_duplicate
from creative.ranking.candidates import Candidate, is_thin
from creative.ranking.fidelity import read, told
from creative.ranking.grammar import grammar_slips
from creative.ranking.taste import chosen
from creative.templates import Templates

_REPEATED, _TERMS = "repeated another line", "left out the terms of what they quote"
_UNLIKELY = -2.0  #: nats a character of a line that none of them led to


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
        if is_judging(self._profile, job):
            job = replace(job, brief=shortened(self._engine, job, stop))
        requests = Requests(self._templates, self._profile, job)
        yield from _Drafting(self._engine, requests, job, stop).run()


class _Drafting:
    """The state of one job: open slots, kept texts, spare candidates, refusals."""

    def __init__(self, engine: Engine, requests: Requests, job: Job, stop: Stop) -> None:
        self._engine, self._requests, self._job, self._stop = engine, requests, job, stop
        self._kept = [*job.taken, *job.examples]
        self._offers: Offers | None = None  #: lines in frames, once they were asked for
        self._spare: list[Candidate] = []
        self._refused: Counter[str] = Counter()
        self._open = _open_slots(job)

    def run(self) -> Iterator[Line | Shortfall]:
        """Yield lines, and at last what is missing."""
        for turn in self._requests.rounds:
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
        """Fill open slots in order with lines in frames, of which ever less is asked."""
        if self._offers is None:
            self._offers = Offers(list(self._weighed()))
            for text in self._kept:
                self._offers.keep(text, told(text, self._job.brief))
        for at, level in enumerate(LEVELS):
            words = self._requests.demands(turn, self._kept, len(self._open))
            for slot, word in zip(tuple(self._open), words, strict=True):
                if self._stop.is_wanted:
                    return
                if fitting := self._offers.fitting(level, slot.angle, word):
                    some = self._requests.drawn(fitting, slot, turn.number, at)
                    yield self._keep(slot, self._best(some))

    def _weighed(self) -> Iterator[Offer]:
        """Yield the lines in frames that pass, with what the model and its marks say of them."""
        choices = self._requests.choices()
        if not choices:
            return
        request = self._requests.weighing(choices)
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
        if self._requests.is_judging:
            prompts = [line_prompt(choice.line.text, brief) for choice, _ in passing]
            sure = answers(self._engine, self._job, self._stop, prompts)
        liked = [0.0] * len(passing)
        if self._requests.has_taste:
            asked = self._requests.likings(choice for choice, _ in passing)
            liked = answers(self._engine, self._job, self._stop, asked)
        tastes = self._requests.taste_for(liked)
        for (choice, found), own, taste in zip(passing, sure, tastes, strict=True):
            yield Offer(
                candidate=found,
                angles=choice.angles,
                wording=wording_of(choice.line.frame),
                odds=odds(choice.line, brief, own) + taste,
                items=told(choice.line.text, brief),
                is_shortened=read(choice.line.text, brief).is_shortened,
                is_last=choice.line.frame in frames()[LAST],
            )

    def _written(self, turn: Round) -> Iterator[Line]:
        """Draw candidates in the model's own words for every open slot, and fill them in order.

        What lost in its own slot is better than what is forced on the model.
        """
        if turn.is_forced:
            yield from self._from_spare()
        slots = _turned(self._open, turn, self._requests.angles) if turn.is_turned else self._open
        if not slots:
            return
        request = self._requests.request(slots, turn, self._kept)
        with closing(finished_rows(self._engine, request, self._stop)) as rows:
            for slot, done in _in_order(slots, rows, self._requests.per_slot):
                passing = [
                    found
                    for row in done
                    if (found := self._checked(slot.angle, row)) and self._keeps_terms(row.text)
                ]
                if line := self._decide(slot, passing):
                    yield line

    def _keeps_terms(self, text: str) -> bool:
        """Tell whether a quoting model's own words keep the terms of what they quote; count it."""
        items = told(text, self._job.brief) if self._requests.is_quoting else ()
        if all(keeps_bounds(item, text) for item in items):
            return True
        self._refused[_TERMS] += 1
        return False

    def _decide(self, slot: Slot, passing: Sequence[Candidate]) -> Line | None:
        """Fill a slot with its best candidate, if there is one."""
        chosen = self._best(passing) if passing else None
        self._spare += [candidate for candidate in passing if candidate is not chosen]
        return self._keep(slot, chosen) if chosen else None

    def _best(self, candidates: Sequence[Candidate]) -> Candidate:
        brief, quoting = self._job.brief, self._requests.is_quoting
        taste = self._job.taste
        return chosen(candidates, brief, self._kept, quoting=quoting, taste=taste)

    def _keep(self, slot: Slot, candidate: Candidate) -> Line:
        text = candidate.line.text
        self._kept.append(text)
        if self._offers is not None:
            self._offers.keep(text, told(text, self._job.brief))
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
        if reason := self._oddity(line.text):
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

    def _oddity(self, text: str) -> str:
        """Say what is odd about names, words and phrases of a line; empty when nothing is."""
        brief = self._job.brief
        if odd_capitals(text, brief):
            return "had odd capitals"
        if not self._requests.is_quoting:
            return ""
        if names_in_part(text, brief):
            return "named the brand in part"
        if odd_compounds(text, brief, self._requests.vocabulary):
            return "joined words with a hyphen"
        if is_mixed_case(text, brief):
            return "had odd capitals"
        return "put halves of phrases together" if self._is_spliced(text) else ""

    def _is_spliced(self, text: str) -> bool:
        """Tell whether a line in a quoting model's own words tears a phrase or says one twice.

        A short field has no room to be so strict, and lines in frames to choose from instead.
        """
        if self._job.is_framed:
            return False
        reading = read(text, self._job.brief)
        return reading.tears > 0 or reading.echoes > 0

    def _from_spare(self) -> Iterator[Line]:
        """Fill what is still open with candidates that lost in their own slot."""
        for slot in tuple(self._open):
            self._spare = [c for c in self._spare if not is_near_duplicate(c.line.text, self._kept)]
            if not self._spare:
                return
            yield self._keep(slot, self._best(self._spare))


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


def _in_order(
    slots: Sequence[Slot], rows: Iterable[RowFinished], per_slot: int
) -> Iterator[tuple[Slot, list[RowFinished]]]:
    """Yield each slot once all its candidates and those of earlier slots are finished."""
    finished: dict[int, list[RowFinished]] = defaultdict(list)
    decided = 0
    for row in rows:
        finished[row.row // per_slot].append(row)
        while decided < len(slots) and len(finished[decided]) == per_slot:
            yield slots[decided], sorted(finished[decided], key=lambda done: done.row)
            decided += 1


def _turned(slots: Sequence[Slot], turn: Round, angles: Sequence[Angle]) -> list[Slot]:
    """Return slots with another angle to try."""
    return [
        Slot(index=slot.index, angle=angles[(slot.index + turn.number) % len(angles)])
        for slot in slots
    ]


def _open_slots(job: Job) -> list[Slot]:
    """Return the slots of the plan that no delivered line fills.

    A delivered line fills the first slot of its angle; one that was turned to another angle fills
    the first slot that is left.
    """
    plan = plan_angles(job.brief, job.count, job.seed, job.angles)
    slots = [Slot(index=at, angle=angle) for at, angle in enumerate(plan)]
    turned = 0
    for angle in job.delivered:
        filled = next((slot for slot in slots if slot.angle == angle), None)
        if filled is None:
            turned += 1
        else:
            slots.remove(filled)
    return slots[turned:]
