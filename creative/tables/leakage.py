"""Columns that would not be known, or would not help, when the model is used: warned of in words.

A model that reads the answer looks perfect and is useless.  Four signs are looked for: a name of
something that happens after the click, a column that nearly tells the outcome by itself, an id, and
a user or group that is in both the training and the test part.  Columns with one of the first three
are left out unless somebody insists.  Source of the signs: Kaufman et al. 2012, "Leakage in data
mining".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from creative.tables.baseline import out_of_fold_auc
from creative.tables.kinds import is_id_name, plain_name
from creative.tables.metrics import auc
from creative.tables.splitting import Parts
from creative.tables.table import Column, Floats, Frame, Kind

COPY_AUC = 0.999  #: as good as the outcome itself
SUSPICIOUS_AUC = 0.97  #: no single honest column foretells clicks or purchases like this
_FEWEST = 10  #: rows of each class, from which a perfect column is no coincidence
_OVERLAP = 0.05  #: share of test rows
_AFTER = re.compile(
    r"(^|_)(conver(sion|sions|ted|t)|purchase[sd]?|checkout|bounced?|bounce_rate|landing_page"
    r"|session_(duration|length|seconds)|(time|seconds|duration)_on_(site|page)|dwell(_time)?"
    r"|revenue|order_(id|value|total|number)|basket_value|transaction(_id|_value|s)?|refund(ed|s)?"
    r"|sign_?ups?|signed_up|thank_?you|click(ed)?_(at|time|id|date|timestamp)|gclid|fbclid|msclkid"
    r"|cost_per_(click|conversion)|cpc|cpa|roas|attribut(ed|ion)|unsubscribed?"
    r"|(post|after)_?(click|purchase|conversion)\w*|pages?_after\w*|outcome|label|churn(ed)?)(_|$)"
)
_BEFORE = re.compile(
    r"(^|_)(past|prior|previous|prev|before|last|lifetime|historic(al)?|earlier|avg|average|mean"
    r"|since|recency|frequency|ever|first|so_far)(_|$)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """One warning.

    Attributes:
        sign: "id", "after the click", "copy", "suspicious" or "group".
        is_left_out: Whether the model does not see the column.
    """

    column: str
    sign: str
    message: str
    is_left_out: bool


def leaks_in(
    frame: Frame, outcome: Floats, parts: Parts, *, keep: Sequence[str] = ()
) -> list[Leak]:
    """Return all warnings, in the order of the columns.

    Args:
        keep: Columns that somebody insists on; they are warned of and stay.
    """
    found = []
    for column in frame:
        if column.name == parts.by:
            continue
        sign = _sign(column, outcome, parts)
        if sign is not None:
            found.append(
                Leak(
                    column=column.name,
                    sign=sign[0],
                    message=sign[1],
                    is_left_out=column.name not in keep,
                )
            )
        if message := _shared(column, parts):
            found.append(Leak(column=column.name, sign="group", message=message, is_left_out=False))
    return found


def is_after_name(header: str) -> bool:
    """Tell whether a column is named after something that only a click or purchase brings.

    >>> is_after_name("Time on page"), is_after_name("days_since_last_purchase")
    (True, False)
    """
    plain = plain_name(header)
    return _AFTER.search(plain) is not None and _BEFORE.search(plain) is None


def _sign(column: Column, outcome: Floats, parts: Parts) -> tuple[str, str] | None:
    name = column.name
    if column.kind is Kind.CONSTANT:
        return None
    strength = _strength(column, outcome, parts)
    if strength >= COPY_AUC:
        return "copy", f"“{name}” tells the outcome by itself, so it is a copy of it."
    if column.kind is Kind.ID:
        return "id", (
            f"“{name}” looks like an id: learning who somebody is does not help with anybody new."
        )
    if is_after_name(name):
        return "after the click", (
            f"“{name}” is named after something that is known only after the click."
        )
    if strength >= SUSPICIOUS_AUC:
        return "suspicious", (
            f"“{name}” by itself reaches an AUC of {strength:.3f}, which hardly any column does"
            " that is known beforehand."
        )
    return None


def _strength(column: Column, outcome: Floats, parts: Parts) -> float:
    """Return the AUC of a column, or of its being empty, on the training rows; 0.5 if unclear."""
    here = outcome[parts.train]
    if min(here.sum(), len(here) - here.sum()) < _FEWEST:
        return 0.5
    own = column.take(parts.train)
    empty = auc(own.is_missing.astype(np.float64), here)
    return max(empty, 1 - empty, out_of_fold_auc(own, here, parts.seed), _plain_auc(own, here))


def _plain_auc(column: Column, outcome: Floats) -> float:
    if not column.is_numeric or column.is_missing.all():
        return 0.5
    found = auc(np.where(column.is_missing, np.nanmedian(column.values), column.values), outcome)
    return max(found, 1 - found)


def _shared(column: Column, parts: Parts) -> str:
    """Return a warning if users or groups of the test part were trained on, else ""."""
    is_named = column.kind is Kind.ID or is_id_name(column.name)
    if not is_named or parts.how == "time" or column.is_missing.all():
        return ""
    texts = column.values.astype(str)
    known = set(texts[parts.train])
    share = float(np.mean([text in known for text in texts[parts.test]]))
    if share < _OVERLAP:
        return ""
    return (
        f"{share:.0%} of the test rows have a “{column.name}” that is also in the training rows, so"
        " the test flatters the model. Split by it instead."
    )
