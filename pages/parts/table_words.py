"""What tables and their models say, in words; names in them are the user's text, made harmless."""

from collections.abc import Mapping, Sequence

from creative.studio.scored_tables import ScoredTable
from creative.studio.table_shelf import KeptModel
from creative.studio.tables import Fit
from creative.tables.drift import SCORE, Drift
from creative.tables.report import FitReport, Rival
from creative.tables.table import Kind
from pages.parts.wording import ago, count_of, plain

KINDS = {
    Kind.NUMBER: "number",
    Kind.CATEGORY: "category",
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.ID: "id, not learnt from",
    Kind.CONSTANT: "the same everywhere, not learnt from",
}
FAMILIES = {"linear": "a linear model", "boosted": "boosted trees", "network": "a small network"}
_SMALL_ERROR = 0.05  #: of chances, up to which they may be taken at their word


def kept_label(model: KeptModel) -> str:
    """Return how lists name a model; it is the user's text, so not Markdown."""
    return f"{model.name} · {ago(model.made_at)}"


def left_out_words(left_out: Mapping[str, int]) -> str:
    """Say which rows could not be read; empty when all were."""
    return " ".join(f"{count_of(count, 'row')} left out: {why}." for why, count in left_out.items())


def fit_words(fit: Fit) -> str:
    """Say what a fit is doing; Markdown."""
    family = FAMILIES.get(fit.progress.family)
    if fit.progress.is_stopped:
        return "stopping…"
    if family is None:
        return "reading the table…"
    if fit.progress.share >= 1:
        return "measuring on the rows that were kept aside…"
    return f"trying {family}, number {fit.progress.trial}…"


def verdict_words(report: FitReport) -> str:
    """Say what the model is worth; Markdown."""
    test, best = report.test, report.best_column
    ranks = (
        f"Of two rows, one a success and one not, it ranks the success higher in"
        f" {test.auc:.0%} of cases ({test.auc_low:.0%} to {test.auc_high:.0%}); a coin would in"
        f" 50%, {_name(best)} alone in {best.auc:.0%}."
    )
    if test.auc_low <= 0.5:
        return f"**No better than a coin yet.** {ranks} Bring more rows, or columns that say more."
    if best.gain_low <= 0:
        return (
            f"**Not surely better than {_name(best)} alone.** {ranks} Sort by that column, or bring"
            " more rows."
        )
    return f"**Better than any single column.** {ranks}"


def is_worth_it(report: FitReport) -> bool:
    """Tell whether the model beats the best single column beyond luck."""
    return report.test.auc_low > 0.5 and report.best_column.gain_low > 0


def calibration_words(report: FitReport) -> str:
    """Say whether chances may be taken at their word."""
    off = report.test.ece
    said = f"On average, chances are {100 * off:.1f} points from what came."
    if off <= _SMALL_ERROR:
        return f"{said} They may be taken at their word."
    return f"{said} Trust the order of rows more than the chances themselves."


def lift_words(report: FitReport) -> str:
    """Say what the best tenth is worth."""
    best = report.test.deciles[0]
    return (
        f"The best tenth succeeds {best.lift:.1f} times as often as all rows ({best.rate:.0%}"
        f" against {report.test.rate:.0%}) and holds {best.captured:.0%} of all successes."
    )


def rival_words(rival: Rival) -> str:
    """Say how the model does against one column; Markdown."""
    return (
        f"Against {_name(rival)}, which ranks right in {rival.auc:.0%}:"
        f" {100 * rival.gain:+.1f} points ({100 * rival.gain_low:+.1f} to"
        f" {100 * rival.gain_high:+.1f})."
    )


def hits_words(report: FitReport) -> str:
    """Say precision, recall and F1 in plain words."""
    test = report.test
    return (
        f"If every row from a chance of {test.threshold:.0%} on is called a success,"
        f" {test.precision:.0%} of them are one (precision), and {test.recall:.0%} of all successes"
        f" are found (recall); F1 {test.f1:.2f}."
    )


def drift_words(drift: Sequence[Drift]) -> list[str]:
    """Say what has moved since the model was made, Markdown; nothing where nothing has."""
    return [plain(each.message) for each in drift if each.message]


def drift_name(name: str) -> str:
    """Return how a table of drift names a column; plain text."""
    return "What the model foretells" if name == SCORE else name


def scored_words(scored: ScoredTable, report: FitReport, positive: str) -> str:
    """Say what came out of scoring; Markdown."""
    return (
        f"**{count_of(scored.rows, 'row')} scored.** “{plain(positive)}” is expected of"
        f" {scored.mean:.0%}; in the table that was learnt from it came in"
        f" {report.cleaning.rate:.0%}. {left_out_words(scored.left_out)}"
    )


def _name(rival: Rival) -> str:
    return f"“{plain(rival.column)}”"
