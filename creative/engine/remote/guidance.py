"""A rough picture of a constraint, for servers that hold a model to a pattern.

It saves tokens and nothing depends on it: every line is judged here in any case.  A pattern can
bound code points only, so units that do not count them give no bound.
"""

from creative.engine.protocol import Constraint

_UNBOUNDED = ("sms_segments", "twitter_weighted")  #: a unit of these holds many code points
_MOST_REPEATS = 1000  #: servers unroll repetitions, and refuse what takes too long


def bound_of(constraint: Constraint) -> int | None:
    """Return how many code points a line may have; None when its width does not tell.

    Characters of ASCII have width 1 in all bounded units, and all others about as much or more.
    """
    width = constraint.max_width
    if constraint.tags or constraint.counting in _UNBOUNDED or width is None:
        return None
    return width if 0 < width <= _MOST_REPEATS else None


def pattern(constraint: Constraint) -> str:
    r"""Return the regular expression of a line.

    >>> pattern(Constraint(max_width=30, forbidden="]!"))
    '[^\\x0a\\x0d\\x21\\x5d]{1,30}'
    """
    # Escapes by number mean the same to every engine, and no character has a meaning of its own.
    codes = sorted(map(ord, {"\n", "\r", *constraint.forbidden}))
    refused = "".join(rf"\x{code:02x}" if code < 0x80 else chr(code) for code in codes)
    bound = bound_of(constraint)
    return f"[^{refused}]" + ("+" if bound is None else f"{{1,{bound}}}")


def grammar(constraint: Constraint) -> str:
    r"""Return the same as a grammar in the notation of llama.cpp.

    >>> grammar(Constraint())
    'root ::= [^\\x0a\\x0d]+'
    """
    return f"root ::= {pattern(constraint)}"
