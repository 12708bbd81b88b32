"""The drafter and an engine that writes what it is told, by the real protocol."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from creative.channels import channel
from creative.domain import Brand, Brief, Line, Product
from creative.drafting.drafter import Drafter
from creative.drafting.frames import lines_of
from creative.drafting.job import Job, Shortfall
from creative.drafting.rounds import OWN_WORDS
from creative.engine.profile import ModelProfile
from creative.engine.protocol import (
    Ending,
    EngineState,
    EngineStatus,
    Event,
    Request,
    RequestDone,
    RequestQueued,
    RowFinished,
)
from creative.settings import ROOT
from creative.templates import Templates

TEMPLATES = Templates(ROOT / "prompts")
PLACE = channel("google_rsa")
BRIEF = Brief(
    brand=Brand(name="Halden", required_words=("Halden",)),
    product=Product(name="espresso beans", benefits=("keeps its taste",), price="$14"),
    channel="google_rsa",
)
JOB = Job(
    brief=BRIEF,
    channel=PLACE,
    field=PLACE.field("headline"),
    count=2,
    seed=1,
    template=TEMPLATES.default("headline"),
    taken=("Espresso beans for you",),
    user="ada",
)

GAIN = "Wakes you without the grinder"


class Typist:
    """An engine whose lines are typed in advance, but for those that it may only choose.

    It waits in a queue before every request.
    """

    def __init__(self, lines: Sequence[str], ending: Ending = Ending.COMPLETE) -> None:
        self.requests: list[Request] = []
        self._lines = itertools.cycle(lines)
        self._ending = ending

    def submit(self, request: Request) -> "Written":
        self.requests.append(request)
        return Written(list(self._events(request)))

    def status(self) -> EngineStatus:
        return EngineStatus(state=EngineState.READY, model="typist")

    def close(self) -> None:
        """Nothing is open."""

    def _events(self, request: Request) -> Iterator[Event]:
        yield RequestQueued(request_id=request.id, position=1)
        for at, row in enumerate(request.rows):
            yield RowFinished(
                request_id=request.id,
                row=at,
                text=row.choices[0] if row.choices else next(self._lines),
                logprob=-1.0,
                tokens=4,
                ending=self._ending,
            )
            yield RequestQueued(request_id=request.id, position=1)
        yield RequestDone(request_id=request.id)


class Written:
    """What a typist wrote."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)

    def cancel(self) -> None:
        """It is written already."""


def drafted(engine: Typist, job: Job = JOB) -> list[Line | Shortfall]:
    profile = ModelProfile(candidates_per_line=1)
    return list(Drafter(engine, TEMPLATES, profile).draft(job))


def test_waiting_in_a_queue_ends_nothing():
    lines = drafted(Typist(["Halden espresso keeps taste", "Espresso beans from $14"]))
    assert [line.text for line in lines] == [
        "Halden espresso keeps taste",
        "Espresso beans from $14",
    ]


def test_a_request_says_whose_it_is_and_what_lines_may_look_like():
    engine = Typist(["Halden espresso keeps taste", "Espresso beans from $14"])
    drafted(engine)
    (request,) = engine.requests
    assert (request.user, request.is_distinct) == ("ada", False)
    assert request.constraint.max_width == 30
    assert request.constraint.taken == JOB.taken
    assert [row.required for row in request.rows] == [("Halden",), ()]
    assert "must say: Halden" in request.rows[0].messages[1].content
    assert "must say" not in request.rows[1].messages[1].content


def test_kept_lines_are_taken_and_carried_words_are_not_asked_for_again():
    engine = Typist(["Halden espresso keeps taste", "Espresso beans from $99"])
    drafted(engine)
    later = engine.requests[1]
    assert later.constraint.taken == (*JOB.taken, "Halden espresso keeps taste")
    assert [row.required for row in later.rows] == [()]


def test_repeated_lines_are_counted_as_such():
    engine = Typist(["Espresso beans for you"], Ending.REPEATED)
    (shortfall,) = drafted(engine, replace(JOB, count=1))
    assert isinstance(shortfall, Shortfall)
    assert shortfall.reasons == {"repeated another line": len(OWN_WORDS)}


QUOTING = ModelProfile(candidates_per_line=1, grounded=True, vocabulary=frozenset({"of"}))
SPARSE = replace(
    JOB,
    brief=replace(
        BRIEF,
        brand=Brand(name="Halden"),
        product=replace(BRIEF.product, features=("ground to order", "compostable bags")),
    ),
    taken=(),
)


def quoted(engine: Typist, job: Job = SPARSE) -> list[str]:
    found = Drafter(engine, TEMPLATES, QUOTING).draft(job)
    return [line.text for line in found if isinstance(line, Line)]


def test_a_model_that_quotes_weighs_lines_in_frames_and_chooses_among_them():
    engine = Typist(["Taste of order beans"])
    lines = quoted(engine)
    (request,) = engine.requests
    assert all(row.choices for row in request.rows)
    offered = {line for row in request.rows for line in row.choices}
    assert all(len(line) <= 30 for line in offered)
    assert len(lines) == SPARSE.count
    assert set(lines) <= offered


def test_a_chosen_line_is_of_an_angle_that_it_can_be_written_from():
    lines = list(Drafter(Typist([""]), TEMPLATES, QUOTING).draft(replace(SPARSE, count=8)))
    told = {line.text: line.angle for line in lines if isinstance(line, Line)}
    for text, angle in told.items():
        sections = (angle, "spare") if angle == "brand" else (angle,)
        offered = {line.text for each in sections for line in lines_of(SPARSE.brief, each)}
        assert text in offered


def test_the_same_seed_chooses_the_same_lines_and_another_one_others():
    job = replace(SPARSE, count=4)
    runs = [quoted(Typist([""]), replace(job, seed=seed)) for seed in (1, 1, 2, 3, 4)]
    assert runs[0] == runs[1]
    assert any(run != runs[0] for run in runs[2:])


def test_lines_that_break_a_rule_are_never_chosen():
    brief = replace(SPARSE.brief, brand=Brand(name="Halden", banned_words=("keep", "keeps")))
    lines = quoted(Typist([""]), replace(SPARSE, brief=brief, count=6))
    assert lines
    assert not any("keep" in line.lower() for line in lines)


def test_what_no_frame_can_say_is_left_to_the_models_own_words():
    brief = replace(SPARSE.brief, brand=replace(BRIEF.brand, required_words=("Halden", "zest")))
    engine = Typist(["Espresso beans of zest"])
    lines = quoted(engine, replace(SPARSE, brief=brief))
    assert any("Halden" in line for line in lines)
    asked = engine.requests[1]
    assert {row.required for row in asked.rows} == {("zest",)}
    assert not any(row.choices for row in asked.rows)


def test_own_words_keep_the_terms_of_what_they_quote():
    offered = replace(SPARSE.brief.product, offer="free delivery over £60")
    named = Brand(name="Halden", required_words=("zest",))
    job = replace(SPARSE, brief=replace(SPARSE.brief, brand=named, product=offered), count=1)
    broken, kept = "Free delivery of zest", "Zest: free delivery over £60"
    assert quoted(Typist([broken, kept]), job) == [kept]


def test_a_longer_line_that_says_a_thing_twice_or_in_half_is_not_kept():
    said = {"benefits": (GAIN,), "features": ("single origin compostable bags",)}
    brief = replace(SPARSE.brief, product=replace(SPARSE.brief.product, **said))
    job = replace(SPARSE, brief=brief, field=PLACE.field("description"), count=1)
    twice, half = f"{GAIN} and {GAIN.lower()}.", "Halden: compostable bags."
    assert quoted(Typist([twice, half, "Halden. Wakes you without the grinder."]), job) == [
        "Halden. Wakes you without the grinder."
    ]


def test_a_model_that_was_taught_what_people_like_is_asked_and_another_is_not():
    """The engine tells that people like lines which name the brand.

    Eight lines: what readers are surest of comes first, whatever else is liked.
    """

    class Fond(Typist):
        def _events(self, request: Request) -> Iterator[Event]:
            asked = [row.messages[-1].content.partition("\nliked: ")[2] for row in request.rows]
            for event in super()._events(request):
                if isinstance(event, RowFinished) and (text := asked[event.row]):
                    event = replace(event, logprob=math.log(0.9 if "Halden" in text else 0.1))
                yield event

    named, questions = {0.0: 0, 3.0: 0}, {0.0: 0, 3.0: 0}
    for taste, seed in itertools.product(named, range(4)):
        engine = Fond([""])
        drafter = Drafter(engine, TEMPLATES, replace(QUOTING, taste=taste))
        lines = list(drafter.draft(replace(SPARSE, count=8, seed=seed)))
        named[taste] += sum("Halden" in line.text for line in lines if isinstance(line, Line))
        rows = [row for request in engine.requests for row in request.rows]
        questions[taste] += sum("\nliked: " in row.messages[-1].content for row in rows)
    assert questions[0.0] == 0 < questions[3.0]
    assert named[3.0] > named[0.0]
