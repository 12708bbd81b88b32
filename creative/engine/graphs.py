"""Cascade steps of fixed shapes, recorded once as CUDA graphs and then replayed.

On a graphics card a step of a small batch is bound by how fast its kernels can be launched; a
replayed graph launches all of them at once.  Graphs want fixed shapes and fixed memory: rows,
columns and prompt tokens are rounded up to a bucket, prompts lie behind each other with a bias that
hides from each row what is not its own.  The likeliest tokens of each row are found in the same
graph, so that a step is one launch and one copy to the host.  Without CUDA the same steps run
unrecorded, which tests use.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from creative.engine.attention import Shared, States
from creative.engine.beginnings import Beginning
from creative.engine.cascade import Cascade, CascadeRows, Columns
from creative.engine.forward import Forward
from creative.engine.fused import fused
from creative.engine.likeliest import packed
from creative.engine.sampling import HEAD

_ROWS = (8, 16, 32, 64, 128, 256, 512, 1024)
_TOKENS = 128  #: prompt tokens are rounded up to as many
_KEPT = 12  #: buckets that are kept; each holds memory for its prompts and columns
_WARM_ROWS = (8, 16, 32, 64)
_WARM_TOKENS = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """The fixed sizes of a bucket."""

    rows: int
    columns: int
    tokens: int


class _FixedColumns(Columns):
    """Columns whose place to write is a tensor, so that a recorded step can move on."""

    def __init__(self, like: Sequence[States], rows: int, reserved: int) -> None:
        super().__init__(like, rows, reserved)
        # in the order in which programs for a card read
        self.keys = [each.contiguous() for each in self.keys]
        self.values = [each.contiguous() for each in self.values]
        self.place = torch.zeros(1, dtype=torch.int64, device=self.keys[0].device)

    def update(
        self,
        key_states: torch.Tensor,
        value_states: torch.Tensor,
        layer_idx: int,
        *_: Any,
        **__: Any,
    ) -> States:
        keys, values = self.keys[layer_idx], self.values[layer_idx]
        keys.index_copy_(2, self.place, key_states.transpose(0, 1))
        values.index_copy_(2, self.place, value_states.transpose(0, 1))
        return keys, values


class _Bucket:
    """Memory of one shape and the step recorded over it."""

    def __init__(self, forward: Forward, shape: Shape, like: Sequence[States]) -> None:
        device, dtype = forward.device, forward.dtype
        self.shape = shape
        self._forward = forward
        self.columns = _FixedColumns(like, shape.rows, shape.columns)
        self._prompts = tuple((_room(k, shape.tokens), _room(v, shape.tokens)) for k, v in like)
        # A row of nobody sees a column and a token, so that no softmax is empty.
        self.bias = torch.full((shape.rows, 1, 1, shape.columns), -torch.inf).to(device, dtype)
        self._hidden = torch.full((shape.rows, 1, shape.tokens), -torch.inf).to(device, dtype)
        self._spans = torch.zeros(shape.rows, 2, dtype=torch.int32, device=device)
        # Tokens and the place to write come from the host in one piece.
        self._given = torch.zeros(shape.rows + 1, dtype=torch.int64, device=device)
        self._ids, self.columns.place = self._given[:-1, None], self._given[-1:]
        self.positions = torch.zeros(shape.rows, 1, dtype=torch.int64, device=device)
        self._found: tuple[torch.Tensor, torch.Tensor] | None = None
        self._graph: torch.cuda.CUDAGraph | None = None

    def load(self, rows: "GraphedRows") -> None:
        """Take over what a batch holds."""
        count, used = len(rows), rows.columns.used
        self.bias.fill_(-torch.inf)
        self.bias[count:, ..., 0] = 0.0
        self.bias[:count] = rows.bias
        self.positions[:count] = rows.positions
        self.positions[count:] = 0  # or nobody's rows would walk off the end of the context
        for layer, (keys, values) in enumerate(
            zip(rows.columns.keys, rows.columns.values, strict=True)
        ):
            for held, given in ((self.columns.keys, keys), (self.columns.values, values)):
                held[layer][:, :, used:] = 0.0  # a recorded step reads every column
                held[layer][:, :count, :used] = given[:, :count, :used]
        self._hidden.fill_(-torch.inf)
        self._hidden[count:, :, 0] = 0.0
        self._spans.zero_()
        start = 0
        for each in rows.shared:
            end = start + each.layers[0][0].shape[1]
            self._hidden[each.rows, :, start:end] = 0.0
            self._spans[each.rows] = self._spans.new_tensor([start, end])
            for mine, theirs in zip(self._prompts, each.layers, strict=True):
                mine[0][:, start:end], mine[1][:, start:end] = theirs
            start = end

    def step(self, tokens: Sequence[int], used: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read a token per row; return the next scores of the bucket's rows, and their head."""
        nobodys = [0] * (self.shape.rows - len(tokens))
        self._given.copy_(torch.tensor([*tokens, *nobodys, used]), non_blocking=True)
        if self._forward.device.type != "cuda":
            self._run()
            self.positions += 1
        elif self._graph is None:
            self._record()
        else:
            self._graph.replay()
        assert self._found is not None
        return self._found

    def _run(self) -> None:
        everything = slice(0, self.shape.rows)
        prompts = Shared(
            rows=everything, layers=self._prompts, bias=self._hidden, spans=self._spans
        )
        self.bias.index_fill_(-1, self.columns.place, 0.0)
        scores = self._forward(
            self._ids,
            self.columns,
            position_ids=self.positions,
            attention_mask=self.bias,
            shared=[prompts],
        )
        count = min(HEAD, scores.shape[-1])
        self._found = scores, packed(scores, count, self._forward.programs)

    def _record(self) -> None:
        """Run the step for real a few times, as libraries set themselves up, then record it.

        Running it again writes the same numbers to the same places; only what is recorded moves on.
        """
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(2):
                self._run()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._run()
            self.positions += 1
        graph.replay()
        self._graph = graph


class GraphedCascade(Cascade):
    """Cascade attention in steps of fixed shapes."""

    name = "cascade, recorded"

    def __init__(self, forward: Forward) -> None:
        super().__init__(fused(forward) or forward)
        self._buckets: OrderedDict[Shape, _Bucket] = OrderedDict()

    def rows(self) -> "GraphedRows":
        """Return an empty batch."""
        return GraphedRows(self.forward, self.bucket)

    def bucket(self, shape: Shape, like: Sequence[States]) -> _Bucket:
        """Return the bucket of a shape, a new one if need be."""
        if shape not in self._buckets:
            self._buckets[shape] = _Bucket(self.forward, shape, like)
        self._buckets.move_to_end(shape)
        while len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return self._buckets[shape]

    def make_room(self) -> None:
        """Free what can be made again: the memory of all buckets."""
        self._buckets.clear()

    @torch.inference_mode()
    def warm_up(self, tell: Callable[[int, int], None]) -> None:
        """Record the usual shapes; `tell` hears how many are done, of how many."""
        self.make_room()  # the buckets of the trial were recorded with other weights
        cache = self.new_cache()
        ids = torch.zeros(1, _WARM_TOKENS, dtype=torch.int64, device=self.forward.device)
        logits = self.forward(ids, cache)[0]
        begun = Beginning(shared=cache, own=(), own_length=0, length=_WARM_TOKENS, logits=logits)
        for done, count in enumerate(_WARM_ROWS):
            tell(done, len(_WARM_ROWS))
            rows = self.rows()
            rows.add([begun] * count)
            rows.step([0] * count)


class GraphedRows(CascadeRows):
    """A batch whose steps are replayed; it is loaded into a bucket again when it has changed."""

    def __init__(
        self, forward: Forward, bucket: Callable[[Shape, Sequence[States]], _Bucket]
    ) -> None:
        super().__init__(forward)
        self._bucket_of = bucket
        self._bucket: _Bucket | None = None

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Read one token per row; return the scores of the next one, [rows, vocab]."""
        self._prepare()
        bucket = self._bucket or self._load()
        scores, head = bucket.step(tokens, self.columns.used)
        self.columns.used += 1
        self.head = head[: len(tokens)]
        return scores[: len(tokens)]

    def _load(self) -> _Bucket:
        """Move into the bucket that fits; its memory is the batch's until the batch changes."""
        tokens = sum(each.layers[0][0].shape[1] for each in self.shared)
        shape = Shape(
            rows=next(size for size in _ROWS if size >= len(self)),
            columns=self.columns.reserved,
            tokens=-(-tokens // _TOKENS) * _TOKENS,
        )
        bucket = self._bucket_of(shape, self.shared[0].layers)
        bucket.load(self)
        count = len(self)
        self.columns.keys = [each[:, :count] for each in bucket.columns.keys]
        self.columns.values = [each[:, :count] for each in bucket.columns.values]
        self.positions = bucket.positions[:count]
        self._bucket = bucket
        return bucket

    def _arrange(self) -> None:
        """Derive what follows from which rows there are; what was loaded holds no more."""
        super()._arrange()
        self._bucket = None


def _room(states: torch.Tensor, tokens: int) -> torch.Tensor:
    # zeros, as a hidden token still takes part in products with a weight of nought
    return states.new_zeros(states.shape[0], tokens, states.shape[-1])
