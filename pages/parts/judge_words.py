"""What is said of a model that judges: where it stands, why it is off; names are made harmless."""

from creative.judging.trust import FEWEST_PAIRS, FEWEST_SHARED, Doubt
from creative.studio.judging import Judge, Progress
from pages.parts.wording import count_of, plain


def standing_words(judge: Judge) -> str:
    """Say whether the model may vote, and why not; Markdown."""
    trust, name = judge.trust, plain(judge.name)
    match trust.doubt:
        case Doubt.NO_YARDSTICK:
            return (
                "**Off: there is no yardstick.** No two people have judged the same pair, so "
                "nobody knows how far people agree. Have a colleague vote on the same lines."
            )
        case Doubt.SHORT_YARDSTICK:
            return (
                f"**Off: the yardstick is too short.** {count_of(trust.people.shared, 'answer')} "
                f"of two people on the same pair, {FEWEST_SHARED} are needed. Have more people "
                "vote on the same lines."
            )
        case Doubt.PEOPLE_DISAGREE:
            return (
                "**Off: people do not agree beyond luck,** so there is no taste that a model "
                "could share. Talk about whom the ads are for."
            )
        case Doubt.FEW_PAIRS:
            return (
                f"**Off: {trust.model.shared} of {FEWEST_PAIRS} pairs.** So many have to be judged "
                "both by people, with a majority, and by the model."
            )
        case Doubt.APART:
            low = "" if trust.low is None else f" It is surely above {trust.low:.2f} only."
            return (
                f"**Off: {name} does not surely agree with people as they do with one another.**"
                f"{low} It has to be surely at {trust.people.kappa:.2f}; more pairs make it surer."
            )
    return (
        f"**{name} agrees with people as they do with one another:** surely above "
        f"{trust.low:.2f}, where people reach {trust.people.kappa:.2f}."
    )


def switch_words(judge: Judge) -> str:
    """Say what the switch does as it stands; empty where that is plain."""
    if judge.counts:
        return "One vote on each pair, in all rankings. How far people agree is told without it."
    if judge.is_on:
        return "Switched on, but its votes do not count now, for the reason above."
    return ""


def gone_words(progress: Progress | None) -> str:
    """Say how the last go ended; empty when there was none, or it had nothing to do."""
    if progress is None or not progress.wanted:
        return ""
    without = progress.done - progress.votes
    told = f"Judged {progress.done} of {count_of(progress.wanted, 'pair')}: "
    told += count_of(progress.votes, "vote")
    if without:
        told += (
            f", {without} without one, as the model gave no answer or another one when the lines "
            "changed places"
        )
    return f"{told}. {plain(progress.message)}".strip()
