"""Vectors of tokens that need no network at run time: what words mean, a little, in 2 MB.

The token embeddings of all-MiniLM-L6-v2 in their 64 main directions, rare tokens weighing more.  So
a word that no test has used yet is still like those that were.  Knows neither labels nor weights.

Source: Arora et al. 2017 (smooth inverse frequency).
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from creative.prediction.grams import Floats, Span

UNKNOWN = "[UNK]"
_PLAIN = str.maketrans("‘’“”–—\xa0", "''\"\"-- ")


def word_pieces(vocabulary: Sequence[str]) -> Tokenizer:
    """Return the tokenizer of BERT for a vocabulary; it must hold `[UNK]`."""
    pieces = models.WordPiece(
        vocab={piece: at for at, piece in enumerate(vocabulary)}, unk_token=UNKNOWN
    )
    tokenizer = Tokenizer(pieces)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenVectors:
    """Vectors [tokens, size] as whole numbers of eight bits, and the scale of each direction."""

    tokenizer: Tokenizer
    table: NDArray[np.int8]
    scales: Floats

    def row(self, text: str) -> Floats:
        """Return the vector [size] of a line, of length 1, or zeros for a line without tokens."""
        parts = self.parts(text)[0]
        return np.asarray(parts.sum(axis=0))

    def parts(self, text: str) -> tuple[Floats, list[Span]]:
        """Return what each token adds to the line's vector [tokens, size], and its word."""
        plain = text.translate(_PLAIN)
        encoding = self.tokenizer.encode(plain)
        vectors = self.table[encoding.ids].astype(float).reshape(-1, len(self.scales)) * self.scales
        total = vectors.sum(axis=0)
        starts = _starts(plain)
        words = [max(bisect_right(starts, at) - 1, 0) for at, _ in encoding.offsets]
        return vectors / (math.sqrt(total @ total) or 1.0), [(word, word) for word in words]


def _starts(text: str) -> list[int]:
    """Return where the words begin."""
    return [
        at
        for at, sign in enumerate(text)
        if not sign.isspace() and (at == 0 or text[at - 1].isspace())
    ]
