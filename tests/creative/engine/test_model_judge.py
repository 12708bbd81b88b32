"""A model as a judge of pairs: real checkpoints with random weights, steered to a letter or not."""

import pytest

from creative.drafting.job import Stop
from creative.drafting.model_judge import ModelJudge, letter_of, obstacle
from creative.engine.catalog import profile
from creative.engine.local import LocalEngine
from creative.engine.profile import ModelProfile
from creative.errors import EngineUnavailable
from creative.settings import ROOT
from creative.studio.briefs import brief_from_json
from creative.templates import Templates
from creative.trials import Choice

BRIEF = brief_from_json((ROOT / "docs/samples/briefs/01-coffee.json").read_text("utf-8"))
PAIRS = [(f"Fresh coffee {at} daily", f"Order {at} more beans") for at in range(6)]
CONTEXT = 4096  #: tokens; a prompt takes about 500 of these small tokenizers


@pytest.fixture
def judging(making, tmp_path):
    """Return judges whose models like some texts of a token much better than all others."""
    engines = []

    def built(*liked, kind="byte_level"):
        tokenizer = making.wrapped(getattr(making, kind)())
        model = making.qwen if kind == "byte_level" else making.llama
        model = making.steered(
            model(len(tokenizer), max_position_embeddings=CONTEXT), tokenizer, end=0.0
        )
        bias = model.get_output_embeddings().weight.data[:, 0]
        for token in range(len(tokenizer)):
            if tokenizer.decode([token]).strip() in liked:
                bias[token] = 5.0
        folder = making.save(tmp_path / f"{kind}{len(engines)}", model, tokenizer)
        engine = LocalEngine(str(folder), device="cpu", dtype="float32", threads=1, max_rows=8)
        engines.append(engine)
        return ModelJudge(engine, Templates(ROOT / "prompts"))

    yield built
    for engine in engines:
        engine.close()


def choices(judge, pairs=PAIRS, **changes):
    """Return what a model says, by pair; every pair is told once."""
    judged = list(judge.judge(BRIEF, "Headline", pairs, **changes))
    assert sorted(each.pair for each in judged) == list(range(len(pairs)))
    return [each.choice for each in sorted(judged, key=lambda each: each.pair)]


@pytest.mark.parametrize("kind", ["byte_level", "sentencepiece"])
@pytest.mark.parametrize("letter", ["A", "B"])
def test_a_model_that_always_takes_one_side_has_no_vote(judging, kind, letter):
    assert choices(judging(letter, kind=kind)) == [None] * len(PAIRS)


def test_a_tie_counts_when_it_is_said_of_both_orders(judging):
    assert choices(judging("T")) == [Choice.BOTH] * len(PAIRS)


def test_what_a_model_would_rather_say_is_no_letter_and_is_not_said(judging):
    assert choices(judging("A", "coffee", "!", "a")) == [None] * len(PAIRS)


def test_a_random_model_says_the_same_again(judging):
    judge = judging()
    assert choices(judge) == choices(judge)


def test_many_pairs_are_asked_part_by_part(judging):
    many = [(f"Beans {at}", f"Coffee {at}") for at in range(70)]
    assert choices(judging("T"), many) == [Choice.BOTH] * 70


def test_a_stop_ends_it_and_keeps_what_was_said(judging):
    stop, found = Stop(), []
    many = [(f"Beans {at}", f"Coffee {at}") for at in range(200)]
    for judged in judging("T").judge(BRIEF, "Headline", many, stop=stop):
        found.append(judged)
        stop.now()
    assert 0 < len(found) < 64


def test_a_model_that_is_not_there_is_told(tmp_path):
    engine = LocalEngine(str(tmp_path / "nothing"), device="cpu")
    with pytest.raises(EngineUnavailable):
        choices(ModelJudge(engine, Templates(ROOT / "prompts")))
    engine.close()


def test_a_pasted_page_is_cut_and_judged(judging):
    assert choices(judging("T"), [("word " * 5000, "other " * 5000)]) == [Choice.BOTH]


@pytest.mark.parametrize(
    ("said", "letter"),
    [
        ("A", "A"),
        ("b", "B"),
        (" t.", "T"),
        ("(B)", "B"),
        ("**A**", "A"),
        ("Answer: B", "B"),
        ("The better line is B, as it is shorter than A", "B"),
        ("B: Fresh coffee", "B"),
        ("Line A's wording", ""),
        ("Tie", ""),
        ("Both are good", ""),
        ("a line", ""),
        ("ÀB", ""),
        ("1", ""),
        ("", ""),
    ],
)
def test_answers_are_read(said, letter):
    assert letter_of(said) == letter


def test_the_starter_cannot_judge_and_says_so():
    words = obstacle(profile(ROOT / "models/starter"))
    assert "cannot judge" in words
    assert "instructions" in words


def test_models_of_which_nothing_is_known_may_try():
    assert obstacle(ModelProfile(name="tiny")) == ""
