import pytest

from creative.engine.tidying import tidy


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("1. Fresh coffee", "Fresh coffee"),
        ("12) Fresh coffee", "Fresh coffee"),
        ("- Fresh coffee", "Fresh coffee"),
        ("• „Frischer Kaffee“", "Frischer Kaffee"),
        ("<think>\nhm\n</think>\n\nFresh coffee", "Fresh coffee"),
        ("'Fresh coffee'", "Fresh coffee"),
        ("Don't wait: it's 'fresh'", "Don't wait: it's 'fresh'"),
        ('"Fresh," they say, "and hot"', '"Fresh," they say, "and hot"'),
        ("3 beans, 1 cup", "3 beans, 1 cup"),
        ("24-hour coffee", "24-hour coffee"),
        ("100. Geburtstag", "100. Geburtstag"),
        ("-20% today", "-20% today"),
        ("  ", ""),
    ],
)
def test_only_what_is_wrapped_around_a_line_goes(written, line):
    assert tidy(written) == line
