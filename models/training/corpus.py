"""Training examples: one brief and several lines that follow from it.

`python -m models.training.corpus --seed 1 --count 5` prints some to read.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from random import Random

from creative.inflection import capitalized
from models.training.briefs import rendered, sheet
from models.training.english import title_case
from models.training.inventions import brand, pseudo_word
from models.training.lines import TONES, Order, line, order
from models.training.patterns import ANGLES, Shelf, available_angles
from models.training.words import all_words, section

ECHO_SHARE = 0.13
TONELESS = 0.12  #: share of lines asked for without a tone
MISFIT = 0.03  #: share of lines asked for from an angle that the brief has nothing for


@dataclass(frozen=True)
class Example:
    """A prompt that is shared, and for each line the rest of its prompt and the answer."""

    prompt: str
    lines: tuple[tuple[str, str], ...]


def example(rng: Random, lines: int) -> Example:
    """Return a brief with up to so many lines, or a copying exercise."""
    return _echo(rng) if rng.random() < ECHO_SHARE else ads(rng, lines)


def ads(rng: Random, lines: int) -> Example:
    """Return a brief with up to so many ad lines."""
    brief = sheet(rng)
    shelf = Shelf(brief)
    tone = rng.choice(list(TONES))
    angles = available_angles(brief)
    rng.shuffle(angles)
    found: dict[str, str] = {}
    for at in range(lines):
        letter = tone if rng.random() < 0.5 else rng.choice(list(TONES))
        wanted = order(rng, letter, angles[at % len(angles)])
        answer = line(rng, shelf, wanted)
        if answer and answer not in found:
            found[answer] = _asked(rng, wanted, angles)
    return Example(rendered(rng, brief), tuple((ask, answer) for answer, ask in found.items()))


def _asked(rng: Random, wanted: Order, angles: list[str]) -> str:
    missing = [angle for angle in ANGLES if angle not in angles]
    angle = rng.choice(missing) if missing and rng.random() < MISFIT else wanted.angle
    tone = "" if rng.random() < TONELESS else f"\ntone: {rng.choice(TONES[wanted.tone].split())}"
    return f"{tone}\nchannel: {wanted.channel}\nmax: {wanted.limit}\nangle: {angle}"


def _echo(rng: Random) -> Example:
    """Return a brief of random words whose lines ask for one field back."""
    values = {
        "brand": brand(rng),
        "product": _babble(rng, 1, 3),
        "audience": _babble(rng, 1, 4),
        "pains": "; ".join(_babble(rng, 1, 3) for _ in range(rng.randint(1, 2))),
        "benefits": "; ".join(_babble(rng, 1, 5) for _ in range(rng.randint(1, 3))),
        "offer": _babble(rng, 2, 5),
    }
    keys = [key for key in values if key == "brand" or rng.random() < 0.75]
    if rng.random() < 0.3:
        values = {key: capitalized(value) for key, value in values.items()}
    lines = [(f"\n{key}:", _answered(rng, key, values[key])) for key in keys * 2]
    rng.shuffle(lines)
    return Example("\n".join(f"{key}: {values[key]}" for key in keys), tuple(lines))


def _answered(rng: Random, key: str, value: str) -> str:
    if key in {"benefits", "pains"} and rng.random() < 0.6:
        return rng.choice(value.split("; "))
    if key != "brand" and rng.random() < 0.25:
        return title_case(value.lower(), set())
    return value


def _babble(rng: Random, fewest: int, most: int) -> str:
    return " ".join(_babbled(rng) for _ in range(rng.randint(fewest, most)))


def _babbled(rng: Random) -> str:
    chance = rng.random()
    if chance < 0.4:
        return pseudo_word(rng)
    return (
        rng.choice(all_words() if chance < 0.94 else section("things, one"))
        if chance < 0.97
        else str(rng.randint(1, 400))
    )


def draws(description: str) -> Iterator[Random]:
    """Yield the chance of --seed, --count times: for commands that print samples to read."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=5)
    args = parser.parse_args()
    yield from repeat(Random(args.seed), args.count)


def main() -> None:
    """Print examples."""
    for rng in draws(__doc__):
        shown = ads(rng, 10)
        print(shown.prompt)
        for ask, answer in shown.lines:
            print("   ", ask.strip().replace("\n", " | "), "=>", answer)
        print()


if __name__ == "__main__":
    main()
