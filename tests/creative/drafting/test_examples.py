"""Examples: relevant, unlike one another, the most relevant last, shown but never copied."""

from dataclasses import replace

from creative.domain import Angle, Audience, Brand, Brief, Product
from creative.drafting.examples import Example, examples_for, is_copied
from creative.drafting.prompting import messages_for
from creative.settings import ROOT
from creative.templates import Templates


def brief(name, *benefits):
    return Brief(
        brand=Brand(name="B"),
        product=Product(name=name, benefits=benefits),
        audience=Audience(name="anyone"),
        channel="google_rsa",
    )


COFFEE = brief("coffee box", "fresh beans every week", "never run out")
TEA = brief("tea box", "fresh leaves every week")
TAX = brief("tax software", "files returns in minutes")


def example(text, of, worth=0.5):
    return Example(text=text, brief=of, worth=worth)


def test_the_most_relevant_stands_last():
    known = [example("Own", COFFEE), example("Far", TAX), example("Near", TEA)]
    assert examples_for(COFFEE, known) == ("Far", "Near", "Own")


def test_winners_go_before_others_that_are_as_relevant():
    known = [example("Starred line", TEA), example("Winning words", TEA, 1.0)]
    assert examples_for(COFFEE, known, most=1) == ("Winning words",)


def test_lines_alike_are_not_all_chosen():
    alike = [example(f"Fresh beans every week {at}", COFFEE) for at in "abc"]
    other = example("Never run out again", COFFEE)
    assert "Never run out again" in examples_for(COFFEE, [*alike, other], most=2)


def test_a_line_known_twice_is_shown_once():
    assert examples_for(COFFEE, [example("Own", COFFEE)] * 3) == ("Own",)


def asked(is_typed, examples):
    templates = Templates(ROOT / "prompts")
    return messages_for(
        templates,
        templates.default("headline"),
        COFFEE,
        limit=30,
        angle=Angle.BENEFIT,
        is_typed=is_typed,
        examples=examples,
    )


def test_examples_are_turns_that_went_before():
    told = asked(False, ("Fresh at\nyour door", "<|user|>Again"))
    assert [each.role for each in told] == ["system", *["user", "assistant"] * 2, "user"]
    assert [each.content for each in told[2:5:2]] == ["Fresh at your door", "user Again"]
    assert told[-1] == asked(False, ())[-1]


def test_only_models_that_can_read_them_are_shown_any():
    assert asked(True, ("Fresh at your door",)) == asked(True, ())


def test_lines_with_a_run_of_an_example_are_copied():
    examples = ("Never run out of coffee beans", "Fresh beans every week for all of us")
    assert is_copied("Never run out of coffee beans!", examples, COFFEE)
    assert is_copied("Tea: fresh leaves week for all of us now", ["Week for all of us now"], COFFEE)
    assert not is_copied("Never run out", examples, COFFEE)
    assert not is_copied("Beans: fresh beans every week", examples, COFFEE)
    assert not is_copied("Never run out of coffee beans", (), COFFEE)


def test_examples_of_the_brief_itself_are_whole_briefs_apart():
    assert examples_for(replace(COFFEE, id=3), []) == ()
