"""Rows of one request, written together by a loaded model.

The beginning that all prompts share is read once, each different ending once, and then every
step asks the model for one token per unfinished row.  Nothing here depends on how rows are split
into batches: a row that is written again, alone or among others, comes out the same but for
rounding.  Not safe across threads.
"""

import gc
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers.cache_utils import Cache

from creative.engine.caches import Prompts, common_start, forward, spread
from creative.engine.chat import Prompter
from creative.engine.constraints import Acceptor, Line, Verdict
from creative.engine.loading import LoadedModel
from creative.engine.protocol import Ending, Message, Request, RowFinished
from creative.engine.rewording import is_out_of_memory
from creative.engine.sampling import Choice, Scores
from creative.engine.spelling import Speller, Spelling
from creative.engine.tidying import tidy
from creative.errors import EngineUnavailable, ModelNotUsable

_SHORTEST = 8  #: tokens that must be left for a line
_SHRINK_AT = 0.75  #: share of unfinished rows below which finished ones are taken out

_ENDINGS = {Verdict.ENDED: Ending.COMPLETE, Verdict.TOO_LONG: Ending.TOO_LONG}

Prompt = tuple[int, ...]


@dataclass(kw_only=True, slots=True)
class _OpenRow:
    """A row that is being written; `logprob` in nats over all its tokens."""

    number: int
    seed: int
    prompt: Prompt
    line: Line
    spelling: Spelling
    logprob: float = 0.0
    ending: Ending | None = None

    @property
    def is_open(self) -> bool:
        return self.ending is None

    @property
    def tokens(self) -> list[int]:
        return self.spelling.tokens

    def ends(self, scores: Scores, at: int, choice: Choice, speller: Speller) -> bool:
        """Write the next token, or end the row, and tell whether it ended."""
        for token in scores.candidates(at, choice, self.seed, len(self.tokens)):
            if token in speller.endings:
                is_taken = self._close(token)
            else:
                is_taken = speller.is_text(token) and self._write(token)
            if is_taken:
                self.logprob += scores.logprob(at, token)
                return not self.is_open
        self.ending = Ending.STUCK
        return True

    def _close(self, token: int) -> bool:
        """End the line if it may end here, and tell whether it did."""
        if not self.line.may_end():
            return False
        self.tokens.append(token)
        self.ending = Ending.COMPLETE
        return True

    def _write(self, token: int) -> bool:
        """Write a token if it is allowed, and tell whether it was."""
        guess = self.spelling.with_next(token)
        if (guess == self.line.text and self.tokens) or self._refuses(guess):
            return False
        text = self.spelling.confirmed(token)
        verdict = self.line.judge(text)
        if verdict is Verdict.REFUSED:
            return False
        self.line.write(text, verdict)
        self.spelling.take(token, text, is_pending=verdict is Verdict.PENDING)
        self.ending = _ENDINGS.get(verdict)
        return True

    def _refuses(self, text: str) -> bool:
        return self.line.judge(text) is Verdict.REFUSED

    def finished(self, request_id: str) -> RowFinished:
        """Return the event that tells of this row."""
        return RowFinished(
            request_id=request_id,
            row=self.number,
            text=tidy(self.line.shown),
            logprob=self.logprob,
            tokens=len(self.tokens),
            ending=self.ending or Ending.TOO_LONG,
        )


@dataclass(kw_only=True, slots=True)
class _Batch:
    """What the model holds of some rows: `mask` int64 [rows, tokens], `next_at` int64 [rows]."""

    cache: Cache
    logits: torch.Tensor
    mask: torch.Tensor
    next_at: torch.Tensor

    def keep(self, rows: Sequence[int]) -> None:
        """Keep these rows only, in this order; a row may be named more than once."""
        chosen = torch.tensor(rows, device=self.mask.device)
        self.cache.batch_select_indices(chosen)
        self.logits, self.mask = self.logits[chosen], self.mask[chosen]
        self.next_at = self.next_at[chosen]


class Decoder:
    """Writes the rows of requests with one model."""

    def __init__(self, loaded: LoadedModel, max_rows: int) -> None:
        self._loaded = loaded
        self._prompter = Prompter(loaded.tokenizer)
        self._prompts = Prompts(loaded.model)
        self.max_rows = max_rows

    @torch.inference_mode()
    def write(self, request: Request, is_stopped: Callable[[], bool]) -> Iterator[RowFinished]:
        """Yield each row of a request once it is finished.

        Args:
            request: What to write.
            is_stopped: Asked before each token; True ends the request early.
        Raises:
            EngineUnavailable: If memory does not even hold one row.
            ModelNotUsable: If a prompt is longer than the model reads, or it yields no numbers.
        """
        prompts = self._prompts_of(request)
        shared = min(common_start(prompts), min(map(len, prompts)) - 1) if prompts else 0
        waiting = dict(enumerate(prompts))
        while waiting and not is_stopped():
            numbers = list(waiting)[: self.max_rows]
            rows = self._open(request, {number: waiting[number] for number in numbers})
            is_too_much = False
            try:
                for row in self._write_batch(rows, request, shared, is_stopped):
                    del waiting[row.number]
                    yield row.finished(request.id)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                is_too_much = True
            if is_too_much:  # only now nothing refers to the batch any more
                self._make_room(len(rows))

    def _prompts_of(self, request: Request) -> list[Prompt]:
        known: dict[tuple[Message, ...], Prompt] = {}
        for row in request.rows:
            if row.messages not in known:
                known[row.messages] = self._prompter.tokens(row.messages)
        longest = max((len(prompt) for prompt in known.values()), default=0)
        if longest + _SHORTEST > (self._loaded.context or math.inf):
            raise ModelNotUsable(
                f"This brief takes {longest} tokens, but the model reads {self._loaded.context} "
                "at most, line included. Shorten the brief."
            )
        return [known[row.messages] for row in request.rows]

    def _open(self, request: Request, prompts: dict[int, Prompt]) -> list[_OpenRow]:
        acceptor = Acceptor(request.constraint)
        return [
            _OpenRow(
                number=number,
                seed=request.rows[number].seed,
                prompt=prompt,
                line=Line(acceptor),
                spelling=Spelling(self._loaded.speller),
            )
            for number, prompt in prompts.items()
        ]

    def _write_batch(
        self, rows: list[_OpenRow], request: Request, shared: int, is_stopped: Callable[[], bool]
    ) -> Iterator[_OpenRow]:
        choice = Choice(temperature=request.temperature, top_p=request.top_p)
        batch = self._start([row.prompt for row in rows], shared)
        for _ in range(self._room(rows, request) - 1):
            yield from self._choose(rows, batch, choice)
            still_open = [at for at, row in enumerate(rows) if row.is_open]
            if not still_open or is_stopped():
                return
            if len(still_open) <= _SHRINK_AT * len(rows):
                batch.keep(still_open)
                rows = [rows[at] for at in still_open]
            self._advance(batch, [row.tokens[-1] if row.tokens else 0 for row in rows])
        yield from self._choose(rows, batch, choice)
        yield from self._cut_short(rows)

    def _room(self, rows: list[_OpenRow], request: Request) -> int:
        """Return how many tokens each row may have."""
        room = (self._loaded.context or math.inf) - max(len(row.prompt) for row in rows)
        return int(min(request.max_new_tokens, room))

    def _cut_short(self, rows: list[_OpenRow]) -> Iterator[_OpenRow]:
        """Yield the rows that had no room for more tokens."""
        for row in rows:
            if row.is_open:
                row.ending = Ending.TOO_LONG
                yield row

    def _choose(self, rows: list[_OpenRow], batch: _Batch, choice: Choice) -> Iterator[_OpenRow]:
        """Give every open row its next token; yield the rows that end with it."""
        scores = Scores(batch.logits)
        for at, row in enumerate(rows):
            if not row.is_open:
                continue
            if not scores.is_sound(at):
                raise ModelNotUsable(
                    f"The model yields no usable numbers in {self._loaded.dtype}. "
                    "Set ADLIB_DTYPE to float32."
                )
            if row.ends(scores, at, choice, self._loaded.speller):
                yield row

    def _start(self, prompts: list[Prompt], shared: int) -> _Batch:
        """Read the prompts of a batch: the shared beginning once, each different ending once.

        Endings are aligned at their last token; the gap before a short one is masked.
        """
        model = self._loaded.model
        distinct = list(dict.fromkeys(prompts))
        width = max(map(len, distinct)) - shared
        ids = torch.zeros(len(distinct), width, dtype=torch.int64)
        mask = torch.ones(len(distinct), shared + width, dtype=torch.int64)
        for at, prompt in enumerate(distinct):
            gap = width - (len(prompt) - shared)
            ids[at, gap:] = torch.tensor(prompt[shared:])
            mask[at, shared : shared + gap] = 0
        ids, mask = ids.to(model.device), mask.to(model.device)
        positions = (mask.cumsum(1) - 1).clamp(min=0)[:, shared:]
        cache = spread(self._prompts.cache_of(prompts[0][:shared]), len(distinct))
        logits = forward(model, ids, cache, attention_mask=mask, position_ids=positions)
        batch = _Batch(cache=cache, logits=logits, mask=mask, next_at=positions[:, -1] + 1)
        if len(distinct) < len(prompts):
            batch.keep([distinct.index(prompt) for prompt in prompts])
        return batch

    def _advance(self, batch: _Batch, tokens: list[int]) -> None:
        """Read one more token per row."""
        ids = torch.tensor(tokens, device=batch.mask.device)[:, None]
        batch.mask = torch.cat([batch.mask, torch.ones_like(ids)], dim=1)
        batch.logits = forward(
            self._loaded.model,
            ids,
            batch.cache,
            attention_mask=batch.mask,
            position_ids=batch.next_at[:, None],
        )
        batch.next_at = batch.next_at + 1

    def _make_room(self, rows: int) -> None:
        """Free what can be freed and decode fewer rows together from now on."""
        self._prompts.forget()
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if rows <= 1:
            raise EngineUnavailable(
                "Memory is too small to write even one line. Close other programs, or choose a "
                "smaller model."
            )
        self.max_rows = rows // 2
