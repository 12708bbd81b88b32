"""Rules about words: empty calls to action, pressure, repetition, superlatives, contact data."""

from collections.abc import Iterator
from itertools import groupby

import regex

from creative.channels.case import Case, Hit, quoted, words
from creative.channels.catalog import rules
from creative.channels.spec import Rule
from creative.counting import urls_in
from creative.domain import Span
from creative.phrases import mentions, phrases_in

_REPEATS_IN_A_ROW = 3
_REPEATS_IN_A_LINE = 4  # of a word of at least four letters
_LONG_WORD = 4

_DIGIT_GROUPS = regex.compile(r"(?<![\p{L}\p{N}.,/])\(?\+?\d[\d\s().\-‐–]{5,30}\d(?![\p{L}\p{N}%])")
_VANITY = regex.compile(
    r"(?<!\d)1?[- .]?\(?8(?:00|33|44|55|66|77|88)\)?[- .](?=[A-Z]*[A-Z])[A-Z0-9-]{5,12}"
)
_DATE = regex.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4}")
_YEARS = regex.compile(r"(?:1[89]|20)\d\d\s?[-–]\s?(?:1[89]|20)\d\d")
_THOUSANDS = regex.compile(r"\d{1,3}(?:[\s.]\d{3})+")
_LOCAL_NUMBER = regex.compile(r"\d{3}[-. ]\d{4}")
_PHONE_DIGITS = range(9, 16)

_MENTION = regex.compile(r"(?<![\p{L}\p{N}._])[@＠][\p{L}\p{N}_]+")
_HASHTAG = regex.compile(r"(?<![\p{L}\p{N}&])[#＃][\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*")

_SUPERLATIVES = ("en_superlatives", "cn_absolute_terms", "jp_no1_terms", "kr_superlatives")
_NUMBER_ONE = ("#1", "no. 1", "no.1", "no 1", "number one", "nr. 1", "№1", "第1位", "1위")


def generic_cta(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find calls to action that would fit any ad."""
    for phrase, span in phrases_in(case.text, rule.phrases):
        yield Hit(span, f"{quoted(phrase)} says nothing about the offer.", "Say what happens next.")


def pressure(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find phrases that press the reader."""
    for phrase, span in phrases_in(case.text, rule.phrases):
        yield Hit(span, f"{quoted(phrase)} puts pressure on the reader.", "Name the date instead.")


def repetition(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find a word that is said again and again."""
    found = words(case.text)
    runs = [list(run) for _, run in groupby(found, key=lambda word: word.group().casefold())]
    for run in runs:
        if len(run) >= _REPEATS_IN_A_ROW:
            span = Span(run[0].start(), run[-1].end())
            message = f"{quoted(run[0].group())} is said {len(run)} times in a row."
            yield Hit(span, message, f"Write {quoted(run[0].group())} once.")
    if all(len(run) < _REPEATS_IN_A_ROW for run in runs):
        yield from _scattered(found)


def _scattered(found: list[regex.Match[str]]) -> Iterator[Hit]:
    """Find a long word that comes back too often in one line."""
    ordered = sorted(found, key=lambda word: word.group().casefold())
    for _, run in groupby(ordered, key=lambda word: word.group().casefold()):
        same = list(run)
        if len(same) >= _REPEATS_IN_A_LINE and len(same[0].group()) >= _LONG_WORD:
            message = f"{quoted(same[0].group())} is said {len(same)} times."
            yield Hit(Span(*same[-1].span()), message, "Use another word, or say it once.")


def no_phone(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find phone numbers; dates, years and large amounts are none."""
    for found in _DIGIT_GROUPS.finditer(case.text):
        if _is_phone(found.group()):
            yield _phone(found)
    for found in _VANITY.finditer(case.text):
        yield _phone(found)


def _is_phone(text: str) -> bool:
    """Return whether digits and separators look like a phone number."""
    if any(other.fullmatch(text) for other in (_DATE, _YEARS, _THOUSANDS)):
        return False
    digits = sum(map(str.isdigit, text))
    return digits in _PHONE_DIGITS or bool(_LOCAL_NUMBER.fullmatch(text) or "+" in text)


def _phone(found: regex.Match[str]) -> Hit:
    """Word the finding of a phone number."""
    message = f"{quoted(found.group().strip())} looks like a phone number."
    return Hit(Span(*found.span()), message, "Use the platform's call asset instead.")


def superlative_evidence(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find superlatives for which the product has no proof.

    A word list that the channel checks by a rule of its own is left to that rule.
    """
    for id in _SUPERLATIVES:
        if id not in case.channel.rules:
            yield from _without_proof(case, rules()[id])


def _without_proof(case: Case, listed: Rule) -> Iterator[Hit]:
    """Find the listed superlatives that no proof of the product repeats."""
    for term, span in phrases_in(case.text, listed.terms, listed.exceptions):
        if not _is_proved(case, term):
            message = f"{quoted(term)} needs proof that readers can check."
            yield Hit(span, message, "Add the proof to the product, or tone it down.")


def _is_proved(case: Case, term: str) -> bool:
    """Return whether a proof of the product says the same."""
    proof = case.brief.product.proof if case.brief else ()
    same = _NUMBER_ONE if term.casefold() in _NUMBER_ONE else (term,)
    return any(mentions(text, word) for text in proof for word in same)


def listed_terms(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find the terms that a law or an old policy singles out."""
    for term, span in phrases_in(case.text, rule.terms, rule.exceptions):
        message = f"{quoted(term)} is a {rule.about}."
        yield Hit(span, message, "Take it out, or keep the proof and its date at hand.")


def trademark_competitor(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find nothing: a brief names no competitors yet."""
    yield from ()


def business_name_clean(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find advertising in a business name, or a name that is not the brand's."""
    for phrase, span in phrases_in(case.text, rule.phrases):
        if not (case.brief and mentions(case.brief.brand.name, phrase)):
            yield Hit(span, f"{quoted(phrase)} does not belong in a business name.", "Remove it.")
    if case.brief and case.text.strip() != case.brief.brand.name:
        name = case.brief.brand.name
        yield Hit(None, f"The business name is not {quoted(name)}.", f"Write {quoted(name)}.")


def no_linkedin_affiliation(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find the name of LinkedIn, unless the brand carries it."""
    for phrase, span in phrases_in(case.text, rule.phrases):
        if not (case.brief and mentions(case.brief.brand.name, phrase)):
            message = f"{quoted(phrase)} may suggest that LinkedIn stands behind this ad."
            yield Hit(span, message, "Leave the name out.")


def no_links_mentions_hashtags(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find links, mentions and hashtags."""
    for url in urls_in(case.text):
        message = f"{quoted(url.text)} is a link, and nobody can click it here."
        yield Hit(Span(url.start, url.end), message, "Remove it.")
    for pattern, what in ((_MENTION, "a mention"), (_HASHTAG, "a hashtag")):
        for found in pattern.finditer(case.text):
            yield Hit(Span(*found.span()), f"{quoted(found.group())} is {what}.", "Remove it.")
