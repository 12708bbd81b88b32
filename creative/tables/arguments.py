"""The arguments of `python -m creative table`; imports nothing that takes long."""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError


def add_table_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `table` to a parser."""
    actions = parser.add_subparsers(required=True, metavar="ACTION", dest="action")
    fit = actions.add_parser("fit", help="Learn from a table with outcomes.")
    fit.add_argument("--target", required=True, help="column with the outcome")
    fit.add_argument("--positive", default="", help="its value that counts as success")
    fit.add_argument("--time", default="", help="column of dates to split by")
    fit.add_argument("--group", default="", help="column of users or campaigns to split by")
    fit.add_argument("--keep", action="append", default=[], help="column to use despite a warning")
    fit.add_argument("--drop", action="append", default=[], help="column to leave out")
    fit.add_argument("--baseline", default="", help="column to compare with, such as recency")
    fit.add_argument("--model", choices=["best", "linear", "boosted", "network"], default="best")
    fit.add_argument("--seconds", type=_seconds, default=60.0, help="for the search")
    fit.add_argument("--trials", type=_trials, default=20, help="of each kind of model, at most")
    fit.add_argument("--seed", type=_seed, default=7)
    fit.add_argument("--decimal", choices=[".", ","], default="")
    fit.add_argument("--dates", choices=["dmy", "mdy"], default="")
    score = actions.add_parser("score", help="Foretell the outcome of each row.")
    drift = actions.add_parser("drift", help="Tell whether a table is still like the old one.")
    for each, out in ((fit, "empty folder for the model"), (score, "CSV file to write")):
        each.add_argument("--out", required=True, help=out)
    for each in (score, drift):
        each.add_argument("--from", dest="folder", required=True, help="folder of the model")
    for each in (fit, score, drift):
        each.add_argument("file", help="table as CSV, TSV or XLSX")
        each.add_argument("--sheet", default="", help="of a workbook")
        each.add_argument("--json", action="store_true", default=SUPPRESS, help="print JSON")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 86_400:  # also refuses nan
        raise ArgumentTypeError("must be from 0 to 86400")
    return value


def _trials(text: str) -> int:
    return _whole(text, 1_000)


def _seed(text: str) -> int:
    return _whole(text, 2**31 - 1)  # what LightGBM takes


def _whole(text: str, most: int) -> int:
    value = int(text)
    if not 0 <= value <= most:
        raise ArgumentTypeError(f"must be from 0 to {most}")
    return value
