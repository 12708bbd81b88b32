import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from creative.engine.figures import Figures, figures_in

TEXT = st.text(alphabet="0159 .,:/%$€½x４", max_size=12)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("24-hour B2B in 4K", ["24", "2", "4"]),
        ("from $ 14.00 or 14 €", ["$14.00", "14€"]),
        ("15 % off, 3½ cups", ["15%", "3½"]),
        ("1,000 or 1 000 000 reviews, 24/7", ["1,000", "1 000 000", "24/7"]),
        ("４８％ off, ￥300, 100円", ["48%", "¥300", "100円"]),
        ("on 12.5. at 10:30.", ["12.5", "10:30"]),
        ("ten cups, 元気 and $ave", []),
    ],
)
def test_figures_of_ad_copy(text, figures):
    assert figures_in(text) == figures


@pytest.mark.parametrize(
    ("known", "text", "is_allowed"),
    [
        ({"15"}, "15 cups", True),
        ({"15"}, "15% off", False),
        ({"15"}, "$15", False),
        ({"15"}, "150", False),
        ({"15"}, "1.5", False),
        ({"15%"}, "15 % off", True),
        ({"15%"}, "15％", True),
        ({"15%"}, "15 off", False),
        ({"$14"}, "14$, $ 14", True),
        ({"$14"}, "€14", False),
        ({"4"}, "4K", True),
        ({"14"}, "$ave 14", False),
        ({"24/7"}, "24", False),
        (set(), "元気 & 100 % 元", False),
        (set(), "no figures", True),
        ({"4"}, "４", True),
        ({"4"}, "٤", True),
    ],
)
def test_which_figures_may_occur(known, text, is_allowed):
    assert Figures(known).allow(text) is is_allowed


@pytest.mark.parametrize(
    ("known", "text", "rests"),
    [
        ({"15%", "150"}, "15", ["%", "0", " %", "\xa0%"]),
        ({"15%"}, "15 ", ["%"]),
        ({"$14"}, "from $", ["14", " 14", "\xa014", "\u202f14"]),
        ({"1 000"}, "1 0", ["00"]),
        ({"1,000"}, "1,", ["000"]),
        ({"15%"}, "15%", []),
        ({"15%"}, "25", []),
        ({"15%"}, "cups", []),
    ],
)
def test_how_a_figure_may_go_on(known, text, rests):
    assert Figures(known).rests(text) == rests


@given(TEXT)
def test_a_text_may_hold_its_own_figures(text):
    figures = Figures(figures_in(text))
    assert figures.allow(text) or any(sign in text for sign in "$€")


@given(TEXT, TEXT)
@example("00", "0::0")
def test_what_completes_a_figure_is_allowed(known, text):
    figures = Figures(figures_in(known))
    start = max(text.rfind(char) for char in "x½%$€") + 1
    begun = text[start:]
    assume(figures.allow(begun.rpartition(" ")[0]))
    assume(all(figures.allow(figure) for figure in figures_in(begun)[:-1]))
    assert all(figures.allow(begun + rest) for rest in figures.rests(begun))
