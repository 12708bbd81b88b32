"""The corpus: what its lines may say, how long they are, and that nothing is invented."""

import re
from collections.abc import Iterator
from random import Random

import pytest

from creative.inflection import article, base_form, gerund, is_plural, third_person
from models.training.briefs import Sheet, rendered, sheet
from models.training.corpus import Example, ads, example
from models.training.english import plural, third
from models.training.export import pattern_words, vocabulary
from models.training.inventions import BRAND_SHAPES, brand, pseudo_word
from models.training.lines import line, order
from models.training.patterns import ANGLES, FACTS, Shelf, available_angles, patterns
from models.training.splits import Split
from models.training.words import all_words, industries

WORD = re.compile(r"[^\W_]+(?:['’&.-][^\W_]+)*")
UNSUPPORTED = re.compile(
    r"\bfree\b|\bbest\b|#1|guarantee|today only|ends soon|last chance|hurry|limited time|cheapest|%"
    r"|[$€£]",
    re.IGNORECASE,
)
BRIEFS = 80


@pytest.fixture(scope="module")
def shown() -> list[Example]:
    rng = Random(20)
    return [ads(rng, 10) for _ in range(BRIEFS)]


def pairs(shown: list[Example]) -> Iterator[tuple[str, str, str]]:
    for one in shown:
        for ask, answer in one.lines:
            yield one.prompt, ask, answer


def words_of(text: str) -> set[str]:
    whole = {word.lower() for word in WORD.findall(text)}
    return whole | {part for word in whole for part in re.split(r"[.-]", word)}


def forms(words: set[str]) -> set[str]:
    """Return words with the inflections that a line may give them."""
    bases = words | {base for word in words if (base := base_form(word))}
    return bases | {form for word in bases for form in (third_person(word), gerund(word))}


def test_lines_keep_their_limit(shown: list[Example]) -> None:
    for _, ask, answer in pairs(shown):
        limit = re.search(r"max: (\d+)", ask)
        assert limit
        assert 0 < len(answer) <= int(limit[1])


def test_every_word_of_a_line_is_in_its_brief_or_in_the_vocabulary(shown: list[Example]) -> None:
    known = set(vocabulary()) | {"t", "s"}
    for prompt, _, answer in pairs(shown):
        allowed = forms(words_of(prompt)) | known
        allowed |= {part for word in known for part in re.split("['’-]", word)}
        assert words_of(answer) <= allowed, (prompt, answer, words_of(answer) - allowed)


def test_no_line_claims_what_its_brief_does_not(shown: list[Example]) -> None:
    for prompt, _, answer in pairs(shown):
        promised = {claim.lower() for claim in UNSUPPORTED.findall(prompt)}
        assert {claim.lower() for claim in UNSUPPORTED.findall(answer)} <= promised, answer
        assert set(re.findall(r"\d+", answer)) <= set(re.findall(r"\d+", prompt)), answer


def test_nearly_every_line_says_something_of_the_brief(shown: list[Example]) -> None:
    known = pattern_words()
    vocabulary_only = [
        answer
        for prompt, _, answer in pairs(shown)
        if words_of(answer) <= known | words_of(prompt.split("\n")[0])
    ]
    assert len(vocabulary_only) < 0.02 * sum(len(one.lines) for one in shown), vocabulary_only


def test_every_angle_and_channel_is_asked_for(shown: list[Example]) -> None:
    asks = "".join(ask for _, ask, _ in pairs(shown))
    assert {*re.findall(r"angle: (\w+)", asks)} == set(ANGLES)
    channels = {"headline", "description", "primary", "subject", "push"}
    assert {*re.findall(r"channel: (\w+)", asks)} == channels
    assert all(ask.split("\n")[-1].startswith("angle: ") for _, ask, _ in pairs(shown))


def test_a_seed_gives_the_same_examples() -> None:
    first, second = Random(4), Random(4)
    assert [example(first, 6) for _ in range(20)] == [example(second, 6) for _ in range(20)]


def test_briefs_are_sent_as_the_app_sends_them(shown: list[Example]) -> None:
    order_of = "brand product audience pains benefits features proof offer price keywords".split()
    for one in shown:
        keys = [line.split(":")[0] for line in one.prompt.split("\n")]
        assert keys == [key for key in order_of if key in keys]
        assert keys[:2] == ["brand", "product"]


def test_an_angle_is_offered_only_if_the_brief_has_something_for_it() -> None:
    rng = Random(1)
    for brief in (sheet(rng) for _ in range(200)):
        angles = available_angles(brief)
        assert ("proof" in angles) == (brief.proof is not None)
        assert ("audience" in angles) == (brief.audience is not None)
        assert "brand" in angles


def test_benefit_lines_lead_with_a_benefit() -> None:
    rng = Random(8)
    for _ in range(40):
        brief = sheet(rng)
        wanted = order(rng, "F", "benefit")
        if wanted.channel != "headline" or wanted.limit > 45:
            continue
        answer = line(rng, Shelf(brief), wanted)
        if answer and brief.features:
            assert says(answer, brief, of_features=False), (answer, brief)


def says(answer: str, brief: Sheet, *, of_features: bool) -> bool:
    facts = brief.features if of_features else brief.benefits
    long = {word[:4] for fact in facts for word in words_of(fact.text)}
    return any(word[:4] in long for word in words_of(answer))


def test_patterns_are_many_and_use_known_slots() -> None:
    texts = {pattern.text for pattern in patterns()}
    assert len(texts) >= 600
    known = FACTS | {"B", "P", "aP", "Pm", "Ps", "A", "K", "O", "V", "R", "Rp", "Rn", "price"}
    known |= {"price0", "W", "w", "Wc", "W_ing", "n_pain", "is", "does", "comes", "it", "It", "CTA"}
    for pattern in patterns():
        assert pattern.slots <= known, pattern.text
        assert not UNSUPPORTED.search(pattern.text), pattern.text


def test_the_vocabulary_promises_nothing() -> None:
    words = vocabulary()
    assert words == sorted(set(words))
    assert all(word == word.lower() for word in words)
    assert not [word for word in words if re.search(r"\d", word) or UNSUPPORTED.search(word)]


def test_inventions_have_many_shapes() -> None:
    rng = Random(3)
    brands = [brand(rng) for _ in range(2000)]
    assert len(BRAND_SHAPES) >= 13
    assert len(set(brands)) > 1900
    for shape in (
        r"&",
        r"'s$",
        r"\d$",
        r"[a-z][A-Z]",
        r"^[A-Z]{2,}$",
        r"[à-ü]",
        r"^The ",
        r" ",
        r"-",
    ):
        assert any(re.search(shape, name) for name in brands), shape
    assert all(3 <= len(pseudo_word(rng)) <= 11 for _ in range(200))


def test_most_briefs_hold_words_that_no_list_knows() -> None:
    rng = Random(6)
    known = set(all_words()) | set(vocabulary())
    values = [value for _ in range(100) for value in rendered(rng, sheet(rng)).split("\n")[1:6]]
    fresh = [value for value in values if not words_of(value.split(":", 1)[1]) <= known]
    assert len(fresh) > 0.5 * len(values)


def test_english() -> None:
    assert [
        article(word) for word in ("hour", "unit", "apple", "SPF 30", "11-day trip", "bag")
    ] == [
        "an",
        "a",
        "an",
        "an",
        "an",
        "a",
    ]
    assert [plural(word) for word in ("child", "berry", "box", "leaf", "day")] == [
        "children",
        "berries",
        "boxes",
        "leaves",
        "days",
    ]
    assert [is_plural(phrase) for phrase in ("bags of glass", "a glass", "glass", "men")] == [
        True,
        False,
        False,
        True,
    ]
    assert third("never go flat") == "never goes flat"


def test_industries_are_complete() -> None:
    assert sum(len(industries(split)) for split in Split) >= 40
    assert all(industries(split) for split in Split)
    assert all(trade.products and trade.reader_acts and trade.nouns for trade in industries())
