import json

import pytest

from creative.engine.profile import ModelProfile, profile
from creative.errors import ModelNotUsable


@pytest.fixture
def told(tmp_path):
    def told(**fields):
        (tmp_path / "adlib.json").write_text(json.dumps(fields))
        return profile(tmp_path)

    return told


def test_a_folder_without_profile_has_the_usual_one(tmp_path):
    assert profile(tmp_path) == ModelProfile()
    assert profile(tmp_path / "gone") == ModelProfile()


def test_a_profile_with_vocabulary(told, tmp_path):
    (tmp_path / "words.txt").write_text("Fresh\n\ncoffee\n")
    mine = told(name="Mine", brief="typed", grounded=True, vocabulary="words.txt", languages=["en"])
    assert mine.vocabulary == {"fresh", "coffee"}
    assert mine.is_typed
    assert mine.languages == ("en",)
    (tmp_path / "words.txt").write_text("tea\n")
    assert told(vocabulary="words.txt").vocabulary == {"tea"}


@pytest.mark.parametrize(
    "fields",
    [
        {"nonsense": 1},
        {"temperature": -1},
        {"temperature": 1e9},
        {"top_p": 0},
        {"candidates_per_line": 0},
        {"candidates_per_line": 10**6},
        {"brief": "sung"},
        {"name": "x" * 1000},
        {"vocabulary": "../words.txt"},
        {"vocabulary": "/etc/hostname"},
        {"vocabulary": "missing.txt"},
        {"grounded": True},
    ],
    ids=str,
)
def test_hostile_profiles_are_refused(told, fields, tmp_path):
    (tmp_path.parent / "words.txt").write_text("x")
    with pytest.raises(ModelNotUsable, match=r"adlib\.json|missing\.txt"):
        told(**fields)


@pytest.mark.parametrize("text", ["{", "[]", '{"temperature": NaN}', "\x00", "[" * 50_000])
def test_damaged_profiles_are_refused(tmp_path, text):
    (tmp_path / "adlib.json").write_text(text)
    with pytest.raises(ModelNotUsable):
        profile(tmp_path)


def test_a_link_out_of_the_folder_is_refused(told, tmp_path):
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("secret")
    (tmp_path / "words.txt").symlink_to(secret)
    with pytest.raises(ModelNotUsable, match="outside its folder"):
        told(vocabulary="words.txt")
