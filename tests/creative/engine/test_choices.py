"""A row that has to become one of several lines becomes one of them, as its model would choose."""

from collections import Counter
from dataclasses import replace

import pytest

from creative.engine.choices import OneOf
from creative.engine.constraints import Line
from creative.engine.local import LocalEngine
from creative.engine.protocol import Constraint, Ending, Message, Request, Row, RowFinished
from creative.settings import ROOT

STARTER = ROOT / "models/starter"
LINES = (
    "Fresh bread, daily",
    "Fresh bread, daily at Café Solé",
    "Fenn & Fig: 24-hour bread",
    "fenn & fig delivers",
    "McDonald's bread",
    "Need bread?",
)


def rows(count: int, *choices: str) -> tuple[Row, ...]:
    turn = (Message(role="user", content="Write one headline for a bakery. angle: benefit"),)
    return tuple(Row(messages=turn, seed=seed, choices=choices) for seed in range(count))


def written(folder, request: Request) -> list[RowFinished]:
    engine = LocalEngine(str(folder), device="cpu", dtype="float32", threads=1)
    try:
        return [event for event in engine.submit(request) if isinstance(event, RowFinished)]
    finally:
        engine.close()


@pytest.mark.parametrize("kind", ["llama", "qwen", "marks", "wild"])
def test_every_row_is_one_of_its_lines(folders, kind):
    wanted = Request(id="a", rows=rows(40, *LINES), top_k=8, max_new_tokens=60)
    found = written(folders[kind], wanted)
    assert {row.ending for row in found} == {Ending.COMPLETE}
    assert {row.text for row in found} <= set(LINES)
    assert len({row.text for row in found}) > 1


def test_rows_of_their_own_words_may_stand_beside_them(folders):
    rest = tuple(replace(row, choices=()) for row in rows(4))
    found = written(
        folders["qwen"], Request(id="a", rows=rows(4, *LINES) + rest, max_new_tokens=40)
    )
    assert [row.text in LINES for row in sorted(found, key=lambda row: row.row)][:4] == [True] * 4
    assert {row.row for row in found} == set(range(8))


def test_the_model_has_a_say(folders):
    """What it finds likelier comes more often than what it does not."""
    pair = ("Need bread?", "Fresh bread, daily")
    found = written(folders["llama"], Request(id="a", rows=rows(300, *pair), max_new_tokens=40))
    counts = Counter(row.text for row in found)
    assert set(counts) == set(pair)
    # by the first tokens the two part at, which a fair coin would not choose between so often
    assert abs(counts[pair[0]] - counts[pair[1]]) > 40


def test_a_line_that_begins_another_may_end_or_go_on():
    line = Line(OneOf(Constraint(), LINES))
    assert set(line.ways_on()) == set(LINES)
    line.write("Fresh bread, daily", line.judge("Fresh bread, daily"))
    assert line.may_end()
    assert not line.is_whole
    assert list(line.ways_on()) == [" at Café Solé"]


@pytest.mark.parametrize(
    "asked", ["benefits: do: sleep in your own bed, not on a ward\nmax: 30", ""]
)
def test_a_line_is_spelt_as_the_model_would_spell_it(asked):
    """With the space before the first word and the marks of capitals that it was trained on."""
    opening = "brand: Nocturna Clinic\nproduct: Home sleep test\nbenefits: thing: a test at home"
    content = f"brand: Nocturna\n{asked}" if asked else f"{opening}\nchannel: headline\nmax: 30"
    row = Row(messages=(Message(role="user", content=content),), seed=1)
    own = written(STARTER, Request(id="own", rows=(row,), temperature=0.0))[0]
    chosen = replace(row, choices=(own.text, "Zebra crossing"))
    led = written(STARTER, Request(id="led", rows=(chosen,), temperature=0.0))[0]
    assert led.text == own.text
    assert led.logprob == pytest.approx(own.logprob, abs=1e-3)
