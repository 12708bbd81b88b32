"""Claims: promises in a line, each traced to the brief field that supports it.

Knows no channels and no limits.  A claim without support is a Finding, never an exception.
"""

from creative.claims.ledger import claim_findings, claims_in

__all__ = ["claim_findings", "claims_in"]
