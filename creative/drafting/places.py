"""Where those live whom a product is for: "Leeds" of "people moving house in Leeds".

English only.  Knows words, no brief and no model.
"""

import re

_PLACE = re.compile(
    r" (?:in|around|across) ((?:[a-z]+ )?(?!Year\b|IT\b)[A-Z][\w'’-]*+\.?"
    r"(?:(?:,| and| of| on| upon| under|) [A-Z][\w'’-]*)*)(?! \d)"
)
#: What tells that it is not those meant who are there: "Brits with family in Australia".
_ELSEWHERE = re.compile(r"\b(?:that|who|whose|with)\b")
_ONE_PLACE = frozenset({"Tyne and Wear", "Brighton and Hove"})
_COUNTRIES = frozenset({"UK", "USA"})


def places(audience: str) -> list[str]:
    """Return the places of an audience, all together and one by one."""
    found = _PLACE.search(audience)
    if not found:
        return []
    some = [each for each in re.split(r", | and ", found[1]) if each[:1].isupper()]
    return list(dict.fromkeys([found[1], *([] if found[1] in _ONE_PLACE else some)]))


def towns(audience: str) -> list[str]:
    """Return places that may stand before what is sold there: "Leeds", not "the Lakes"."""
    named = [] if _ELSEWHERE.search(audience) else places(audience)
    return [place for place in named if place[0].isupper() and place not in _COUNTRIES]
