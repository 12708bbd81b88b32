"""Whether the engine's memory stays as it is over a thousand requests in a row.

    python -m benchmarks.engine_memory --json

The baseline is the same process after 100 requests, when everything is loaded and the memory for
prompts, bounded to 8 MB, is full: every request is for a brief of its own.  Rows are held to a
vocabulary and must be distinct.  Traced memory is Python's own, which tracemalloc counts; resident
memory is that of the whole process, tensors included.  Some words differ from request to request,
so that what is remembered of a few hundred constraints fills up too: growth of the second half is
what never ends.
"""

import argparse
import gc
import json
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from transformers import LlamaConfig, LlamaForCausalLM

from benchmarks import checkpoints, shapes, texts
from benchmarks.machine import machine
from benchmarks.timing import say
from creative.engine.local import LocalEngine
from creative.engine.protocol import Constraint, Message, Request, RequestFailed, Row

CACHE_MB = 8
WARM = 100  #: requests before the first look
_ROWS = 4
_TOKENS = 12
_MB = 1e6


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What is in use at a moment, in bytes."""

    traced: int
    resident: int


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    options = parser.parse_args()
    report = {
        "benchmark": "engine_memory",
        "seed": shapes.SEED,
        "cache_mb": CACHE_MB,
        **machine(),
        **measured(options.requests),
    }
    print(json.dumps(report))


def measured(requests: int) -> dict[str, Any]:
    """Write requests one after the other; return what memory grew by after the first hundred."""
    begun = time.perf_counter()
    tracemalloc.start()
    with _engine() as engine:
        looks = []
        for number in range(requests):
            _write(engine, number)
            if number + 1 == WARM or (number + 1) % (requests // 4) == 0:
                looks.append(_memory())
                say(f"{number + 1} requests: {looks[-1]}")
        status = engine.status()
    tracemalloc.stop()
    first, half, last = looks[0], looks[-3], looks[-1]
    return {
        "requests": requests,
        "warm_requests": WARM,
        "seconds": round(time.perf_counter() - begun, 1),
        "prompt_tokens": status.prompt_tokens,
        "traced_mb": [round(each.traced / _MB, 2) for each in looks],
        "resident_mb": [round(each.resident / _MB, 1) for each in looks],
        "traced_growth_mb": round((last.traced - first.traced) / _MB, 2),
        "resident_growth_mb": round((last.resident - first.resident) / _MB, 1),
        "traced_growth_second_half_mb": round((last.traced - half.traced) / _MB, 2),
        "resident_growth_second_half_mb": round((last.resident - half.resident) / _MB, 1),
    }


@contextmanager
def _engine() -> Iterator[LocalEngine]:
    """Give an engine on a small model; a prompt of 110 tokens takes 0.1 MB of the cache."""
    tokenizer = checkpoints.wrapped(checkpoints.byte_level(texts.latin_texts(), 3000))
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=1024,
        **checkpoints.ids_of(tokenizer),
    )
    model = checkpoints.random_model(LlamaForCausalLM, config)
    checkpoints.steer(model, checkpoints.likely_words(tokenizer, texts.latin()), spread=1.0)
    with tempfile.TemporaryDirectory() as folder:
        source = checkpoints.save(Path(folder), model, tokenizer)
        engine = LocalEngine(source, device="cpu", dtype="float32", cache_mb=CACHE_MB)
        try:
            yield engine
        finally:
            engine.close()


def _write(engine: LocalEngine, number: int) -> None:
    for event in engine.submit(_request(number)):
        assert not isinstance(event, RequestFailed), event


def _request(number: int) -> Request:
    """Return a request for a brief and with words of its own."""
    brief = texts.briefs()[number % len(texts.briefs())]
    words = texts.latin()
    message = Message(role="user", content=f"Brief {number}.\n{brief}\nWrite one headline.")
    return Request(
        id=f"request {number}",
        rows=tuple(Row(messages=(message,), seed=number + at) for at in range(_ROWS)),
        constraint=Constraint(
            max_width=30,
            vocabulary=frozenset({*words, f"word{number}"}),
            banned=("best", words[number % len(words)]),
            taken=(f"line {number}",),
            likeness=85.0,
        ),
        max_new_tokens=_TOKENS,
        redraws=1,
        is_distinct=True,
    )


def _memory() -> Memory:
    gc.collect()
    return Memory(
        traced=tracemalloc.get_traced_memory()[0], resident=psutil.Process().memory_info().rss
    )


if __name__ == "__main__":
    main()
