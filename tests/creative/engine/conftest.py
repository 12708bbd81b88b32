"""Real checkpoints with random weights, tokenizers trained on the spot; nothing is downloaded."""

import itertools
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers.trainers import BpeTrainer, UnigramTrainer
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from creative.engine.protocol import Message, Row

CORPUS = [
    "Fresh coffee, delivered daily. Meet Fenn & Fig, the 24-hour coffee roaster.",
    "Don't wait for good coffee: order yours today and taste the difference.",
    "brand: Fenn & Fig product: coffee beans audience: night owls angle: benefit",
    "Wärme für dich – Café crème, naïve façade. Größe zählt, sagt Émile.",
    "Write one headline of at most 30 characters for a coffee roaster. Say nothing else.",
    "Sleep better tonight. Free trial! Buy one, get one: it is that easy.",
] * 8

CHAT = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL = ["<unk>", "<s>", "</s>", "<|user|>", "<|system|>", "<|assistant|>"]


def byte_level(vocab_size: int = 420) -> Tokenizer:
    """A GPT-2 style tokenizer: characters outside ASCII are split into bytes."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def metaspace_pieces(vocab_size: int = 220) -> list[tuple[str, float]]:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = UnigramTrainer(vocab_size=vocab_size, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(
        [text.encode("ascii", "ignore").decode() for text in CORPUS], trainer
    )
    size = tokenizer.get_vocab_size()
    return [(tokenizer.id_to_token(id), -5.0 - id / 10) for id in range(size)]


def sentencepiece() -> Tokenizer:
    """A sentencepiece style tokenizer: unigram pieces, a dummy prefix, bytes for the rest."""
    pieces = [piece for piece in metaspace_pieces() if piece[0] not in SPECIAL]
    bytes_ = [(f"<0x{byte:02X}>", -20.0) for byte in range(256)]
    tokenizer = Tokenizer(
        models.Unigram([(name, 0.0) for name in SPECIAL] + bytes_ + pieces, 0, byte_fallback=True)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def case_marks() -> Tokenizer:
    """A tokenizer like the starter's: capitals are a mark and a small letter."""
    pieces = [piece for piece in metaspace_pieces() if piece[0] not in SPECIAL]
    lower = {name.lower(): score for name, score in reversed(pieces)}
    for character in "▁abcdefghijklmnopqrstuvwxyz0123456789.,:!?&'-":
        lower.setdefault(character, -12.0)
    lower |= {"\ue000": -6.0, "\ue001": -7.0}
    tokenizer = Tokenizer(
        models.Unigram([(name, 0.0) for name in SPECIAL] + list(lower.items()), 0)
    )
    letters = "abcdefghijklmnopqrstuvwxyz"
    rules = [normalizers.Replace(" ", "▁")]
    for letter in letters:
        capital = letter.upper()
        rules += [normalizers.Replace(f"▁{capital}", f"\ue000▁{letter}")]
        rules += [normalizers.Replace(capital, f"\ue001{letter}")]
    tokenizer.normalizer = normalizers.Sequence(rules)
    undo = [decoders.Fuse(), decoders.Replace("▁", " ")]
    for letter in letters:
        undo += [decoders.Replace(f"\ue000 {letter}", f" {letter.upper()}")]
        undo += [decoders.Replace(f"\ue001{letter}", letter.upper())]
    tokenizer.decoder = decoders.Sequence(undo)
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def wrapped(tokenizer: Tokenizer, chat: str | None = CHAT) -> PreTrainedTokenizerFast:
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = chat
    return fast


SHAPE = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
    "initializer_range": 0.4,
}


def steered(model, tokenizer: PreTrainedTokenizerFast, end: float = 0.4):
    """Let a random model write clean text: no lone bytes, marks or newlines, an end at times.

    Feature 0 of every embedding is a constant that no layer changes, so that column 0 of the
    output weights is a bias on each token.
    """
    with torch.no_grad():
        model.get_input_embeddings().weight[:, 0] = 20.0
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight[0] = 0
            layer.mlp.down_proj.weight[0] = 0
        bias = model.get_output_embeddings().weight[:, 0]
        bias[:] = 0
        for token in range(len(bias)):
            text = tokenizer.decode([token], skip_special_tokens=True)
            if token >= len(tokenizer) or not text or not text.isprintable() or "\ufffd" in text:
                bias[token] = -20
        bias[tokenizer.eos_token_id] = end
    return model


def save(folder: Path, model, tokenizer: PreTrainedTokenizerFast) -> Path:
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def llama(vocab_size: int, **changes) -> LlamaForCausalLM:
    torch.manual_seed(7)
    return LlamaForCausalLM(LlamaConfig(vocab_size=vocab_size, **(SHAPE | changes)))


def qwen(vocab_size: int, **changes) -> Qwen2ForCausalLM:
    torch.manual_seed(8)
    return Qwen2ForCausalLM(Qwen2Config(vocab_size=vocab_size, **(SHAPE | changes)))


@pytest.fixture(scope="session")
def llama_folder(tmp_path_factory) -> Path:
    """Llama with sentencepiece-like pieces."""
    tokenizer = wrapped(sentencepiece())
    model = steered(llama(len(tokenizer)), tokenizer)
    return save(tmp_path_factory.mktemp("llama"), model, tokenizer)


@pytest.fixture(scope="session")
def qwen_folder(tmp_path_factory) -> Path:
    """Qwen2 with byte-level BPE and more logits than tokens, as its real ones have."""
    tokenizer = wrapped(byte_level())
    model = steered(qwen(len(tokenizer) + 12), tokenizer)
    return save(tmp_path_factory.mktemp("qwen"), model, tokenizer)


@pytest.fixture(scope="session")
def marks_folder(tmp_path_factory) -> Path:
    """Llama with the starter's way of writing capitals."""
    tokenizer = wrapped(case_marks())
    return save(tmp_path_factory.mktemp("marks"), llama(len(tokenizer)), tokenizer)


@pytest.fixture(scope="session")
def wild_folder(tmp_path_factory) -> Path:
    """Qwen2 with byte-level BPE that writes lone bytes and newlines as it likes."""
    tokenizer = wrapped(byte_level())
    return save(tmp_path_factory.mktemp("wild"), qwen(len(tokenizer)), tokenizer)


@pytest.fixture(scope="session")
def folders(llama_folder, qwen_folder, marks_folder, wild_folder) -> dict[str, Path]:
    return {
        "llama": llama_folder,
        "qwen": qwen_folder,
        "marks": marks_folder,
        "wild": wild_folder,
    }


BRIEF = "Write one headline for a coffee roaster. brand: Fenn & Fig product: coffee angle:"
PROMPTS = tuple(f"{BRIEF} {angle}" for angle in ("benefit", "a question", "offer", "the night"))


def rows(prompts: Sequence[str] = PROMPTS, seed: int = 1) -> tuple[Row, ...]:
    """One row per prompt, with consecutive seeds."""
    return tuple(
        Row(messages=(Message(role="user", content=prompt),), seed=number)
        for prompt, number in zip(prompts, itertools.count(seed))
    )


class Making:
    """What test files need of this one; conftest cannot be imported."""

    rows = staticmethod(rows)
    wrapped = staticmethod(wrapped)
    byte_level = staticmethod(byte_level)
    sentencepiece = staticmethod(sentencepiece)
    case_marks = staticmethod(case_marks)
    llama = staticmethod(llama)
    qwen = staticmethod(qwen)
    steered = staticmethod(steered)
    save = staticmethod(save)


@pytest.fixture(scope="session")
def making() -> type[Making]:
    return Making
