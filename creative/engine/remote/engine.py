"""The engine on a server: one thread that talks to it, for the requests of every user.

Importing this file does not import the OpenAI client; the thread does, with the first request.
"""

import asyncio
import itertools
import logging
import random
import threading
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from creative.engine.closing import close_at_exit
from creative.engine.protocol import EngineState, EngineStatus, Request, RequestQueued
from creative.engine.remote.access import Access
from creative.engine.remote.answers import Interrupted, Unreadable
from creative.engine.remote.asks import Ask, Draw
from creative.engine.remote.errands import Errand
from creative.engine.remote.loop import LoopThread
from creative.engine.remote.turns import Turns
from creative.engine.tickets import OpenTicket
from creative.engine.waiting import MAX_QUEUED
from creative.errors import StudioError

if TYPE_CHECKING:
    from creative.engine.remote.server import Server

_MOST_ASKS = 8  #: asks under way at once; few enough for small servers, which queue the rest
_MOST_TOGETHER = 16  #: rows of one ask, so that a newcomer need not wait for more
_RETRIES = 2  #: for answers that broke off
_PAUSE_S = 0.5
_CLOSE_S = 10.0  #: how long `close` waits for connections to close

log = logging.getLogger(__name__)


class RemoteEngine:
    """A model on a server that speaks the OpenAI protocol; safe to call from any thread.

    `RowFinished.logprob` is the sum that the server tells, and 0.0 where it tells none.
    """

    def __init__(self, access: Access, max_rows: int = 64, pause_s: float = _PAUSE_S) -> None:
        """Prepare an engine; nothing is sent before the first request.

        Args:
            access: The server, its key and the model.
            max_rows: Rows asked for at once, at most.
            pause_s: Before an answer that broke off is asked for again, at most; doubled before
                the next time.
        """
        self._access, self._max_rows, self._pause_s = access, max_rows, pause_s
        self._status = EngineStatus(state=EngineState.COLD, model=access.name, device="server")
        self._changed = threading.Condition()
        self._errands: dict[str, Errand] = {}
        self._numbers = itertools.count(1)
        self._loop: LoopThread | None = None
        self._is_closing = self._is_closed = False
        # From here on the loop's own:
        self._server: Server | None = None
        self._turns = Turns()
        self._tasks: dict[asyncio.Task[None], tuple[Errand, Ask]] = {}
        close_at_exit(self)

    def submit(self, request: Request) -> OpenTicket:
        """Queue a request.

        Raises:
            ValueError: If a request with this id is in flight.
        """
        ticket = OpenTicket(request, self._withdraw)
        errand = Errand(ticket, next(self._numbers), min(_MOST_TOGETHER, self._max_rows))
        with self._changed:
            if request.id in self._errands:
                raise ValueError(f"request {request.id} is in flight already")
            if self._is_closing:
                ticket.fail("The engine is closed. Start Adlib again.", retryable=False)
            elif self._queued() >= MAX_QUEUED:
                ticket.fail(
                    f"{MAX_QUEUED} requests are waiting already. Try again in a moment.",
                    retryable=True,
                )
            else:
                self._errands[request.id] = errand
                self._running().call(self._begin, errand)
        return ticket

    def status(self) -> EngineStatus:
        """Tell how things stand with the server, without asking it."""
        with self._changed:
            rows = sum(errand.in_flight for errand in self._errands.values())
            return replace(self._status, queued=self._queued(), rows=rows)

    def close(self, drain_s: float = 0.0) -> None:
        """End the engine: no new requests; those in flight have so long to end, then they fail."""
        with self._changed:
            self._is_closing = True
            if drain_s:
                self._changed.wait_for(lambda: not self._errands, drain_s)
            self._is_closed = True
            errands, self._errands = list(self._errands.values()), {}
            loop, self._loop = self._loop, None
        for errand in errands:
            errand.ticket.fail("The engine was closed before this was written.", retryable=True)
        if loop is not None:
            loop.end(_CLOSE_S)
        self._set(EngineState.COLD)

    def _queued(self) -> int:
        return sum(not errand.has_begun for errand in self._errands.values())

    def _running(self) -> LoopThread:
        if self._loop is None:
            self._loop = LoopThread("adlib-server", self._disconnect)
        return self._loop

    def _withdraw(self, ticket: OpenTicket) -> None:
        """End a request whose caller wants no more of it."""
        with self._changed:
            errand, loop = self._errands.get(ticket.request.id), self._loop
        if errand is not None and errand.ticket is ticket and loop is not None:
            loop.call(self._cancel, errand)

    # ---- in the loop's thread

    def _begin(self, errand: Errand) -> None:
        self._turns.add(errand)
        self._end_if_over(errand)
        self._go_on()

    def _go_on(self) -> None:
        """Ask for as much as may be under way at once, and tell the others their places."""
        while (errand := self._next()) is not None:
            ask = errand.next_ask(together=self._takes_many)
            task = asyncio.get_running_loop().create_task(self._serve(errand, ask))
            self._tasks[task] = errand, ask
            task.add_done_callback(self._served)
        for position, errand in enumerate(self._turns.waiting(), start=1):
            if errand.position != position:
                errand.position = position
                event = RequestQueued(request_id=errand.request.id, position=position)
                errand.ticket.put(event)

    def _next(self) -> Errand | None:
        """Return the request to ask for more of, if there is room at the server."""
        errand = self._turns.next()
        if errand is None or self._is_closed or len(self._tasks) >= _MOST_ASKS:
            return None
        under_way = sum(len(ask.draws) for _, ask in self._tasks.values())
        size = errand.next_size(together=self._takes_many)
        return errand if not under_way or under_way + size <= self._max_rows else None

    @property
    def _takes_many(self) -> bool:
        return self._server is None or self._server.takes_many

    async def _serve(self, errand: Errand, ask: Ask) -> None:
        """Get one ask answered.  Whatever goes wrong ends its request, never the thread."""
        try:
            await self._answered(errand, ask)
            self._end_if_over(errand)
        except StudioError as error:
            self._fail(errand, str(error), retryable=error.retryable)
        except Exception as error:
            log.exception("request %s failed", errand.request.id)
            words = f"Talking to the server failed: {type(error).__name__}. Try again."
            self._fail(errand, words, retryable=True)

    def _served(self, task: asyncio.Task[None]) -> None:
        """Make room when an ask has ended, however it ended."""
        errand, ask = self._tasks.pop(task)
        errand.landed(ask)
        self._go_on()

    async def _answered(self, errand: Errand, ask: Ask) -> None:
        """Take the answers to an ask; what broke off is asked for again, after a pause."""
        done: set[Draw] = set()
        first: Interrupted | None = None
        in_one_piece = False
        for retry in itertools.count():
            try:
                await self._listened(errand, ask.without(done), done, in_one_piece=in_one_piece)
                break
            except Interrupted as error:
                first = first or error  # what came later may come of asking in another way
                if retry == _RETRIES:
                    raise first from error
                in_one_piece = retry > 0 and isinstance(error, Unreadable)
            await asyncio.sleep(self._pause_s * 2**retry * random.uniform(0.5, 1.0))
        if (left := ask.without(done)).draws:
            self._connected().answer_one_by_one()
            errand.put_back(left)

    async def _listened(
        self, errand: Errand, ask: Ask, done: set[Draw], *, in_one_piece: bool
    ) -> None:
        server = self._connected()
        async with aclosing(server.answers(ask, in_one_piece=in_one_piece)) as answers:
            async for place, answer in answers:
                draw = ask.draws[place]
                done.add(draw)
                errand.take(draw, answer, server.bound_of(ask.request.constraint))
                self._set(EngineState.READY)
                self._go_on()

    def _connected(self) -> "Server":
        if self._server is None:
            from creative.engine.remote.server import Server

            self._server = Server(self._access)
        return self._server

    async def _disconnect(self) -> None:
        if self._server is not None:
            await self._server.close()

    def _cancel(self, errand: Errand) -> None:
        self._end(errand)
        errand.ticket.finish(cancelled=True)

    def _fail(self, errand: Errand, message: str, *, retryable: bool) -> None:
        self._set(EngineState.FAILED, message)
        self._end(errand)
        errand.ticket.fail(message, retryable=retryable)

    def _end_if_over(self, errand: Errand) -> None:
        if errand.is_over:
            self._end(errand)
            errand.ticket.finish()

    def _end(self, errand: Errand) -> None:
        """Let go of a request and of its id; what is still asked for it is given up."""
        with self._changed:
            if self._errands.get(errand.request.id) is not errand:
                return  # ended already, or the engine is closed
            del self._errands[errand.request.id]
            self._changed.notify_all()
        self._turns.remove(errand)
        for task, (owner, _) in list(self._tasks.items()):
            if owner is errand and task is not asyncio.current_task():
                task.cancel()
        self._go_on()

    def _set(self, state: EngineState, message: str = "") -> None:
        model = self._server.model if self._server is not None else ""
        with self._changed:
            self._status = replace(
                self._status, state=state, message=message, model=model or self._access.name
            )
