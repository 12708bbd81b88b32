"""The chance that a reader lets a line run, as far as its brief tells.

Of a line of a model that can but quote, fidelity tells; of any other, how much of it is about the
product.  Rules and people have their say.
"""

from scipy.special import expit

from creative.domain import Brief, Line, Severity
from creative.ranking.candidates import told_by
from creative.ranking.fidelity import faithfulness

_WARNING = 0.6  #: what is left of it for each warning: exp(-0.5), as among candidates
_TOLD = 3  #: words of the brief from which a line of free words is all about its product
_NOTHING_TOLD = 0.25  #: of one that says none
_STARS = 5


def fit(line: Line, brief: Brief, *, quoting: bool, stars: float | None = None) -> float:
    """Return the chance that a reader lets a line run, 0 to 1; 0 if it breaks a rule.

    Args:
        quoting: Whether it was written by a model that is held to the words of its brief.  Of such
            a line fidelity tells; of another, how much of it is about the product.
        stars: Mean of 1 to 5; what people said of this very line counts half.
    """
    if any(finding.severity is Severity.ERROR for finding in line.findings):
        return 0.0
    sense = float(expit(faithfulness(line.text, brief))) if quoting else _told(line, brief)
    if stars is not None:
        sense = (sense + (stars - 1) / (_STARS - 1)) / 2
    return sense * float(_WARNING ** len(line.findings))


def _told(line: Line, brief: Brief) -> float:
    """Return 1 for a line with three words of its brief, down to a quarter for one without."""
    told = min(len(told_by(line.text, brief)), _TOLD) / _TOLD
    return _NOTHING_TOLD + (1 - _NOTHING_TOLD) * told
