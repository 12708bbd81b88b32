"""What votes say, in words; lines and names in them are other people's text, made harmless."""

from creative.judging.agreement import Agreement
from creative.judging.voters import is_model
from creative.studio.voting import MAX_LINES, Standings
from pages.parts.wording import count_of, plain

_FEW_SHARED = 5  #: votes of two people on the same pair below which agreement is luck
#: Up to which kappa people agree how well (Landis and Koch 1977, in plainer words).
_AGREEMENT = (
    (0.0, "do not agree more often than by chance"),
    (0.2, "hardly agree"),
    (0.4, "agree a little"),
    (0.6, "mostly agree"),
    (0.8, "agree well"),
)


def votes_words(result: Standings, voter: str) -> str:
    """Say who has voted.

    Args:
        voter: Who is told; empty while nobody is named.
    """
    if not result.votes:
        return "No votes yet."
    own = result.by_voter.get(voter, 0)
    models = sum(map(is_model, result.by_voter))
    voters = len(result.by_voter) - models
    votes = count_of(result.votes, "vote")
    if own == result.votes:
        return f"{votes}, all yours."
    people = "1 person" if voters == 1 else f"{voters:,} people"
    people += f" and {count_of(models, 'model')}" if models else ""
    return f"{votes} by {people}, {own} yours." if own else f"{votes} by {people}."


def progress_words(result: Standings) -> str:
    """Say whether the order is sure, and what is open."""
    if result.is_decided:
        return "It is decided already."
    lines = count_of(len(result.placed), "line")
    if result.places == 1:
        return f"Not sure yet: {result.contenders} of {lines} may still be the strongest."
    return (
        f"Not sure yet: the first {result.places} are still open between {result.contenders} "
        f"of {lines}."
    )


def decided_words(result: Standings) -> str:
    """Say what was decided; Markdown."""
    if result.places == 1:
        first = result.placed[0]
        return (
            f"**Decided: {plain(first.draft.line.text)}** is the strongest, "
            f"{first.chance_best:.0%} sure. More votes would hardly change who is first."
        )
    listed = "".join(
        f"\n{place}. {plain(placed.draft.line.text)}"
        for place, placed in enumerate(result.placed[: result.places], 1)
    )
    return (
        f"**Decided:** these {result.places} lines are stronger than all others. More votes would "
        f"hardly change which they are.\n{listed}"
    )


def left_out_words(result: Standings) -> str:
    """Say which lines are not compared; empty when all are."""
    if not result.left_out:
        return ""
    return (
        f"The {MAX_LINES} most promising lines are compared: most stars first, then approved, then "
        f"likeliest. {count_of(result.left_out, 'line')} stayed out; reject weak lines under "
        "Review to make room."
    )


def agreement_words(found: Agreement) -> str:
    """Say how far voters agree."""
    if found.shared < _FEW_SHARED or found.kappa is None:
        return "Too few pairs were judged by several people to say whether they agree."
    how = next((words for limit, words in _AGREEMENT if found.kappa <= limit), "agree very well")
    same = f"{found.same:.0%} of {found.shared} answers on the same pair were the same"
    return f"Voters {how}: {same}, where luck alone would give {found.chance:.0%}."
