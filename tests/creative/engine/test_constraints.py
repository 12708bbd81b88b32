import pytest

from creative.engine.constraints import Acceptor, Line, Verdict
from creative.engine.protocol import Constraint

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


@pytest.mark.parametrize(
    ("constraint", "text", "is_accepted"),
    [
        (Constraint(max_width=8, counting="google_width"), "コーヒー", True),
        (Constraint(max_width=7, counting="google_width"), "コーヒー", False),
        (Constraint(max_width=12, tags="google"), "{KeyWord:Fresh Coffee}", True),
        (Constraint(max_width=11, tags="google"), "{KeyWord:Fresh Coffee}", False),
        (Constraint(max_width=30, tags="google"), "Fresh } coffee", False),
        (Constraint(max_width=30), "{Fresh} coffee", True),
        (Constraint(max_width=16, tags="google"), "Ends in {COUNTDOWN(2026)}", True),
        (Constraint(max_width=15, tags="google"), "Ends in {COUNTDOWN(2026)}", False),
        (Constraint(banned=("act now",)), "Act nowhere", True),
        (Constraint(banned=("act now",)), "Please ACT-NOW!", False),
        (Constraint(banned=("fig",)), "Fenn & Fig", False),
        (Constraint(banned=("最高",)), "日本最高級", False),
        (Constraint(figures=frozenset({"15%", "24"})), "15 % off, 24-hour", True),
        (Constraint(figures=frozenset({"15%", "24"})), "15 bags", False),
        (Constraint(figures=frozenset()), "B2B", False),
        (Constraint(allows_emoji=False), "Tea \N{HOT BEVERAGE}", False),
        (Constraint(allows_emoji=False), "Tea © 1", True),
        (Constraint(allows_emoji=False), "1\ufe0f\u20e3", False),
        (Constraint(allows_emoji=False), "\U0001f1e9\U0001f1ea", False),
        (Constraint(allows_emoji=True), "Tea \N{HOT BEVERAGE}", True),
        (Constraint(), "Fresh  coffee", False),
        (Constraint(), "Fresh 24-", False),
        (Constraint(), "...", False),
        (Constraint(), "毎朝の新鮮なコーヒー", True),
    ],
)
def test_each_rule_holds_while_the_line_is_written(constraint, text, is_accepted):
    line, verdict = write(text, constraint)
    assert (verdict is not Verdict.REFUSED and line.may_end()) is is_accepted


@pytest.mark.parametrize(
    ("text", "is_accepted"), [("Fresh coffee", True), ("Coffee. Fresh", True), ("Coffees", False)]
)
def test_a_line_carries_what_is_required(text, is_accepted):
    line = Line(Acceptor(Constraint(max_width=30), ("coffee",)))
    line.write(text, line.judge(text))
    assert line.may_end() is is_accepted


def test_room_is_left_for_what_is_required():
    line = Line(Acceptor(Constraint(max_width=12), ("coffee",)))
    assert line.judge("Always") is Verdict.REFUSED
    assert line.judge("Fresh") is Verdict.GOES_ON
    assert next(line.ways_on()) == "coffee"
    line.write("Fresh", Verdict.GOES_ON)
    assert next(line.ways_on()) == " coffee"
    line.write("Fresh cof", line.judge("Fresh cof"))
    assert next(line.ways_on()) == "fee"


def test_a_word_that_can_become_no_allowed_one_is_refused_at_once():
    words = frozenset({"free", "fresh", "act", "now", "24"})
    line = Line(Acceptor(Constraint(vocabulary=words, banned=("fresh", "act now"), max_width=9)))
    assert line.judge("fres") is Verdict.REFUSED
    assert line.judge("fre") is Verdict.GOES_ON
    assert line.judge("act n") is Verdict.REFUSED
    assert line.judge("act, n") is Verdict.GOES_ON
    assert line.judge("act 24 free"[:8]) is Verdict.REFUSED  # no room for "free"
    line = Line(Acceptor(Constraint(vocabulary=words, figures=frozenset({"25"}))))
    assert line.judge("2") is Verdict.REFUSED


def test_without_a_vocabulary_a_banned_word_may_become_another():
    line = Line(Acceptor(Constraint(banned=("now",), max_width=10)))
    line.write("Act now", line.judge("Act now"))
    assert not line.may_end()
    assert line.judge("Act now ") is Verdict.REFUSED
    assert line.judge("Act now\n") is Verdict.REFUSED
    assert line.judge("Act nowher") is Verdict.GOES_ON
    assert (
        Line(Acceptor(Constraint(banned=("now",), max_width=7))).judge("Act now") is Verdict.REFUSED
    )


def test_half_a_character_wants_room_for_a_wide_one():
    constraint = Constraint(max_width=3, counting="google_width")
    assert write("a\ufffd", constraint)[1] is Verdict.PENDING
    assert write("ab\ufffd", constraint)[1] is Verdict.REFUSED
    vocabulary = Constraint(max_width=4, vocabulary=frozenset({"café", "cafes"}))
    assert write("caf\ufffd", vocabulary)[1] is Verdict.PENDING
    assert write("Café\ufffd", vocabulary)[1] is Verdict.REFUSED


@pytest.mark.parametrize(
    ("constraint", "required", "text", "is_whole"),
    [
        (Constraint(), (), "Fresh coff", False),
        (Constraint(), (), "Fresh coffee.", True),
        (Constraint(), (), "Fresh coffee,", False),
        (Constraint(), ("coffee",), "Fresh coffee", True),
        (Constraint(vocabulary=VOCABULARY), (), "Fresh coffee", True),
        (Constraint(vocabulary=VOCABULARY), (), "Fresh coff", False),
    ],
)
def test_which_lines_are_surely_whole(constraint, required, text, is_whole):
    line = Line(Acceptor(constraint, required))
    line.write(text, line.judge(text))
    assert line.is_whole is is_whole


def test_an_open_tag_is_closed_before_the_line_ends():
    line = Line(Acceptor(Constraint(tags="google", max_width=20)))
    line.write("Buy {KeyWord:Tea", line.judge("Buy {KeyWord:Tea"))
    assert not line.may_end()
    assert list(line.ways_on()) == ["}"]


def test_words_that_are_required_are_known():
    line = Line(Acceptor(Constraint(vocabulary=VOCABULARY), ("oolong",)))
    assert line.judge("Fresh oolong") is Verdict.GOES_ON


@pytest.mark.parametrize(
    ("constraint", "required"),
    [
        (Constraint(max_width=5), ("coffee",)),
        (Constraint(banned=("coffee",)), ("Fresh coffee",)),
        (Constraint(forbidden="&"), ("Fenn & Fig",)),
        (Constraint(figures=frozenset()), ("24-hour",)),
    ],
)
def test_what_no_line_can_carry_is_known_before_one_is_written(constraint, required):
    assert not Acceptor(constraint, required).may_begin()
    assert Acceptor(constraint).may_begin()


def test_a_character_cannot_stay_pending():
    line = Line(Acceptor(Constraint()))
    for count in range(1, 4):
        verdict = line.judge("a" + "\ufffd" * count)
        assert verdict is Verdict.PENDING
        line.write("a" + "\ufffd" * count, verdict)
    assert line.judge("a\ufffd\ufffd\ufffd\ufffd") is Verdict.REFUSED
    assert line.judge("a\N{HOT BEVERAGE}") is Verdict.GOES_ON
