"""The predictor that ships: what it says of lines, and why."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.prediction.explanation import Sort, explain, lexical_parts, sort_of, suggestions
from creative.prediction.familiar import familiar
from creative.prediction.network import is_the_model, weights_folder
from creative.prediction.predictor import FOLDER, Kind, Predictor
from creative.prediction.workspace import learnt
from creative.settings import ROOT

LINES = [
    "She Was Told To Quit. What She Did Next Is Amazing.",
    "How To Bake Bread At Home?",
    "We Sell Fresh Bread",
    "",
    "   ",
    "Zwölf Brötchen “frisch” — 12 % günstiger!",
]
TEXT = st.text(max_size=60)


@pytest.fixture(scope="module")
def predictor():
    return Predictor.load(kind=Kind.WORDS)


@pytest.fixture(scope="module", params=[Kind.SENTENCES, Kind.TUNED])
def networked(request):
    if weights_folder() is None:
        pytest.skip("models/prediction/requirements.txt is optional and not installed")
    return Predictor.load(kind=request.param)


@given(first=TEXT, second=TEXT)
def test_swapping_two_lines_flips_the_chance_exactly(predictor, first, second):
    one, other = predictor.chance(first, second), predictor.chance(second, first)
    assert one.clear + other.clear == 1
    assert one.ordinary + other.ordinary == 1
    assert one.relative_rate * other.relative_rate == pytest.approx(1)


@given(line=TEXT)
def test_parts_add_up_to_the_lexical_score(predictor, line):
    total = sum(part.adds for part in lexical_parts(predictor, line))
    assert total == pytest.approx(predictor.lexical_scores([line])[0], abs=1e-9)


def test_a_line_scores_the_same_in_any_company(predictor):
    together = predictor.scores(LINES)
    assert together.tolist() == [predictor.scores([line])[0] for line in LINES]
    assert np.isfinite(together).all()
    assert predictor.relative_rates(LINES).mean() == pytest.approx(1)


def test_it_needs_nothing_of_what_trained_it():
    code = (
        "import sys; from creative.prediction.predictor import Kind, Predictor;"
        "Predictor.load(kind=Kind.WORDS).chance('a', 'b');"
        "print(sorted({'sklearn', 'pandas', 'torch', 'transformers'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_artefact_is_small_and_holds_no_code():
    files = [path for path in FOLDER.iterdir() if path.is_file()]
    assert {path.suffix for path in files} == {".json", ".md", ".safetensors"}
    assert sum(path.stat().st_size for path in files) < 5_000_000


def test_the_card_says_what_was_not_tested():
    card = " ".join((FOLDER / "README.md").read_text("utf-8").split())
    assert (
        "not tested on your kind of ad until 30 of your own tests were predicted before their "
        "results"
    ) in card


def test_topics_are_labelled_and_never_advised(predictor):
    assert sort_of("War") is Sort.TOPIC
    assert sort_of("she") is Sort.WORDING
    assert sort_of("12%") is Sort.WORDING
    told = explain(predictor, "The War On Bread Is Over?")
    assert {part.sort for part in told.parts if part.text == "War"} == {Sort.TOPIC}
    assert told.score == told.lexical
    assert told.deletions == ()
    advised = {each.trait for each in suggestions(predictor, "The War On Bread Is Over?")}
    assert advised
    assert not any("war" in each.text.lower().split() for each in told.suggestions)


def test_suggestions_name_the_factor_and_vanish_once_followed(predictor):
    asked = suggestions(predictor, "Is This Bread Fresh?")
    assert all(each.factor > 1 for each in asked)
    assert asked == sorted(asked, key=lambda each: -each.factor)
    stated = suggestions(predictor, "This Bread Is Fresh.")
    assert "question" not in {each.trait for each in stated}


def test_lines_are_familiar_to_a_workspace(predictor):
    lines = familiar(predictor, LINES[:3])
    assert lines.scores == pytest.approx(predictor.scores(LINES[:3]))
    outlook = learnt(None).outlook(lines)
    assert outlook.chances()[0, 0] == 0.5
    assert outlook.chances()[0, 1] > 0.5


def test_a_network_without_its_package_is_refused():
    if weights_folder() is not None:
        assert not is_the_model(FOLDER / "nothing.safetensors")
        return
    assert Predictor.load().kind is Kind.WORDS
    with pytest.raises(FileNotFoundError, match="requirements"):
        Predictor.load(kind=Kind.TUNED)


def test_a_network_flips_too_and_phrases_are_left_out(networked):
    one, other = networked.chance(*LINES[:2]), networked.chance(LINES[1], LINES[0])
    assert one.clear + other.clear == 1
    assert one.clear > 0.5
    told = explain(networked, LINES[1])
    assert told.score == pytest.approx(networked.scores([LINES[1]])[0])
    assert told.deletions[0].text in LINES[1]
    assert len(told.deletions) == 6 + 5 + 4
    assert networked.scores(LINES).tolist() == [networked.scores([line])[0] for line in LINES]
