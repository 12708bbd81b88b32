"""Where a run stands, and about how long it still takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from creative.domain import Run
from creative.engine.protocol import EngineStatus

_FEWEST = 4  #: lines that tell a pace
_SHORTEST_S = 2.0  #: lines come in bursts: one burst alone tells no pace


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Lines of a run delivered and wanted by field, and what the engine does.

    Attributes:
        position: Its place in the engine's queue, 0 when it does not wait.
        begun_at: When its work began, or was taken up again; None while nobody works on it.
    """

    run: Run
    delivered: Mapping[str, int]
    engine: EngineStatus
    position: int = 0
    begun_at: datetime | None = None

    @property
    def done(self) -> int:
        return sum(self.delivered.values())

    @property
    def wanted(self) -> int:
        return sum(self.run.wanted.values())


def seconds_left(moments: Sequence[datetime], missing: int, now: datetime) -> float | None:
    """Return about how long the missing lines take; None while nobody can tell.

    The pace is that of all lines so far: the gap between two of them is next to nothing inside a
    burst, and says nothing of what is drawn again.

    Args:
        moments: When each line was kept, the first one first; of one stretch of work.
    """
    if len(moments) < _FEWEST:
        return None
    passed_s = (now - moments[0]).total_seconds()
    if passed_s < _SHORTEST_S:
        return None
    return missing * passed_s / (len(moments) - 1)
