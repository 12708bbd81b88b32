"""Other people's text in Markdown, and states in words."""

from datetime import UTC, datetime, timedelta

import pytest

from creative.domain import Rating
from creative.engine.protocol import EngineState, EngineStatus
from pages.parts.wording import ago, engine_words, plain, ratings_words

MARKS = "![x](http://a.b) <script>1</script> :red[x] :smile: $x$ -> # **b** `c` www.a.b a@b.c"


def test_plain_escapes_every_mark():
    escaped = plain(MARKS)
    for at, character in enumerate(escaped):
        if character.isascii() and not character.isalnum() and character not in " \\":
            assert escaped[at - 1] == "\\", f"{character!r} at {at} is not escaped"


def test_plain_parts_what_no_escape_stops():
    # names of emoji, arrows and addresses are found in the text after it was unescaped
    unescaped = plain(MARKS).replace("\\", "")
    for start in ("http://", ":smile", "->", "www.", "@b", ":red["):
        assert start not in unescaped


@pytest.mark.parametrize("text", ["", "Kaffee", "עברית", "コーヒー ☕", "50 Prozent"])
def test_plain_leaves_words_alone(text):
    assert plain(text) == text


def test_plain_keeps_to_one_line():
    assert plain("    code\n\n- item") == "code \\-\u2060 item"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "just now"), (5, "5 min ago"), (180, "3 h ago"), (3000, "20")]
)
def test_ago(minutes, words):
    assert words in ago(datetime.now(UTC) - timedelta(minutes=minutes))


def test_engine_words():
    status = EngineStatus(state=EngineState.READY, model="starter", device="cpu")
    said = engine_words(status, "Adlib starter")
    assert said == "Adlib starter, on this computer's processor, ready"


def test_the_latest_stars_of_each_rater_count():
    given = [("Ada", 1), ("Ben", 3), ("Ada", 4)]
    ratings = [Rating(draft_id=1, rater=rater, stars=stars) for rater, stars in given]
    assert ratings_words(ratings) == "Ada ★★★★☆ · Ben ★★★☆☆ · mean 3.5"
