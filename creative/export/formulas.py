"""Keep spreadsheets from running a text as a formula.

Source: OWASP, "CSV Injection": cells that begin with = + - @, a tab or a carriage return are
read as formulas; so are their full-width forms where East Asian input is normalised.
"""

import re

_LEAD = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def is_formula_like(text: str) -> bool:
    """Tell whether a spreadsheet may read the text as a formula.

    >>> is_formula_like("+20% off"), is_formula_like("20% off")
    (True, False)
    """
    return _LEAD.match(text) is not None


def neutralised(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet may run; return others as they are.

    Only for files that people read: a platform would take the apostrophe as part of the ad.
    """
    return f"'{text}" if is_formula_like(text) else text
