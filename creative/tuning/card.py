"""The card of an adapter: what it was made from, and what came of it, for people and programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from creative.export.preferences import Preference
from creative.tuning.recipe import Recipe
from creative.tuning.tuner import Tuned

FIGURES = "figures.json"
_LIKED = "| with this adapter, asked which of both people like | {:.1%} |\n"
_LARGEST = 100_000  #: bytes; ours have some hundred


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What a card says, as numbers; see `Tuned`.

    Attributes:
        made_on: Day in ISO format.
        sources: Pairs by what says that the better line is better.
    """

    made_on: str
    lines: int
    pairs: int
    held_out: int
    before: float
    after: float
    sources: dict[str, int]
    liked: float | None = None

    @property
    def noise(self) -> float:
        """Twice the standard error of a share of held-out pairs near a half."""
        return float(max(1, self.held_out) ** -0.5)


_FIGURES = TypeAdapter(Figures)


def read_figures(folder: Path) -> Figures | None:
    """Return what the card of an adapter says; None where there is none that can be read."""
    file = folder / FIGURES
    try:
        if file.stat().st_size > _LARGEST:
            return None
        return _FIGURES.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def write_card(tuned: Tuned, base: str, pairs: Sequence[Preference], recipe: Recipe) -> None:
    """Write README.md and the same figures as JSON into the folder of an adapter."""
    sources = Counter(pair.source or "unknown" for pair in pairs)
    figures = Figures(
        made_on=f"{datetime.now(UTC):%Y-%m-%d}",
        lines=tuned.lines,
        pairs=tuned.pairs,
        held_out=tuned.held_out,
        before=tuned.before,
        after=tuned.after,
        sources=dict(sources.most_common()),
        liked=tuned.liked,
    )
    liked = "" if tuned.liked is None else _LIKED.format(tuned.liked)
    (tuned.folder / FIGURES).write_text(json.dumps(asdict(figures)), encoding="utf-8")
    told = "\n".join(f"| {source} | {count} |" for source, count in sources.most_common())
    (tuned.folder / "README.md").write_text(
        f"""# Adapter for {base}

Made on {figures.made_on} by `python -m creative tune` from {tuned.lines} approved lines
and {tuned.pairs} pairs; {tuned.held_out} pairs of other briefs were only looked at.

| where pairs come from | pairs |
|---|---|
{told}

| held-out pairs whose better line is the likelier | share |
|---|---|
| base | {tuned.before:.1%} |
| with this adapter | {tuned.after:.1%} |
{liked}
With {tuned.held_out} pairs, differences below {figures.noise:.0%} may be chance. Half is
what guessing reaches.

LoRA of rank {recipe.rank} on all linear layers, rate {recipe.rate:g}, at most {recipe.epochs}
passes, beta {recipe.beta:g}, likelihood of preferred lines weighed {recipe.keep:g}, seed
{recipe.seed}; the state that told held-out pairs apart best was kept.

Use it as a model: `ADLIB_MODEL=/path/to/this/folder make run`. Let people vote blind between its
lines and those of the base before you rely on it.
""",
        encoding="utf-8",
    )
