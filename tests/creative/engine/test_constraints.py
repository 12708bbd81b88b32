import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.engine.constraints import Acceptor, Line, Verdict
from creative.engine.protocol import Constraint
from creative.engine.words import words_of

VOCABULARY = frozenset({"fenn", "fig", "fresh", "coffee", "for", "you", "don't"})


def write(text: str, constraint: Constraint, step: int = 1) -> tuple[Line, Verdict]:
    """Write a text piece by piece until it is refused or ended."""
    line = Line(Acceptor(constraint))
    verdict = Verdict.GOES_ON
    for end in range(step, len(text) + step, step):
        verdict = line.judge(text[:end])
        if verdict is Verdict.REFUSED:
            break
        line.write(text[:end], verdict)
        if verdict is Verdict.ENDED:
            break
    return line, verdict


@pytest.mark.parametrize("step", [1, 2, 5])
def test_a_line_of_known_words_may_end(step):
    line, verdict = write("Fenn & Fig: fresh coffee.", Constraint(vocabulary=VOCABULARY), step)
    assert verdict is Verdict.GOES_ON
    assert line.may_end()


@pytest.mark.parametrize("text", ["Fresh cof", "Don'", "", "  ", '""', "Fresh\ue000", "for \ufffd"])
def test_a_line_may_not_end_on_half_a_word_or_nothing(text):
    line, verdict = write(text, Constraint(vocabulary=VOCABULARY))
    assert verdict is not Verdict.REFUSED
    assert not line.may_end()


@pytest.mark.parametrize(
    "text", ["Fresh tea", "a\tb", "a\x00", "\n\n", "<think>", "\ufffdx", "x\ue000y", "a\u202eb"]
)
def test_unknown_words_and_characters_nobody_sees_are_refused(text):
    constraint = Constraint(vocabulary=VOCABULARY if "tea" in text else None)
    assert write(text, constraint)[1] is Verdict.REFUSED


def test_half_a_character_only_follows_where_a_foreign_one_may():
    constraint = Constraint(vocabulary=VOCABULARY | {"café"})
    assert write("caf\ufffd", constraint)[1] is Verdict.PENDING
    assert write("fresh\ufffd", constraint)[1] is Verdict.PENDING
    assert write("fre\ufffd", constraint)[1] is Verdict.REFUSED


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Mc\ue001", Verdict.PENDING),
        ("McD\ue001", Verdict.REFUSED),
        ("\ue001", Verdict.PENDING),
        ("fresh-\ue001", Verdict.PENDING),
        ("fresh\ue001", Verdict.REFUSED),
        ("fresh\ue000", Verdict.PENDING),
        ("fre\ue000", Verdict.REFUSED),
        ("fresh \ue000\ue001", Verdict.REFUSED),
    ],
)
def test_case_marks_stand_only_where_a_capital_may(text, verdict):
    constraint = Constraint(vocabulary=VOCABULARY | {"McDonald's"})
    assert write(text, constraint)[1] is verdict


def test_forbidden_characters_are_refused():
    assert write("Fresh!", Constraint(forbidden="!?"))[1] is Verdict.REFUSED


def test_a_newline_ends_a_line_and_what_follows_is_dropped():
    line, verdict = write("Fresh coffee.\n\nHere is", Constraint(vocabulary=VOCABULARY), step=15)
    assert verdict is Verdict.ENDED
    assert line.text == "Fresh coffee."


def test_a_newline_does_not_end_half_a_word():
    assert write("Fresh cof\n", Constraint(vocabulary=VOCABULARY))[1] is Verdict.REFUSED


def test_words_between_the_last_one_and_the_newline_are_checked():
    line = Line(Acceptor(Constraint(vocabulary=VOCABULARY)))
    assert line.judge("Fresh tea for you\n") is Verdict.REFUSED


def test_length_counts_what_a_reader_sees():
    constraint = Constraint(max_width=12)
    assert write('"Fresh coffee"', constraint)[1] is Verdict.REFUSED  # open quotes count
    assert Line(Acceptor(constraint)).judge('"Fresh coffee"') is Verdict.GOES_ON
    assert Line(Acceptor(constraint)).judge(" Fresh coffee ") is Verdict.GOES_ON
    assert Line(Acceptor(constraint)).judge("Fresh coffees") is Verdict.REFUSED


def test_a_character_cannot_stay_pending():
    line = Line(Acceptor(Constraint()))
    for count in range(1, 4):
        verdict = line.judge("a" + "\ufffd" * count)
        assert verdict is Verdict.PENDING
        line.write("a" + "\ufffd" * count, verdict)
    assert line.judge("a\ufffd\ufffd\ufffd\ufffd") is Verdict.REFUSED
    assert line.judge("a\N{HOT BEVERAGE}") is Verdict.GOES_ON


@given(st.lists(st.sampled_from([*"fenigrshcofyudt'-&. !", "fresh ", "coffee", "é"]), max_size=30))
def test_whatever_is_written_keeps_the_constraint(pieces):
    """Take each piece that is allowed; the line holds known words only, at every moment."""
    line = Line(Acceptor(Constraint(vocabulary=VOCABULARY, max_width=25)))
    for piece in pieces:
        verdict = line.judge(line.text + piece)
        if verdict is Verdict.GOES_ON:
            line.write(line.text + piece, verdict)
    assert len(line.text.strip()) <= 25
    *done, last = [*words_of(line.text), ""] if line.may_end() else [*words_of(line.text)] or [""]
    assert all(
        word in VOCABULARY or set(word.replace("&", "-").split("-")) <= VOCABULARY for word in done
    )
    assert line.may_end() or not last or any(word.startswith(last[:1]) for word in VOCABULARY)
