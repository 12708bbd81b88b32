"""Fidelity: phrases kept whole and in their sense come before words that were put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.domain import Audience, Brand, Brief, Product
from creative.ranking.fidelity import faithfulness, read

BRIEF = Brief(
    brand=Brand(name="RotaNest"),
    product=Product(
        name="staff scheduling app",
        benefits=("helps you keep wage costs under control", "fewer no-shows"),
        features=("drag and drop rota", "exports to Xero and Sage"),
        proof=("used by 1,400 cafes and pubs", "4.8 stars on Capterra"),
        offer="30 days free, no card needed",
        price="from £2",
    ),
    audience=Audience(name="hospitality managers", pains=("last minute call-offs",)),
    channel="google_rsa",
)


@pytest.mark.parametrize(
    "text",
    [
        "Drag and drop rota",
        "Keep wage costs under control",
        "RotaNest: 4.8 stars on Capterra",
        "30 days free",
        "Exports to Xero",
        "Last minute call-offs?",
        "No more last minute call-offs",
        "Staff scheduling app from £2",
    ],
)
@pytest.mark.parametrize(
    "broken",
    [
        "Pubs for hospitality managers",
        "RotaNest: drop rota for pubs",
        "No more 4.8 stars",
        "Last minute call-offs, from £2",
        "Drag and drop rota, drop rota",
        "Who will drag the rota?",
        "Fewer cafes and Sage",
        "Drag and drop rota, minus",
        "How to drop rota",
        "Ready to Xero?",
        "RotaNest",
        "",
    ],
)
def test_whole_phrases_come_before_broken_ones(text, broken):
    assert faithfulness(text, BRIEF) > faithfulness(broken, BRIEF)


@pytest.mark.parametrize(
    ("text", "tears"),
    [
        ("Drag and drop rota", 0),
        ("Drop rota", 1),
        ("Exports to Xero", 0),
        ("Used by 1,400", 1),
        ("Keep wage costs", 1),
        ("30 days free", 0),
        ("30 days", 1),
    ],
)
def test_a_phrase_is_torn_where_english_may_not_be_cut(text, tears):
    assert read(text, BRIEF).tears == tears


def test_a_reading_says_what_a_line_quotes():
    line = read("RotaNest exports to Xero daily", BRIEF)
    assert [" ".join(run.phrase.words[:2]) for run in line.quotes if run.phrase] == [
        "rotanest",
        "exports to",
    ]
    assert (line.tears, line.strangers, len(line.items)) == (0, 1, 1)


def test_another_form_than_the_briefs_is_seen():
    assert read("Exported to Xero", BRIEF).bends == 0  # the verb of a phrase may change
    assert read("Drag and drop rotas", BRIEF).bends == 1


def test_gains_may_not_be_denied_nor_pains_praised():
    assert read("No more drag and drop rota", BRIEF).denied_gains
    assert not read("No card needed", BRIEF).denied_gains
    assert read("Last minute call-offs for you", BRIEF).praises_pain
    assert not read("No last minute call-offs", BRIEF).praises_pain


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    line = read(text, BRIEF)
    assert [run.end for run in line.runs[:-1]] == [run.start for run in line.runs[1:]]
    assert sum(run.end - run.start for run in line.runs) == len(line.words)
    assert faithfulness(text, BRIEF) == faithfulness(text, BRIEF)


@given(st.permutations(["drag and drop rota", "RotaNest", "with", "Sage", "pubs"]))
def test_every_word_of_a_line_is_in_one_run(words):
    line = read(" ".join(words), BRIEF)
    assert [at for run in line.runs for at in range(run.start, run.end)] == list(
        range(len(line.words))
    )


def test_the_first_words_of_a_long_item_are_quoted():
    words = [f"part{at}" for at in range(5_000)]
    benefits = tuple(f"{name} {' '.join(words)}" for name in ("one", "two", "three"))
    brief = Brief(
        brand=Brand(name="Nest"),
        product=Product(name="rota", benefits=benefits),
        audience=Audience(),
        channel="google_rsa",
    )
    assert read(" ".join(words[:5]), brief).quotes
    assert not read(" ".join(words[100:105]), brief).quotes
