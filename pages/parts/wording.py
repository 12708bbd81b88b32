"""Words for people: counts, times, states, and other people's text made harmless.

Text of users and models goes to `st.text` or through `plain`, never straight into Markdown.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from creative.domain import Brief, DraftState, Rating, Run, RunState
from creative.engine.protocol import EngineState, EngineStatus

_JOINER = "\u2060"  # no width, no break: it only parts what Markdown would take for a link
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BEGINNINGS = re.compile(r"([:@<>=~-])")  # of emoji names, directives, arrows and addresses
_WWW = re.compile(r"(www)(?=\\?\.)", re.IGNORECASE)

_STATES = {
    DraftState.NEW: "New",
    DraftState.APPROVED: "Approved",
    DraftState.REJECTED: "Rejected",
    DraftState.ARCHIVED: "Archived",
}
_RUNS = {
    RunState.QUEUED: "waiting",
    RunState.RUNNING: "writing",
    RunState.STOPPED: "stopped",
    RunState.DONE: "done",
    RunState.FAILED: "failed",
}
_PLACES = {
    "cpu": "on this computer's processor",
    "cuda": "on the graphics card",
    "mps": "on the Apple graphics processor",
    "server": "on a server",
}


def plain(text: str) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    >>> plain("**50%** [off](x)")
    '\\*\\*50\\%\\*\\* \\[off\\]\\(x\\)'
    """
    escaped = _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))
    return _WWW.sub(rf"\1{_JOINER}", _BEGINNINGS.sub(rf"\1{_JOINER}", escaped))


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count_of(1, "line"), count_of(3, "line")
    ('1 line', '3 lines')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """Return a length of time as people say it.

    >>> duration(8), duration(200)
    ('8 s', '3 min')
    """
    return f"{max(seconds, 0):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def ago(moment: datetime | None) -> str:
    """Return how long ago something was; empty when that is not known."""
    if moment is None:
        return ""
    minutes = (datetime.now(UTC) - moment).total_seconds() / 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes:.0f} min ago"
    if minutes < 60 * 24:
        return f"{minutes / 60:.0f} h ago"
    return f"{moment:%d %b %Y}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return names as a sentence lists them, the first few of many.

    >>> listed(["A", "B"]), listed(["A", "B", "C", "D", "E"])
    ('A and B', 'A, B, C and 2 more')
    """
    more = [f"{len(names) - most} more"] if len(names) > most else []
    *first, last = (*names[:most], *more)
    return f"{', '.join(first)} and {last}" if first else last


def span(days: Sequence[date]) -> str:
    """Return the first and the last of some days.

    >>> span([date(2026, 11, 3), date(2026, 11, 9)]), span([date(2026, 11, 3)])
    ('03 Nov 2026 to 09 Nov 2026', '03 Nov 2026')
    """
    ends = dict.fromkeys(f"{day:%d %b %Y}" for day in (min(days), max(days)))
    return " to ".join(ends)


def brief_title(brief: Brief) -> str:
    """Return how lists name a brief; it is the user's text, so not Markdown."""
    return f"{brief.brand.name} · {brief.product.name}"


def state_word(state: DraftState) -> str:
    """Return a state as a person says it."""
    return _STATES[state]


def run_title(run: Run) -> str:
    """Return how lists name a run."""
    lines = count_of(sum(run.wanted.values()), "line")
    return f"Run {run.id} · {lines} · {_RUNS[run.state]} · {ago(run.created_at)}"


def engine_words(status: EngineStatus, name: str) -> str:
    """Say which model runs where and whether it is ready; `name` is the model's, plain text."""
    device = status.device.partition(":")[0]
    where = _PLACES.get(device, f"on {device}" if device else "")
    match status.state:
        case EngineState.COLD:
            state = "asked first with the next draft" if device == "server" else _COLD
        case EngineState.LOADING:
            state = "loading"
        case EngineState.READY:
            state = "ready"
        case EngineState.FAILED:
            state = f"cannot run: {status.message}"
    return ", ".join(filter(None, (name, where, state)))


_COLD = "loads with the first draft"
_METHODS = {
    "copies": "prompts are copied for every line, as this model allows no more",
    "tree": "all lines are packed into one sequence",
}


def pace_words(status: EngineStatus) -> str:
    """Say how well the engine works; empty before its first line.

    >>> pace_words(EngineStatus(state=EngineState.READY, model="m", tokens_per_s=1234.5, rows=3))
    '1,234 tokens a second lately · 3 lines in hand'
    """
    if not status.tokens_per_s:
        return ""
    remembered = status.cached_tokens / status.prompt_tokens if status.prompt_tokens else 0.0
    said = (
        f"{status.tokens_per_s:,.0f} tokens a second lately",
        f"{count_of(status.rows, 'line')} in hand" if status.rows else "",
        f"{count_of(status.queued, 'request')} waiting" if status.queued else "",
        f"{remembered:.0%} of prompts remembered from before" if remembered else "",
        _METHODS.get(status.method, ""),
    )
    return " · ".join(filter(None, said))


def stars_words(stars: float) -> str:
    """Return stars as a mean of several raters reads best.

    >>> stars_words(4.0), stars_words(3.5)
    ('★ 4', '★ 3.5')
    """
    return f"★ {stars:.1f}".removesuffix(".0")


def ratings_words(ratings: Sequence[Rating]) -> str:
    """Return the latest stars of each rater and their mean; names are the users' text."""
    latest = {rating.rater: rating.stars for rating in ratings}
    if not latest:
        return ""
    each = " · ".join(
        f"{rater} {'★' * stars}{'☆' * (5 - stars)}" for rater, stars in latest.items()
    )
    mean = sum(latest.values()) / len(latest)
    return each if len(latest) == 1 else f"{each} · mean {mean:.1f}"
