"""What recorded steps find along with their scores; without a card they run unrecorded."""

from itertools import islice

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from benchmarks.reading import read_once
from creative.engine.forward import Forward
from creative.engine.graphs import GraphedCascade
from creative.engine.sampling import HEAD, Ask, Choice, Scores

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
CHOICES = [
    Choice(temperature=0.8, top_k=HEAD),
    Choice(temperature=0),
    Choice(top_p=0.7, min_p=0.01),
    Choice(top_k=0),
]


def small(vocab):
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=vocab,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        initializer_range=0.3,
    )
    return LlamaForCausalLM(config).eval().to(DEVICE)


def chosen(scores, rows):
    return [list(islice(scores.likely(row), 9)) for row in range(rows)]


@pytest.mark.parametrize("vocab", [50, 3000])  # fewer tokens than are looked at, and more
@pytest.mark.parametrize("choices", [CHOICES, [Choice(top_k=HEAD + 9), *CHOICES]])
@torch.inference_mode()
def test_rows_choose_the_same_whoever_has_looked_for_the_likeliest(vocab, choices):
    """Rows join and leave, so that steps are replayed in several shapes."""
    rung = GraphedCascade(Forward(small(vocab)))
    begun = [read_once(rung, tuple(range(1, length))) for length in (9, 30)]
    rows, count = rung.rows(), 0
    for step in range(6):
        if step in (0, 2):
            rows.add([begun[step // 2]] * 7)
            count += 7
        if step == 4:
            rows.keep([12, 3, 0])
            count = 3
        logits = rows.step([step + row for row in range(count)])
        asks = [
            Ask(choice=choices[row % len(choices)], seed=row, position=step) for row in range(count)
        ]
        found, alone = Scores(logits, asks, rows.head), Scores(logits, asks)
        assert chosen(found, count) == chosen(alone, count)
        for row in range(count):
            assert found.is_sound(row)
            assert found.logprob(row, 7) == pytest.approx(alone.logprob(row, 7), abs=1e-5)


@torch.inference_mode()
def test_what_was_found_outlives_the_next_step():
    rung = GraphedCascade(Forward(small(3000)))
    rows = rung.rows()
    rows.add([read_once(rung, (1, 2, 3))] * 3)
    rows.step([1, 2, 3])
    ask = Ask(choice=CHOICES[0], seed=1, position=0)
    found = Scores(rows.step([4, 5, 6]), [ask] * 3, rows.head)
    before = chosen(found, 3)
    rows.step([7, 8, 9])
    assert chosen(found, 3) == before
