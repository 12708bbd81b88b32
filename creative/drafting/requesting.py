"""How a job is put to the engine: prompts, seeds, bounds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from creative.counting import width
from creative.domain import Angle
from creative.drafting.angles import angles_among, possible_angles
from creative.drafting.asking import liking
from creative.drafting.bounds import constraint_for
from creative.drafting.choosing import Choice, Offer, choices_of, drawn
from creative.drafting.demands import demands_for
from creative.drafting.grounding import grounded_words
from creative.drafting.job import Job, request_id
from creative.drafting.prompting import messages_for
from creative.drafting.rounds import OWN_WORDS, QUOTING, Round
from creative.drafting.seeds import derived_seed
from creative.engine.catalog import ModelProfile
from creative.engine.protocol import Constraint, Message, Request, Row
from creative.ranking.candidates import Candidate
from creative.templates import Templates

_SMS_CHARS, _SMS_WIDE_CHARS = 160, 70  #: characters of one message part, GSM and UCS-2
_TRAINED_CHARS = 150  #: the starter model has not seen longer lines
_TOKENS_SPARE = 16  #: room for the closing token and for pieces shorter than a character
_WIDE_LANGUAGES = ("zh", "ja", "ko")  #: their characters count double on most platforms
_WIDE_CHARACTER = "字"
_DRAWN = 8  #: rows for each angle that tell which lines in frames the model would write
_CHOSEN_FROM = 4  #: lines in frames that are drawn for a slot, the best of which is kept
_MOST_TASTE = 1.5  #: log-odds that what people like adds or takes at most, as much as lines differ
_REDRAWS = 3  #: of a row that got stuck, when a line is forced; before, the next round will do
_NO_COPY = "<>[]{}|~^*_=\\;#°"  #: signs that a small model slips in and no ad line needs
_MIN_P = 0.05  #: a token much less likely than the likeliest one is a slip, or forced by the width


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A line that is wanted: its place in the run and the angle to write it from."""

    index: int
    angle: Angle


class Requests:
    """How a job is put to the engine: prompts, seeds, bounds."""

    def __init__(self, templates: Templates, profile: ModelProfile, job: Job) -> None:
        self._templates, self._profile, self._job = templates, profile, job
        self.is_quoting = profile.grounded
        self.is_judging = is_judging(profile, job)
        self.rounds = QUOTING if self.is_quoting else OWN_WORDS
        self.angles = angles_among(job.angles, possible_angles(job.brief))

    @property
    def vocabulary(self) -> frozenset[str]:
        """Words that a model which can but quote may use for any brief."""
        return self._profile.vocabulary or frozenset()

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

    @property
    def has_taste(self) -> bool:
        """Whether the model was taught what people like."""
        return self._profile.taste > 0

    def likings(self, choices: Iterable[Choice]) -> list[tuple[Message, ...]]:
        """Return how it is asked whether people like each line."""
        asked = {angle: self._messages(angle) for angle in self.angles}
        return [liking(asked[each.angles[0]], each.line.text) for each in choices]

    def taste_for(self, liked: Sequence[float]) -> list[float]:
        """Return what it adds to the odds of each line how surely it is liked, beside the others.

        Args:
            liked: Log-odds that people like each.
        """
        usual = sum(liked) / max(1, len(liked))
        more = (self._profile.taste * (own - usual) for own in liked)
        return [max(-_MOST_TASTE, min(_MOST_TASTE, each)) for each in more]

    def drawn(self, offers: Sequence[Offer], slot: Slot, *place: int) -> list[Candidate]:
        """Return some lines in frames for a slot that they fit; `place` is when it is drawn."""
        count = self._job.sampling.candidates_per_line or _CHOSEN_FROM
        seed = self._seed(slot.index, *place)
        some = drawn(offers, self.temperature, seed, min(count, _CHOSEN_FROM))
        return [offer.written_from(slot.angle) for offer in some]

    def demands(self, turn: Round, kept: Sequence[str], slots: int) -> tuple[str, ...]:
        """Return what each open slot has to carry in a round."""
        constraint = self._constraint(kept)
        return demands_for(self._job, constraint, kept=kept, slots=slots, attempt=turn.number)

    def request(self, slots: Sequence[Slot], turn: Round, kept: Sequence[str]) -> Request:
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

    def _rows(self, slot: Slot, turn: Round, demand: str) -> Iterator[Row]:
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

    @cached_property
    def _vocabulary(self) -> frozenset[str] | None:
        words = self._profile.vocabulary if self._profile.grounded else None
        return None if words is None else grounded_words(self._job.brief, words)

    def _constraint(self, kept: Sequence[str]) -> Constraint:
        constraint = constraint_for(
            self._job, most=self._most, vocabulary=self._vocabulary, kept=kept
        )
        if self._vocabulary is None:
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


def is_judging(profile: ModelProfile, job: Job) -> bool:
    """Tell whether a model shortens items and judges lines of a job: as far as frames go."""
    return profile.judges and job.is_framed
