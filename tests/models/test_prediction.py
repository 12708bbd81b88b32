"""The predictor is trained from pairs, with a network of random weights."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load_file, save_file
from scipy.special import expit
from transformers import BertConfig, BertModel

from creative.prediction.chances import Calibration
from creative.prediction.predictor import Kind, Predictor
from creative.prediction.sentences import Sentences
from creative.prediction.tokens import UNKNOWN, word_pieces
from models.prediction.bands import ordinary_pairs
from models.prediction.fitting import (
    blend,
    chosen_strength,
    design,
    fitted,
    ordinary,
    sharpness,
    unseen_gaps,
    weights,
)
from models.prediction.measures import (
    accuracy,
    calibration_error,
    figures,
    gaps,
    interval,
    log_loss,
    longer_wins,
)
from models.prediction.pairs import Arms, Pairs, read_arms, read_pairs
from models.prediction.reading import learnt_lexicon
from models.prediction.tuning import averaged, tune
from models.prediction.writing import Trained, write

THINGS = "bread milk tea soup cake rice jam salt".split()
CALIBRATION = Calibration(sharpness=1.0, slope=0.1, spread=0.25)


@pytest.fixture(scope="module")
def network(tmp_path_factory) -> Path:
    """Return a folder with a small BERT of random weights and its tokenizer."""
    folder = tmp_path_factory.mktemp("network")
    torch.manual_seed(1)
    pieces = [UNKNOWN, "[CLS]", "[SEP]", *THINGS, "this", "the", "fresh", "we", "?", "##s"]
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=24,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    net = BertModel(config, add_pooling_layer=False)
    save_file(net.state_dict(), folder / "model.safetensors")
    word_pieces(pieces).save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def pairs(tmp_path_factory) -> Pairs:
    """Return pairs in which "this" beats "we", as a file that was read."""
    rows = [
        {
            "clickability_test_id": f"test {at}",
            "headline_1": f"this {THINGS[at % 8]} {at}" if at % 2 else f"we {THINGS[at % 8]} {at}",
            "headline_2": f"we {THINGS[at % 8]} {at}" if at % 2 else f"this {THINGS[at % 8]} {at}",
            "higher_CTR": 1 if at % 2 else 2,
            "created": f"2014-01-{1 + at % 28:02}",
        }
        for at in range(60)
    ]
    path = tmp_path_factory.mktemp("pairs") / "pairs.csv"
    pd.DataFrame([*rows, {**rows[0], "higher_CTR": 0}]).to_csv(path, index=False)
    return read_pairs(path)


@pytest.fixture(scope="module")
def trained(network, pairs, tmp_path_factory) -> Path:
    """Return the folder of a predictor of words, as written."""
    folder = tmp_path_factory.mktemp("predictor")
    lexicon = learnt_lexicon(pairs.lines, network)
    rows = lexicon.rows(pairs.lines)
    features = design(rows)
    made = weights(fitted(features, pairs, 1.0), rows)
    kinds = {Kind.WORDS: Trained(weights=made, calibration=CALIBRATION)}
    write(folder, lexicon, kinds, best=Kind.WORDS, adapter=None, about={})
    return folder


def test_ties_are_left_out_and_groups_share_nothing(pairs):
    assert len(pairs) == 60
    assert len(set(pairs.groups())) == 60
    assert str(pairs.created.min()) == "2014-01-01"


def test_tests_that_share_a_line_are_one_group(pairs):
    joined = Pairs(
        lines=("a", "b", "c", "d", "e"),
        first=np.array([0, 1, 3]),
        second=np.array([1, 2, 4]),
        is_won=np.ones(3, int),
        test=np.array([0, 1, 2]),
        created=pairs.created[:3],
    )
    groups = joined.groups()
    assert groups[0] == groups[1] != groups[2]


def test_arms_of_broken_weeks_and_known_lines_are_left_out(tmp_path):
    table = pd.DataFrame(
        {
            "clickability_test_id": ["a", "a", "a", "b", "a"],
            "test_week": [201402, 201402, 201402, 201330, 201402],
            "eyecatcher_id": ["x"] * 5,
            "headline": ["one", "two", "two", "three", "seen"],
            "impressions": [100, 100, 50, 100, 100],
            "clicks": [5, 6, 1, 7, 8],
        }
    )
    table.to_parquet(tmp_path / "arms.parquet")
    arms = read_arms(tmp_path / "arms.parquet", without=["seen"])
    assert arms.lines == ("one", "two")
    assert arms.clicks.tolist() == [5, 7]
    assert [each.tolist() for each in arms.pairs()] == [[0], [1]]


def test_a_predictor_is_what_was_trained(trained, network, pairs):
    predictor = Predictor.load(trained, kind=Kind.WORDS)
    lexicon = learnt_lexicon(pairs.lines, network)
    rows = lexicon.rows(pairs.lines)
    expected = design(rows) @ fitted(design(rows), pairs, 1.0)
    assert predictor.scores(pairs.lines) == pytest.approx(expected, abs=0.02)  # half precision
    chances = predictor.calibration.clear(gaps(predictor.scores(pairs.lines), pairs))
    assert accuracy(chances, pairs) == 1
    assert predictor.chance("this soup", "we soup").clear > 0.5


def test_files_are_numbers_and_text(trained):
    assert {path.suffix for path in trained.iterdir()} == {".json", ".safetensors"}
    assert json.loads((trained / "predictor.json").read_text())["best"] == "words"


def test_cross_validation_tells_unseen_groups(network, pairs):
    features = design(learnt_lexicon(pairs.lines, network).rows(pairs.lines))
    strength, unseen = chosen_strength(features, pairs, (0.01, 1.0))
    assert strength == 1.0
    assert unseen.tolist() == unseen_gaps(features, pairs, 1.0).tolist()
    assert accuracy(expit(unseen), pairs) > 0.9


def test_an_adapter_learns_and_is_served_as_trained(network, pairs, tmp_path):
    out = tmp_path / "adapter.safetensors"
    vectors = Sentences.load(network, is_exact=True).vectors(pairs.lines)
    tune(network, pairs, pairs, np.zeros(vectors.shape[1]), out)
    stored = load_file(out)
    served = Sentences.load(network, adapter=stored, is_exact=True).vectors(pairs.lines)
    assert not np.allclose(served, vectors)
    scores = served @ stored["head"].double().numpy()
    assert accuracy(expit(gaps(scores, pairs)), pairs) > 0.6


def test_averaged_adapters_change_weights_by_the_mean_of_their_changes():
    random = torch.Generator().manual_seed(3)
    runs = [
        {
            "2.wide.down": torch.randn(2, 5, generator=random),
            "2.wide.up": torch.randn(4, 2, generator=random),
            "head": torch.randn(5, generator=random),
        }
        for _ in range(3)
    ]
    made = averaged(runs)
    changes = [run["2.wide.up"] @ run["2.wide.down"] for run in runs]
    mean = torch.stack(changes).mean(0)
    torch.testing.assert_close(made["2.wide.up"] @ made["2.wide.down"], mean)
    torch.testing.assert_close(made["head"], sum(run["head"] for run in runs) / 3)


def test_calibration_is_found_again():
    random = np.random.default_rng(2)
    gap, noise = random.normal(0, 3, 20_000), np.full(20_000, 0.03)
    came = 0.1 * gap + random.normal(0, np.sqrt(2 * 0.25**2 + noise))
    slope, spread = ordinary(gap, came, noise)
    assert (slope, spread) == (pytest.approx(0.1, abs=0.005), pytest.approx(0.25, abs=0.01))
    won = (random.random(20_000) < expit(0.7 * gap)).astype(int)
    assert sharpness(gap, won) == pytest.approx(0.7, abs=0.03)
    by_first, by_second = blend(gap, random.normal(size=20_000), won)
    assert (by_first, by_second) == (pytest.approx(0.7, abs=0.05), pytest.approx(0, abs=0.05))


def test_measures_are_as_by_hand(pairs):
    few = pairs.at(np.arange(4))
    chances = np.where(few.is_won == 1, 0.8, 0.2)
    chances[0] = 1 - chances[0]
    assert accuracy(chances, few) == 0.75
    assert log_loss(chances, few.is_won) == pytest.approx(-(3 * np.log(0.8) + np.log(0.2)) / 4)
    assert accuracy(np.full(4, 0.5), few) == 0.5
    assert figures(chances, few)["low"] <= 0.75 <= figures(chances, few)["high"]
    assert longer_wins(few) == 1
    told = np.array([0.75, 0.75, 0.75, 0.75])
    assert calibration_error(told, np.array([1, 1, 1, 0])) == 0
    assert interval(np.ones(5), np.arange(5)) == (1, 1)


def test_ordinary_pairs_are_told_by_band(trained):
    predictor = Predictor.load(trained, kind=Kind.WORDS)
    random = np.random.default_rng(3)
    lines = tuple(f"{word} {thing}" for word in ("this", "we") for thing in THINGS)
    count = 400
    shown = np.full(count, 5_000.0)
    place = random.integers(0, len(lines), count)
    rates = 0.02 * np.exp(0.2 * (place < len(THINGS)))
    arms = Arms(
        lines=lines,
        line=place,
        test=np.arange(count) // 4,
        group=np.arange(count) // 4,
        impressions=shown,
        clicks=random.binomial(5_000, rates).astype(float),
    )
    told = ordinary_pairs(predictor, arms)
    assert told["bands"]["over 1.96"]["accuracy"] > told["bands"]["all"]["accuracy"] > 0.5
    assert told["ece"] < 0.1
