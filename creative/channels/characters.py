"""Rules about single characters: emoji, symbols, kana, and those that nobody sees."""

import unicodedata
from collections.abc import Iterator

import regex

from creative.channels.case import Case, Hit, brief_words, quoted
from creative.channels.spec import Rule
from creative.counting import emoji_in
from creative.domain import Span

_KANA_RUN = regex.compile(r"[\uFF61-\uFF9F]++")
_LINE_BREAK = regex.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_FANCY = regex.compile(r"[\U0001D400-\U0001D7FF\u2460-\u24FF\u2070\u2074-\u209C]++|(?<!m)[²³¹]")
_SIGN_IN_WORD = regex.compile(r"(?<![\p{L}\p{N}@$.])\p{L}++[@$]\p{L}++(?![\p{L}\p{N}]|\.\p{L})")
_DIGIT_IN_WORD = regex.compile(r"(?<![\p{L}\p{N}])[a-zA-Z]++[013457][a-z]{2,}+(?![\p{L}\p{N}])")
_ASTERISK = regex.compile(r"(?<![0-9])\*")

# Invisible, but needed to write right-to-left text, Persian or Indic words, and emoji.
_NEEDED = frozenset("\u200c\u200d\u200e\u200f\u061c\ufe0e\ufe0f")
_TAG_CHARACTERS = range(0xE0020, 0xE0080)  # the letters inside the flags of England or Wales


def no_emoji(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find emoji."""
    for emoji in emoji_in(case.text):
        message = f"{quoted(emoji.text)} is an emoji, which {case.channel.name} does not allow."
        yield Hit(Span(emoji.start, emoji.end), message, "Remove it.")


def no_halfwidth_kana(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find half-width katakana."""
    for found in _KANA_RUN.finditer(case.text):
        full = unicodedata.normalize("NFKC", found.group())
        message = f"{quoted(found.group())} is half-width katakana."
        yield Hit(Span(*found.span()), message, f"Write {quoted(full)}.")


def no_newline(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find line breaks in a field of one line."""
    for found in _LINE_BREAK.finditer(case.text) if case.field.is_one_line else ():
        message = f"{case.field.name} is one line, and this one has a line break."
        yield Hit(Span(*found.span()), message, "Write a space instead.")


def no_forbidden(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find the characters that a rule forbids."""
    yield from forbidden(case, rule.forbid)


def forbidden(case: Case, characters: tuple[str, ...]) -> Iterator[Hit]:
    """Find any of some characters."""
    for at, char in enumerate(case.text):
        if char in characters:
            message = f"{quoted(char)} is not allowed in {case.field.name}."
            yield Hit(Span(at, at + 1), message, "Remove it.")


def gimmicky_symbols(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find symbols for effect, fancy letters, and signs or digits in place of letters."""
    emoji = {at for found in emoji_in(case.text) for at in range(found.start, found.end)}
    for at, char in enumerate(case.text):
        if at not in emoji and _is_gimmick(char, rule):
            yield Hit(Span(at, at + 1), f"{quoted(char)} is a symbol for effect.", "Use words.")
    for found in _ASTERISK.finditer(case.text):
        yield Hit(Span(*found.span()), "“*” is a symbol for effect.", "Remove it.")
    for found in _FANCY.finditer(case.text):
        plain = unicodedata.normalize("NFKC", found.group())
        message = f"{quoted(found.group())} are fancy letters or figures."
        yield Hit(Span(*found.span()), message, f"Write {quoted(plain)}.")
    yield from _disguised(case)


def _is_gimmick(char: str, rule: Rule) -> bool:
    """Return whether a character decorates: listed, an arrow, or a symbol of no meaning."""
    if char.isascii() or char in rule.exceptions:
        return char in rule.terms
    is_arrow = "\u2190" <= char <= "\u21ff"
    is_fancy = _FANCY.match(char) is not None
    return char in rule.terms or is_arrow or (unicodedata.category(char) == "So" and not is_fancy)


def _disguised(case: Case) -> Iterator[Hit]:
    """Find words such as fl@wers or f1owers that the brief does not use itself."""
    known = brief_words(case.brief)
    for pattern in (_SIGN_IN_WORD, _DIGIT_IN_WORD):
        for found in pattern.finditer(case.text):
            if found.group() not in known:
                message = f"{quoted(found.group())} has a sign in place of a letter."
                yield Hit(Span(*found.span()), message, "Spell it with letters.")


def control_characters(text: str) -> Iterator[Hit]:
    """Find characters that no platform can show: controls, halves of pairs, private ones."""
    for at, char in enumerate(text):
        category = unicodedata.category(char)
        if category in ("Cs", "Co", "Cn") or (category == "Cc" and not _LINE_BREAK.match(char)):
            message = f"There is an unreadable character (U+{ord(char):04X}) in the line."
            yield Hit(Span(at, at + 1), message, "Remove it.")


def bidi_controls(text: str) -> Iterator[Hit]:
    """Find characters that turn the reading direction of what follows."""
    for at, char in enumerate(text):
        if "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069":
            message = f"A hidden character (U+{ord(char):04X}) changes the reading direction."
            yield Hit(Span(at, at + 1), message, "Remove it.")


def hidden_characters(text: str) -> Iterator[Hit]:
    """Find invisible characters that take part in no script or emoji."""
    bidi = {hit.span.start for hit in bidi_controls(text) if hit.span}
    for at, char in enumerate(text):
        needed = char in _NEEDED or ord(char) in _TAG_CHARACTERS or at in bidi
        if unicodedata.category(char) == "Cf" and not needed:
            message = f"There is an invisible character (U+{ord(char):04X}) in the line."
            yield Hit(Span(at, at + 1), message, "Remove it.")
