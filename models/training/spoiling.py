"""Copy spoilt on purpose, so that a model learns what nobody would let run."""

from collections.abc import Sequence
from random import Random

from creative.domain import Brief
from creative.drafting.frames import WITHOUT_ANGLE, filled, frames, slots_of
from creative.drafting.pieces import Pieces
from creative.inflection import capitalized
from creative.ranking.kinds import lowered
from models.training.written import LONGEST_FORM

SHORTEST = 6  #: characters
TRIES = 8
_ANY = (
    "fact",
    "painthing",
    "pain",
    "proof",
    "offer",
    "product",
    "audience",
    "brand",
    "act",
    "does",
)
_FRAMES = tuple(
    frame for section, own in frames().items() if section not in WITHOUT_ANGLE for frame in own
)


def spoilt_form(rng: Random, item: str, forms: tuple[str, ...]) -> str | None:
    """Return some words of an item or of its forms that nobody would let stand for it, or None."""
    for _ in range(TRIES):
        text = rng.choice((lowered(item), lowered(item), *forms))
        words = rng.choice((_cut, _cut, _torn, _holed))(rng, text.split())
        cut = " ".join(words).strip(" ,;:")
        is_known = any(cut in {form, form.removeprefix("a ")} for form in forms)
        if len(words) > 1 and SHORTEST <= len(cut) <= LONGEST_FORM and cut != text and not is_known:
            return cut
    return None


def _cut(rng: Random, words: list[str]) -> list[str]:
    """Break off anywhere."""
    return words[: rng.randint(1, len(words))]


def _torn(rng: Random, words: list[str]) -> list[str]:
    """Begin anywhere, and perhaps break off."""
    start = rng.randrange(len(words))
    return words[start : rng.randint(start, len(words)) if rng.random() < 0.3 else None]


def _holed(rng: Random, words: list[str]) -> list[str]:
    """Leave out words anywhere."""
    gone = set(rng.sample(range(len(words)), rng.randint(1, max(1, len(words) // 2))))
    return [word for at, word in enumerate(words) if at not in gone]


def spoilt_line(rng: Random, brief: Brief, good: Sequence[str]) -> str | None:
    """Return a line that puts words of a brief together wrongly, or None.

    Args:
        good: Lines of the brief that may run.
    """
    for _ in range(TRIES if good else 0):
        text = rng.choice((_misfilled, _misfilled, _spliced, _damaged))(rng, brief, good).strip(
            " ,;:"
        )
        text = capitalized(text)
        if text not in good and SHORTEST <= len(text) <= 2 * LONGEST_FORM:
            return text
    return None


def _misfilled(rng: Random, brief: Brief, _: Sequence[str]) -> str:
    """Fill a frame with pieces of any kind, some of them cut anyhow."""
    frame, pieces, chosen = rng.choice(_FRAMES), Pieces(brief), {}
    for slot in slots_of(frame, ""):
        found = [text for kind in rng.sample(_ANY, 3) for text in pieces.of(kind)] or [
            brief.brand.name
        ]
        words = rng.choice(found).split()
        chosen[slot] = " ".join(_cut(rng, words) if rng.random() < 0.3 else words)
    return filled(frame, chosen)


def _spliced(rng: Random, _: Brief, good: Sequence[str]) -> str:
    """Put half of one line to half of another."""
    first, second = (rng.choice(good).split() for _ in range(2))
    rest = lowered(" ".join(second[len(second) // 2 :]))
    return f"{' '.join(first[: (len(first) + 1) // 2])} {rest}"


def _damaged(rng: Random, _: Brief, good: Sequence[str]) -> str:
    return " ".join(rng.choice((_cut, _torn, _holed))(rng, rng.choice(good).split()))
