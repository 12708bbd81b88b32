"""Everything that decides how a model is tuned."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """How a model is tuned.

    Attributes:
        rank: Of the adapter: how much it can change.
        rate: Of learning.
        beta: How far preferences may take the model from where it was; smaller is further.
        keep: Weight of the likelihood of preferred lines beside the preference itself, without
            which tuning forgets how to write.
        epochs: Times that everything is read, at most.
        batch: Pairs of one step.
        patience: Looks at held-out pairs without progress before tuning ends.
        held_out: Share of briefs that are only looked at.
        longest: Tokens of a prompt with its line, at most.
    """

    rank: int = 16
    rate: float = 4e-4
    beta: float = 0.3
    keep: float = 0.5
    epochs: int = 1
    batch: int = 8
    patience: int = 2
    held_out: float = 0.1
    longest: int = 1024
    seed: int = 1
