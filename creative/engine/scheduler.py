"""Whose rows are written when: the requests of all users share every step of one model.

A turn reads at most one piece of a prompt, lets waiting rows in where there is room, and takes one
step with all rows together; so rows being written wait for one piece of somebody's prompt at most.
The first lines of a request go before more lines of another.  Belongs to the engine's thread.
"""

import gc
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import torch

from creative.engine.beginnings import Prompt, Rung
from creative.engine.chat import Prompter
from creative.engine.decoding import OpenRow
from creative.engine.loading import LoadedModel
from creative.engine.pace import Pace
from creative.engine.protocol import Ending, Message, Request
from creative.engine.reading import Pieces, Reader
from creative.engine.rewording import in_plain_words, is_out_of_memory
from creative.engine.sampling import Scores
from creative.engine.tickets import OpenTicket
from creative.engine.waiting import user_of
from creative.engine.writing import Writing
from creative.errors import EngineUnavailable, ModelNotUsable, StudioError

MAX_SERVED = 16  #: requests that are read or written at the same time
FIRST_ROWS = 8  #: rows of a request that go before further rows of others, beyond the full batch
_SHORTEST = 8  #: tokens that must be left for a line
_WHOLE = 4096  #: tokens of a prompt read at once when no row waits for it

_TOO_SMALL = (
    "Memory is too small to write even one line. Close other programs, or choose a smaller model."
)

log = logging.getLogger(__name__)


class Scheduler:
    """Serves requests with one loaded model."""

    def __init__(
        self, loaded: LoadedModel, rung: Rung, *, max_rows: int, piece: int, cache_bytes: int
    ) -> None:
        """Take a model and the way it decodes.

        Args:
            max_rows: Rows written together, at most; the first rows of a request come on top.
            piece: Tokens of a prompt read between two steps.
            cache_bytes: Memory for prompts that were read.
        """
        self._loaded = loaded
        self._rung = rung
        self._prompter = Prompter(loaded.tokenizer)
        self._reader = Reader(rung, cache_bytes)
        self._piece = piece
        self._batch = rung.rows()
        self._rows: list[tuple[Writing, OpenRow]] = []  #: in the order of the batch
        self._served: list[Writing] = []
        self._suspects: list[Writing] = []  #: after a failure nobody can place: one at a time
        self.pace = Pace()
        self.max_rows = max_rows

    @property
    def is_idle(self) -> bool:
        return not self._served

    @property
    def has_place(self) -> bool:
        """Whether another request may be submitted."""
        return len(self._served) < MAX_SERVED

    @property
    def served(self) -> list[Request]:
        return [writing.request for writing in self._served]

    @property
    def rows(self) -> int:
        """Rows being written."""
        return len(self._rows)

    @property
    def prompt_tokens(self) -> tuple[int, int]:
        """Prompt tokens asked for so far, and those of them that were remembered."""
        return self._reader.prefixes.asked_tokens, self._reader.prefixes.found_tokens

    def submit(self, ticket: OpenTicket) -> None:
        """Begin to serve a request; one that cannot be served ends here."""
        try:
            prompts = self._prompts_of(ticket.request)
            self._served.append(Writing(ticket, prompts, self._pieces(prompts)))
        except Exception as error:  # noqa: BLE001 - it ends that request, never the thread
            _tell(ticket, error)

    @torch.inference_mode()
    def turn(self) -> None:
        """Do the next small part of everybody's work."""
        self._drop(each for each in self._served if each.is_unwanted)
        is_too_much = False
        try:
            self._read()
            self._let_in()
            self._step()
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            is_too_much = True
        if is_too_much:  # only now nothing refers to what did not fit any more
            self._make_room()
        self._drop(each for each in self._served if each.is_written)

    def fail_all(self, error: Exception) -> None:
        """End every request for an error that nobody foresaw."""
        self._rows, self._batch = [], self._rung.rows()
        for writing in list(self._served):
            self._fail(writing, error)

    def _drop(self, writings: Iterable[Writing]) -> None:
        """Serve some requests no longer, finished or not."""
        for writing in list(writings):
            writing.ticket.finish(cancelled=not writing.is_written)
            self._forget(writing)

    def _fail(self, writing: Writing, error: Exception) -> None:
        """End one request for an error; the others go on."""
        _tell(writing.ticket, error)
        self._forget(writing)

    def _forget(self, writing: Writing) -> None:
        """Serve a request no longer; its rows leave the batch with the next `_keep`."""
        self._served.remove(writing)
        if writing in self._suspects:
            self._suspects.remove(writing)

    def _keep(self, places: Iterable[int]) -> None:
        """Keep the rows at these places of the batch that are still wanted, in this order."""
        kept = [at for at in places if self._rows[at][0] in self._served]
        if kept != list(range(len(self._rows))):
            self._batch.keep(kept)
            self._rows = [self._rows[at] for at in kept]

    def _try(self, writing: Writing, act: Callable[[], None]) -> None:
        """Do something for one request: whatever goes wrong ends that request alone."""
        try:
            act()
        except Exception as error:
            if is_out_of_memory(error):
                raise
            self._fail(writing, error)

    def _pieces(self, prompts: Sequence[Prompt]) -> Pieces:
        return self._reader.read(prompts, lambda: self._piece if self._rows else _WHOLE)

    def _prompts_of(self, request: Request) -> list[Prompt]:
        known: dict[tuple[Message, ...], Prompt] = {}
        for row in request.rows:
            if row.messages not in known:
                known[row.messages] = self._prompter.tokens(row.messages)
        longest = max((len(prompt) for prompt in known.values()), default=0)
        context = self._loaded.context
        if context is not None and longest + _SHORTEST > context:
            raise ModelNotUsable(
                f"This brief takes {longest} tokens, but the model reads {context} at most, "
                "line included. Shorten the brief."
            )
        return [known[row.messages] for row in request.rows]

    def _active(self) -> list[Writing]:
        """Return the requests whose turn it may be."""
        return self._suspects[:1] or self._served

    def _read(self) -> None:
        """Read one piece of the first request that is not read yet."""
        writing = next((each for each in self._active() if each.pieces is not None), None)
        if writing is not None:
            loaded = self._loaded
            self._try(writing, partial(writing.read_on, loaded.speller, loaded.context))

    def _let_in(self) -> None:
        """Let waiting rows into the batch, and give them their first token."""
        chosen = self._next_rows()
        for writing in list(self._served):
            rows = [row for owner, row in chosen if owner is writing]
            if rows:
                self._try(writing, partial(self._open, writing, rows))
        self._gather()

    def _next_rows(self) -> list[tuple[Writing, OpenRow]]:
        """Take the rows that come next: first those of new requests, and users in turn."""
        chosen: list[tuple[Writing, OpenRow]] = []
        busy = Counter(user_of(writing.request) for writing, _ in self._rows)
        while waiting := [each for each in self._active() if each.waiting]:
            writing = min(
                waiting, key=lambda each: (each.begun >= FIRST_ROWS, busy[user_of(each.request)])
            )
            if len(self._rows) + len(chosen) >= self._room_for(writing):
                break
            chosen.append((writing, writing.next_row()))
            busy[user_of(writing.request)] += 1
        return chosen

    def _room_for(self, writing: Writing) -> int:
        """Return how many rows there may be in all for a request to add one.

        One user may fill the batch.  Several share a third of it, since a step with fewer rows is
        quicker and everybody waits for a first line; those first lines may exceed it.
        """
        if len({user_of(each.request) for each in self._served}) < 2:
            return self.max_rows
        shared = max(1, self.max_rows // 3)
        return shared + (FIRST_ROWS if writing.begun < FIRST_ROWS else 0)

    def _open(self, writing: Writing, rows: Sequence[OpenRow]) -> None:
        """Give rows their first token, which their prompts foretell, and add them to the batch."""
        logits = torch.stack([row.beginning.logits for row in rows])
        still_open = self._choose([(writing, row) for row in rows], logits)
        opened = [rows[at] for at in still_open]
        if opened and writing in self._served:
            self._batch.add([row.beginning for row in opened])
            self._rows += [(writing, row) for row in opened]

    def _gather(self) -> None:
        """Put rows that share a prompt beside each other, so that it is read once for all."""
        ranks: dict[int, int] = {}
        for _, row in self._rows:
            ranks.setdefault(id(row.beginning.shared), len(ranks))
        places = range(len(self._rows))
        self._keep(sorted(places, key=lambda at: ranks[id(self._rows[at][1].beginning.shared)]))

    def _step(self) -> None:
        """Take one step with all rows."""
        if not self._rows:
            return
        with self.pace.of(len(self._rows)):
            try:
                logits = self._batch.step([row.last_token for _, row in self._rows])
            except Exception as error:
                if is_out_of_memory(error):
                    raise
                self._suspect(error)
                return
            still_open = self._choose(self._rows, logits, self._batch.head)
            self._keep(self._gone_back(still_open))

    def _choose(
        self,
        rows: Sequence[tuple[Writing, OpenRow]],
        logits: torch.Tensor,
        head: torch.Tensor | None = None,
    ) -> list[int]:
        """Give every row its next token; settle those that end, return the places of the others."""
        scores = Scores(logits, [row.ask for _, row in rows], head)
        for at, (writing, row) in enumerate(rows):
            if writing in self._served:
                self._try(writing, partial(self._take, row, scores, at))
        ended = [at for at, (_, row) in enumerate(rows) if row.ending is not None]
        for writing, row in (rows[at] for at in ended):
            if writing in self._served:
                self._try(writing, partial(writing.settle, row))
        return [at for at in range(len(rows)) if at not in set(ended)]

    def _gone_back(self, places: Sequence[int]) -> list[int]:
        """Let the model forget what rows went back on; where it cannot, they begin anew.

        Returns:
            The places of the rows that go on.
        """
        going_on = []
        for at in places:
            writing, row = self._rows[at]
            if not row.forgets or self._batch.forget(at, row.forgets):
                going_on.append(at)
                continue
            row.ending = Ending.STUCK
            writing.settle(row)
        return going_on

    def _take(self, row: OpenRow, scores: Scores, at: int) -> None:
        if not scores.is_sound(at):
            raise ModelNotUsable(
                f"The model yields no usable numbers in {self._loaded.dtype}. "
                "Set ADLIB_DTYPE to float32."
            )
        row.take(scores, at)

    def _suspect(self, error: Exception) -> None:
        """After a failed step: find out whose it is by going on with one request at a time."""
        owners = list(dict.fromkeys(writing for writing, _ in self._rows))
        if len(owners) == 1:
            self._fail(owners[0], error)
            self._take_back()  # nobody knows what a step that broke off has left behind
            return
        log.warning("a step failed for %d requests, going on one by one: %s", len(owners), error)
        self._take_back()
        self._suspects = owners

    def _take_back(self) -> None:
        """Empty the batch; its rows wait to be written again."""
        for writing in self._served:
            writing.start_over()
        self._rows, self._batch = [], self._rung.rows()

    def _make_room(self) -> None:
        """Free what can be freed, write fewer rows together from now on, and start over."""
        rows = sum(writing.out for writing in self._served)
        reading = self._reader.together
        self._take_back()
        self._rung.make_room()
        self._reader.prefixes.forget()
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if rows <= 1 and reading <= 1:
            for writing in list(self._served):
                self._fail(writing, EngineUnavailable(_TOO_SMALL))
        if rows:
            self.max_rows = max(1, min(self.max_rows, rows) // 2)
        else:
            self._reader.together = max(1, reading // 2)
        for writing in self._served:
            if writing.pieces is not None:
                writing.pieces = self._pieces(writing.prompts)


def _tell(ticket: OpenTicket, error: Exception) -> None:
    """End a request with an error in plain words."""
    if isinstance(error, StudioError):
        ticket.fail(str(error), retryable=error.retryable)
    else:
        log.error("request %s failed", ticket.request.id, exc_info=error)
        ticket.fail(in_plain_words(error), retryable=True)
