"""Requests that wait for their turn: a bounded queue that is fair between users.

Not safe across threads; its owner holds a lock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from creative.engine.protocol import Request, RequestQueued
from creative.engine.tickets import OpenTicket

MAX_QUEUED = 64  #: requests that may wait


def user_of(request: Request) -> str:
    """Return on whose behalf a request is; one without a user is a user of its own."""
    return request.user or f"request {request.id}"


class Waiting:
    """Tickets in the order in which they are served: users take turns."""

    def __init__(self) -> None:
        self._tickets: list[OpenTicket] = []
        self._told: dict[str, int] = {}  #: position that a request was last told

    def __len__(self) -> int:
        return len(self._tickets)

    def __contains__(self, ticket: object) -> bool:
        return ticket in self._tickets

    def __iter__(self) -> Iterator[OpenTicket]:
        return iter(self._tickets)

    @property
    def is_full(self) -> bool:
        return len(self._tickets) >= MAX_QUEUED

    def add(self, ticket: OpenTicket) -> None:
        """Queue a request behind its user's others."""
        self._tickets.append(ticket)

    def remove(self, ticket: OpenTicket) -> None:
        """Take a request out that is no longer wanted."""
        self._tickets.remove(ticket)
        self._told.pop(ticket.request.id, None)

    def clear(self) -> None:
        """Forget all requests."""
        self._tickets.clear()
        self._told.clear()

    def take(self, served: Iterable[Request]) -> OpenTicket:
        """Return the next request, given those that are being served."""
        ticket = self._in_turn(served)[0]
        self.remove(ticket)
        return ticket

    def tell(self, served: Iterable[Request]) -> None:
        """Tell every request whose position changed."""
        for position, ticket in enumerate(self._in_turn(served), start=1):
            id = ticket.request.id
            if self._told.get(id) != position:
                self._told[id] = position
                ticket.put(RequestQueued(request_id=id, position=position))

    def _in_turn(self, served: Iterable[Request]) -> list[OpenTicket]:
        """Return all requests, those first whose users have the fewest before them."""
        before = Counter(map(user_of, served))
        ranks: dict[str, int] = {}
        for ticket in self._tickets:
            user = user_of(ticket.request)
            ranks[ticket.request.id] = before[user]
            before[user] += 1
        return sorted(self._tickets, key=lambda ticket: ranks[ticket.request.id])
