"""Sentence vectors of lines by all-MiniLM-L6-v2, from a folder that `network` finds.

Lines are read one by one: with eight bits a line's neighbours in a batch would change its vector,
and a batch would save little.  Nothing is fetched.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from creative.prediction.encoder import Encoder, encoder, of_eight_bits, plain
from creative.prediction.grams import Floats

HEADS, LONGEST = 12, 64


class Sentences:
    """Lines in, vectors out."""

    def __init__(self, net: Encoder, tokenizer: Tokenizer) -> None:
        self._net, self._tokenizer = net, tokenizer
        tokenizer.enable_truncation(LONGEST)
        tokenizer.no_padding()

    @classmethod
    def load(
        cls, folder: Path, *, adapter: Mapping[str, Tensor] | None = None, is_exact: bool = False
    ) -> "Sentences":
        """Return the model of a folder, with eight bits unless it must be exact."""
        net = encoder(
            load_file(folder / "model.safetensors"),
            heads=HEADS,
            adapter=adapter,
            make=plain if is_exact else of_eight_bits,
        )
        return cls(net, Tokenizer.from_file(str(folder / "tokenizer.json")))

    @property
    def width(self) -> int:
        return self._net.tokens.shape[1]

    def vectors(self, lines: Sequence[str]) -> Floats:
        """Return vectors [lines, width] of length 1."""
        encodings = self._tokenizer.encode_batch(list(lines))
        rows = [self._vector(encoding.ids) for encoding in encodings]
        return np.array(rows, float).reshape(len(rows), self.width)

    @torch.inference_mode()
    def _vector(self, ids: Sequence[int]) -> Floats:
        return np.asarray(self._net.vectors(torch.tensor([ids]))[0].numpy(), float)
