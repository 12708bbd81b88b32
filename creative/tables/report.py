"""What a fit found, as values that JSON can hold."""

from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from creative.tables.cleaning import CleaningReport
from creative.tables.effects import Effect
from creative.tables.leakage import Leak
from creative.tables.metrics import Metrics
from creative.tables.refusals import TableRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One family: what was chosen for it, and how it did."""

    family: str
    choice: dict[str, float]
    trials: int
    cross_validated_log_loss: float | None
    valid_log_loss: float
    valid_auc: float
    test_auc: float
    test_log_loss: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Rival:
    """A single column on the same test rows, and the gain of the model over it in AUC.

    Attributes:
        gain_low, gain_high: Ends of the 95 % interval of the gain, from a paired bootstrap.
    """

    column: str
    auc: float
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True, kw_only=True)
class FitReport:
    """What the fit found.

    Attributes:
        best_column: The column that by itself orders validation rows best, by binned rates.
        baseline: The column that the plan names, by its bare values; None without one.
        weights: Mean absolute contribution of columns on test rows in log-odds, strongest first;
            empty for a network.
        effects: Which way the strongest columns act; empty for a network, and in reports that were
            written before this was told.
    """

    cleaning: CleaningReport
    leaks: tuple[Leak, ...]
    split: str
    chosen: str
    candidates: tuple[Candidate, ...]
    test: Metrics
    best_column: Rival
    baseline: Rival | None
    weights: tuple[tuple[str, float], ...]
    notes: tuple[str, ...]
    seed: int
    effects: tuple[Effect, ...] = ()

    def data(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        return asdict(self)


_REPORTS = TypeAdapter(FitReport)


def report_of(data: dict[str, Any]) -> FitReport:
    """Return a report from what `data` gave.

    Raises:
        TableRefused: If it is none.
    """
    try:
        return _REPORTS.validate_python(data)
    except ValidationError as error:
        raise TableRefused(
            "The report of this model cannot be read; it may be of another version. Fit it again."
        ) from error
