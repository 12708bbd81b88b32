"""What is said of adapters: what they were made from, and how they do; Markdown, names harmless."""

from creative.studio.adapters import Adapter
from creative.studio.comparing import Comparing
from creative.studio.contest import FEWEST_PAIRS, NOT_WORSE, Contest, Doubt
from creative.tuning.card import Figures
from pages.parts.wording import count_of, plain

TUNE = ".venv/bin/python -m creative tune"  #: command that makes an adapter


def made_words(figures: Figures) -> str:
    """Say what an adapter was made from and what its card measured."""
    return (
        f"Made on {figures.made_on} from {count_of(figures.pairs, 'pair')} and"
        f" {count_of(figures.lines, 'approved line')}. Of {count_of(figures.held_out, 'pair')} kept"
        f" aside, it finds the better line in {figures.after:.0%}, {figures.before:.0%} before;"
        f" differences below {figures.noise:.0%} may be chance."
    )


def stand_words(adapter: Adapter) -> str:
    """Say how an adapter does against its base, and what that allows."""
    found, base = adapter.contest, plain(adapter.base_name)
    match found.doubt:
        case Doubt.NEVER_COMPARED:
            return (
                f"**Not compared yet.** It may be tried; to be the default, it has to show in blind"
                f" votes that it is not worse than {base}."
            )
        case Doubt.PAIRS_LEFT:
            return (
                f"**{found.judged} of {count_of(found.pairs, 'pair')} judged.** The result shows"
                " when all are, so that nobody stops while one is ahead."
            )
        case Doubt.FEW_PAIRS:
            return (
                f"**Too few pairs:** {found.judged}, and {FEWEST_PAIRS} are needed. Compare more."
            )
        case Doubt.MAY_BE_WORSE:
            return (
                f"**It may be worse than {base}.** {share_words(found)} It has to be surely above"
                f" {NOT_WORSE:.0%}; more pairs make it surer."
            )
    better = "better than" if found.low > 0.5 else "not worse than"
    return f"**Surely {better} {base}.** {share_words(found)}"


def share_words(found: Contest) -> str:
    """Say how often its lines were preferred."""
    same = f", {found.same} of which read the same" if found.same else ""
    return (
        f"Its lines won {found.share:.0%} of {count_of(found.pairs, 'pair')}{same}, ties a half;"
        f" surely more than {found.low:.0%} and less than {found.high:.0%}."
    )


def drafting_words(progress: Comparing) -> str:
    """Say how far drafting for a comparison is."""
    if progress.position:
        return f"number {progress.position} in the queue…"
    return f"{progress.done} of about {progress.wanted} lines"
