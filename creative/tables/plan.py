"""What to fit and how, as somebody asks for it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to fit and how; see `clean_table` and `split` for the columns.

    Attributes:
        baseline: A column that is told beside the model, such as the days since the last order.
        families: Of "linear", "boosted" and "network".
        seconds: Budget of the whole search, shared by the families.
        trials: Most trials of each family; 0 takes the usual choices.
    """

    target: str
    positive: str = ""
    time: str = ""
    group: str = ""
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    baseline: str = ""
    families: tuple[str, ...] = ("linear", "boosted", "network")
    seconds: float = 60.0
    trials: int = 20
    decimal: str = ""
    dates: str = ""
    seed: int = 7
