"""The hand-written part of the corpus: briefs as users type them, each with its lines.

    python -m models.training.written models/training/data/written/bakery.txt

checks files and prints what is wrong with them.  A file is about one industry.  A brief is the
`key: value` lines that start with `brand:`; its lines follow as `place limit angle: text`:

    brand: Okolo Roast
    product: Ethiopian filter coffee
    benefits: tastes like blueberries; no bitterness
    headline 30 benefit: Coffee with a blueberry note

Briefs of data/shortened/ have instead what their items come down to in a headline:

    short: tastes like blueberries, without any sugar => tastes like blueberries | no added sugar
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from creative.claims import claims_in
from creative.domain import Angle, Audience, Brand, Brief, Product
from creative.likeness import is_near_duplicate
from creative.ranking.candidates import is_thin, quoted
from creative.ranking.grammar import grammar_slips
from creative.ranking.kinds import lowered
from models.training.splits import Split, split_of
from models.training.words import DATA

WRITTEN, SHORTENED = Path(str(DATA)) / "written", Path(str(DATA)) / "shortened"
LONGEST_FORM = 30  #: characters
_LISTS, _SINGLE = ("benefits", "features", "pains", "proof"), ("product", "audience", "offer")
QUOTED = 0.6  #: share of words that stand as in the brief, from which a line is a quoting one
FIELDS = "brand product audience pains benefits features proof offer price keywords tone".split()
_LINE = re.compile(r"(headline|description|primary|subject|push) (\d+) (\w+): (.+)")
_SHORT = re.compile(r"short: (.+?) => (.+)")
_FIELD = re.compile(rf"({'|'.join(FIELDS)}): (.+)")
_ANGLES = frozenset(angle.value for angle in Angle)
_MARKS = re.compile(r"[\"“”#@*_<>|~^\\]|\s{2,}|[\U0001f000-\U0001ffff]")


class Unreadable(ValueError):
    """A line of a file that is neither a field nor an ad; says which."""


@dataclass(frozen=True, kw_only=True)
class Ad:
    """One line of copy with what it was written for; `limit` is in characters."""

    place: str
    limit: int
    angle: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A brief, the lines that were written for it, and short forms of its items."""

    industry: str
    values: Mapping[str, str]
    ads: list[Ad] = field(default_factory=list)
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def brief(self) -> Brief:
        """The brief as the studio holds it."""
        values = self.values
        return Brief(
            brand=Brand(name=values["brand"]),
            product=Product(
                name=values["product"],
                benefits=_items(values, "benefits"),
                features=_items(values, "features"),
                proof=_items(values, "proof"),
                offer=values.get("offer", ""),
                price=values.get("price", ""),
            ),
            audience=Audience(name=values.get("audience", ""), pains=_items(values, "pains")),
            channel="google_rsa",
            tone=values.get("tone", ""),
            keywords=tuple(filter(None, re.split(r",\s*", values.get("keywords", "")))),
            short_forms=tuple(self.shortened()),
        )

    def shortened(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the items that have short forms, as the brief writes them, with these."""
        forms = {lowered(item): short for item, short in self.forms.items()}
        for item in items_of(self.values):
            if short := forms.get(lowered(item)):
                yield item, short


def _items(values: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r";\s*", values.get(key, ""))))


def read(path: Path) -> list[Assignment]:
    """Return the assignments of a file.

    Raises:
        Unreadable: If a line is neither a field, an ad, a comment nor empty.
    """
    found: list[Assignment] = []
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if ad := _LINE.fullmatch(line):
            place, limit, angle, text = ad.groups()
            if not found:
                raise Unreadable(f"{path.name}:{number}: an ad before any brief")
            found[-1].ads.append(Ad(place=place, limit=int(limit), angle=angle, text=text))
        elif short := _SHORT.fullmatch(line):
            if not found or short[1] in found[-1].forms:
                raise Unreadable(f"{path.name}:{number}: before any brief, or a second time")
            found[-1].forms[short[1]] = tuple(filter(None, re.split(r"\s*\|\s*", short[2])))
        elif said := _FIELD.fullmatch(line):
            key, value = said.groups()
            if key == "brand":
                values = {}
                found.append(Assignment(industry=path.stem, values=values))
            values[key] = value
        else:
            raise Unreadable(f"{path.name}:{number}: {line[:60]}")
    return found


@cache
def assignments(split: Split, folder: Path = WRITTEN) -> tuple[Assignment, ...]:
    """Return the assignments of a split, by industry."""
    files = sorted(folder.glob("*.txt"))
    return tuple(each for path in files if split_of(path.stem) is split for each in read(path))


def faithful(assignment: Assignment) -> Assignment:
    """Return an assignment with those of its lines that mostly quote the brief."""
    brief = assignment.brief
    quoting = [ad for ad in assignment.ads if quoted(ad.text, brief) >= QUOTED]
    return replace(assignment, ads=quoting)


def slips(assignment: Assignment) -> Iterator[str]:
    """Yield what is wrong with an assignment, as far as a program can tell."""
    brief = assignment.brief
    said = " ".join(assignment.values.values()).casefold()
    for key in ("product", "benefits", "audience"):
        if assignment.ads and key not in assignment.values:
            yield f"no {key}"
    texts: list[str] = []
    for ad in assignment.ads:
        for reason in _reasons(ad, brief, said, texts):
            yield f"{reason}: {ad.text}"
        texts.append(ad.text)
    for item, forms in assignment.forms.items():
        if item not in items_of(assignment.values):
            yield f"no such item: {item}"
        for form in forms:
            if len(form) > LONGEST_FORM or len(form) >= len(item):
                yield f"no shorter than what a headline holds: {form}"
            if unsaid := set(re.findall(r"\d+", form)) - set(re.findall(r"\d+", item)):
                yield f"has the number {min(unsaid)}, which its item has not: {form}"


def items_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return the items of a brief that may be shortened, each with the field that it stands in."""
    lists = {item: key for key in _LISTS for item in _items(values, key)}
    return lists | {values[key]: key for key in _SINGLE if values.get(key)}


def _reasons(ad: Ad, brief: Brief, said: str, texts: Sequence[str]) -> Iterator[str]:
    if ad.angle not in _ANGLES:
        yield f"no such angle as {ad.angle}"
    if len(ad.text) > ad.limit:
        yield f"{len(ad.text) - ad.limit} characters over {ad.limit}"
    if ad.text != ad.text.strip() or _MARKS.search(ad.text):
        yield "odd characters or spaces"
    if is_thin(ad.text, brief):
        yield "has no word of product, benefit, feature, pain, offer or proof"
    if any(claim.support is None for claim in claims_in(ad.text, brief)):
        yield "claims what the brief does not say"
    if unsaid := [n for n in re.findall(r"\d+", ad.text) if n not in said]:
        yield f"has the number {unsaid[0]}, which the brief has not"
    if found := grammar_slips(ad.text):
        yield f"grammar ({found[0]})"
    if is_near_duplicate(ad.text, texts):
        yield "repeats a line of this brief"


def main() -> None:
    """Check files and say what is wrong with them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    wrong = 0
    for path in parser.parse_args().files:
        found = read(path)
        for assignment in found:
            for slip in slips(assignment):
                wrong += 1
                print(f"{path.stem}, {assignment.values['brand']}: {slip}")
        ads = sum(len(each.ads) for each in found)
        forms = sum(map(len, (short for each in found for short in each.forms.values())))
        print(f"{path.stem}: {len(found)} briefs, {ads} lines, {forms} short forms")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
