"""The rows of one request while a server writes them: what to ask next, what becomes of answers.

Knows no network.  Every line is judged here, whatever the server promises to keep to.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from creative.engine.choices import acceptor_for
from creative.engine.constraints import Acceptor, Line, Verdict
from creative.engine.lines import Lines
from creative.engine.protocol import Ending, Message, Request, RowFinished
from creative.engine.remote.answers import CUT, WITHHELD, Answer
from creative.engine.remote.asks import Ask, Draw
from creative.engine.tickets import OpenTicket

_IN_VAIN = (Ending.STUCK, Ending.REPEATED)


class Errand:
    """A request on its way.

    Attributes:
        number: Its place among all requests.
        has_begun: Whether a row of it was asked for.
        in_flight: Rows that the server is asked for now.
        position: What its caller was told of its place in the queue; 0 for nothing yet.
    """

    def __init__(self, ticket: OpenTicket, number: int, most_together: int) -> None:
        """Plan the asks: rows with equal messages together, in the order of rows.

        What is asked together is settled here, so that it does not depend on who else writes.
        """
        request = ticket.request
        self.ticket, self.number = ticket, number
        self.has_begun, self.in_flight, self.position = False, 0, 0
        self._acceptor = cache(partial(acceptor_for, request.constraint))
        self._lines = Lines(request.constraint.taken, request.constraint.likeness)
        self._plans = deque(_planned(request, most_together))
        self._held: dict[int, tuple[Draw, RowFinished]] = {}
        self._next_row = 0
        self._unwritten = len(request.rows)

    @property
    def request(self) -> Request:
        return self.ticket.request

    @property
    def has_more(self) -> bool:
        """Whether there is a row to ask for."""
        return bool(self._plans)

    @property
    def is_over(self) -> bool:
        """Whether every row was handed on."""
        return self._unwritten == 0

    def next_size(self, *, together: bool) -> int:
        """Return how many rows the next ask has."""
        return len(self._plans[0]) if together else 1

    def next_ask(self, *, together: bool) -> Ask:
        """Return what to ask for next; its rows are in flight until they are landed."""
        draws = self._plans.popleft()
        if not together:
            self._put_first(draws[1:])
            draws = draws[:1]
        self.has_begun = True
        self.in_flight += len(draws)
        return Ask(request=self.request, draws=draws)

    def landed(self, ask: Ask) -> None:
        """Take note that an ask has ended, however it ended."""
        self.in_flight -= len(ask.draws)

    def put_back(self, ask: Ask) -> None:
        """Ask again for what the server left out."""
        self._put_first(ask.draws)

    def take(self, draw: Draw, answer: Answer, cut_at: int | None) -> None:
        """Hand a row on, or have it drawn again.

        Rows that must be distinct are handed on in their order, so that what repeats what does
        not depend on which of them was quicker.

        Args:
            cut_at: Code points after which the server itself ends a line; None when it does not.
        """
        row = self._compared(self._judged(draw, answer, cut_at))
        if self._is_drawn_again(draw, row):
            return
        if self.request.is_distinct:
            self._held[draw.row] = draw, row
            self._settle_in_turn()
        else:
            self._hand_on(row)

    def _judged(self, draw: Draw, answer: Answer, cut_at: int | None) -> RowFinished:
        text = answer.line
        return RowFinished(
            request_id=self.request.id,
            row=draw.row,
            text=text,
            logprob=answer.logprob,
            tokens=answer.tokens,
            ending=self._ending(draw, answer, text, cut_at),
        )

    def _ending(self, draw: Draw, answer: Answer, text: str, cut_at: int | None) -> Ending:
        if answer.reason == CUT and not answer.is_closed:
            return Ending.TOO_LONG
        # A guided line that fills its room to the last character was cut there, within a word.
        is_cut = cut_at is not None and not answer.is_closed and len(answer.raw) >= cut_at
        row = self.request.rows[draw.row]
        acceptor = self._acceptor(row.required, row.choices)
        if is_cut or answer.reason == WITHHELD or not _is_accepted(text, acceptor):
            return Ending.STUCK
        return Ending.COMPLETE

    def _compared(self, row: RowFinished) -> RowFinished:
        if row.ending is Ending.COMPLETE and self._lines.repeats(row.text):
            return replace(row, ending=Ending.REPEATED)
        return row

    def _is_drawn_again(self, draw: Draw, row: RowFinished) -> bool:
        """Plan another attempt at a row that came to nothing, unless it had its share."""
        is_wanted = row.ending in _IN_VAIN and draw.attempt < self.request.redraws
        if is_wanted:
            self._put_first((draw.again(),))
        return is_wanted

    def _settle_in_turn(self) -> None:
        """Hand on the rows that no earlier row holds up, each compared with all before it."""
        while (held := self._held.pop(self._next_row, None)) is not None:
            draw, row = held[0], self._compared(held[1])
            if self._is_drawn_again(draw, row):
                return
            if row.ending is Ending.COMPLETE:
                self._lines.add(row.text)
            self._hand_on(row)
            self._next_row += 1

    def _hand_on(self, row: RowFinished) -> None:
        self._unwritten -= 1
        self.ticket.put(row)

    def _put_first(self, draws: tuple[Draw, ...]) -> None:
        self._plans.extendleft((draw,) for draw in reversed(draws))


def _planned(request: Request, most: int) -> Iterator[tuple[Draw, ...]]:
    """Yield the first draws of all rows, those with equal messages in one plan."""
    of_messages: dict[tuple[Message, ...], list[Draw]] = {}
    for number, row in enumerate(request.rows):
        of_messages.setdefault(row.messages, []).append(Draw(row=number))
    for draws in of_messages.values():
        for start in range(0, len(draws), most):
            yield tuple(draws[start : start + most])


def _is_accepted(text: str, acceptor: Acceptor) -> bool:
    """Tell whether a finished text is a whole line that keeps a constraint."""
    return Line(acceptor).judge(f"{text}\n") is Verdict.ENDED
