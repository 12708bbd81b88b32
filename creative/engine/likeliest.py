"""The largest scores of each row, found without sorting.

On a processor torch's own `topk` takes longer than the rest of sampling together.  Here a row is
folded into blocks first: the k largest numbers lie in the k blocks with the largest maxima.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from creative.engine.noise import Doubles, Ids

_FEWEST = 16  #: numbers to a number wanted from which folding pays
_TOGETHER = 64  #: rows whose mass torch adds up together on a card

Floats = npt.NDArray[np.float32]
Summary = tuple[Floats, Ids, Doubles]  #: largest scores, their ids, log of the mass of each row


def likeliest(logits: torch.Tensor, count: int) -> tuple[Floats, Ids]:
    """Return the `count` largest scores of each row and their ids, the largest first.

    Args:
        logits: [rows, vocab] in any number format and on any device.
        count: At most as many as the vocabulary has.

    >>> values, ids = likeliest(torch.tensor([[1.0, 3.0, 2.0]]), 2)
    >>> values.tolist(), ids.tolist()
    ([[3.0, 2.0]], [[1, 2]])
    """
    if logits.device.type != "cpu" or logits.shape[-1] < _FEWEST * count:
        top = logits.topk(count, dim=-1)
        return top.values.float().cpu().numpy(), top.indices.cpu().numpy()
    found = _candidates(logits, count)
    scores: Floats = logits.gather(1, torch.from_numpy(found)).float().numpy()
    at = _largest(scores, count)
    values, ids = np.take_along_axis(scores, at, axis=1), np.take_along_axis(found, at, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(values, order, axis=1), np.take_along_axis(ids, order, axis=1)


def packed(logits: torch.Tensor, count: int, programs: Any = None) -> torch.Tensor:
    """Return the `Summary` of some scores in one piece, so that a card is waited for once.

    It asks nothing of the host, so a card can record it.

    Args:
        logits: [rows, vocab] in any number format and on any device.
        count: At most as many as the vocabulary has.
        programs: `creative.engine.kernels` where that works.
    """
    top = logits.topk(count, dim=-1)
    largest = top.values.float()
    if programs:
        mass = programs.log_mass(logits)[:, None]
    else:
        mass = largest[:, :1] - _log_shares(logits, top.indices[:, :1])
    numbers = torch.cat([largest, mass], dim=-1)
    return torch.cat([numbers.view(torch.int32), top.indices.int()], dim=-1)


def _log_shares(logits: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """Return the log of the share that an id of each row has of its mass, [rows, 1].

    In the one pass that torch has for a sum of exponentials, which leaves as many numbers behind: a
    few rows at a time, as a recorded step keeps the memory that it once took.
    """
    parts = zip(torch.split(logits, _TOGETHER), torch.split(ids, _TOGETHER), strict=True)
    shares = [part.log_softmax(-1, dtype=torch.float32).gather(1, at) for part, at in parts]
    return torch.cat(shares)


def width(count: int) -> int:
    """Return how many numbers of a row are packed."""
    return 2 * count + 1


def unpacked(head: torch.Tensor) -> Summary:
    """Bring to the host what was packed."""
    found, count = head.cpu().numpy(), head.shape[1] // 2
    floats: Floats = found[:, : count + 1].view(np.float32)
    ids: Ids = found[:, count + 1 :].astype(np.int64)
    return floats[:, :count], ids, floats[:, count].astype(np.float64)


def _candidates(logits: torch.Tensor, count: int) -> Ids:
    """Return ids among which the largest are, int64 [rows, any]."""
    rows, vocab = logits.shape
    # about as many blocks as candidates that they leave; block b holds b, b + blocks, ...
    blocks = 1 << round((vocab * count) ** 0.5).bit_length() - 1
    depth = vocab // blocks
    folded = logits[:, : depth * blocks].view(rows, depth, blocks).amax(dim=1)
    chosen = _largest(folded.float().numpy(), count)
    of_blocks = chosen[:, None] + np.arange(0, depth * blocks, blocks)[:, None]
    rest = np.broadcast_to(np.arange(depth * blocks, vocab), (rows, vocab - depth * blocks))
    return np.concatenate([of_blocks.reshape(rows, -1), rest], axis=1)


def _largest(scores: Floats, count: int) -> Ids:
    """Return the places of the largest scores of each row, in no order."""
    return np.argpartition(scores, scores.shape[1] - count, axis=1)[:, -count:]
