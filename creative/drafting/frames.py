"""Frames: patterns of lines whose slots take phrases of a brief, and the lines that come of them.

A frame (frames.txt) is used only where the kinds of its phrases make it right.  The starter is
trained on lines of frames, and chooses from them.  English only, as kinds are.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from creative.domain import Brief
from creative.drafting.pieces import Pieces, share_words
from creative.inflection import capitalized
from creative.sections import sections_of

SPARE = "spare"  #: the section of frames that say little
LAST = "last"  #: the section of frames that only the model's own words are worse than
WITHOUT_ANGLE = (SPARE, LAST, "sentence", "closing")  #: sections of frames that belong to no angle
_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"(?<=[.?!] )(\w)")
#: Slots that take a benefit for the angle benefit and a feature for the angle feature.
_FACTS = frozenset("thing part act does doesit itdoes order quality short made says fact".split())
_OWNED = re.compile(r"\b(?:our|your) $")
_ARTICLE = re.compile(r"^(?:the|an?|our|your) ", re.IGNORECASE)
_TWICE = ("for", "in")
_MOST = 400  #: lines of one frame that are looked at, as long briefs have thousands


class Framed(NamedTuple):
    """A line, and the frame that made it."""

    text: str
    frame: str


@cache
def frames() -> dict[str, tuple[str, ...]]:
    """Return the frames of each section of frames.txt; one that stands twice is used more."""
    text = files(__package__).joinpath("frames.txt").read_text("utf-8")
    return {section: tuple(own) for section, own in sections_of(text).items()}


def slots_of(frame: str, angle: str) -> dict[str, str]:
    """Return the slots of a frame, each with the source its pieces have to come from."""
    source = angle if angle in {"benefit", "feature"} else ""
    return {slot: source if slot in _FACTS else "" for slot in _SLOT.findall(frame)}


def wording_of(frame: str) -> str:
    """Return a frame that has words of its own, and nothing for one that has but slots."""
    return frame if re.search(r"[^\W\d_]", _SLOT.sub("", frame)) else ""


def filled(frame: str, pieces: Mapping[str, str]) -> str:
    """Return the line that a frame makes of a piece for each slot."""
    text = _SLOT.sub(lambda found: _without_two(frame[: found.start()], pieces[found[1]]), frame)
    text = _SENTENCE.sub(lambda found: found[1].upper(), text)
    return text if frame.startswith("{brand}") else capitalized(text)


def _without_two(before: str, piece: str) -> str:
    """Return a piece without its article where the frame has one: "our The Tin Whale"."""
    return _ARTICLE.sub("", piece) if _OWNED.search(before) else piece


def lines_of(brief: Brief, angle: str) -> Iterator[Framed]:
    """Yield all lines that the frames of an angle make of a brief, whether they fit or not."""
    pieces = Pieces(brief)
    for frame in dict.fromkeys(frames()[angle]):
        slots = slots_of(frame, angle)
        options = [pieces.of(slot, source) for slot, source in slots.items()]
        own_words = _SLOT.sub(" ", frame)
        for _, chosen in zip(range(_MOST), product(*options), strict=False):
            if not _repeats((own_words, *chosen)) and not _ties_twice(own_words, chosen):
                text = filled(frame, dict(zip(slots, chosen, strict=True)))
                yield Framed(text, frame)


def pieces_in(line: Framed, brand: str = "") -> dict[str, str]:
    """Return the pieces of a line by the slots of its frame, the first as short as can be.

    Args:
        brand: Name of the brand, which tells where a slot beside it begins.

    >>> pieces_in(Framed("Want to sleep better?", "want to {goal}?"))
    {'goal': 'sleep better'}
    >>> pieces_in(Framed("Blue Hen quilts", "{brand} {product}"), "Blue Hen")["product"]
    'quilts'
    """
    named = brand if "{brand}" in line.frame else ""  # other patterns serve every brand
    found = _pattern(line.frame, named).fullmatch(line.text)
    return found.groupdict() if found else {}


@lru_cache(maxsize=4096)
def _pattern(frame: str, brand: str) -> re.Pattern[str]:
    known = {"brand": re.escape(brand)} if brand else {}
    parts = [
        f"(?P<{text}>{known.get(text, '.+?')})" if at % 2 else re.escape(text)
        for at, text in enumerate(_SLOT.split(frame))
    ]
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _ties_twice(own_words: str, pieces: tuple[str, ...]) -> bool:
    """Tell whether a frame and a piece of it say "for" or "in": "a van for parties for you"."""
    said = " ".join(pieces).lower().split()
    return any(tie in said for tie in _TWICE if tie in own_words.split())


def _repeats(pieces: tuple[str, ...]) -> bool:
    """Tell whether a line would say a word twice: "Fern: insurance included included"."""
    return any(share_words(one, other) for at, one in enumerate(pieces) for other in pieces[:at])
