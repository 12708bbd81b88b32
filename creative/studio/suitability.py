"""What the model in use would make of a brief, told before anything is written."""

import unicodedata
from collections.abc import Iterator

from creative.channels import channel
from creative.domain import Brief
from creative.drafting.angles import possible_angles
from creative.drafting.prompting import messages_for
from creative.engine.catalog import ModelChoice
from creative.engine.reach import Reach, reach_of
from creative.templates import Templates

_NOT_LATIN = frozenset(
    "am ar be bg bn el fa gu he hi hy ja ka km kn ko ky lo mk ml mn mr my ne pa ps ru si sr ta te "
    "tg th uk ur yi zh".split()
)  #: languages that are commonly written in other letters, ISO 639-1
_MOSTLY = 0.5
_USUAL_CHARS = 100  #: asked for in the prompt; what number it is makes no odds


def obstacles(brief: Brief, choice: ModelChoice, templates: Templates) -> list[str]:
    """Return what stands between a brief and good lines of this model; none of it is an error."""
    notes = (_on_language(brief, choice), _on_letters(brief), _on_length(brief, choice, templates))
    return [note for note in notes if note]


def reach(brief: Brief, choice: ModelChoice, templates: Templates) -> Reach | None:
    """Return how long the longest prompt of a brief is; None where the model does not tell."""
    place, angle = channel(brief.channel), possible_angles(brief)[0]
    found = [
        reach_of(
            choice.source,
            messages_for(
                templates,
                templates.default(field.shape),
                brief,
                limit=_USUAL_CHARS,
                angle=angle,
                is_typed=choice.profile.is_typed,
            ),
        )
        for field in place.drafted
    ]
    return max(filter(None, found), key=lambda each: each.tokens, default=None)


def _on_language(brief: Brief, choice: ModelChoice) -> str:
    languages = choice.profile.languages
    if not languages or brief.primary_language in languages:
        return ""
    return (
        f"The model in use writes {', '.join(languages)} only. For {brief.language!r} choose "
        "another model under Models & settings."
    )


def _on_letters(brief: Brief) -> str:
    """Say when a language of Latin letters has a brief that is mostly in others."""
    if brief.primary_language in _NOT_LATIN:
        return ""
    signs = [sign for text in _texts(brief) for sign in text if _is_telling(sign)]
    others = sum(not _is_latin(sign) for sign in signs)
    if not others or others < len(signs) * _MOSTLY:
        return ""
    return (
        f"Most of this brief is not in the letters of its language, {brief.language!r}. Lines are "
        "made of its words: write it in that language, or choose the one it is in."
    )


def _on_length(brief: Brief, choice: ModelChoice, templates: Templates) -> str:
    found = reach(brief, choice, templates)
    if found is None or not found.is_over:
        return ""
    return (
        f"This brief is too long for {choice.name}: it takes about {found.tokens} tokens, and the "
        f"model reads {found.most}, line included. Shorten or take out benefits, features, proof "
        "or pains, or choose another model under Models & settings."
    )


def _texts(brief: Brief) -> Iterator[str]:
    product, audience = brief.product, brief.audience
    yield from (product.name, product.description, product.offer, audience.name)
    yield from (*product.benefits, *product.features, *product.proof, *audience.pains)


def _is_telling(sign: str) -> bool:
    """Tell whether a sign shows a script: letters do, and so do emoji, which are of none."""
    return unicodedata.category(sign) in ("Lu", "Ll", "Lt", "Lo", "So")


def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN")
