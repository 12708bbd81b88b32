"""Small programs for a graphics card, written in Triton: what stands between two matrix products.

torch takes several passes over memory where one will do, and each of its calls costs a card about
as much as reading a megabyte.  Triton comes with torch for CUDA and compiles when a program is
first called, which needs a C compiler; where something is missing, or comes out otherwise than
torch's own, `is_usable` says so and everything runs without.  Sums are in single precision.
"""
# mypy: disable-error-code="misc, name-defined, no-untyped-def, no-untyped-call, untyped-decorator"
# ruff: noqa: ANN001, ANN202, N803 - Triton reads types from what it is given

import logging
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, cast

import torch
from torch.nn.functional import gelu, rms_norm, silu

from creative.engine.attention import Placed, Shared, cascade


class _Absent:
    """Stands for Triton where it is missing, so that this file can be read there."""

    def __getattr__(self, name: str) -> "_Absent":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, given: Any) -> Any:
        return given


def _imported(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return _Absent()


triton, tl = _imported("triton"), _imported("triton.language")

_CLOSE = 2.0**-5  #: largest difference of a result, as a share of the largest one
_BLOCK_BYTES = 2**14  #: of keys that a program looks at together; cards hold some of them near
_FEWEST_QUERIES = 16  #: what a matrix product of Triton needs
_MOST_QUERIES = 32
_PROGRAMS = 160  #: from which programs take more queries each; cards have about as many processors
_PIECE = 1024  #: numbers that a program multiplies together
_ROUND = 8192  #: numbers of a row that a program adds up together
_DTYPES = (torch.bfloat16, torch.float32)
_LOG2_E: Any = tl.constexpr(1.4426950408889634)

log = logging.getLogger(__name__)


def normed(rows: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    """Return rows, [rows, features], by their root mean square, times a weight for each feature."""
    rows = rows.contiguous()
    out, features = torch.empty_like(rows), rows.shape[-1]
    block = triton.next_power_of_2(features)
    warps = min(16, max(1, block // 512))
    _norm[(len(rows),)](rows, weight, out, eps, features, BLOCK=block, num_warps=warps)
    return out


def gated(rows: torch.Tensor, activation: str) -> torch.Tensor:
    """Return the activated first half of each row times the second.

    Args:
        rows: [rows, 2 * features].
        activation: "swish" or "gelu", the one with tanh.
    """
    count, features = len(rows), rows.shape[-1] // 2
    out = rows.new_empty(count, features)
    grid = (count, triton.cdiv(features, _PIECE))
    _gate[grid](rows, out, features, IS_SWISH=activation == "swish", BLOCK=_PIECE, num_warps=4)
    return out


def turned(
    states: torch.Tensor,
    turns: tuple[torch.Tensor, torch.Tensor],
    norms: tuple[torch.Tensor, float] | None,
    columns: Placed,
    layer: int,
) -> torch.Tensor:
    """Rotate queries and keys by their position, and remember keys and values.

    Args:
        states: Of one token of each row, [rows, heads, width]; queries, keys and values.
        turns: Cosines and sines, [rows, heads of queries and keys, width] in single precision;
            sines are negative for the first half.
        norms: Weights of each head of queries and keys in single precision, and what is added to a
            mean square; None for no norm.
        columns: Where keys and values go.
        layer: Whose columns.
    Returns:
        Queries, [rows, heads, width].
    """
    rows, all_heads, width = states.shape
    keys, values = columns.keys[layer], columns.values[layer]
    heads = all_heads - 2 * len(keys)
    query = states.new_empty(rows, heads, width)
    cos, sin = turns
    weights, eps = norms or (cos, 0.0)
    _turn[(rows, all_heads)](
        states,
        cos,
        sin,
        weights,
        eps,
        columns.place,
        query,
        keys,
        values,
        keys.shape[2],
        HEADS=heads,
        KEY_HEADS=len(keys),
        WIDTH=width,
        BLOCK=triton.next_power_of_2(width // 2),
        IS_NORMED=norms is not None,
        num_warps=1,
    )
    return query


def attended(
    query: torch.Tensor, columns: Placed, bias: torch.Tensor, shared: Shared, layer: int
) -> torch.Tensor:
    """Attend to tokens of a prompt and to columns of each row, in one pass.

    Args:
        query: [rows, heads * group, width], already scaled.
        columns: Of each row.
        bias: Added to scores of columns, [rows, ..., columns].
        shared: Prompts behind each other, with the span that each row sees.
        layer: Which one attends.
    Returns:
        [rows, heads * group, width].
    """
    keys, values = shared.layers[layer]
    rows, all_heads, width = query.shape
    heads, tokens, _ = keys.shape
    group, out = all_heads // heads, torch.empty_like(query)
    queries = max(_FEWEST_QUERIES, triton.next_power_of_2(group))
    while queries < _MOST_QUERIES and heads * triton.cdiv(rows, queries // group) > _PROGRAMS:
        queries *= 2
    wide = max(16, triton.next_power_of_2(width))
    block = max(16, min(64, _BLOCK_BYTES // (wide * keys.itemsize)))
    _attend[(heads, triton.cdiv(rows, queries // group))](
        query,
        keys,
        values,
        columns.keys[layer],
        columns.values[layer],
        bias,
        shared.spans,
        out,
        rows,
        columns.keys[layer].shape[2],
        tokens,
        GROUP=group,
        WIDTH=width,
        BLOCK_WIDTH=wide,
        QUERIES=queries,
        BLOCK=block,
        num_warps=4,
        num_stages=3,
    )
    return out


def log_mass(rows: torch.Tensor) -> torch.Tensor:
    """Return the log of the sum of exponentials of each row, [rows] in single precision."""
    rows = rows.contiguous()
    out, count = rows.new_empty(len(rows), dtype=torch.float32), rows.shape[-1]
    _mass[(len(rows),)](rows, out, count, BLOCK=_ROUND, num_warps=16)
    return out


@lru_cache(maxsize=4)
def is_usable(device: torch.device, dtypes: Sequence[torch.dtype] = _DTYPES) -> bool:
    """Tell whether these programs can be compiled here, and come out as torch's own.

    Short numbers and long ones: a trial of a whole model is in single precision.
    """
    if isinstance(triton, _Absent):
        return False
    try:
        differences = [each for dtype in dtypes for each in _differences(device, dtype)]
    except Exception as error:  # noqa: BLE001 - a compiler may fail in any way it likes
        log.info("Triton does not work here: %s: %s", type(error).__name__, error)
        return False
    return all(each <= _CLOSE for each in differences)  # which what is no number is not


def _differences(device: torch.device, dtype: torch.dtype) -> list[float]:
    """Return how far results are from torch's own, as shares of the largest one."""
    generator = torch.Generator().manual_seed(1)

    def some(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator).to(device, dtype)

    rows, weight, long = some(3, 96), some(96), some(3, _ROUND + 9)
    gate, up = rows.chunk(2, dim=-1)
    pairs = [
        (normed(rows, weight, 1e-5), rms_norm(rows, weight.shape, weight, 1e-5)),
        (gated(rows, "swish"), silu(gate) * up),
        (gated(rows, "gelu"), gelu(gate, approximate="tanh") * up),
        (log_mass(long), long.float().logsumexp(-1)),
    ]
    return [_difference(mine, right) for mine, right in [*pairs, *_pairs_of_attention(some)]]


def _pairs_of_attention(some: Any) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return what a step of two rows makes, beside the same by torch."""
    rows, heads, key_heads, width, columns = 2, 4, 2, 128, 8
    prompt = [(some(key_heads, 70, width), some(key_heads, 70, width))]
    placed = _Step(
        keys=[some(key_heads, rows, columns, width)], values=[some(key_heads, rows, columns, width)]
    )
    states, cos, sin = (
        some(rows, heads + 2 * key_heads, width),
        *(some(rows, heads + key_heads, width).float() for _ in range(2)),
    )
    placed.place = torch.full((1,), 3, device=states.device)
    query = turned(states, (cos, sin), None, placed, 0)
    query *= width**-0.5
    turning = states[:, : heads + key_heads].float()
    right = (turning * cos + turning.roll(width // 2, dims=-1) * sin).to(states.dtype)
    bias = states.new_zeros(rows, 1, 1, columns)
    bias[1, ..., :2] = -torch.inf
    spans = torch.tensor([[0, 65], [65, 70]], dtype=torch.int32, device=states.device)
    hidden = states.new_full((rows, 1, 70), -torch.inf)
    hidden[0, :, :65], hidden[1, :, 65:] = 0.0, 0.0
    shared = Shared(rows=slice(0, rows), layers=prompt, bias=hidden, spans=spans)
    seen = cascade(
        query[:, :, None], (placed.keys[0], placed.values[0]), bias, 1.0, [shared], prompt
    )
    return [
        (query, right[:, :heads] * width**-0.5),
        (placed.keys[0][:, :, 3].transpose(0, 1), right[:, heads:]),
        (placed.values[0][:, :, 3].transpose(0, 1), states[:, heads + key_heads :]),
        (attended(query, placed, bias, shared, 0), seen[:, 0]),
    ]


class _Step:
    """Columns of one layer."""

    def __init__(self, keys: list[torch.Tensor], values: list[torch.Tensor]) -> None:
        self.keys, self.values = keys, values
        self.place = torch.zeros(1)


def _difference(mine: torch.Tensor, right: torch.Tensor) -> float:
    mine, right = mine.float(), right.float()
    return cast(float, ((mine - right).abs().max() / right.abs().max()).item())


@triton.jit
def _norm(rows, weight, out, eps, features, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    at = tl.arange(0, BLOCK)
    numbers = tl.load(rows + row * features + at, mask=at < features, other=0.0).to(tl.float32)
    factors = tl.load(weight + at, mask=at < features, other=0.0).to(tl.float32)
    size = tl.sum(numbers * numbers, 0) / features
    scaled = numbers * (1.0 / tl.sqrt(size + eps)) * factors
    tl.store(out + row * features + at, scaled.to(out.dtype.element_ty), mask=at < features)


@triton.jit
def _gate(rows, out, features, IS_SWISH: tl.constexpr, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    gate = tl.load(rows + 2 * row * features + at, mask=at < features, other=0.0).to(tl.float32)
    up = tl.load(rows + (2 * row + 1) * features + at, mask=at < features, other=0.0)
    inner = gate
    if not IS_SWISH:  # (1 + tanh(x)) / 2 is the logistic function of 2x
        inner = 1.5957691216057308 * (gate + 0.044715 * gate * gate * gate)
    opened = gate * tl.sigmoid(inner) * up.to(tl.float32)
    tl.store(out + row * features + at, opened.to(out.dtype.element_ty), mask=at < features)


@triton.jit
def _mass(rows, out, count, BLOCK: tl.constexpr):
    """Each program takes a row; every lane adds up numbers of its own, as a flash does."""
    row = tl.program_id(0).to(tl.int64)
    lanes = tl.arange(0, BLOCK)
    most = tl.full([BLOCK], float("-inf"), tl.float32)
    mass = tl.zeros([BLOCK], tl.float32)
    for start in range(0, count, BLOCK):
        at = start + lanes
        found = tl.load(rows + row * count + at, mask=at < count, other=float("-inf"))
        found = found.to(tl.float32) * _LOG2_E
        higher = tl.maximum(most, found)
        base = tl.where(higher == float("-inf"), 0.0, higher)
        mass = mass * tl.exp2(most - base) + tl.exp2(found - base)
        most = higher
    highest = tl.max(most, 0)
    total = tl.sum(mass * tl.exp2(most - highest), 0)
    tl.store(out + row, (highest + tl.log2(total)) / _LOG2_E)


@triton.jit
def _turn(
    states,
    cos,
    sin,
    norms,
    eps,
    place,
    query,
    keys,
    values,
    columns,
    HEADS: tl.constexpr,
    KEY_HEADS: tl.constexpr,
    WIDTH: tl.constexpr,
    BLOCK: tl.constexpr,
    IS_NORMED: tl.constexpr,
):
    """Each program turns or copies one head of one row, in two halves."""
    row, head, rows = tl.program_id(0).to(tl.int64), tl.program_id(1), tl.num_programs(0)
    half: tl.constexpr = WIDTH // 2
    at = tl.arange(0, BLOCK)
    source = states + (row * (HEADS + 2 * KEY_HEADS) + head) * WIDTH + at
    first = tl.load(source, mask=at < half, other=0.0)
    second = tl.load(source + half, mask=at < half, other=0.0)
    column = tl.load(place)
    if head < HEADS + KEY_HEADS:
        one, two = first.to(tl.float32), second.to(tl.float32)
        if IS_NORMED:
            size = tl.sum(one * one + two * two, 0) / WIDTH
            scale = 1.0 / tl.sqrt(size + eps)
            one *= scale * tl.load(norms + head * WIDTH + at, mask=at < half, other=0.0)
            two *= scale * tl.load(norms + head * WIDTH + half + at, mask=at < half, other=0.0)
        angle = (row * (HEADS + KEY_HEADS) + head) * WIDTH + at
        cos_one = tl.load(cos + angle, mask=at < half, other=0.0)
        cos_two = tl.load(cos + angle + half, mask=at < half, other=0.0)
        sin_one = tl.load(sin + angle, mask=at < half, other=0.0)
        sin_two = tl.load(sin + angle + half, mask=at < half, other=0.0)
        turned_one = (one * cos_one + two * sin_one).to(query.dtype.element_ty)
        turned_two = (two * cos_two + one * sin_two).to(query.dtype.element_ty)
        if head < HEADS:
            target = query + (row * HEADS + head) * WIDTH + at
        else:
            target = keys + (((head - HEADS) * rows + row) * columns + column) * WIDTH + at
        tl.store(target, turned_one, mask=at < half)
        tl.store(target + half, turned_two, mask=at < half)
    else:
        number = head - HEADS - KEY_HEADS
        target = values + ((number * rows + row) * columns + column) * WIDTH + at
        tl.store(target, first, mask=at < half)
        tl.store(target + half, second, mask=at < half)


@triton.jit
def _attend(
    query,
    keys,
    values,
    own_keys,
    own_values,
    bias,
    spans,
    out,
    rows,
    columns,
    tokens,
    GROUP: tl.constexpr,
    WIDTH: tl.constexpr,
    BLOCK_WIDTH: tl.constexpr,
    QUERIES: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Each program takes one head of keys, and the queries of a few rows, as a flash does.

    Columns of all its rows are multiplied with all its queries, and a mask keeps rows apart.
    """
    per: tl.constexpr = QUERIES // GROUP
    head, first = tl.program_id(0).to(tl.int64), tl.program_id(1) * per
    lanes = tl.arange(0, QUERIES)
    row = first + lanes // GROUP
    is_row = (lanes < per * GROUP) & (row < rows)
    wide = tl.arange(0, BLOCK_WIDTH)
    is_wide = (wide < WIDTH)[None, :]
    asked_at = (row * tl.num_programs(0) + head) * GROUP + lanes % GROUP
    asked_at = asked_at[:, None] * WIDTH + wide[None, :]
    asked = tl.load(query + asked_at, mask=is_row[:, None] & is_wide, other=0.0)
    begin = tl.load(spans + 2 * row, mask=is_row, other=2**30)
    end = tl.load(spans + 2 * row + 1, mask=is_row, other=0)
    most = tl.full([QUERIES], float("-inf"), tl.float32)
    mass = tl.zeros([QUERIES], tl.float32)
    seen = tl.zeros([QUERIES, BLOCK_WIDTH], tl.float32)

    for start in range(tl.min(begin, 0), tl.max(end, 0), BLOCK):
        at = start + tl.arange(0, BLOCK)
        places = (head * tokens + at)[:, None] * WIDTH + wide[None, :]
        is_there = (at < tokens)[:, None] & is_wide
        found = tl.load(keys + places, mask=is_there, other=0.0)
        scores = tl.dot(asked, tl.trans(found), input_precision="ieee") * _LOG2_E
        is_seen = (at[None, :] >= begin[:, None]) & (at[None, :] < end[:, None])
        scores = tl.where(is_seen, scores, float("-inf"))
        found = tl.load(values + places, mask=is_there, other=0.0)
        most, mass, seen = _joined(scores, found, most, mass, seen)

    for start in range(0, per * columns, BLOCK):
        at = start + tl.arange(0, BLOCK)
        whose = first + at // columns
        places = ((head * rows + first) * columns + at)[:, None] * WIDTH + wide[None, :]
        is_there = ((at < per * columns) & (whose < rows))[:, None] & is_wide
        found = tl.load(own_keys + places, mask=is_there, other=0.0)
        scores = tl.dot(asked, tl.trans(found), input_precision="ieee") * _LOG2_E
        is_own = (row[:, None] == whose[None, :]) & is_row[:, None] & (at < per * columns)[None, :]
        added = bias + row[:, None] * columns + (at % columns)[None, :]
        scores += tl.load(added, mask=is_own, other=float("-inf")).to(tl.float32)
        found = tl.load(own_values + places, mask=is_there, other=0.0)
        most, mass, seen = _joined(scores, found, most, mass, seen)

    seen /= tl.where(is_row, mass, 1.0)[:, None]
    tl.store(out + asked_at, seen.to(out.dtype.element_ty), mask=is_row[:, None] & is_wide)


@triton.jit
def _joined(scores, found, most, mass, seen):
    """Join a block with what was seen before; scores are in powers of two."""
    higher = tl.maximum(most, tl.max(scores, 1))
    base = tl.where(higher == float("-inf"), 0.0, higher)  # a row may see nothing of a block
    powers = tl.exp2(scores - base[:, None])
    fading = tl.exp2(most - base)
    mass = mass * fading + tl.sum(powers, 1)
    seen = seen * fading[:, None]
    seen += tl.dot(powers.to(found.dtype), found, input_precision="ieee")
    return higher, mass, seen
