"""What of a brief no line says yet: later rounds are asked about that.

A small model goes back to the same two gains of a brief, and when lines may not repeat each other
it mixes them with whatever is left.  Asked about the rest alone it has fresh matter again.
"""

from collections.abc import Iterable
from dataclasses import replace

from creative.domain import Brief
from creative.ranking.fidelity import is_of, read


def unsaid(brief: Brief, lines: Iterable[str]) -> Brief:
    """Return a brief without the facts and pains that lines quote; all of it when none is left."""
    said = [phrase for line in lines for phrase in read(line, brief).phrases]

    def rest(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text for text in texts if not any(is_of(phrase, text) for phrase in said))

    product, audience = brief.product, brief.audience
    left = replace(
        product,
        benefits=rest(product.benefits),
        features=rest(product.features),
        proof=rest(product.proof),
        offer="".join(rest((product.offer,))),
        price="".join(rest((product.price,))),
    )
    if not (left.benefits or left.features):
        return brief
    return replace(brief, product=left, audience=replace(audience, pains=rest(audience.pains)))
