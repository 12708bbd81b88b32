"""Pack a brief and the lines that follow from it into one row of tokens.

The brief stands once at the front; each line sees the brief and itself, never another line, and
counts its positions from the end of the brief.  Only answers are learned.  A passage of plain text
is a row of its own.

A row is int16 [4, length]: token ids, branch (0 brief, 1.. lines, -1 padding), positions, labels.
"""

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from models.training.corpus import Example

IGNORED = -100  #: label of a token that is not learned
SHORTEST_ROOM = 60  #: tokens that a brief must leave for its lines
Rows = NDArray[np.int16]


class Packer:
    """Turns examples into rows of one length."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, length: int) -> None:
        self.tokenizer, self.length = tokenizer, length
        known: dict[str, int] = tokenizer.get_vocab()
        self.user, self.assistant = known["<|user|>"], known["<|assistant|>"]
        self.end, self.padding = known["</s>"], known["<pad>"]

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text alone."""
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def row(self, shown: Example) -> Rows | None:
        """Return the row of an example, or None if not one line fits."""
        ids = [self.user, *self.encode(shown.prompt)]
        front = len(ids)
        if front > self.length - SHORTEST_ROOM:
            return None
        branches, positions, labels = [0] * front, list(range(front)), [IGNORED] * front
        for number, (ask, answer) in enumerate(shown.lines, 1):
            asked = [*self.encode(ask), self.assistant]
            answered = [*self.encode(f" {answer}"), self.end]
            count = len(asked) + len(answered)
            if len(ids) + count > self.length:
                continue
            ids += asked + answered
            branches += [number] * count
            positions += range(front, front + count)
            labels += [IGNORED] * (len(asked) - 1) + answered + [IGNORED]
        return self._padded(ids, branches, positions, labels) if len(ids) > front else None

    def _padded(self, *columns: list[int]) -> Rows:
        blank = (self.padding, -1, 0, IGNORED)
        rest = self.length - len(columns[0])
        return np.array(
            [c + [b] * rest for c, b in zip(columns, blank, strict=True)], dtype=np.int16
        )

    def window(self, text: str) -> Rows | None:
        """Return the start of a passage as a row of which every token is learned.

        A passage of less than half a row is None: padding would be most of the work.
        """
        ids = [*self.encode(text)[: self.length], self.end][: self.length]
        if len(ids) < self.length // 2:
            return None
        zeros = [0] * len(ids)
        return self._padded(ids, zeros, list(range(len(ids))), [*ids[1:], IGNORED])
