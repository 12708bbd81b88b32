"""Training: a real tokenizer and a real, tiny model, from corpus to a folder that loads back."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase

from models.training.average import mean_of
from models.training.corpus import Example, ads
from models.training.export import export
from models.training.inventions import brand
from models.training.mixture import Batches, Phase, Reader
from models.training.muon import orthogonal
from models.training.packing import IGNORED, Packer
from models.training.recipe import Recipe, Size, diet, new_model
from models.training.tokenizer import LABELS, make_tokenizer, marked
from models.training.train import train
from models.training.trainer import Trainer, answer_loss

TINY = Recipe(size=Size(width=32, layers=2, heads=2, inner=48), rows=2, lines=6)
TEXTS = [
    "Okolo Roast tastes like blueberries.",
    " McDonald's iPhone SEO, 24-hour X-ray & more",
    "Café Zoé – “crème brûlée” for €14.99!",
    " ÉCOLE Ñandú İstanbul ß",
    "你好，世界 コーヒー 커피",
    "Emoji 🎉 and tabs",
    "A B C dE Fg",
    "a  b   C",
    "brand: do: it; Max: Angle",
]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerBase:
    folder = tmp_path_factory.mktemp("tokenizer")
    make_tokenizer(briefs=60, size=1400).save_pretrained(folder)
    return AutoTokenizer.from_pretrained(folder)


def ids_of(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False)


@pytest.mark.parametrize("text", TEXTS)
def test_the_tokenizer_gives_text_back(tokenizer: PreTrainedTokenizerBase, text: str) -> None:
    assert tokenizer.decode(ids_of(tokenizer, text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_half_a_text_decodes_to_its_start(tokenizer: PreTrainedTokenizerBase, text: str) -> None:
    ids = ids_of(tokenizer, text)
    for count in range(len(ids)):
        start = tokenizer.decode(ids[:count]).rstrip("\ue000\ue001\ufffd")
        assert text.startswith(start)


def test_made_up_brands_come_back_whole(tokenizer: PreTrainedTokenizerBase) -> None:
    rng = Random(2)
    for name in (brand(rng) for _ in range(300)):
        assert tokenizer.decode(ids_of(tokenizer, f" {name}")) == f" {name}"


def test_a_large_first_letter_does_not_change_the_pieces(
    tokenizer: PreTrainedTokenizerBase,
) -> None:
    small, large = (tokenizer.tokenize(text) for text in (" coffee", " Coffee"))
    assert large == ["\ue000", *small]
    assert marked(" Coffee iPad") == "\ue000 coffee i\ue001pad"


def test_labels_are_one_token_each(tokenizer: PreTrainedTokenizerBase) -> None:
    assert all(len(ids_of(tokenizer, label)) == 1 for label in LABELS)


def test_the_chat_template_is_the_training_format(tokenizer: PreTrainedTokenizerBase) -> None:
    messages = [
        {"role": "system", "content": "House rules"},
        {"role": "user", "content": "brand: Oko\nangle: brand"},
    ]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    assert text == "<|user|>brand: Oko\nangle: brand<|assistant|>"
    answered = [*messages, {"role": "assistant", "content": "Oko"}]
    assert tokenizer.apply_chat_template(answered, tokenize=False) == f"{text} Oko</s>"


def test_a_packed_row_holds_what_the_template_writes(tokenizer: PreTrainedTokenizerBase) -> None:
    shown = Example("brand: Oko\nproduct: tea", (("\nmax: 30\nangle: brand", "Oko tea"),))
    row = Packer(tokenizer, 128).row(shown)
    assert row is not None
    messages = [
        {"role": "user", "content": "brand: Oko\nproduct: tea\nmax: 30\nangle: brand"},
        {"role": "assistant", "content": "Oko tea"},
    ]
    whole = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=False)
    assert row[0, : len(whole)].tolist() == whole
    answer = row[3][row[3] != IGNORED].tolist()
    assert tokenizer.decode(answer) == " Oko tea</s>"


def test_packed_lines_are_learned_as_if_each_stood_alone(
    tokenizer: PreTrainedTokenizerBase,
) -> None:
    shown = ads(Random(11), 5)
    packer, model = Packer(tokenizer, 320), new_model(TINY, tokenizer)
    together = packer.row(shown)
    alone = [packer.row(Example(shown.prompt, (one,))) for one in shown.lines]
    assert together is not None
    losses, counts = [], []
    with torch.no_grad():
        for row in alone:
            assert row is not None
            losses.append(answer_loss(model, row[None]).item())
            counts.append((row[3] != IGNORED).sum())
        packed = answer_loss(model, together[None]).item()
    assert len(alone) >= 3
    assert packed == pytest.approx(np.average(losses, weights=counts), rel=0.02)


def test_two_steps_of_training_leave_a_model_that_loads_and_resumes(
    tokenizer: PreTrainedTokenizerBase, tmp_path: Path
) -> None:
    out, run = tmp_path / "out", tmp_path / "run"
    tokenizer.save_pretrained(run / "tokenizer")
    trainer = Trainer(TINY, tokenizer, run)
    batches = Batches(diet(TINY, None, seed=1), run / "tokenizer")
    train(trainer, batches, out, minutes=5, steps=2, save_s=600)
    model = AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32)
    loaded = AutoTokenizer.from_pretrained(out)
    prompt = loaded.apply_chat_template(
        [{"role": "user", "content": "brand: Oko\nproduct: tea\nangle: brand"}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    written = model.generate(**prompt, max_new_tokens=5, do_sample=False)
    assert written.shape[1] > prompt["input_ids"].shape[1]
    assert json.loads((out / "adlib.json").read_text())["vocabulary"] == "vocabulary.txt"
    again = Trainer(TINY, tokenizer, run)
    again.resume()
    assert again.progress.step == 2
    assert again.progress.lines > 0
    for one, other in zip(again.model.parameters(), trainer.model.parameters(), strict=True):
        assert torch.equal(one, other)


def test_training_lowers_the_loss(tokenizer: PreTrainedTokenizerBase, tmp_path: Path) -> None:
    rows = Reader(diet(TINY, None, seed=1), tokenizer).batch(0.5)
    trainer = Trainer(replace(TINY, warmup=1), tokenizer, tmp_path)
    losses = [trainer.step(rows, share=0.0) for _ in range(8)]
    assert losses[-1] < losses[0] - 0.1


def test_the_mean_of_two_models_is_halfway_between_them(
    tokenizer: PreTrainedTokenizerBase, tmp_path: Path
) -> None:
    one, other = new_model(TINY, tokenizer), new_model(TINY, tokenizer)
    for name, model in (("one", one), ("other", other)):
        export(model, tokenizer, tmp_path / name)
    mean = mean_of([tmp_path / "one", tmp_path / "other"])
    pairs = list(zip(one.parameters(), other.parameters(), strict=True))
    assert any(not torch.equal(*pair) for pair in pairs)
    for between, (mine, theirs) in zip(mean.parameters(), pairs, strict=True):
        torch.testing.assert_close(between, (mine.float() + theirs.float()) / 2)


def test_a_passage_is_learned_whole(tokenizer: PreTrainedTokenizerBase) -> None:
    packer = Packer(tokenizer, 32)
    row = packer.window("The river was high. " * 20)
    assert row is not None
    ids, branches, positions, labels = row
    assert labels[:-1].tolist() == ids[1:].tolist()
    assert not branches.any()
    assert positions.tolist() == list(range(32))
    assert packer.window("Too short to fill half a row.") is None


def test_each_phase_reads_its_kinds_of_rows(
    tokenizer: PreTrainedTokenizerBase, tmp_path: Path
) -> None:
    prose = tmp_path / "prose.txt.gz"
    with gzip.open(prose, "wt", encoding="utf-8") as file:
        file.write("The river was high and the road was long. " * 60)
    phases = (Phase(0.5, {"prose": 1.0}), Phase(1.0, {"written": 1.0}))
    eaten = replace(diet(TINY, prose, seed=3), phases=phases)
    reader = Reader(eaten, tokenizer)
    assert not reader.batch(0.1)[:, 1].any()
    assert (reader.batch(0.9)[:, 1].max(axis=1) > 0).all()
    assert (Reader(replace(eaten, prose=None), tokenizer).batch(0.9)[:, 1] > 0).any()


def test_muon_makes_a_step_orthogonal() -> None:
    torch.manual_seed(0)
    for shape in ((3, 16, 16), (2, 24, 8), (2, 8, 24)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
        assert values.min() > 0.4
        assert values.max() < 1.4
