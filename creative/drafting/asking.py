"""What a model that was taught to judge says of texts: whether they may run, and whether people
like them.

The starter is trained to tell copy written by hand from copy spoilt on purpose, and short forms
that readers called good from others (models/training).  What is liked it learns when it is tuned
(creative/tuning).  It is asked as it was trained, the brief first.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from creative.domain import Brief
from creative.drafting.job import Job, Stop, finished_rows, request_id
from creative.drafting.prompting import brief_lines, plain
from creative.engine.protocol import Ending, Engine, Message, Request, Row

YES, NO = "yes", "no"
_LEAST = 1e-6  #: probability that counts as none
_WORD = re.compile(r"[^\s,;:!?.]+")


def question(text: str) -> str:
    """Return how it is asked whether a text may run; the answer is YES or NO."""
    return f"short: {plain(text)}"


def line_prompt(text: str, brief: Brief) -> tuple[Message, ...]:
    """Return a brief, and the question whether a line for it may run."""
    return messages(f"{_told(brief)}\n{question(in_sentence_case(text, brief))}")


@lru_cache(maxsize=64)
def _told(brief: Brief) -> str:
    return "\n".join(f"{key}: {value}" for key, value in brief_lines(brief, is_typed=True))


def in_sentence_case(text: str, brief: Brief) -> str:
    """Return a line with small letters where the brief has no capitals: spoilt copy had none."""
    said = _words_in(brief)
    first, space, rest = text.partition(" ")
    return first + space + _WORD.sub(lambda found: _small(found[0], said), rest)


@lru_cache(maxsize=64)
def _words_in(brief: Brief) -> frozenset[str]:
    lines = brief_lines(brief, is_typed=False)
    return frozenset(word for _, value in lines for word in _WORD.findall(value))


def _small(word: str, said: frozenset[str]) -> str:
    return word if word in said else word[:1].lower() + word[1:]


def liking(prompt: Sequence[Message], text: str) -> tuple[Message, ...]:
    """Return how it is asked whether people like a line that a prompt asks for: YES or NO."""
    *before, last = prompt
    return (*before, replace(last, content=f"{last.content}\nliked: {plain(text)}"))


def answers(
    engine: Engine, job: Job, stop: Stop, prompts: Sequence[tuple[Message, ...]]
) -> list[float]:
    """Return the log-odds of YES to each prompt.

    Raises:
        EngineUnavailable: If the engine fails.
    """
    if not prompts:
        return []
    rows = [Row(messages=prompt, seed=0, choices=(YES,)) for prompt in prompts]
    sure = [_LEAST] * len(rows)
    request = Request(id=request_id("judge-copy"), rows=tuple(rows), user=job.user)
    for row in finished_rows(engine, request, stop):
        if row.ending is Ending.COMPLETE:
            sure[row.row] = min(max(math.exp(row.logprob), _LEAST), 1 - _LEAST)
    return [math.log(each / (1 - each)) for each in sure]


def messages(prompt: str) -> tuple[Message, ...]:
    """Return a prompt as the only turn of a chat."""
    return (Message(role="user", content=prompt),)
