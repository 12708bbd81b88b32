"""Tomorrow's shares as a table, for whoever sets them on the platform."""

from collections.abc import Mapping

from creative.domain import kept_id
from creative.export.delimited import UTF8_COMMA, written
from creative.export.files import ExportFile, filename
from creative.export.formulas import neutralised
from creative.trials import Experiment

_HEADER = ("Ad name", "Line", "Control", "Share %", "Impressions a day")


def shares_table(experiment: Experiment, shares: Mapping[int, float]) -> ExportFile:
    """Write shares as UTF-8 CSV, one line per arm; texts that a spreadsheet would run are safe."""
    names = experiment.names
    rows = [
        (
            names[id],
            neutralised(arm.text),
            "yes" if arm.is_control else "",
            round(100 * shares[id], 1),
            round(experiment.per_day * shares[id]),
        )
        for id, arm in ((kept_id(arm), arm) for arm in experiment.arms)
    ]
    return ExportFile(
        content=written([_HEADER, *rows], UTF8_COMMA),
        filename=filename("shares", experiment.name, extension="csv"),
        media_type=UTF8_COMMA.media_type,
    )
