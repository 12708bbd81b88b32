"""The card of an adapter: what it was made from, and what came of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from creative.export.preferences import Preference
from creative.tuning.recipe import Recipe
from creative.tuning.tuner import Tuned


def write_card(tuned: Tuned, base: str, pairs: Sequence[Preference], recipe: Recipe) -> None:
    """Write README.md into the folder of an adapter."""
    sources = Counter(pair.source or "unknown" for pair in pairs)
    told = "\n".join(f"| {source} | {count} |" for source, count in sources.most_common())
    (tuned.folder / "README.md").write_text(
        f"""# Adapter for {base}

Made on {datetime.now(UTC):%Y-%m-%d} by `python -m creative tune` from {tuned.lines} approved lines
and {tuned.pairs} pairs; {tuned.held_out} pairs of other briefs were only looked at.

| where pairs come from | pairs |
|---|---|
{told}

| held-out pairs whose better line is the likelier | share |
|---|---|
| base | {tuned.before:.1%} |
| with this adapter | {tuned.after:.1%} |

With {tuned.held_out} pairs, differences below {_noise(tuned.held_out):.0%} may be chance. Half is
what guessing reaches.

LoRA of rank {recipe.rank} on all linear layers, rate {recipe.rate:g}, at most {recipe.epochs}
passes, beta {recipe.beta:g}, likelihood of preferred lines weighed {recipe.keep:g}, seed
{recipe.seed}; the state that told held-out pairs apart best was kept.

Use it as a model: `ADLIB_MODEL=/path/to/this/folder make run`. Let people vote blind between its
lines and those of the base before you rely on it.
""",
        encoding="utf-8",
    )


def _noise(pairs: int) -> float:
    """Return twice the standard error of a share near a half."""
    return float(pairs**-0.5)
