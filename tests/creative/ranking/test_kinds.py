"""The typer: which word goes before a phrase, and how the phrase is spelled."""

import pytest

from creative.inflection import base_form, gerund, inflections, third_person
from creative.ranking.kinds import Kind, kind_of, read_phrase, typed

DO = "stop dreading tax season; see who owes you money; soak in a tub; track orders; sleep deeper"
DOES = "covers theft; tastes like plums; works in cold water; fits in your pocket; never sticks"
THING = "infinity pool; paper bags; SPF 30; bank sync; scanning; single farm in Yirgacheffe"
QUALITY = "vegan; hand-picked; soft on skin; leakproof; crusty outside and soft; ready in an hour"
MADE = "roasted to order; from one farm; never heated; straight from the hive; made without bleach"
SAYS = "we never judge; your data stays yours; claws can't tear it; kids build their own game"
WITHOUT = "no bitterness; zero monthly fees; without sulfates; no experience needed"


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        (phrase, kind)
        for kind, phrases in [
            (Kind.DO, DO),
            (Kind.DOES, DOES),
            (Kind.THING, THING),
            (Kind.QUALITY, QUALITY),
            (Kind.MADE, MADE),
            (Kind.SAYS, SAYS),
            (Kind.WITHOUT, WITHOUT),
        ]
        for phrase in phrases.split("; ")
    ],
)
def test_a_phrase_is_taken_for_what_it_is(phrase: str, kind: Kind) -> None:
    assert kind_of(phrase) is kind


@pytest.mark.parametrize(
    ("raw", "spelled"),
    [
        ("Helps you sleep better.", "sleep better"),
        ("you can cancel whenever you like", "cancel whenever you like"),
        ("To save time", "save time"),
        ("cooking without stress", "cook without stress"),
        ("They keep drinks cold", "keeps drinks cold"),
        ("they are light", "is light"),
        ("It glorps the vap", "glorps the vap"),
        ("Evens out skin tone", "evens out skin tone"),
        ("hydrate for 24 hours", "hydrates for 24 hours"),
        ("without sugar", "no sugar"),
        ("never losing a file again", "never lose a file again"),
        ("  Sedation   if you need it ; ", "sedation if you need it"),
        ("Italian lessons", "Italian lessons"),
        ("SPF 30", "SPF 30"),
        ("iPhone case", "iPhone case"),
        ("McDougal tartan", "McDougal tartan"),
    ],
)
def test_a_phrase_gets_one_spelling(raw: str, spelled: str) -> None:
    assert read_phrase(raw)[1] == spelled


def test_phrases_are_joined_with_their_kinds() -> None:
    phrases = ["Tastes like blueberries", "no bitterness", " ", "brew a better cup at home."]
    assert (
        typed(phrases)
        == "does: tastes like blueberries; without: no bitterness; do: brew a better cup at home"
    )


def test_a_separator_inside_a_phrase_does_not_split_it() -> None:
    assert typed(["bags; boxes"]).count(";") == 0


def test_typing_what_was_typed_changes_nothing() -> None:
    for phrase in f"{DO}; {DOES}; {THING}; {QUALITY}; {MADE}; {SAYS}; {WITHOUT}".split("; "):
        once = read_phrase(phrase)
        assert read_phrase(once[1]) == once


@pytest.mark.parametrize("phrase", ["", ".", "的", "!!!", "a", "-", "you", "no", "it"])
def test_odd_input_is_read_as_something(phrase: str) -> None:
    assert kind_of(phrase) in Kind


def test_inflection() -> None:
    assert [third_person(verb) for verb in ("carry", "be", "wash", "play")] == [
        "carries",
        "is",
        "washes",
        "plays",
    ]
    assert [gerund(verb) for verb in ("get", "lie", "bake", "see", "eat")] == [
        "getting",
        "lying",
        "baking",
        "seeing",
        "eating",
    ]
    assert base_form("carries") == "carry"
    assert base_form("tables") is None


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("stickers", {"sticker", "sticker's"}),
        ("box", {"boxes", "box's"}),
        ("dishes", {"dish"}),
        ("berries", {"berry"}),
        ("glass", {"glass's"}),
        ("stopping", {"stop", "stops", "stopped"}),
        ("chasing", {"chase", "chases", "chased"}),
        ("broken", {"break", "breaks", "breaking"}),
    ],
)
def test_a_word_has_its_other_forms(word: str, forms: set[str]) -> None:
    assert forms <= inflections(word)


def test_no_form_is_half_a_word() -> None:
    assert "glas" not in inflections("glass")
    assert inflections("is") & {"i"} == set()
    assert "thi" not in inflections("this")
    assert "opened" in inflections("open")
    assert "openned" not in inflections("open")
