"""Which idea each line is written from, so that variety is planned and not hoped for."""

import random
from collections.abc import Callable, Sequence
from itertools import cycle, islice

from creative.domain import Angle, Brief

#: What a brief must hold before an angle can be written from without inventing anything.
_NEEDS: dict[Angle, Callable[[Brief], object]] = {
    Angle.BENEFIT: lambda brief: brief.product.benefits or brief.product.description,
    Angle.FEATURE: lambda brief: brief.product.features or brief.product.description,
    Angle.QUESTION: lambda brief: brief.product.benefits or brief.audience.pains,
    Angle.PAIN: lambda brief: brief.audience.pains,
    Angle.OFFER: lambda brief: brief.product.offer or brief.product.price,
    Angle.AUDIENCE: lambda brief: brief.audience.name,
    Angle.PROOF: lambda brief: brief.product.proof,
    Angle.CONTRAST: lambda brief: brief.audience.pains or brief.product.benefits,
    Angle.CURIOSITY: lambda brief: brief.product.features or brief.product.benefits,
    Angle.BRAND: lambda _: True,
}

#: Benefits carry most good ads: they take a second turn before any other angle takes one.
_EXTRA = (Angle.BENEFIT, Angle.FEATURE)


def possible_angles(brief: Brief) -> tuple[Angle, ...]:
    """Return the angles that this brief has material for, in their usual order."""
    return tuple(angle for angle, needs in _NEEDS.items() if needs(brief))


def angles_among(wanted: Sequence[Angle], possible: Sequence[Angle]) -> tuple[Angle, ...]:
    """Return the possible angles that are wanted, as often as they are; all where none is."""
    return tuple(angle for angle in wanted if angle in possible) or tuple(possible)


def usual_turn(possible: Sequence[Angle]) -> list[Angle]:
    """Return the angles of one turn, each as often as it comes."""
    return [*possible, *(angle for angle in _EXTRA if angle in possible)]


def plan_angles(
    brief: Brief, count: int, seed: int, wanted: Sequence[Angle] = ()
) -> tuple[Angle, ...]:
    """Return one angle per line, every possible one before any comes again.

    Args:
        brief: Decides which angles are possible.
        count: Number of lines, at least 0.
        seed: Shuffles each turn but the first line, which is always the strongest angle.
        wanted: Angles to write from in turn instead, as far as they are possible.
    """
    angles = possible_angles(brief)
    if any(angle in angles for angle in wanted):
        return tuple(islice(cycle(angles_among(wanted, angles)), count))
    turn = usual_turn(angles)
    shuffled = random.Random(seed)
    plan: list[Angle] = []
    while len(plan) < count:
        rest = turn if plan else turn[1:]
        plan += [*([] if plan else turn[:1]), *shuffled.sample(rest, len(rest))]
    return tuple(plan[:count])
