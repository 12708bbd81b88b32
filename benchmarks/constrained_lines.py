"""Whether a thousand lines keep every rule at once, whatever the tokenizer and the model.

    python -m benchmarks.constrained_lines --json

Three kinds of tokenizers, and models with random weights that are sure of what is not allowed
("peaked") or of nothing ("flat").  Rival: the same models without a constraint, which also shows
that the checker finds what there is to find.  A dead end is a row that ends other than complete.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

from benchmarks import checkpoints, texts
from benchmarks.checker import broken_rules
from benchmarks.machine import machine
from benchmarks.shapes import SEED
from benchmarks.timing import say
from creative.engine.local import LocalEngine
from creative.engine.protocol import (
    Constraint,
    Ending,
    Message,
    Request,
    RequestFailed,
    Row,
    RowFinished,
)

TOKENIZERS: Mapping[str, Callable[[], Tokenizer]] = {
    "byte_level": lambda: checkpoints.byte_level(texts.latin_texts(), 900),
    "unigram": lambda: checkpoints.unigram(texts.latin_texts(), 700),
    "byte_level_cjk": lambda: checkpoints.byte_level(texts.cjk_texts(), 1200),
}
LOGITS = {"peaked": 8.0, "flat": 0.05}  #: what output weights are multiplied with
MOST_TOKENS = 128  #: of a line; small vocabularies spell letter by letter, tags included
ROWS = 24  #: of a request, at most
ANGLES = "benefit|a question|offer|the night|price|a number|proof|for whom|how it tastes".split("|")
REQUIRED = ("Fenn & Fig", "coffee", "", "beans 24")
REQUIRED_CJK = ("コーヒー", "咖啡", "", "Fenn & Fig")
BANNED = ("best", "free", "no risk", "act now", "your own", "最高", "絶対", "今天 咖啡")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of one request."""

    request: Request
    rows: Sequence[RowFinished]


def main() -> None:
    """Write, check, and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    options = parser.parse_args()
    report = {
        "benchmark": "constrained_lines",
        "seed": SEED,
        **machine(),
        **measured(options.lines),
    }
    print(json.dumps(report, ensure_ascii=False))


def measured(lines: int) -> dict[str, Any]:
    """Write so many lines, split evenly over all kinds; return counts."""
    kinds = list(product(TOKENIZERS, LOGITS))
    shares = [lines // len(kinds) + (at < lines % len(kinds)) for at in range(len(kinds))]
    by_kind = {}
    for (tokenizer, logits), share in zip(kinds, shares, strict=True):
        name = f"{tokenizer}, {logits}"
        with _engine(tokenizer, LOGITS[logits]) as engine:
            by_kind[name] = _counted(engine, share, is_cjk=tokenizer.endswith("cjk"))
        say(f"{name}: {by_kind[name]}")
    totals = ("asked", "delivered", "dead_ends", "dead_ends_in_tags", "violations")
    return {key: sum(kind[key] for kind in by_kind.values()) for key in totals} | {"kinds": by_kind}


@contextmanager
def _engine(tokenizer: str, factor: float) -> Iterator[LocalEngine]:
    """Give an engine on a small checkpoint of a kind."""
    fast = checkpoints.wrapped(TOKENIZERS[tokenizer]())
    config = LlamaConfig(
        vocab_size=len(fast),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        initializer_range=0.4,
        **checkpoints.ids_of(fast),
    )
    model = checkpoints.random_model(LlamaForCausalLM, config)
    with torch.no_grad():
        checkpoints.output_weights(model).mul_(factor)
    with tempfile.TemporaryDirectory() as folder:
        source = checkpoints.save(Path(folder), model, fast)
        engine = LocalEngine(source, device="cpu", dtype="float32")
        try:
            yield engine
        finally:
            engine.close()


def _counted(engine: LocalEngine, lines: int, *, is_cjk: bool) -> dict[str, Any]:
    """Write lines of one kind; return what was asked, delivered and broken."""
    requests = list(_requests(lines, is_cjk=is_cjk))
    outcomes = list(_written(engine, requests))
    rival = list(_written(engine, [_unbound(requests[0])]))
    rows = [row for outcome in outcomes for row in outcome.rows]
    endings = Counter(row.ending.value for row in rows)
    broken = Counter(rule for outcome in outcomes for rule in _broken(outcome))
    return {
        "asked": lines,
        "delivered": endings[Ending.COMPLETE.value],
        "dead_ends": lines - endings[Ending.COMPLETE.value],
        "dead_ends_in_tags": sum(_is_lost_in_tags(row) for row in rows),
        "endings": dict(endings),
        "violations": broken.total(),
        "broken_rules": dict(broken),
        "unconstrained_lines": len(rival[0].rows),
        "unconstrained_breaking": _breaking(requests[0], rival[0]),
        "sample": [row.text for row in rows[:3]],
    }


def _requests(lines: int, *, is_cjk: bool) -> Iterator[Request]:
    """Yield requests of several rows each, every one for another brief."""
    for number, start in enumerate(range(0, lines, ROWS)):
        count = min(ROWS, lines - start)
        brief = texts.briefs()[number % len(texts.briefs())]
        told = f"{brief}\n{' '.join(texts.CJK_TEXTS)}" if is_cjk else brief
        yield Request(
            id=f"request {number}",
            rows=tuple(_row(told, start + at, is_cjk=is_cjk) for at in range(count)),
            constraint=_constraint(number, is_cjk=is_cjk),
            max_new_tokens=MOST_TOKENS,
            redraws=8,
            is_distinct=True,
        )


def _row(brief: str, number: int, *, is_cjk: bool) -> Row:
    angle = ANGLES[number % len(ANGLES)]
    wanted = (REQUIRED_CJK if is_cjk else REQUIRED)[number % len(REQUIRED)]
    word = texts.latin()[37 * number % len(texts.latin())]
    told = f"{brief}\nangle: {angle}\nidea: {word} {number}"
    content = f"Write one headline of at most 30 characters.\n{told}"
    return Row(
        messages=(Message(role="user", content=content),),
        seed=SEED + number,
        required=(wanted,) if wanted else (),
    )


def _constraint(number: int, *, is_cjk: bool) -> Constraint:
    """Return every rule there is; each of them forbids words that the vocabulary holds."""
    own = texts.CJK if is_cjk else ("McDonald's", "don't", "24-hour", "café", "Fenn", "Fig")
    words = frozenset({*texts.latin(), *own, *texts.NUMBERS})
    return Constraint(
        max_width=30,
        counting="google_width",
        tags="google",
        vocabulary=words,
        forbidden="!",
        allows_emoji=False,
        banned=BANNED,
        figures=frozenset(texts.FIGURES),
        taken=tuple(_taken(sorted(words), number)),
        likeness=85.0,
    )


def _taken(words: Sequence[str], number: int) -> Iterator[str]:
    """Yield lines that were written before."""
    yield from ("Fenn & Fig", "Coffee", "Coffee beans 24", "コーヒー", "咖啡")
    for at in range(12):
        yield " ".join(
            words[(37 * (number + 1) * (at + 1) + step) % len(words)] for step in (0, 9, 23)
        )


def _unbound(request: Request) -> Request:
    rows = tuple(replace(row, required=()) for row in request.rows)
    return replace(request, rows=rows, constraint=Constraint(), is_distinct=False)


def _written(engine: LocalEngine, requests: Sequence[Request]) -> Iterator[Outcome]:
    """Write requests together; a request that fails stops the measurement."""
    tickets = [engine.submit(request) for request in requests]
    for request, ticket in zip(requests, tickets, strict=True):
        events = list(ticket)
        failed = next((each for each in events if isinstance(each, RequestFailed)), None)
        if failed is not None:
            raise RuntimeError(failed.message)
        yield Outcome(request=request, rows=[e for e in events if isinstance(e, RowFinished)])


def _broken(outcome: Outcome) -> Iterator[str]:
    """Yield each rule that a delivered line breaks, in the order of delivery."""
    delivered: list[str] = []
    for row in outcome.rows:
        if row.ending is Ending.COMPLETE:
            required = outcome.request.rows[row.row].required
            found = broken_rules(row.text, outcome.request.constraint, required, delivered)
            if found:
                say(f"{row.text!r} breaks {', '.join(found)}")
            yield from found
            delivered.append(row.text)


def _is_lost_in_tags(row: RowFinished) -> bool:
    """Tell whether a row wrote dynamic tags, most of which nobody sees, until it had no room."""
    return row.ending is Ending.TOO_LONG and "{" in row.text


def _breaking(request: Request, rival: Outcome) -> int:
    """Return how many lines break something, written without a constraint."""
    pairs = ((row.text, request.rows[row.row].required) for row in rival.rows)
    return sum(bool(broken_rules(text, request.constraint, must, [])) for text, must in pairs)


if __name__ == "__main__":
    main()
