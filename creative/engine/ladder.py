"""The best way of decoding that a model can take: each is tried against plain decoding.

Cascade attention is fastest and needs the standard attention interface; a packed tree needs a mask
only; copies need nothing.  A rung is taken when its scores on given tokens equal those of plain
forward passes, compared in single precision where memory allows.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch
from transformers import DynamicCache
from transformers.cache_utils import Cache

from creative.engine.beginnings import Rung
from creative.engine.cascade import Cascade, FusedCascade
from creative.engine.copies import Copies
from creative.engine.forward import Forward, windows_of
from creative.engine.graphs import GraphedCascade
from creative.engine.tree import Tree

TOLERANCE = 1e-4  #: largest difference of a score in float32, for scores of about one
#: Largest difference of all scores of a token in shorter numbers, as a share of their size:
#: rounding adds up over layers to some hundredths, what a wrong mask shows is more.
_ROUNDED = 0.1
_LARGEST_BYTES = 2**31  #: weights up to this size are checked in float32
_STEPS = 3

log = logging.getLogger(__name__)


def climb(forward: Forward) -> Rung:
    """Return the highest rung that a model can take, ready to decode."""
    usual = forward.model.config._attn_implementation
    for make in _rungs(forward):
        try:
            rung = make(forward)
            if is_right(forward, rung):
                return rung
            cause = "its scores differ"
        except Exception as error:  # noqa: BLE001 - a model may refuse in any way it likes
            cause = f"{type(error).__name__}: {error}"
        log.info("%s does not suit this model: %s", make.__name__, cause)
        forward.model.set_attn_implementation(usual)
    return Copies(forward)


def _rungs(forward: Forward) -> list[Callable[[Forward], Rung]]:
    """Return the rungs that may suit a model, the fastest first.

    A window shows only on prompts longer than it, so it is found out by asking, not by trying.
    """
    windows = windows_of(forward.model)
    if windows is None or _is_spread(forward.model):
        return []
    if any(windows.values()):
        return [Tree]
    recorded = [GraphedCascade] if forward.device.type == "cuda" else []
    return [*recorded, FusedCascade, Cascade, Tree]


def _is_spread(model: object) -> bool:
    """Tell whether a model lies on several devices, which move its inputs as they please."""
    return len(set(getattr(model, "hf_device_map", {}).values())) > 1


@torch.inference_mode()
def is_right(forward: Forward, rung: Rung) -> bool:
    """Tell whether a rung scores given tokens as plain forward passes do.

    Two requests of different lengths, several rows each, in one batch; then rows are dropped.
    """
    with _in_float32(forward) as is_exact:
        is_close = _is_close if is_exact else _is_near
        return all(is_close(mine, plain) for mine, plain in _compared(forward, rung))


def _is_close(mine: torch.Tensor, plain: torch.Tensor) -> bool:
    return bool((mine - plain).abs().max() <= TOLERANCE * plain.std().clamp(min=1.0))


def _is_near(mine: torch.Tensor, plain: torch.Tensor) -> bool:
    mine, plain = mine.float(), plain.float()
    return bool((mine - plain).norm() <= _ROUNDED * plain.norm())


def _compared(forward: Forward, rung: Rung) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield scores of a rung beside those of plain forward passes, [vocab] each."""
    vocab = forward.model.get_input_embeddings().weight.shape[0]
    generator = torch.Generator().manual_seed(1)

    def some(count: int) -> list[int]:
        return torch.randint(vocab, (count,), generator=generator).tolist()

    start, other = some(11), some(7)
    prompts = [start + some(2), start + some(5), other]
    begun = [
        *rung.beginnings(_read(rung, start), 11, [tuple(p[11:]) for p in prompts[:2]]),
        *rung.beginnings(_read(rung, other[:6]), 6, [tuple(other[6:])]),
    ]
    for prompt, beginning in zip(prompts, begun, strict=True):
        yield beginning.logits, _plain(forward, prompt)
    rows, lines = rung.rows(), [list(prompts[at]) for at in (0, 1, 1)]
    rows.add([begun[at] for at in (0, 1, 1)])
    for step in range(_STEPS):
        if step == 1:  # another request joins
            rows.add([begun[2]])
            lines.append(list(prompts[2]))
        if step == 2:  # and a row ends
            rows.keep([3, 0, 2])
            lines = [lines[at] for at in (3, 0, 2)]
        tokens = some(len(lines))
        scores = rows.step(tokens)
        for line, token, mine in zip(lines, tokens, scores, strict=True):
            line.append(token)
            yield mine, _plain(forward, line)


def _read(rung: Rung, tokens: Sequence[int]) -> Cache:
    cache = rung.new_cache()
    rung.forward(torch.tensor([tokens], device=rung.forward.device), cache)
    return cache


def _plain(forward: Forward, tokens: Sequence[int]) -> torch.Tensor:
    cache = DynamicCache(config=forward.model.config)
    return forward(torch.tensor([tokens], device=forward.device), cache)[0]


@contextmanager
def _in_float32(forward: Forward) -> Iterator[bool]:
    """Hold weights in single precision, where memory allows; tell whether they are.

    Weights come back exactly as they were: every shorter number is a single-precision one.
    """
    weights = list(forward.model.parameters())
    dtype = forward.dtype
    is_plain = all(type(each.data) is torch.Tensor and each.dtype == dtype for each in weights)
    if not is_plain or 4 * sum(each.numel() for each in weights) > _LARGEST_BYTES:
        yield dtype == torch.float32
        return
    try:
        for each in weights:
            each.data = each.data.float()
        yield True
    finally:
        for each in weights:
            each.data = each.data.to(dtype)
