"""Rules about punctuation and spaces."""

from collections.abc import Iterator

import regex

from creative.channels.case import Case, Hit, quoted
from creative.channels.spec import Rule
from creative.counting import is_wide, urls_in
from creative.domain import Span

_EXCLAMATION = regex.compile(r"[!！]")
_FRENCH_SPACED = "!?;:"  # French sets a space before these

_RUN_OF_SPACES = regex.compile(r"(?<=\S)[^\S\n]{2,}+(?=\S)")
_OUTER_SPACE = regex.compile(r"^\s++|(?<=\S)\s++$")
_NO_SPACE_AFTER = regex.compile(r"(?<=\p{L})[,;!?](?=\p{L})|(?<=\p{Ll}{2})\.(?=\p{Lu}\p{Ll})")
_SPACE_BEFORE = regex.compile(r"(?<=[\p{L}\p{N}])[ \u00a0]([,;.!?:])(?=\s|$)")
_LETTER = r"[\p{Latin}\p{Cyrillic}\p{Greek}]"  # of scripts that put spaces between words
# The second lookbehind lets a run begin only once, which keeps a hostile text linear.
_SPACED_OUT = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}'’])(?<!(?<!\p{{L}})\p{{L}} )"
    rf"(?:{_LETTER} ){{3,}}+{_LETTER}(?![\p{{L}}\p{{N}}])"
)


def punct_repeat(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find repeated punctuation; an ellipsis is fine."""
    for found in regex.finditer(rule.regex, case.text):
        if found.group() not in rule.exceptions:
            last = found.group()[-1]
            fix = f"Write {quoted(last)} once."
            yield Hit(Span(*found.span()), f"{quoted(found.group())} is repeated punctuation.", fix)


def excl_headline(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find exclamation marks in a headline."""
    for found in _EXCLAMATION.finditer(case.text):
        calm = _EXCLAMATION.sub("", case.text).strip()
        message = f"{quoted(found.group())} is not allowed in a headline."
        yield Hit(Span(*found.span()), message, f"Write {quoted(calm)}.")


def excl_max_one(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find every exclamation mark of a line after the first."""
    for found in list(_EXCLAMATION.finditer(case.text))[1:]:
        yield Hit(
            Span(*found.span()),
            f"{quoted(found.group())} is one more than the one an ad may have.",
            "Keep one exclamation mark at most.",
        )


def spacing(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find spaces that are missing, doubled or misplaced, outside web addresses."""
    addresses = [(url.start, url.end) for url in urls_in(case.text)]
    for hit in _spaces(case):
        inside = hit.span and any(s <= hit.span.start < e for s, e in addresses)
        if not inside:
            yield hit


def _spaces(case: Case) -> Iterator[Hit]:
    """Find every kind of wrong space."""
    text = case.text
    for found in _OUTER_SPACE.finditer(text):
        yield Hit(Span(*found.span()), "The line starts or ends with a space.", "Remove it.")
    for found in _RUN_OF_SPACES.finditer(text):
        yield Hit(Span(*found.span()), "There is more than one space in a row.", "Keep one.")
    for found in _SPACED_OUT.finditer(text):
        joined = found.group().replace(" ", "")
        message = f"{quoted(found.group())} is spaced out."
        yield Hit(Span(*found.span()), message, f"Write {quoted(joined)}.")
    yield from _missing_spaces(text)
    yield from _early_spaces(case)


def _missing_spaces(text: str) -> Iterator[Hit]:
    """Find punctuation glued to the next word."""
    for found in _NO_SPACE_AFTER.finditer(text):
        if not is_wide(text[found.end()]):
            near = text[max(0, found.start() - 8) : found.end() + 8]
            message = f"A space is missing after {quoted(found.group())} in {quoted(near)}."
            yield Hit(Span(*found.span()), message, f"Write {quoted(found.group() + ' ')}.")


def _early_spaces(case: Case) -> Iterator[Hit]:
    """Find a space before punctuation, which only French wants."""
    is_french = case.brief is not None and case.brief.language.casefold().startswith("fr")
    for found in _SPACE_BEFORE.finditer(case.text):
        if not (is_french and found[1] in _FRENCH_SPACED):
            message = f"There is a space before {quoted(found[1])}."
            yield Hit(Span(*found.span()), message, "Remove the space.")
