"""Tuning: a tiny model learns what is preferred, and its adapter writes in its place."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

from creative.engine.adapters import base_of
from creative.engine.loading import load
from creative.engine.profile import MOST_TASTE
from creative.engine.protocol import Message
from creative.errors import ModelNotUsable
from creative.export.preferences import Approved, Preference
from creative.settings import ROOT
from creative.tuning.card import write_card
from creative.tuning.held_out import split
from creative.tuning.recipe import Recipe
from creative.tuning.taste import taste_in, verdicts
from creative.tuning.tuner import TuningRefused, tune

#: peft and trl call what the newest transformers is about to rename
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{kind}")
    for kind in ("FutureWarning", "DeprecationWarning", "UserWarning")
]
WORDS = "fresh coffee beans daily roast cup morning box door week".split()


def pair(brief, better, worse):
    prompt = (
        Message(role="system", content="Write a line."),
        Message(role="user", content=f"brand: B{brief}"),
    )
    return Preference(prompt=prompt, chosen=better, rejected=worse, source="vote", brief=brief)


@pytest.fixture(scope="module")
def pairs():
    """Two lines of the same words: with a question mark is better."""
    return [
        pair(at % 12, f"{WORDS[at % 10]} {WORDS[(at * 3 + 1) % 10]}?", f"{WORDS[at % 10]} now.")
        for at in range(96)
    ]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A model of the starter's tokenizer and kind, small and untaught."""
    folder = tmp_path_factory.mktemp("base")
    tokenizer = AutoTokenizer.from_pretrained(ROOT / "models/starter")
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=256,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "vocabulary.txt").write_text("\n".join(WORDS))
    said = {"name": "Tiny", "brief": "typed", "grounded": True, "vocabulary": "vocabulary.txt"}
    (folder / "adlib.json").write_text(json.dumps(said))
    return folder


@pytest.fixture(scope="module")
def tuned(base, pairs, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "adapter"
    lines = [Approved(prompt=each.prompt, text=each.chosen, source="approved") for each in pairs]
    recipe = Recipe(epochs=3, rate=8e-3, beta=0.1, held_out=0.2)
    found = tune(str(base), pairs, lines[:16], out, recipe)
    write_card(found, str(base), pairs, recipe)
    return found


def test_no_brief_is_on_both_sides(pairs):
    parts = split(pairs, 0.2)
    assert {p.brief for p in parts.learnt} | {p.brief for p in parts.held_out} == set(range(12))
    assert not {p.brief for p in parts.learnt} & {p.brief for p in parts.held_out}
    assert split(list(reversed(pairs)), 0.2).held_out == tuple(reversed(parts.held_out))


def test_pairs_of_one_brief_are_split_themselves(pairs):
    one = [each for each in pairs if each.brief == 3]
    parts = split(one, 0.2)
    assert parts.learnt
    assert parts.held_out
    assert not set(parts.learnt) & set(parts.held_out)


def test_held_out_pairs_are_told_apart_after_tuning(tuned):
    assert tuned.after >= 0.9
    assert tuned.before < 0.8
    assert (tuned.pairs + tuned.held_out, tuned.lines) == (96, 16)


def test_the_adapter_loads_as_a_model_that_has_changed(tuned, base):
    plain, changed = load(str(base), "cpu", "float32"), load(str(tuned.folder), "cpu", "float32")
    assert base_of(tuned.folder) == str(base)
    weights = [
        each.forward.model.model.layers[0].self_attn.q_proj.weight for each in (plain, changed)
    ]
    assert not torch.equal(*weights)
    assert type(changed.forward.model).__name__ == "LlamaForCausalLM"


def test_merging_keeps_what_the_adapter_says(tuned, base):
    from peft import PeftModel

    ids = torch.arange(5, 25)[None]
    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    with torch.inference_mode():
        wanted = PeftModel.from_pretrained(plain, tuned.folder).eval()(ids).logits
        found = load(str(tuned.folder), "cpu", "float32").forward.model(ids).logits
    assert torch.allclose(wanted, found, atol=1e-4)


def test_the_folder_says_how_it_is_asked_and_what_it_is(tuned):
    assert json.loads((tuned.folder / "adlib.json").read_text())["brief"] == "typed"
    card = (tuned.folder / "README.md").read_text()
    assert f"{tuned.after:.1%}" in card
    assert "| vote | 96 |" in card
    assert f"| {tuned.liked:.1%} |" in card


def test_what_liking_is_worth_comes_from_held_out_pairs(tuned):
    clear, none = np.array([1.0, 2.0, 0.5] * 10), np.array([1.0, -1.0] * 10)
    assert taste_in(clear) > 1
    assert taste_in(none) == pytest.approx(0, abs=1e-3)
    assert taste_in(-clear) == pytest.approx(0, abs=1e-3)
    assert taste_in(clear[:1]) < taste_in(clear)
    assert 0 < json.loads((tuned.folder / "adlib.json").read_text())["taste"] <= MOST_TASTE


def test_a_model_is_taught_of_each_line_whether_people_like_it(pairs):
    one = pairs[0]
    told = verdicts([one, one])
    asked = [each.prompt[-1].content for each in told]
    assert [each.text for each in told] == ["yes", "no"]
    assert asked == [f"brand: B0\nliked: {text}" for text in (one.chosen, one.rejected)]
    other = replace(one, chosen=one.rejected, rejected=one.chosen)
    assert verdicts([one, other, one]) == told, "most pairs decide"
    assert verdicts([one, other]) == [], "nothing is taught of what nobody agrees on"


def test_too_few_pairs_are_refused(base, pairs, tmp_path):
    with pytest.raises(TuningRefused, match="too few"):
        tune(str(base), pairs[:2], [], tmp_path / "out")


def test_a_folder_with_something_in_it_is_left_alone(base, pairs, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(TuningRefused, match="holds something"):
        tune(str(base), pairs, [], tmp_path)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("no json", "damaged"),
        ("{}", "does not name"),
        ('{"base_model_name_or_path": "x"}', "no weights"),
    ],
)
def test_a_damaged_adapter_is_told(config, told, tmp_path):
    (tmp_path / "adapter_config.json").write_text(config)
    with pytest.raises(ModelNotUsable, match=told):
        load(str(tmp_path))
