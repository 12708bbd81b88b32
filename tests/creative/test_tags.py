"""Tags that are not finished yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.tags import PLATFORMS, expand, may_hold, rest_of_tag, stray_braces


@pytest.mark.parametrize(
    ("text", "platform", "rest"),
    [
        ("Buy {", "google", "KeyWord:}"),
        ("Buy {keyw", "google", "ord:}"),
        ("{KeyWord:Fresh Cof", "google", "}"),
        ("{CUSTOMIZER.", "google", "A}"),
        ("{CUSTOMIZER.Price", "google", "}"),
        ("In {LOCATION(S", "google", "tate)}"),
        ("{COUNTDOWN(2026/12/01", "google", ")}"),
        ("{KeyWord:Tea} or {KeyW", "google", "ord:}"),
        ("{=count", "microsoft", "down()}"),
        ("{param", "microsoft", "1}"),
        ("{鲜花", "baidu", "}"),
        ("<키워드:커", "naver", ">"),
        ("a < b", "naver", ""),
        ("{KeyWord:Tea}", "google", ""),
        ("no tags", "google", ""),
        ("{Word", "google", None),
        ("}", "google", None),
        ("{KeyWord:{", "google", None),
        ("{KeyWord:Tea}}", "microsoft", None),
    ],
)
def test_the_rest_of_a_tag(text, platform, rest):
    assert rest_of_tag(text, platform) == rest


@given(
    platform=st.sampled_from(sorted(PLATFORMS)),
    text=st.lists(
        st.sampled_from([*"{}<>:()=. ", "KeyWord", "CUSTOMIZER", "COUNTDOWN", "키워드", "커"])
    ).map("".join),
)
def test_the_rest_makes_a_whole_tag_and_leaves_no_stray_brace(platform, text):
    rest = rest_of_tag(text, platform)
    if rest is None:
        assert stray_braces(text, platform)
    else:
        assert not stray_braces(text + rest, platform)
        assert rest == "" or expand(text + rest, platform) != text + rest


@given(st.text(alphabet="ab{}<>"), st.sampled_from([*sorted(PLATFORMS), "meta"]))
def test_a_text_that_may_hold_no_tag_shows_itself(text, platform):
    assert may_hold(text, platform) or expand(text, platform) == text
