"""Plain lines: phrases of a brief kept whole, joined as any editor would let run.

    python -m models.training.plain --seed 1 --count 5

prints some.  A model of a few million parameters that learns free copy alone puts half of one
phrase to half of another, which makes no sense.  From these lines it learns to quote: a gain, a
feature, a pain, an offer, as it stands or cut where English may be cut, beside product, brand or
audience, in the frames of creative/drafting/frames.txt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

from creative.claims import claims_in
from creative.domain import Brief
from creative.drafting.asking import NO, YES, question
from creative.drafting.frames import WITHOUT_ANGLE, filled, frames, slots_of
from creative.drafting.pieces import Pieces, share_words
from creative.likeness import is_near_duplicate
from creative.ranking.candidates import is_thin
from creative.ranking.grammar import grammar_slips
from models.training.corpus import Example, draws
from models.training.english import title_case
from models.training.lines import LIMITS
from models.training.splits import Split
from models.training.spoiling import spoilt_line
from models.training.variation import ask_of, prompt_of, retold
from models.training.written import LONGEST_FORM, Ad, Assignment, assignments, faithful

PLACES = {"headline": 62, "description": 14, "primary": 8, "subject": 9, "push": 7}
SPARSE = 0.4  #: share of briefs of which most is taken away
TITLE_CASE = 0.2
TRIES = 30  #: frames tried for one line
ENOUGH = 0.5  #: share of the room from which a line is kept, whatever it is
SPARED = 0.35  #: share of shorter lines that are kept
_ALWAYS = ("brand", "product", "benefits")
ANGLES = tuple(section for section in frames() if section not in WITHOUT_ANGLE)


class Lacking(Exception):
    """The brief has nothing of what a slot needs."""


def plain_example(rng: Random, assignment: Assignment, lines: int) -> Example:
    """Return an assignment, told anew, with up to so many plain lines."""
    told = retold(rng, assignment, lines)
    if rng.random() < SPARSE:
        told = replace(told, values=_few(rng, told.values))
    found = list(plain_lines(rng, told, lines))
    return Example(prompt_of(told), tuple((ask_of(ad), ad.text) for ad in found))


def judged_lines(rng: Random, assignment: Assignment, lines: int) -> Example:
    """Return an assignment, told anew, with so many lines to judge, half of them spoilt."""
    told = retold(rng, assignment, lines)
    if rng.random() < SPARSE:
        told = replace(told, values=_few(rng, told.values))
    good = [ad.text for ad in plain_lines(rng, told, lines // 2, {"headline": 1})]
    if assignment.ads and rng.random() < 0.5:
        good += [ad.text for ad in faithful(told).ads if len(ad.text) <= 2 * LONGEST_FORM]
    brief = told.brief
    judged = [(text, YES) for text in good]
    judged += [(text, NO) for _ in good if (text := spoilt_line(rng, brief, good))]
    chosen = rng.sample(judged, min(lines, len(judged)))
    return Example(prompt_of(told), tuple((f"\n{question(text)}", says) for text, says in chosen))


def _few(rng: Random, values: Mapping[str, str]) -> dict[str, str]:
    """Return what a user who is in a hurry types: a gain or two, and little else."""
    kept = {key: text for key, text in values.items() if key in _ALWAYS or rng.random() < 0.4}
    for key in ("benefits", "features", "pains"):
        items = kept.get(key, "").split("; ")
        kept |= {key: "; ".join(items[: rng.randint(1, 2)])} if key in kept else {}
    return kept


def plain_lines(
    rng: Random, assignment: Assignment, count: int, places: Mapping[str, int] = PLACES
) -> Iterator[Ad]:
    """Yield up to so many different lines, spread over the angles that the brief allows."""
    pieces, brief = Pieces(assignment.brief), assignment.brief
    angles = rng.sample(ANGLES, len(ANGLES))
    texts: list[str] = []
    for at in range(2 * count):
        place = rng.choices(list(places), list(places.values()))[0]
        wanted = Ad(
            place=place, limit=rng.choice(LIMITS[place]), angle=angles[at % len(angles)], text=""
        )
        text = _line(rng, pieces, brief, wanted)
        if text and not is_near_duplicate(text, texts):
            texts.append(text)
            shown = _cased(rng, text, wanted, brief)
            yield Ad(place=place, limit=wanted.limit, angle=wanted.angle, text=shown)
        if len(texts) == count:
            return


def _line(rng: Random, pieces: Pieces, brief: Brief, wanted: Ad) -> str | None:
    """Return a line that keeps the order and passes the checks, or None if no try did."""
    for _ in range(TRIES):
        try:
            text = " ".join(_parts(rng, pieces, wanted))
        except Lacking:
            continue
        if _fits(rng, text, wanted) and _passes(text, brief):
            return text
    return None


def _parts(rng: Random, pieces: Pieces, wanted: Ad) -> Iterator[str]:
    """Yield the sentences of a line; a short one has a single one without a stop.

    Raises:
        Lacking: If the brief has nothing for a slot.
    """
    given: list[str] = []
    first = _made(rng, pieces, wanted.angle, given)
    if wanted.place in {"headline", "subject"}:
        yield first
        return
    yield first if first[-1] in ".?!" else f"{first}."
    if wanted.limit > 65:
        yield _made(rng, pieces, "sentence", given)
    if wanted.limit > 75 and rng.random() < 0.5:
        yield _made(rng, pieces, "closing", given)


def _made(rng: Random, pieces: Pieces, section: str, given: list[str]) -> str:
    """Return a sentence of a section's frames, of pieces that are not like those given before."""
    frame, chosen = rng.choice(frames()[section]), {}
    for slot, source in slots_of(frame, section).items():
        found = [t for t in pieces.of(slot, source) if not any(share_words(t, g) for g in given)]
        if not found:
            raise Lacking(slot)
        chosen[slot] = rng.choice(found)
        given.append(chosen[slot])
    return filled(frame, chosen)


def _fits(rng: Random, text: str, wanted: Ad) -> bool:
    if len(text) > wanted.limit:
        return False
    return len(text) >= ENOUGH * wanted.limit or rng.random() < SPARED


def _passes(text: str, brief: Brief) -> bool:
    return not (
        is_thin(text, brief)
        or grammar_slips(text)
        or any(claim.support is None for claim in claims_in(text, brief))
    )


def _cased(rng: Random, text: str, wanted: Ad, brief: Brief) -> str:
    if wanted.place != "headline" or rng.random() > TITLE_CASE:
        return text
    return title_case(text, set(brief.brand.name.split()))


def main() -> None:
    """Print plain lines to read."""
    for rng in draws(__doc__):
        assignment = rng.choice(assignments(Split.TRAIN))
        print("\n".join(f"{key}: {value}" for key, value in assignment.values.items()))
        for ad in plain_lines(rng, assignment, 13):
            print(f"   {ad.place} {ad.limit} {ad.angle}: {ad.text}")
        print()


if __name__ == "__main__":
    main()
