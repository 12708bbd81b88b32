"""Small valid objects to keep; every argument of the domain can be given."""

from creative.domain import Audience, Brand, Brief, Line, Product, Run


def a_brief(**given):
    parts = {
        "brand": Brand(name="Kaffa", voice="warm", banned_words=("cheap",)),
        "product": Product(name="House beans", benefits=("fresh",), price="€9"),
        "audience": Audience(name="commuters", pains=("no time",)),
        "channel": "google_rsa",
    }
    return Brief(**{**parts, **given})


def a_line(text="Fresh beans today", **given):
    return Line(**{"field": "headline", "text": text, "width": len(text), "limit": 30, **given})


def a_run(brief_id, **given):
    parts = {"wanted": {"headline": 3}, "templates": {"headline": "headline@1"}}
    return Run(**{"brief_id": brief_id, "model": "starter", "seed": 7, **parts, **given})
