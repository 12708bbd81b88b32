"""The drafter and an engine that writes what it is told, by the real protocol."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from creative.channels import channel
from creative.domain import Brand, Brief, Line, Product
from creative.drafting.drafter import Drafter
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


class Typist:
    """An engine whose lines are typed in advance; it waits in a queue before every request."""

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
        for row in range(len(request.rows)):
            yield RowFinished(
                request_id=request.id,
                row=row,
                text=next(self._lines),
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


def test_a_model_that_quotes_chooses_from_lines_in_frames():
    engine = Typist(["Halden keeps its taste", "Taste of order beans", "Ground to order"])
    lines = list(Drafter(engine, TEMPLATES, QUOTING).draft(SPARSE))
    first = engine.requests[0]
    offered = {line for row in first.rows for line in row.choices}
    assert all(row.choices for row in first.rows)
    assert all(len(line) <= 30 for line in offered)
    assert {line.text for line in lines if isinstance(line, Line)} == {
        "Halden keeps its taste",
        "Ground to order",
    }


def test_lines_that_were_refused_are_offered_no_more():
    """A framed line that breaks a rule is drawn once: here one with a banned word."""
    brief = replace(SPARSE.brief, brand=Brand(name="Halden", banned_words=("keep",)))
    engine = Typist(["Keep its taste"])
    list(Drafter(engine, TEMPLATES, QUOTING).draft(replace(SPARSE, brief=brief, count=1)))
    offers = [{line for row in each.rows for line in row.choices} for each in engine.requests]
    assert "Keep its taste" in offers[0]
    assert all("Keep its taste" not in offered for offered in offers[1:])


def test_a_line_is_chosen_only_if_it_carries_the_word_that_is_required():
    brief = replace(SPARSE.brief, brand=replace(BRIEF.brand, required_words=("Halden", "zest")))
    engine = Typist(["Halden keeps its taste", "Taste beans of"])
    list(Drafter(engine, TEMPLATES, QUOTING).draft(replace(SPARSE, brief=brief)))
    first = engine.requests[0]
    assert {row.required for row in first.rows} == {("Halden",), ("zest",)}
    for row in first.rows:
        assert all(row.required[0] in line for line in row.choices)
    finding = [row for row in first.rows if row.required == ("zest",)]
    assert not any(row.choices for row in finding), "no frame has it, so in the model's own words"
