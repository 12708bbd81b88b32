"""How long somebody waits for a first line, alone and while eight others' lines are written.

    python -m benchmarks.first_line --json

The rival is the same engine when it is idle.  A request wants 16 rows of a brief that was not read
before.  The others ask for 16 rows each, again and again, so that the batch is full all the time:
each of them for more lines of the brief they have, and in a second measurement for a new brief
every time, whose reading takes turns with that of ours.  The model has the starter's size and lines
of 20 to 30 tokens; ratios are of medians.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from benchmarks import checkpoints, shapes, texts, threads
from benchmarks.machine import machine
from benchmarks.timing import say
from creative.engine.local import LocalEngine
from creative.engine.protocol import Ending, Message, Request, RequestFailed, Row, RowFinished

USERS = 8
ROWS = 16
_LINE = (20, 30)  #: tokens of a line before its end, at least and at most
_TOKENS = 40  #: room of a row; no row needs as many
_FULL_ROWS = 64  #: rows that are written together at most

_SETTLED_S = 3.0  #: by then everybody has asked twice

_numbers = count(1)


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    threads.add_option(parser)
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    options = parser.parse_args()
    report = {
        "benchmark": "first_line",
        "seed": shapes.SEED,
        "threads": options.threads,
        **machine(),
        **measured(options.rounds, options.threads),
    }
    print(json.dumps(report))


def measured(rounds: int, thread_count: int) -> dict[str, Any]:
    """Wait for first lines, idle and busy; return seconds and their ratio."""
    with _engine(thread_count) as engine:
        _wait(engine)  # loads the model
        idle = _waits(engine, rounds, "idle")
        with _busy(engine, has_new_briefs=False):
            busy = _waits(engine, rounds, f"{USERS} others")
        with _busy(engine, has_new_briefs=True):
            reading = _waits(engine, rounds, f"{USERS} others with new briefs")
        method = engine.status().method
    return {
        "method": method,
        "users": USERS,
        "rows_each": ROWS,
        "idle_ms": [round(1e3 * each) for each in idle],
        "busy_ms": [round(1e3 * each) for each in busy],
        "busy_reading_ms": [round(1e3 * each) for each in reading],
        "first_line_ratio": round(median(busy) / median(idle), 2),
        "first_line_ratio_reading": round(median(reading) / median(idle), 2),
    }


def _waits(engine: LocalEngine, rounds: int, label: str) -> list[float]:
    seconds = [_wait(engine) for _ in range(rounds)]
    say(f"first line, {label}: {1e3 * median(seconds):,.0f} ms")
    return seconds


@contextmanager
def _engine(thread_count: int) -> Iterator[LocalEngine]:
    """Give an engine on a saved checkpoint of the starter's size, in bfloat16."""
    tokenizer = _tokenizer()
    settings = shapes.STARTER.to_dict() | checkpoints.ids_of(tokenizer)
    model = checkpoints.random_model(LlamaForCausalLM, LlamaConfig(**settings))
    clean = checkpoints.clean_tokens(tokenizer, len(tokenizer))
    checkpoints.walk(model, clean, int(tokenizer.eos_token_id), *_LINE)
    with tempfile.TemporaryDirectory() as folder:
        source = checkpoints.save(Path(folder), model.bfloat16(), tokenizer)
        engine = LocalEngine(source, device="cpu", threads=thread_count, max_rows=_FULL_ROWS)
        try:
            yield engine
        finally:
            engine.close()


def _tokenizer() -> PreTrainedTokenizerFast:
    trained = checkpoints.byte_level(texts.latin_texts(), 4000)
    return checkpoints.wrapped(checkpoints.padded(trained, shapes.STARTER.vocab_size))


@contextmanager
def _busy(engine: LocalEngine, *, has_new_briefs: bool) -> Iterator[None]:
    """Keep the requests of other users running."""
    is_over = Event()

    def ask(user: str) -> None:
        brief = next(_numbers)
        while not is_over.is_set():
            list(engine.submit(_request(user, next(_numbers) if has_new_briefs else brief)))

    others = [Thread(target=ask, args=(f"user {n}",)) for n in range(USERS)]
    for each in others:
        each.start()
    try:
        while engine.status().rows < _FULL_ROWS // 3:
            time.sleep(0.01)
        time.sleep(_SETTLED_S)
        yield
    finally:
        is_over.set()
        for each in others:
            each.join()


def _wait(engine: LocalEngine) -> float:
    """Return the seconds to the first finished line of a request; wait for its end too."""
    begun = time.perf_counter()
    seconds = []
    for event in engine.submit(_request("me", next(_numbers))):
        assert not isinstance(event, RequestFailed), event
        if isinstance(event, RowFinished):
            seconds.append(time.perf_counter() - begun)
            assert event.ending is Ending.COMPLETE, event
    return seconds[0]


def _request(user: str, brief: int) -> Request:
    """Return a request for a brief, one prompt for all rows."""
    told = texts.briefs()[brief % len(texts.briefs())]
    number = next(_numbers)
    content = f"Brief {brief}.\n{told}\nWrite one headline of at most 90 characters."
    message = Message(role="user", content=content)
    rows = tuple(Row(messages=(message,), seed=shapes.SEED + number + at) for at in range(ROWS))
    return Request(id=f"request {number}", user=user, rows=rows, max_new_tokens=_TOKENS)


if __name__ == "__main__":
    main()
