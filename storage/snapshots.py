"""Values kept as JSON, because they are read and written only as a whole.

Findings and claims belong to the current wording of one draft; a snapshot is a brief as it stood
when a run was drafted from it.  Fields that a later version adds get their defaults here.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from creative.domain import (
    Audience,
    Brand,
    Brief,
    Claim,
    ClaimKind,
    Finding,
    Product,
    Severity,
    Span,
)

Json = Any  #: what json.loads returns


def findings_to(findings: Iterable[Finding]) -> Json:
    """Return findings as plain data."""
    return [asdict(finding) for finding in findings]


def findings_from(data: Json) -> tuple[Finding, ...]:
    """Return the findings in plain data."""
    return tuple(
        Finding(**{**one, "severity": Severity(one["severity"]), "span": _span(one["span"])})
        for one in data
    )


def claims_to(claims: Iterable[Claim]) -> Json:
    """Return claims as plain data."""
    return [asdict(claim) for claim in claims]


def claims_from(data: Json) -> tuple[Claim, ...]:
    """Return the claims in plain data."""
    return tuple(
        Claim(**{**one, "kind": ClaimKind(one["kind"]), "span": Span(*one["span"])}) for one in data
    )


def brief_to(brief: Brief) -> Json:
    """Return a brief as plain data, ids included."""
    created_at = brief.created_at and brief.created_at.isoformat()
    return {**asdict(brief), "created_at": created_at}


def brief_from(data: Json) -> Brief:
    """Return the brief in plain data."""
    own = {key: value for key, value in _tuples(data).items() if key != "created_at"}
    return Brief(
        **{
            **own,
            "brand": Brand(**_tuples(data["brand"])),
            "product": Product(**_tuples(data["product"])),
            "audience": Audience(**_tuples(data["audience"])),
        },
        created_at=datetime.fromisoformat(data["created_at"]) if data["created_at"] else None,
    )


def _span(data: Json) -> Span | None:
    return None if data is None else Span(*data)


def _tuples(data: Json) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
