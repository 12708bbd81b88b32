"""What the items of a brief come down to where there is little room, told by a model.

A headline has thirty characters and most of what users say has more.  The starter is trained to
shorten (models/training/shortening.py) and is asked as it was trained: each item several times, for
several lengths.  Then it is asked of each form whether it may run, which it was trained to tell
too, and what promises more than its item is left out (`truth`).
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from creative.domain import Brief
from creative.drafting.asking import answers, messages, question
from creative.drafting.grounding import grounded_words
from creative.drafting.job import Job, Stop, finished_rows, request_id
from creative.drafting.prompting import plain
from creative.drafting.rewording import cut, reworded
from creative.drafting.seeds import derived_seed
from creative.drafting.truth import MARKS, SMALL, is_true, words_of
from creative.engine.protocol import Constraint, Ending, Engine, Request, Row
from creative.ranking.kinds import lowered, typed
from creative.tightening import tightened

_LENGTHS = (30, 24, 19, 14)  #: characters that are asked for
_EACH = 2  #: rows for each item and length
_TEMPERATURE = 0.7
_LIKELY, _SURE = -0.3, 0.3  #: log-odds from which the best form of an item is kept, and others
_MOST = 3  #: forms of an item that are kept
_WRITTEN = re.compile(r"\w[\w'’-]*")
_TYPED = ("benefits", "features")


def opening(brand: str) -> str:
    """Return what stands before all items of a brand."""
    return f"brand: {plain(brand)}"


def ask(field: str, item: str, limit: int) -> str:
    r"""Return how an item of a field is asked for in so many characters.

    >>> ask("benefits", "Keeps drinks cold for 24 hours", 20)
    'benefits: does: keeps drinks cold for 24 hours\nmax: 20'
    """
    return f"{stated(field, item)}\nmax: {limit}"


def stated(field: str, item: str) -> str:
    """Return an item after the name of its field, as in a brief."""
    said = typed([plain(item)]) if field in _TYPED else plain(item)
    return f"{field}: {said}"


def shortened(engine: Engine, job: Job, stop: Stop) -> Brief:
    """Return a job's brief with short forms of its items.

    Raises:
        EngineUnavailable: If the engine fails.
    """
    items = {item: field for item, field in _items(job.brief) if len(item) > min(_LENGTHS)}
    if not items:
        return job.brief
    told = _told(engine, job, stop, items)
    front = opening(job.brief.brand.name)
    prompts = [
        messages(f"{front}\n{stated(items[each.item], each.item)}\n{question(each.text)}")
        for each in told
    ]
    ranked: dict[str, list[tuple[float, str]]] = {item: [] for item in items}
    for form, sure in zip(told, answers(engine, job, stop, prompts), strict=True):
        ranked[form.item].append((_worth(form, sure), form.text))
    short = ((item, _forms(items[item], item, own)) for item, own in ranked.items())
    return replace(job.brief, short_forms=tuple(short))


def _forms(field: str, item: str, ranked: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    """Return the forms of an item: those that rules know, and the best that a model told."""
    mark = "?" if field == "pains" else ""  # pains are asked
    most = min(max(_LENGTHS) - len(mark), len(item) - 1)
    found = (*_turned(field, item, most), *_kept(ranked))
    return tuple(dict.fromkeys(found or cut(field, item, most)))


def _turned(field: str, item: str, most: int) -> Iterator[str]:
    if len(item) > max(_LENGTHS) and len(text := tightened(item, most)) <= most:
        yield text
    yield from reworded(field, item, most)


def _kept(ranked: Sequence[tuple[float, str]]) -> Iterator[str]:
    """Yield the forms of an item to keep, the best first, which needs to be less sure."""
    for at, (worth, text) in enumerate(sorted(ranked, reverse=True)[:_MOST]):
        if worth >= (_SURE if at else _LIKELY):
            yield text


@dataclass(frozen=True, slots=True)
class _Form:
    """A short form of an item, as a model told it: mean nats of its tokens."""

    item: str
    text: str
    nats: float


def _told(engine: Engine, job: Job, stop: Stop, items: Mapping[str, str]) -> list[_Form]:
    """Return the forms that a model tells for items, those that promise too much left out."""
    asked = [(item, limit) for item in items for limit in _LENGTHS if limit < len(item)]
    front = opening(job.brief.brand.name)
    rows = (
        Row(messages=messages(f"{front}\n{ask(items[item], item, limit)}"), seed=seed)
        for item, limit in asked
        for seed in (derived_seed(job.seed, item, limit, each) for each in range(_EACH))
    )
    found: dict[tuple[str, str], float] = {}
    for row in finished_rows(engine, _request(job, tuple(rows), items), stop):
        item = asked[row.row // _EACH][0]
        if row.ending is Ending.COMPLETE and is_true(item, row.text):
            text, nats = _spelt(item, row.text), row.logprob / max(1, row.tokens)
            found[item, text] = max(nats, found.get((item, text), -math.inf))
    return [_Form(item, text, nats) for (item, text), nats in found.items()]


def _spelt(item: str, form: str) -> str:
    """Return a form with the capitals of names in its item.

    >>> _spelt("Quick MOT in Leeds, no fuss", "quick mot in leeds")
    'quick MOT in Leeds'
    >>> _spelt("MOT while you wait", "mot while you wait")
    'MOT while you wait'
    """
    written = _WRITTEN.findall(lowered(item))
    names = {word.lower(): word for word in written if word != word.lower()}
    return _WRITTEN.sub(lambda found: names.get(found[0], found[0]), form)


def _request(job: Job, rows: tuple[Row, ...], items: Iterable[str]) -> Request:
    unasked = MARKS - {letter for item in items for letter in item}
    return Request(
        id=request_id("shorten"),
        rows=rows,
        constraint=Constraint(
            max_width=max(_LENGTHS),
            vocabulary=grounded_words(job.brief, SMALL),
            allows_emoji=False,
            forbidden="".join(sorted(unasked)),
            banned=job.brief.brand.banned_words,
        ),
        user=job.user,
        temperature=_TEMPERATURE,
        top_p=0.9,
        max_new_tokens=max(_LENGTHS),
        redraws=0,
        may_force=False,
    )


def _worth(form: _Form, sure: float) -> float:
    """Return the log-odds that a reader calls a form good.

    The weights are a logistic regression on 1,075 forms of items that no training had seen, which
    readers had marked.  A good form has the larger value than another in 78 % of pairs; from -0.3
    on, of the best of each item 71 % were good, 11 % said little and 18 % were bad.
    """
    words = words_of(form.text)
    begins = words_of(form.item)[: len(words)] == words
    return -2.39 + 0.56 * sure + 1.92 * form.nats + 0.67 * begins + 0.091 * len(form.text)


def _items(brief: Brief) -> Iterator[tuple[str, str]]:
    """Yield what may be shortened, each with the field that it stands in."""
    product, audience = brief.product, brief.audience
    lists = {
        "product": (product.name,),
        "audience": (audience.name,),
        "pains": audience.pains,
        "benefits": product.benefits,
        "features": product.features,
        "proof": product.proof,
        "offer": (product.offer,),
    }
    for field, items in lists.items():
        yield from ((item, field) for item in items)
