"""Checkpoints with random weights and a real tokenizer, made on the spot; nothing is downloaded.

Random weights write noise, so two ways of steering them are here: `steer` gives every token a score
of its own, `walk` lets lines end after so many tokens.  Both use features of the embeddings that no
layer changes.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers.trainers import BpeTrainer, UnigramTrainer
from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerFast

from benchmarks.shapes import SEED

UNKNOWN, START, END = "<unk>", "<s>", "</s>"
SPECIAL = [UNKNOWN, START, END, "<|user|>", "<|system|>", "<|assistant|>"]
_CHAT = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
_CONSTANT = 1.0  #: value of the features that no layer changes
_SHARES = {"words": 0.6, "required": 0.2, "end": 0.12, "rest": 0.08}  #: of probability
_NEVER = -60.0  #: logit of a token that must not come
_NEXT = 20.0  #: and what the next kind of token has before all others
_ENDS = 8.0  #: what the end has before a token of the next kind, of which many are likely
_SPREAD_OF_A_WALK = 0.5


Model = TypeVar("Model", bound=PreTrainedModel)


def random_model(
    kind: Callable[..., Model], config: PreTrainedConfig, dtype: torch.dtype = torch.float32
) -> Model:
    """Return a model with random weights, ready to write."""
    usual = torch.get_default_dtype()
    torch.manual_seed(SEED)
    torch.set_default_dtype(dtype)
    try:
        model = kind(config)
    finally:
        torch.set_default_dtype(usual)
    model.train(mode=False)
    return model


def byte_level(texts: Iterable[str], size: int) -> Tokenizer:
    """Train a tokenizer like GPT-2's: rare characters are split into bytes."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = BpeTrainer(
        vocab_size=size, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def unigram(texts: Iterable[str], size: int) -> Tokenizer:
    """Train a tokenizer like sentencepiece's: pieces, a dummy prefix, bytes for the rest."""
    trained = Tokenizer(models.Unigram())
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    trained.train_from_iterator(
        texts, UnigramTrainer(vocab_size=size, unk_token=UNKNOWN, show_progress=False)
    )
    pieces = [piece for piece in _scored_pieces(trained) if piece[0] not in SPECIAL]
    bytes_ = [(f"<0x{byte:02X}>", -20.0) for byte in range(256)]
    named = [(name, 0.0) for name in SPECIAL]
    tokenizer = Tokenizer(models.Unigram([*named, *bytes_, *pieces], 0, byte_fallback=True))
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


def padded(tokenizer: Tokenizer, size: int) -> Tokenizer:
    """Return a byte-level tokenizer with made-up words added up to a size."""
    described = json.loads(tokenizer.to_str())
    vocabulary: dict[str, int] = described["model"]["vocab"]
    noise = random.Random(SEED)
    while len(vocabulary) < size:
        syllables = (noise.choice("bcdfghklmnprstvwz") + noise.choice("aeiou") for _ in range(4))
        word = noise.choice(("Ġ", "Ġ", "")) + "".join(syllables)[: noise.randint(3, 8)]
        vocabulary.setdefault(word, len(vocabulary))
    return Tokenizer.from_str(json.dumps(described))


def wrapped(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    """Return a tokenizer as transformers holds it, with a chat template."""
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token=START,
        eos_token=END,
        unk_token=UNKNOWN,
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = _CHAT
    return fast


def clean_tokens(tokenizer: PreTrainedTokenizerFast, size: int) -> torch.Tensor:
    """Return which of `size` tokens are text that a line may hold, bool [size]."""
    texts = tokenizer.batch_decode([[id] for id in range(len(tokenizer))], skip_special_tokens=True)
    clean = [bool(text) and text.isprintable() and "\ufffd" not in text for text in texts]
    return torch.tensor(clean[:size] + [False] * (size - len(clean)))


@torch.no_grad()
def steer(
    model: PreTrainedModel,
    bias: torch.Tensor,
    spread: float,
    marks: Sequence[torch.Tensor] = (),
) -> float:
    """Let a model score tokens around a bias.

    Args:
        model: Llama or Qwen2 with an output matrix of its own.
        bias: Logits, float [vocab].
        spread: Standard deviation of what the text before adds to them.
        marks: What is 1 or 0 of a token, float [vocab] each; features 1 and on keep it.
    Returns:
        What the output matrix finds in a feature that is kept.
    """
    states = _with_constants(model, [torch.ones_like(bias), *marks])
    output, usual = output_weights(model), states.mean(dim=0)
    output[:, : 1 + len(marks)] = 0
    output.mul_(spread / ((states - usual) @ output.float().T).std())
    own = output.float() @ usual  # what the text does not change
    even = bias - bias.median()  # large numbers would be rounded to coarse ones in short formats
    output[:, 0] = ((even - own) / usual[0]).to(output.dtype)
    return float(usual[0])


def likely_words(
    tokenizer: PreTrainedTokenizerFast, words: Sequence[str], required: Sequence[str] = ()
) -> torch.Tensor:
    """Return logits that favour words, as a model that was told what to write does.

    Words and signs are as unequal among themselves as in text: the nth has a share of 1/n.

    Args:
        tokenizer: A byte-level one.
        words: What lines may use; those that are one token each are made likely.
        required: Words, one token each, that a line has to carry.
    Returns:
        Float [tokens].
    """
    listed = {word.lower() for word in words} | {*",.:-&?"}
    names = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
    wanted = torch.tensor([name.removeprefix("Ġ").lower() in listed for name in names])
    generator = torch.Generator().manual_seed(SEED)
    order = 1.0 + torch.randperm(int(wanted.sum()), generator=generator)
    shares = torch.full((len(names),), _SHARES["rest"] / len(names))
    shares[wanted] = _SHARES["words"] / order / (1 / order).sum()
    for word in required:
        shares[names.index(f"Ġ{word}")] = _SHARES["required"] / len(required)
    shares[tokenizer.convert_tokens_to_ids(END)] = _SHARES["end"]
    return shares.log()


@torch.no_grad()
def walk(model: PreTrainedModel, clean: torch.Tensor, end: int, first: int, last: int) -> None:
    """Let lines take from `first` to `last` tokens before their end.

    Tokens fall into as many kinds as a line has places, and each is followed by one of the next
    kind; from some place on the end may come as well.

    Args:
        model: Llama or Qwen2 with an output matrix of its own.
        clean: Which tokens may occur, bool [vocab].
        end: The token that ends a line.
        first: Fewest tokens before the end.
        last: Most tokens before the end.
    """
    kinds = 1 + torch.arange(len(clean)) % last
    kinds[: len(SPECIAL)] = 0  # the last token of a prompt is one of them
    marks = [(kinds == kind).float() for kind in range(last + 1)]
    unit = steer(model, torch.where(clean, 0.0, _NEVER), _SPREAD_OF_A_WALK, marks)
    output = output_weights(model)
    for kind in range(last):
        output[(kinds == kind + 1) & clean, 1 + kind] = _NEXT / unit
    for kind in range(first, last + 1):
        output[end, 1 + kind] = (_NEXT + _ENDS - _NEVER) / unit


def save(folder: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> str:
    """Save both as a checkpoint; return the folder as engines take it."""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def output_weights(model: PreTrainedModel) -> torch.Tensor:
    """Return the matrix that turns states into logits, [vocab, width]."""
    output: Any = model
    weights: torch.Tensor = output.get_output_embeddings().weight
    return weights


def ids_of(tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    """Return what a model's configuration says of its tokenizer."""
    end = tokenizer.convert_tokens_to_ids(END)
    return {
        "bos_token_id": tokenizer.convert_tokens_to_ids(START),
        "eos_token_id": end,
        "pad_token_id": end,
        "tie_word_embeddings": False,
    }


def _scored_pieces(tokenizer: Tokenizer) -> Sequence[tuple[str, float]]:
    names = map(tokenizer.id_to_token, range(tokenizer.get_vocab_size()))
    return [(str(name), -5.0 - id / 10) for id, name in enumerate(names)]


def _with_constants(model: PreTrainedModel, features: Sequence[torch.Tensor]) -> torch.Tensor:
    """Keep the first features of the embeddings; return last states of some text.

    Args:
        model: Llama or Qwen2.
        features: Which tokens have each, float [vocab].
    Returns:
        Float [tokens, width].
    """
    inner: Any = model.model
    embeddings = inner.embed_tokens.weight
    for feature, having in enumerate(features):
        embeddings[:, feature] = (_CONSTANT * having).to(embeddings.dtype)
        for layer in inner.layers:
            _keep_out(layer, feature)
    ids = torch.arange(len(SPECIAL), len(SPECIAL) + 64)[None] % model.config.vocab_size
    states: torch.Tensor = inner(ids).last_hidden_state[0].float()
    return states


def _keep_out(layer: Any, feature: int) -> None:
    """Let a layer neither see nor change a feature."""
    attention, mlp = layer.self_attn, layer.mlp
    for reading in (
        attention.q_proj,
        attention.k_proj,
        attention.v_proj,
        mlp.gate_proj,
        mlp.up_proj,
    ):
        reading.weight[:, feature] = 0
    for writing in (attention.o_proj, mlp.down_proj):
        writing.weight[feature] = 0
