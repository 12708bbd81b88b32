"""Asks a language model which of two lines is better, in both orders; knows no votes of people.

Models lean to the first or the second line they read.  So a pair is asked twice, and what the model
says counts only if it says the same of both orders.  All pairs of a brief share the beginning of
their prompt.  It stands beside drafting since it tells a brief in the same harmless words.
"""

import re
import string
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from creative.domain import Brief
from creative.drafting.job import Stop, finished_rows, request_id
from creative.drafting.prompting import brief_lines, plain
from creative.engine.profile import ModelProfile
from creative.engine.protocol import (
    Constraint,
    Engine,
    Message,
    Request,
    Row,
)
from creative.templates import Templates
from creative.trials import Choice

SHAPE = "judge"
PAIR_FILE = "shared/pair.v1.j2"
_LETTERS = "ABT"
_MOST_PAIRS = 64  #: of one request, so that a stop or a failure loses little
_MOST_TOKENS = 12  #: room for "The better line is B", where a server takes no constraint
_OTHERS = {*string.ascii_letters, *string.digits, *string.punctuation, " "} - {*"ABTabt"}
#: One of the letters and no more, where an engine can hold to that; any case, as for all words.
_ONE_LETTER = Constraint(
    max_width=1,
    vocabulary=frozenset(_LETTERS),
    forbidden="".join(sorted(_OTHERS)),
    allows_emoji=False,
)
_LONE = re.compile(rf"(?<!\w)[{_LETTERS}](?!['’]?\w)")
#: What is said of the order first, second by the two answers, each to an order of its own.
_SAID = {("A", "B"): Choice.FIRST, ("B", "A"): Choice.SECOND, ("T", "T"): Choice.BOTH}


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What came of a pair.

    Attributes:
        pair: Its place among those that were asked.
        choice: None if there was no answer, or another one in the other order.
    """

    pair: int
    choice: Choice | None


def obstacle(profile: ModelProfile) -> str:
    """Return in plain words why a model cannot judge; empty when nothing is known against it."""
    if not profile.is_typed and not profile.grounded:
        return ""
    return (
        f"{profile.name or 'The model in use'} cannot judge: it was trained to write lines from "
        "briefs and understands no question. Its answers would be thrown dice. To let a model "
        "judge, use one that follows instructions, from a folder, the hub or a server."
    )


def letter_of(text: str) -> str:
    """Return the letter that an answer gives, empty if it gives none.

    >>> (
    ...     letter_of(" b."),
    ...     letter_of("Answer: B"),
    ...     letter_of("**T**"),
    ...     letter_of("Tie"),
    ...     letter_of(""),
    ... )
    ('B', 'B', 'T', '', '')
    """
    bare = text.strip(string.punctuation + string.whitespace)
    if bare and bare.upper() in _LETTERS and len(bare) == 1:
        return bare.upper()
    found = _LONE.search(text)
    return found.group() if found else ""


class ModelJudge:
    """Turns pairs of lines into choices with one engine."""

    def __init__(self, engine: Engine, templates: Templates) -> None:
        self._engine = engine
        self._templates = templates

    def judge(
        self,
        brief: Brief,
        field: str,
        pairs: Sequence[tuple[str, str]],
        *,
        user: str = "",
        stop: Stop | None = None,
    ) -> Iterator[Judged]:
        """Yield what the model says of each pair, as soon as both orders are answered.

        Args:
            field: Name of the field that the lines are for.
            pairs: Texts of two lines each.
            user: On whose behalf; the engine is shared fairly between users.
            stop: Ends it early; pairs that were yielded stay valid.

        Raises:
            EngineUnavailable: If the engine fails; pairs that were yielded stay valid.
        """
        stop = stop or Stop()
        for start in range(0, len(pairs), _MOST_PAIRS):
            if stop.is_wanted:
                return
            part = pairs[start : start + _MOST_PAIRS]
            for pair, choice in self._part(self._request(brief, field, part, user), stop):
                yield Judged(pair=start + pair, choice=choice)

    def _part(self, request: Request, stop: Stop) -> Iterator[tuple[int, Choice | None]]:
        answers: dict[int, dict[bool, str]] = defaultdict(dict)
        with closing(finished_rows(self._engine, request, stop)) as rows:
            for row in rows:
                pair, is_turned = row.row // 2, bool(row.row % 2)
                answers[pair][is_turned] = letter_of(row.text)
                if len(both := answers[pair]) == 2:
                    yield pair, _SAID.get((both[False], both[True]))

    def _request(
        self, brief: Brief, field: str, pairs: Sequence[tuple[str, str]], user: str
    ) -> Request:
        """Return the rows of some pairs: each as it is, then turned round."""
        system = self._templates.render(self._templates.default(SHAPE).file, {})
        values = {"brief": brief_lines(brief, is_typed=False), "field": plain(field)}
        rows = []
        for one, other in pairs:
            for first, second in ((one, other), (other, one)):
                told = values | {"first": plain(first), "second": plain(second)}
                asked = self._templates.render(PAIR_FILE, told)
                messages = (
                    Message(role="system", content=system),
                    Message(role="user", content=asked),
                )
                rows.append(Row(messages=messages, seed=0))
        return Request(
            id=request_id("judge"),
            rows=tuple(rows),
            constraint=_ONE_LETTER,
            user=user,
            temperature=0.0,
            top_k=0,
            top_p=1.0,
            redraws=0,  # the likeliest answer stays the likeliest
            max_new_tokens=_MOST_TOKENS,
        )
