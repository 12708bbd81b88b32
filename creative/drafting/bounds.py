"""What a line of a job may look like, as the engine holds it while the line is written.

Only what can be told from a line that is not finished is here, and only what is never allowed: the
checks of `creative.checking` come after and have the last word.
"""

from collections.abc import Iterator, Sequence

from creative.channels import Field, Rule, rules
from creative.channels.checking import CHECKS
from creative.channels.wording import listed_terms
from creative.counting import emoji_in
from creative.domain import Severity
from creative.drafting.figures import brief_figures
from creative.drafting.job import Job
from creative.engine.protocol import Constraint
from creative.likeness import NEAR_DUPLICATE
from creative.phrases import mentions
from creative.tags import PLATFORMS

_EXCLAMATIONS = "!！"
_HALFWIDTH_KANA = "".join(map(chr, range(0xFF61, 0xFFA0)))


def constraint_for(
    job: Job, *, most: int, vocabulary: frozenset[str] | None, kept: Sequence[str]
) -> Constraint:
    """Return the constraint of a job's next lines.

    Args:
        job: What is wanted.
        most: The widest line to write, in the unit of its field.
        vocabulary: Words that a line may use; None for all.
        kept: Lines that may not be repeated.
    """
    in_force = [rules()[id] for id in job.channel.rules if rules()[id].covers(job.field)]
    allows_emoji = not any(rule.id == "no_emoji" for rule in in_force) and job.field.max_emoji != 0
    return Constraint(
        max_width=most,
        counting=job.field.counting,
        tags=job.channel.platform if job.channel.platform in PLATFORMS else "",
        vocabulary=vocabulary,
        forbidden="".join(dict.fromkeys(_forbidden(job.field, in_force, allows_emoji))),
        allows_emoji=allows_emoji,
        banned=(*job.brief.brand.banned_words, *unlawful_words(job, in_force)),
        figures=brief_figures(job.brief),
        taken=tuple(kept),
        likeness=NEAR_DUPLICATE,
    )


def _forbidden(field: Field, in_force: Sequence[Rule], allows_emoji: bool) -> Iterator[str]:
    """Yield the characters that the field or a rule in force forbids wherever they stand."""
    yield from field.forbid
    for rule in in_force:
        yield from rule.forbid
        if rule.id == "excl_headline":
            yield from _EXCLAMATIONS
        if rule.id == "no_halfwidth_kana":
            yield from _HALFWIDTH_KANA
        if rule.id == "gimmicky_symbols":  # which lets pass what counts as an emoji
            yield from (sign for sign in rule.terms if not (allows_emoji and emoji_in(sign)))


def unlawful_words(job: Job, in_force: Sequence[Rule]) -> Iterator[str]:
    """Yield the words that a rule in force refuses whatever stands around them.

    A word that the proof of the product uses is left to the check, and so is one that is fine in a
    longer phrase: what follows it is not known while it is written.
    """
    for rule in in_force:
        if CHECKS[rule.id] is listed_terms and rule.severity is Severity.ERROR:
            yield from (term for term in rule.terms if not _may_pass(term, job, rule))


def _may_pass(term: str, job: Job, rule: Rule) -> bool:
    return any(mentions(text, term) for text in (*job.brief.product.proof, *rule.exceptions))
