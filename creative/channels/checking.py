"""Check one line against everything its field, channel and brand ask.

`check` is pure and quick on any string, and finds at most `MAX_HITS` places per rule.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from creative.channels import brand, capitals, characters, people, punctuation, wording
from creative.channels.case import Case, Check, Hit, quoted
from creative.channels.catalog import rules
from creative.channels.limits import Breach, breaches, broken_tags
from creative.channels.spec import Channel, Field, Rule
from creative.domain import Brief, Finding, Severity, Span
from creative.tags import Expanded, expanded

MAX_READ = 20_000  #: code points of a line that rules read; no field takes more
MAX_HITS = 20  #: places reported per rule and line; a hostile line has a hundred thousand


def duplicate_asset(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find a line that another line of the field repeats, in any case."""
    mine = _plain(case.raw)
    if any(_plain(other) == mine for other in case.others):
        yield Hit(None, f"{quoted(case.raw)} is there already.", "Write another line.")


def _plain(text: str) -> str:
    """Return a text as duplicates are compared."""
    return " ".join(text.casefold().split())


def _of_the_ad(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find nothing in one line: this rule is about the ad, see creative.channels.ads."""
    yield from ()


#: The code of every rule of rules.toml.
CHECKS: Mapping[str, Check] = {
    "caps_shout": capitals.caps_shout,
    "punct_repeat": punctuation.punct_repeat,
    "excl_headline": punctuation.excl_headline,
    "excl_max_one": punctuation.excl_max_one,
    "gimmicky_symbols": characters.gimmicky_symbols,
    "no_emoji": characters.no_emoji,
    "no_halfwidth_kana": characters.no_halfwidth_kana,
    "spacing": punctuation.spacing,
    "no_phone": wording.no_phone,
    "generic_cta": wording.generic_cta,
    "repetition": wording.repetition,
    "pressure": wording.pressure,
    "superlative_evidence": wording.superlative_evidence,
    "trademark_competitor": wording.trademark_competitor,
    "duplicate_asset": duplicate_asset,
    "path2_needs_path1": _of_the_ad,
    "path_chars_ms": characters.no_forbidden,
    "no_newline": characters.no_newline,
    "meta_personal_attributes": people.personal_attributes,
    "meta_negative_self": people.negative_self,
    "both_or_neither_descriptions": _of_the_ad,
    "no_hash_braces": characters.no_forbidden,
    "no_links_mentions_hashtags": wording.no_links_mentions_hashtags,
    "no_linkedin_affiliation": wording.no_linkedin_affiliation,
    "business_name_clean": wording.business_name_clean,
    "cn_absolute_terms": wording.listed_terms,
    "jp_no1_terms": wording.listed_terms,
    "kr_superlatives": wording.listed_terms,
    "en_superlatives": wording.listed_terms,
}

# Asked of every line on every channel; these read the raw text, tags included.
_UNREADABLE: Mapping[str, tuple[Severity, Callable[[str], Iterable[Hit]]]] = {
    "control_character": (Severity.ERROR, characters.control_characters),
    "reading_direction": (Severity.ERROR, characters.bidi_controls),
    "hidden_character": (Severity.WARNING, characters.hidden_characters),
}
_BRAND: Mapping[str, tuple[Severity, Callable[[str, Brief], Iterable[Hit]]]] = {
    "banned_word": (Severity.ERROR, brand.banned_words),
    "brand_name": (Severity.ERROR, brand.misspelt_name),
    "brand_name_doubtful": (Severity.WARNING, brand.doubtful_name),
}
_WITHOUT_WORDS = ("url", "display_url")


def check(
    text: str,
    channel: Channel,
    field: Field,
    brief: Brief | None = None,
    others: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Find every rule that a line breaks.

    Args:
        text: The line as it would be uploaded, dynamic tags included.
        channel: Where it would run.
        field: A field of that channel.
        brief: What it was written from; without it, brand rules are not checked.
        others: The other lines of the same field.
    Returns:
        Findings with spans in `text`; empty for a clean line.
    """
    shown = expanded(text, channel.platform)
    whole = Case(
        raw=text, text=shown.text, channel=channel, field=field, brief=brief, others=tuple(others)
    )
    case = replace(whole, raw=text[:MAX_READ], text=shown.text[:MAX_READ])
    found = [
        *_limit_findings(whole, shown),
        *_character_findings(case),
        *_brand_findings(case, shown),
        *_rule_findings(case, shown),
    ]
    return tuple(found)


def _limit_findings(case: Case, shown: Expanded) -> Iterator[Finding]:
    """Turn broken limits into findings."""
    counts: dict[str, int] = {}
    for breach in breaches(case):
        counts[breach.rule] = counts.get(breach.rule, 0) + 1
        if counts[breach.rule] <= MAX_HITS:
            yield _of_breach(breach, case, shown)


def _of_breach(breach: Breach, case: Case, shown: Expanded) -> Finding:
    """Turn one broken limit into a finding; a warning may be overridden, a rejection not."""
    return Finding(
        rule=breach.rule,
        severity=breach.severity,
        message=breach.hit.message,
        fix=breach.hit.fix,
        span=shown.origin(breach.hit.span) if breach.hit.span else None,
        source=case.channel.source,
        overridable=breach.severity is Severity.WARNING,
    )


def _character_findings(case: Case) -> Iterator[Finding]:
    """Find what nobody can read, and tags that are none."""
    for rule, (severity, finder) in _UNREADABLE.items():
        yield from _plain_findings(rule, severity, finder(case.raw))
    yield from _plain_findings(
        "broken_tag", Severity.ERROR, broken_tags(case.raw, case.channel.platform)
    )


def _plain_findings(rule: str, severity: Severity, hits: Iterable[Hit]) -> Iterator[Finding]:
    """Turn hits in the raw text into findings of our own."""
    for hit in islice(hits, MAX_HITS):
        yield Finding(rule=rule, severity=severity, message=hit.message, fix=hit.fix, span=hit.span)


def _brand_findings(case: Case, shown: Expanded) -> Iterator[Finding]:
    """Find what the brand does not want; web addresses are the marketer's own."""
    if case.brief is None or case.field.kind in _WITHOUT_WORDS:
        return
    for rule, (severity, finder) in _BRAND.items():
        for hit in islice(finder(case.text, case.brief), MAX_HITS):
            yield Finding(
                rule=rule,
                severity=severity,
                message=hit.message,
                fix=hit.fix,
                span=shown.origin(hit.span) if hit.span else None,
                source="brand",
                overridable=severity is Severity.WARNING,
            )


def _rule_findings(case: Case, shown: Expanded) -> Iterator[Finding]:
    """Find what the editorial rules of the channel forbid."""
    for id in _rules_in_force(case):
        rule = rules()[id]
        for hit in islice(CHECKS[id](case, rule), MAX_HITS):
            span = shown.origin(hit.span) if hit.span else None
            yield _of_rule(rule, hit, span)


def _rules_in_force(case: Case) -> Iterator[str]:
    """Yield the rules of the channel that cover the field; no field of one line is broken."""
    named = dict.fromkeys((*case.channel.rules, "no_newline"))
    if case.field.unique:
        named["duplicate_asset"] = None
    return (id for id in named if rules()[id].covers(case.field))


def _of_rule(rule: Rule, hit: Hit, span: Span | None) -> Finding:
    """Turn a hit into a finding of its rule."""
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=hit.message,
        fix=hit.fix,
        span=span,
        source=rule.source,
        overridable=rule.overridable,
    )
