"""Who is served next, so that nobody waits behind somebody else's hundred lines."""

from creative.engine.remote.errands import Errand
from creative.engine.waiting import user_of


class Turns:
    """The requests on their way.

    The first lines of a request come before more of any other; then whoever has the least under
    way at the server, then who came first.
    """

    def __init__(self) -> None:
        self._errands: list[Errand] = []

    def add(self, errand: Errand) -> None:
        """Take a new request in."""
        self._errands.append(errand)

    def remove(self, errand: Errand) -> None:
        """Let a request go that has ended."""
        self._errands.remove(errand)

    def next(self) -> Errand | None:
        """Return the request whose turn it is; None when nothing is left to ask for."""
        asking = (errand for errand in self._errands if errand.has_more)
        return min(asking, key=self._turn, default=None)

    def waiting(self) -> list[Errand]:
        """Return the requests that wait for their first row, the next one first."""
        return sorted((each for each in self._errands if not each.has_begun), key=self._turn)

    def _turn(self, errand: Errand) -> tuple[bool, int, int]:
        user = user_of(errand.request)
        busy = sum(each.in_flight for each in self._errands if user_of(each.request) == user)
        return errand.has_begun, busy, errand.number
