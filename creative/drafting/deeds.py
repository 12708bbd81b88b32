"""What a reader does who buys a product: "piano lessons" are "learn piano".

People look for what they want done, and a trade names what it sells with a noun.

English only.  Knows words, no brief and no model.
"""

import re
from collections.abc import Iterable, Iterator

from creative.drafting.nouns import with_article
from creative.inflection import lexicon

#: What is done to things that a reader owns, by what a trade calls it.
_DONE_TO_OWN = {
    "cleaning": "cleaned",
    "clearing": "cleared",
    "emptying": "emptied",
    "grooming": "groomed",
    "inspection": "inspected",
    "inspections": "inspected",
    "maintenance": "maintained",
    "pumping": "pumped",
    "repair": "repaired",
    "repairs": "repaired",
    "replacement": "replaced",
    "restoration": "restored",
    "reupholstery": "reupholstered",
    "servicing": "serviced",
    "sharpening": "sharpened",
    "sweeping": "swept",
    "tuning": "tuned",
    "unblocking": "unblocked",
}
#: What is done to other things.
_DONE_TO_OTHERS = {
    "collection": "collected",
    "fitting": "fitted",
    "installation": "installed",
    "removal": "removed",
}
_BORROWED = {"hire": "hire", "rental": "rent"}
_TAUGHT = frozenset("classes course courses lessons tuition workshops".split())
#: What is taught and is an act: "driving lessons"; an act is nothing to repair.
_ACTS = {
    "coding": "code",
    "cookery": "cook",
    "driving": "drive",
    "sailing": "sail",
    "sewing": "sew",
    "skiing": "ski",
    "swimming": "swim",
    "welding": "weld",
}
#: What one learns by its name; "learn forklift" and "learn bereavement" are no English.
_SKILLS = frozenset(
    "cello chess drums flute french german guitar italian japanese latin mandarin maths piano "
    "pottery python spanish violin welsh".split()
)
_LEVEL = re.compile(r"(?:A[- ]level|GCSE) ")
#: Things of which one is never alone.
_SEVERAL = {"gutter": "gutters", "shoe": "shoes", "window": "windows"}
_MOST_WORDS = 2  #: of a thing that a reader owns, as more tell how something is done to it
#: Words beside a thing that tell how or for whom something is done.
_HOW = frozenset(
    "adult adults after-school annual automatic beginner beginners bespoke children's commercial "
    "custom day deep dental domestic drone dry emergency evening industrial intensive kids laser "
    "long-term luxury mobile monthly on-site one-day online part-time postal pressure private "
    "professional residential same-day short-term specialist spring steam weekend weekly".split()
)
#: Names with these are left alone: "home cleaning" is not "get your home cleaned".
_LEFT_ALONE = frozenset("a an free holiday home house party staff student the tooth".split())
_AND = re.compile(r",? (?:and|&) ")


def deeds(names: Iterable[str]) -> list[str]:
    """Return what a reader does who buys what has these names.

    >>> deeds(["beginner piano lessons"]), deeds(["mobile dog grooming"])
    (['learn piano'], ['get your dog groomed'])
    >>> deeds(["horsebox bar hire"]), deeds(["dog food"])
    (['hire a horsebox bar'], [])
    """
    found = (deed for name in names for deed in _deed(_AND.split(name)[0].split()))
    return list(dict.fromkeys(found))


def _deed(words: list[str]) -> Iterator[str]:
    """Yield what is done by a buyer of what a few words name, if that is known."""
    *told, head = words or [""]
    thing = _bare(told)
    small = {word.lower() for word in words}
    if not thing or small & (_LEFT_ALONE | lexicon()["prepositions"]):
        return
    if head in _TAUGHT:
        yield from _learnt(thing)
    elif head in _DONE_TO_OWN and len(thing.split()) <= _MOST_WORDS and thing not in _ACTS:
        yield f"get your {_SEVERAL.get(thing, thing)} {_DONE_TO_OWN[head]}"
    elif head in _DONE_TO_OTHERS:
        yield from (f"get {said} {_DONE_TO_OTHERS[head]}" for said in with_article(thing))
    elif head in _BORROWED:
        yield from (f"{_BORROWED[head]} {said}" for said in with_article(thing))


def _bare(told: list[str]) -> str:
    """Return the thing of a name without how and for whom something is done to it."""
    while told and told[0].lower() in _HOW:
        told = told[1:]
    while told and told[-1].lower() in _HOW:
        told = told[:-1]
    return " ".join(told)


def _learnt(thing: str) -> Iterator[str]:
    if thing in _ACTS:
        yield f"learn to {_ACTS[thing]}"
    elif _LEVEL.sub("", thing).lower() in _SKILLS:
        yield f"learn {thing}"
