"""Read the network's token table, and learn the lexicon of the training lines."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from creative.prediction.grams import (
    Floats,
    character_spans,
    characters,
    learnt_block,
    word_spans,
    words,
)
from creative.prediction.lexical import Lexicon
from creative.prediction.tokens import UNKNOWN, TokenVectors, word_pieces
from creative.prediction.traits import trait_rows

LEAST_LINES = 2  #: that a run must be in
DIRECTIONS = 64
RARE = 1e-3  #: share of all tokens from which one counts as common


def learnt_lexicon(lines: Sequence[str], network: Path) -> Lexicon:
    """Return how lines become features, learnt from lines without labels."""
    rows = trait_rows(lines)
    return Lexicon(
        characters=learnt_block(characters, character_spans, lines, least=LEAST_LINES),
        words=learnt_block(words, word_spans, lines, least=LEAST_LINES),
        tokens=token_vectors(lines, network),
        usual=rows.mean(axis=0),
        spread=np.maximum(rows.std(axis=0), 1e-3),
    )


def token_vectors(lines: Sequence[str], network: Path) -> TokenVectors:
    """Return the network's token embeddings, in few directions, rare tokens weighing more."""
    vocabulary, table = _table(network)
    tokenizer = word_pieces(vocabulary)
    seen = Counter(at for line in lines for at in tokenizer.encode(line).ids)
    share = np.array([seen.get(at, 0) for at in range(len(vocabulary))]) / max(seen.total(), 1)
    centred = table - table[sorted(seen)].mean(axis=0)
    _, _, directions = np.linalg.svd(centred[sorted(seen)], full_matrices=False)
    small = (centred @ directions[:DIRECTIONS].T) * (RARE / (RARE + share))[:, None]
    small[vocabulary.index(UNKNOWN)] = 0
    scales = np.abs(small).max(axis=0) / 127
    return TokenVectors(
        tokenizer=tokenizer, table=np.round(small / scales).astype(np.int8), scales=scales
    )


def _table(network: Path) -> tuple[list[str], Floats]:
    """Return pieces of printable ASCII and their embeddings [pieces, width]."""
    every = Tokenizer.from_file(str(network / "tokenizer.json")).get_vocab()
    kept = sorted(
        (at, piece)
        for piece, at in every.items()
        if piece == UNKNOWN or (piece.isascii() and not piece.startswith("["))
    )
    weights = load_file(network / "model.safetensors")["embeddings.word_embeddings.weight"]
    return [piece for _, piece in kept], weights[[at for at, _ in kept]].astype(float)
