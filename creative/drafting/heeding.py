"""What the writer does differently once tests have shown what a library likes."""

import random

from creative.domain import Angle, Brief, Taste
from creative.drafting.angles import possible_angles, usual_turn
from creative.ranking.traits import BRAND, QUESTION, angle_trait

_MORE = 5  #: further turns of an angle whose lines surely earn more
_CARRIES = {Angle.QUESTION: QUESTION, Angle.BRAND: BRAND}  #: the trait that an angle makes


def heeding(brief: Brief, taste: Taste, seed: int) -> tuple[Angle, ...]:
    """Return the angles to write from in turn; none where taste says nothing of angles.

    An angle that won comes six times as often as it would, one that lost half as often: all stay,
    or nothing could ever win that has lost once, and lines that a brief has little to say for would
    be written at any price.

    Args:
        seed: Shuffles them but for the first, the strongest that has not lost.
    """
    possible = possible_angles(brief)
    likings = {angle: _liking(angle, taste) for angle in possible}
    won, lost = ([a for a in possible if likings[a] * sign > 0] for sign in (1, -1))
    if not won and not lost:
        return ()
    turns = 2 if lost else 1
    others = usual_turn([angle for angle in possible if angle not in lost])
    turn = [*others * turns, *won * _MORE * turns, *lost]
    first, *rest = turn
    random.Random(seed).shuffle(rest)
    return (first, *rest)


def _liking(angle: Angle, taste: Taste) -> int:
    own = {angle_trait(angle.value), _CARRIES.get(angle, "")}
    return len(own & set(taste.liked)) - len(own & set(taste.disliked))
