"""Rivals timed in turns, so that whatever else the machine does meets all of them alike."""

import sys
import time
from collections.abc import Callable, Mapping
from statistics import median

Party = Callable[[], object]


def in_turns(parties: Mapping[str, Party], rounds: int, label: str = "") -> dict[str, list[float]]:
    """Run each party once per round, in turns; return their seconds by name."""
    seconds: dict[str, list[float]] = {name: [] for name in parties}
    for number in range(rounds):
        for name, party in parties.items():
            begun = time.perf_counter()
            party()
            seconds[name].append(time.perf_counter() - begun)
            last = f"{1e3 * seconds[name][-1]:,.0f} ms"
            say(f"{label} {name}: {last} (round {number + 1} of {rounds})")
    return seconds


def medians(seconds: Mapping[str, list[float]]) -> dict[str, float]:
    """Return the median of each party.

    >>> medians({"ours": [1.0, 9.0, 2.0]})
    {'ours': 2.0}
    """
    return {name: median(taken) for name, taken in seconds.items()}


def spread(seconds: Mapping[str, list[float]]) -> dict[str, float]:
    """Return how far apart the runs of each party were: (worst - best) / median.

    >>> spread({"ours": [1.0, 1.5, 2.0]})
    {'ours': 0.67}
    """
    return {
        name: round((max(taken) - min(taken)) / median(taken), 2) for name, taken in seconds.items()
    }


def say(text: str) -> None:
    """Tell people how far a measurement is; results alone go to standard output."""
    print(text.strip(), file=sys.stderr, flush=True)
