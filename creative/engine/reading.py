"""Reads the prompts of a request in small pieces: what they share once, what differs after it."""

from collections.abc import Callable, Generator, Sequence
from copy import deepcopy

import torch

from creative.engine.beginnings import Beginning, Prompt, Rung
from creative.engine.forward import is_plain
from creative.engine.prefixes import Prefixes, Start, common_start, first_tokens

_LONGEST_ENDING = 128  #: tokens; prompts that differ in more are read one by one

Pieces = Generator[None, None, dict[Prompt, Beginning]]  #: returns what it has read at its end


class Reader:
    """Reads prompts the way one model decodes, and remembers them."""

    def __init__(self, rung: Rung, max_bytes: int) -> None:
        self._forward = rung.forward
        self._rung = rung
        self.prefixes = Prefixes(rung.new_cache, max_bytes)
        self.together = 64  #: endings read in one pass, at most

    def read(self, prompts: Sequence[Prompt], piece: Callable[[], int]) -> Pieces:
        """Read prompts, pausing after each piece; return them by their tokens.

        Args:
            prompts: Any number of them, repeated or not.
            piece: Asked before each piece how many tokens it may have.
        """
        distinct = list(dict.fromkeys(prompts))
        shared = _shared_length(distinct)
        if not shared:
            found = {}
            for prompt in distinct:
                found[prompt] = yield from self._whole(prompt, piece)
            return found
        start = yield from self._start(distinct[0][:shared], piece, needs_logits=False)
        endings = [prompt[shared:] for prompt in distinct]
        read: list[Beginning] = []
        while len(read) < len(endings):
            some = endings[len(read) : len(read) + self.together]
            read += self._rung.beginnings(start.cache, shared, some)
            yield
        return dict(zip(distinct, read, strict=True))

    def _whole(self, prompt: Prompt, piece: Callable[[], int]) -> Generator[None, None, Beginning]:
        start = yield from self._start(prompt, piece, needs_logits=True)
        assert start.logits is not None
        return Beginning(
            shared=start.cache, own=(), own_length=0, length=len(prompt), logits=start.logits
        )

    def _start(
        self, tokens: Prompt, piece: Callable[[], int], *, needs_logits: bool
    ) -> Generator[None, None, Start]:
        """Return a start that is all of `tokens`, reading what of it is not known."""
        start = self._known(tokens, needs_logits=needs_logits)
        cache, at, logits = start.cache, start.length, start.logits
        if at == len(tokens):
            return start
        if at:  # rows in flight and later requests still look at what is kept
            cache = first_tokens(cache, at) if is_plain(cache) else deepcopy(cache)
        while at < len(tokens):
            end = min(at + piece(), len(tokens))
            ids = torch.tensor([tokens[at:end]], device=self._forward.device)
            logits = self._forward(ids, cache)[0]
            at = end
            yield
        whole = Start(cache=cache, length=at, logits=logits)
        self.prefixes.keep(tokens, whole)
        return whole

    def _known(self, tokens: Prompt, *, needs_logits: bool) -> Start:
        start = self.prefixes.longest(tokens)
        if start.length < len(tokens) or start.logits is not None or not needs_logits:
            return start
        if is_plain(start.cache):
            return self.prefixes.longest(tokens[:-1])
        return Start(cache=self._rung.new_cache(), length=0)


def _shared_length(distinct: Sequence[Prompt]) -> int:
    """Return how many tokens prompts share, 0 where reading them one by one serves better."""
    if len(distinct) < 2:
        return 0
    shared = min(common_start(distinct[0], prompt) for prompt in distinct)
    shared = min(shared, min(map(len, distinct)) - 1)
    longest = max(map(len, distinct)) - shared
    return shared if longest <= _LONGEST_ENDING else 0
