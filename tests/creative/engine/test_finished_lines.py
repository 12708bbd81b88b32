"""Whatever is written, in whatever pieces: every line can finish, and then keeps every rule."""

import itertools
from collections.abc import Iterable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from creative.counting import UNITS, emoji_in, width
from creative.engine.constraints import Acceptor, Line, Verdict
from creative.engine.figures import figures_in
from creative.engine.protocol import Constraint
from creative.engine.tidying import tidy
from creative.engine.words import Lexicon
from creative.phrases import mentions, phrases_in
from creative.tags import expand, stray_braces

WORDS = (
    *("fenn", "fig", "fresh", "act", "now", "nowhere", "don't", "24-hour", "15", "14", "1,000"),
    *("café", "McDonald's", "USA", "non", "stop", "stopper", "a", "best", "in", "town", "straße"),
)
PIECES = (
    *"abcefhnorstuw  .,-–&'’!?/:%$()\"12450",
    *("fresh", " coffee", " act", " now", "no", "non-", " best", " in", " town", "stop", "US"),
    *("café", "é", "e\u0301", "24", " 15", "%", "$14", "1,000", "1 ", "000", "４", "％", "SS"),
    *(
        "最",
        "高",
        "新鮮",
        "コーヒー",
        "。",
        "😀",
        "❤",
        "\ufe0f",
        "\u200d",
        "🇩",
        "🇪",
        "\ufffd",
        "\ue000",
    ),
    *(
        "McD",
        "onald's",
        "{",
        "}",
        "{KeyWord:",
        "{COUNTDOWN(",
        ")}",
        "<",
        "키워드",
        ">",
        "1. ",
        "- ",
    ),
)


BANNED = st.sampled_from(["act now", "stop", "in town", "fig", "a", "straße", "最高", "café"])
FIGURES = st.sampled_from(["24", "15%", "$14", "1,000", "1 000", "4"])


@st.composite
def constraints(draw, vocabulary):
    unit = draw(st.sampled_from(sorted(UNITS)))
    longest = 2 if unit == "sms_segments" else 40
    return Constraint(
        max_width=draw(st.none() | st.integers(1, longest)),
        counting=unit,
        tags=draw(st.sampled_from(["", "google", "microsoft", "baidu", "naver", "meta"])),
        vocabulary=draw(vocabulary),
        forbidden=draw(st.sampled_from(["", "!", "!?", "-", "'"])),
        allows_emoji=draw(st.booleans()),
        banned=draw(st.lists(BANNED, max_size=3).map(tuple)),
        figures=draw(st.none() | st.frozensets(FIGURES, max_size=3)),
    )


KNOWN = st.frozensets(st.sampled_from(WORDS), min_size=1)
REQUIRED = st.lists(
    st.sampled_from(["fresh", "Fenn & Fig", "act now", "コーヒー", "24-hour", "Don’t", "15%"]),
    max_size=2,
    unique=True,
).map(tuple)
STEPS = st.lists(st.integers(1, 3), min_size=1)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30)


def take(line: Line, pieces: Iterable[str]) -> Iterator[None]:
    """Write each piece that is allowed."""
    for piece in pieces:
        verdict = line.judge(line.text + piece)
        if verdict in (Verdict.GOES_ON, Verdict.PENDING):
            line.write(line.text + piece, verdict)
            yield


def broken_rules(line: Line, constraint: Constraint, required: tuple[str, ...]) -> list[str]:
    """Look at a finished line as the checks after drafting do, from its whole text."""
    text = tidy(line.shown)
    shown = expand(text, constraint.tags)
    known = frozenset(map(sorted_signs, constraint.figures or ()))
    rules = {
        "says nothing": not any(char.isalnum() for char in shown),
        "too wide": width(shown, constraint.counting) > (constraint.max_width or 999),
        "banned": any(phrases_in(shown, constraint.banned)),
        "required": not all(mentions(shown, phrase) for phrase in required),
        "forbidden": not set(text).isdisjoint(constraint.forbidden + "\ufffd\ue000"),
        "emoji": not constraint.allows_emoji and bool(emoji_in(shown)),
        "figures": constraint.figures is not None
        and not known.issuperset(map(sorted_signs, figures_in(shown))),
        "words": constraint.vocabulary is not None
        and not Lexicon([*constraint.vocabulary, *required]).allows_whole(shown),
        "tags": bool(stray_braces(text, constraint.tags)),
    }
    return [rule for rule, is_broken in rules.items() if is_broken]


def sorted_signs(figure: str) -> str:
    return "".join(sorted(figure))


@settings(deadline=None)
@given(constraints(st.none() | KNOWN), REQUIRED, TEXTS)
def test_whatever_is_written_the_finished_line_keeps_every_rule(constraint, required, pieces):
    line = Line(Acceptor(constraint, required))
    for _ in take(line, pieces):
        assert not line.may_end() or not broken_rules(line, constraint, required), line.text


@settings(deadline=None)
@given(constraints(st.none() | KNOWN), REQUIRED, TEXTS)
def test_a_line_may_end_however_it_was_split(constraint, required, pieces):
    line = Line(Acceptor(constraint, required))
    for _ in take(line, pieces):
        pass
    again = Line(Acceptor(constraint, required))
    if line.may_end():
        assert again.judge(line.text) is Verdict.GOES_ON
        assert again.judge(line.text + "\n") is Verdict.ENDED


@settings(deadline=None)
@given(
    constraints(KNOWN), REQUIRED, TEXTS, st.lists(st.integers(1, 3), min_size=1), st.integers(0, 4)
)
def test_every_line_of_known_words_can_be_finished(constraint, required, pieces, steps, pick):
    """Take other ways on for a while, bit by bit, then the best one: the line comes to an end."""
    acceptor = Acceptor(constraint, required)
    line = Line(acceptor)
    for _ in take(line, (piece for piece in pieces if piece < "\ue000" or piece > "\uffff")):
        pass
    sizes = itertools.cycle(steps)
    while acceptor.may_begin() and not line.may_end():
        ways = list(line.ways_on())
        way = ways[min(pick, len(ways) - 1)]
        pick = max(0, pick - 1)
        while way:
            bit, way = way[: (size := next(sizes))], way[size:]
            verdict = line.judge(line.text + bit)
            assert verdict is Verdict.GOES_ON, (line.text, bit, way)
            line.write(line.text + bit, verdict)
    assert not line.may_end() or not broken_rules(line, constraint, required)
