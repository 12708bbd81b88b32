"""The fields of an ad that nobody drafts, filled from the brief."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from creative.channels.spec import Channel, Field
from creative.counting import width
from creative.domain import Brief


def fill(brief: Brief, channel: Channel) -> dict[str, list[str]]:
    """Fill what the brief gives into the fields that are never drafted.

    A name that is too long is filled in all the same, so that the check can say so.

    Returns:
        Lines by field id; fields that the brief says nothing about are absent.
    """
    lines = {place.id: _lines(brief, place) for place in channel.fields if not place.is_drafted}
    path1 = next(iter(lines.get("path1", [])), None)
    if "path2" in lines:
        lines["path2"] = _second_path(brief, channel.field("path2"), path1)
    return {id: found for id, found in lines.items() if found}


def _lines(brief: Brief, place: Field) -> list[str]:
    """Return the lines for one field, without empty ones."""
    filler = _FILLERS.get(place.kind)
    found = filler(brief, place) if filler else []
    return [line for line in found if line][: place.max_count]


def _call_to_action(brief: Brief, place: Field) -> list[str]:
    """Return the wanted call to action where the platform offers it, as the platform spells it."""
    wanted = brief.call_to_action.strip()
    for option in place.options:
        if option.casefold() == wanted.casefold():
            return [option]
    return [] if place.options or not _fits(wanted, place) else [wanted]


def _path(brief: Brief, place: Field) -> list[str]:
    """Return the first of product name and keywords of which whole words fit."""
    return _paths(brief, place)[:1]


def _second_path(brief: Brief, place: Field, path1: str | None) -> list[str]:
    """Return a second path that says something else than the first; none without a first."""
    if path1 is None:
        return []
    said = set(path1.casefold().split("-"))
    others = (path for path in _paths(brief, place) if not said & set(path.casefold().split("-")))
    return [path for path, _ in zip(others, range(1), strict=False)]


def _paths(brief: Brief, place: Field) -> list[str]:
    """Return every path the brief suggests, product name first."""
    candidates = (brief.product.name, *brief.keywords)
    return [path for text in candidates if (path := _whole_words(text, place))]


def _whole_words(text: str, place: Field) -> str:
    """Return the first words of a text that fit, joined by hyphens; spaces break a path."""
    words = "".join(char if char.isalnum() else " " for char in text).split()
    fitting = [path for n in range(1, len(words) + 1) if _fits(path := "-".join(words[:n]), place)]
    return fitting[-1] if fitting else ""


def _keywords(brief: Brief, place: Field) -> list[str]:
    """Return as many keywords as fit, separated by commas without spaces, as stores want them."""
    kept: list[str] = []
    for keyword in brief.keywords:
        if _fits(",".join([*kept, keyword]), place):
            kept.append(keyword)
    return [",".join(kept)]


def _features(brief: Brief, place: Field) -> list[str]:
    """Return the features short enough to stand alone; none where they are too few."""
    fitting = [feature for feature in brief.product.features if _fits(feature, place)]
    return fitting if len(fitting) >= place.min_count else []


def _display_url(brief: Brief, place: Field) -> list[str]:
    """Return the host of the product's address."""
    url = brief.product.url.strip()
    host = urlsplit(url if "//" in url else f"//{url}").netloc
    return [host] if host and _fits(host, place) else []


def _ad_name(brief: Brief, place: Field) -> list[str]:
    """Return a name for reports: brand, product and objective."""
    parts = (brief.brand.name, brief.product.name, brief.objective)
    return [" – ".join(part for part in parts if part)]


def _fits(text: str, place: Field) -> bool:
    """Return whether a text is no longer than its field."""
    return place.max_length is None or width(text, place.counting) <= place.max_length


_FILLERS: Mapping[str, Callable[[Brief, Field], list[str]]] = {
    "url": lambda brief, place: [brief.product.url],
    "display_url": _display_url,
    "path": _path,
    "call_to_action": _call_to_action,
    "brand_name": lambda brief, place: [brief.brand.name],
    "app_name": lambda brief, place: [brief.product.name],
    "ad_name": _ad_name,
    "keywords": _keywords,
    "feature": _features,
}
