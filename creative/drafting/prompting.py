"""A brief as the messages a model reads.

The order serves the engine: what all lines share comes first (house rules, field, brief), what
differs comes last (the angle), so that a prompt is computed once for all its lines.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from creative.domain import Angle, Brief
from creative.engine.protocol import Message
from creative.ranking.kinds import typed
from creative.templates import Template, Templates

BRIEF_FILE = "shared/brief.v1.j2"
_MAX_VALUE = 600  #: code points of one brief value in a prompt; a pasted page would drown the rest
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SENTENCE = re.compile(r"[.;!?]\s+|\n")
_SPECIAL = re.compile(r"<[|｜]|[|｜]>|</?s>|\[/?INST\]|<(?:start|end)_of_turn>", re.IGNORECASE)


def messages_for(
    templates: Templates,
    template: Template,
    brief: Brief,
    *,
    limit: int,
    angle: Angle,
    is_typed: bool,
    demand: str = "",
    examples: Sequence[str] = (),
) -> tuple[Message, ...]:
    """Return the messages that ask for one line, the brief and the angle last.

    Examples are turns of the chat that went before: a small model heeds what it has answered, and
    hardly what it is told of answers.

    Args:
        limit: Largest length to ask for, in characters.
        angle: The idea to write from.
        demand: A word or phrase that the line has to carry; the starter was never told one.
        examples: Lines that did well before; the starter was never shown any.
        is_typed: Whether items carry their part of speech, as the starter model was trained.
    """
    values = {
        "brief": [
            *brief_lines(brief, is_typed),
            *_demanded(demand, is_typed),
        ],
        "channel": _kind(template),
        "limit": limit,
        "angle": angle.value,
    }
    return (
        Message(role="system", content=templates.render(template.file, values)),
        *_shots(() if is_typed else examples, _kind(template), limit),
        Message(role="user", content=templates.render(BRIEF_FILE, values)),
    )


def plain(value: str) -> str:
    """Return a value on one line without control characters or a model's special tokens.

    A line break could forge a `key: value` line, a special token could forge a turn.
    """
    text = _SPECIAL.sub(" ", _CONTROL.sub(" ", value))
    return " ".join(text.split())[:_MAX_VALUE]


def _kind(template: Template) -> str:
    return "headline" if template.shapes[0] == "long_headline" else template.shapes[0]


def brief_lines(brief: Brief, is_typed: bool) -> list[tuple[str, str]]:
    """Return what a model reads of a brief, as pairs of a label and a value, empty ones left out.

    Args:
        is_typed: Whether items carry their part of speech, as the starter model was trained.
    """
    items = _typed if is_typed else _joined
    product, audience = brief.product, brief.audience
    said = product.benefits or product.features
    # The starter knows no free text; where there is nothing else, its sentences are features.
    told = () if said or not is_typed else tuple(_SENTENCE.split(product.description))
    description = "" if is_typed else product.description
    pairs = [
        ("brand", plain(brief.brand.name)),
        ("voice", "" if is_typed else plain(brief.brand.voice)),
        ("product", plain(product.name)),
        ("about", plain(description)),
        ("audience", plain(audience.name)),
        ("pains", _joined(audience.pains)),
        ("benefits", items(product.benefits)),
        ("features", items(product.features or told)),
        ("proof", _joined(product.proof)),
        ("offer", plain(product.offer)),
        ("price", plain(product.price)),
        ("keywords", ", ".join(map(plain, brief.keywords))),
        ("tone", plain(brief.tone)),
        ("language", "" if is_typed else plain(brief.language)),
    ]
    return [(key, value) for key, value in pairs if value]


def _demanded(demand: str, is_typed: bool) -> list[tuple[str, str]]:
    return [("must say", plain(demand))] if demand and not is_typed else []


def _shots(texts: Iterable[str], kind: str, limit: int) -> Iterator[Message]:
    """Yield examples as lines that were asked for and written before."""
    for text in filter(None, map(plain, texts)):
        yield Message(role="user", content=f"A {kind} that did well before, max: {limit}")
        yield Message(role="assistant", content=text)


def _joined(values: Iterable[str]) -> str:
    return "; ".join(filter(None, map(plain, values)))


def _typed(values: Iterable[str]) -> str:
    return typed(filter(None, map(plain, values)))
