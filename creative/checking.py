"""The last gate of every line, drafted or typed: channel rules and claims in one look."""

from collections.abc import Sequence

from creative.channels import Channel, Field, check, line_width
from creative.claims import claim_findings, claims_in
from creative.domain import Brief, Finding, Line, Severity


def checked_line(
    text: str,
    *,
    brief: Brief,
    channel: Channel,
    field: Field,
    angle: str = "",
    seed: int | None = None,
    logprob: float | None = None,
) -> Line:
    """Return the line with its width, findings and claims.

    Args:
        text: The wording, as a person or a model wrote it; it is not changed.
        logprob: Nats, summed over the line; None for a line a person wrote.
    """
    claims = claims_in(text, brief)
    return Line(
        field=field.id,
        text=text,
        width=line_width(text, channel, field),
        limit=field.target,
        angle=angle,
        seed=seed,
        logprob=logprob,
        findings=(*check(text, channel, field, brief), *claim_findings(claims)),
        claims=claims,
    )


def has_errors(findings: Sequence[Finding]) -> bool:
    """Tell whether any finding keeps the line out of a platform file."""
    return any(finding.severity is Severity.ERROR for finding in findings)
