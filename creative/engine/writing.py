"""One request while it is served: what of it is read, which rows wait, and what is settled.

Knows no other request; the scheduler decides whose turn it is.
"""

import math
from collections import deque
from collections.abc import Sequence
from functools import cache, partial

from creative.engine.beginnings import Beginning, Prompt
from creative.engine.choices import acceptor_for
from creative.engine.decoding import OpenRow
from creative.engine.halves import Halves
from creative.engine.lines import Lines
from creative.engine.protocol import Ending, Request
from creative.engine.reading import Pieces
from creative.engine.sampling import Choice
from creative.engine.spelling import Speller
from creative.engine.tickets import OpenTicket


class Writing:
    """A request in flight.

    Attributes:
        prompts: The prompt of each row.
        pieces: Goes on reading them; None once all are read.
        waiting: Rows that are not in the batch, the next one first.
        begun: How many rows were let into the batch so far.
    """

    def __init__(self, ticket: OpenTicket, prompts: Sequence[Prompt], pieces: Pieces) -> None:
        self.ticket = ticket
        self.prompts = prompts
        self.pieces: Pieces | None = pieces
        self.waiting: deque[OpenRow] = deque()
        self.begun = 0
        constraint = self.request.constraint
        self._lines = Lines(constraint.taken, constraint.likeness)
        self._unsettled = len(prompts)
        self._out: dict[int, OpenRow] = {}  #: rows that were taken and are not settled, by number
        self._held: dict[int, OpenRow] = {}  #: finished rows that wait for those before them
        self._next = 0  #: the row that is settled next, where rows must be distinct

    @property
    def request(self) -> Request:
        return self.ticket.request

    @property
    def is_written(self) -> bool:
        """Whether every row is settled."""
        return self._unsettled == 0

    @property
    def is_unwanted(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.ticket.is_cancelled or self.ticket.is_over

    def read_on(self, speller: Speller, context: int | None) -> None:
        """Read one more piece of the prompts; open the rows after the last one."""
        if self.pieces is None:
            return
        try:
            next(self.pieces)
        except StopIteration as end:
            self.pieces = None
            self._open_rows(end.value, speller, context or math.inf)

    @property
    def out(self) -> int:
        """How many rows are being written."""
        return len(self._out)

    def next_row(self) -> OpenRow:
        """Return the row to write next."""
        row = self.waiting.popleft()
        self._out[row.number] = row
        self.begun += 1
        return row

    def start_over(self) -> None:
        """Take back every row that is being written, to write it again with the seed it has."""
        for number in sorted(self._out, reverse=True):
            row = self._out.pop(number)
            row.begin()
            self.waiting.appendleft(row)

    def settle(self, row: OpenRow) -> None:
        """Take a finished row: hand it out, or have it redrawn.

        Rows that must be distinct are settled in their order, so that what repeats what does not
        depend on which of them was quicker.
        """
        self._out.pop(row.number, None)
        if not self.request.is_distinct:
            self._settle(row)
            return
        self._held[row.number] = row
        while (first := self._held.pop(self._next, None)) is not None and self._settle(first):
            self._next += 1

    def _settle(self, row: OpenRow) -> bool:
        """Hand a row out, or have it redrawn; tell whether it was handed out."""
        if row.ending is Ending.COMPLETE and self._lines.repeats(row.text):
            row.ending = Ending.REPEATED
        if self._is_to_be_written_again(row):
            self.waiting.appendleft(row)
            return False
        if row.ending is Ending.COMPLETE and self.request.is_distinct:
            self._lines.add(row.text)
        self._unsettled -= 1
        self.ticket.put(row.finished(self.request.id))
        return True

    def _is_to_be_written_again(self, row: OpenRow) -> bool:
        """Begin a row anew that failed, if it may be, and tell whether it was."""
        if row.ending is not Ending.COMPLETE and row.begin_again():
            return True
        is_failed = row.ending in (Ending.REPEATED, Ending.STUCK)
        if is_failed and row.attempt < self.request.redraws:
            row.redraw()
            return True
        return False

    def _open_rows(
        self, beginnings: dict[Prompt, Beginning], speller: Speller, context: float
    ) -> None:
        request = self.request
        choice = Choice(
            temperature=request.temperature,
            top_k=request.top_k,
            top_p=request.top_p,
            min_p=request.min_p,
        )
        halves = Halves(request.constraint.vocabulary)
        taken = partial(Lines, request.constraint.taken, request.constraint.likeness)
        acceptor = cache(partial(acceptor_for, request.constraint))
        for number, (row, prompt) in enumerate(zip(request.rows, self.prompts, strict=True)):
            self.waiting.append(
                OpenRow(
                    number,
                    row.seed,
                    beginning=beginnings[prompt],
                    acceptor=acceptor(row.required, row.choices),
                    halves=halves,
                    speller=speller,
                    choice=choice,
                    room=int(min(request.max_new_tokens, context - len(prompt))),
                    forced_at=_forced_at(request) if request.may_force else None,
                    taken=taken,
                )
            )


def _forced_at(request: Request) -> int:
    """Return the attempt from which a row may be forced: of many, the last three."""
    return request.redraws - min(2, request.redraws // 3)
