"""The studio from a terminal: `python -m creative draft | check | import | export | tune | …`.

Results go to stdout, one JSON object per line with --json; problems go to stderr as one sentence.
Exit status: 0 all delivered, 1 delivered in part or problems found, 2 bad input.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from creative.channels import Channel, Field, channel, channels
from creative.checking import checked_line
from creative.domain import Brand, Brief, Line, Product, Sampling
from creative.drafting.drafter import Drafter
from creative.drafting.job import Job, Shortfall
from creative.engine.factory import choose
from creative.errors import BriefError, ExportRefused, StudioError
from creative.export.files import ExportFile
from creative.export.preferences import read_pairs
from creative.ingest.limits import MAX_BYTES
from creative.ingest.report import Mapping, Report, read_report
from creative.settings import read_settings
from creative.studio.adapters import new_adapter_folder
from creative.studio.briefs import brief_from_json
from creative.studio.doctor import Doctor
from creative.studio.drafting import template_for, usual_count
from creative.studio.exports import ExportOptions
from creative.studio.models import Models
from creative.studio.studio import Studio
from creative.tables.arguments import add_table_arguments
from creative.templates import Templates

DELIVERED, PARTLY, BAD_INPUT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except StudioError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PARTLY


def draft(options: argparse.Namespace) -> int:
    """Draft lines for a brief file, without keeping them in the library."""
    settings = read_settings()
    if options.model:
        settings = settings.model_copy(update={"model": options.model})
    if settings.engine == "process":  # no pages wait for it here
        settings = settings.model_copy(update={"engine": "thread"})
    choose(settings)  # the app falls back; a script gets what it named
    brief = brief_from_json(_read(options.brief))
    place = channel(brief.channel)
    fields = [place.field(id) for id in options.field] or _required(place)
    templates = Templates(settings.prompts)
    models = Models(settings)
    delivered = True
    try:
        drafter = Drafter(models.engine, templates, models.choice.profile)
        for field in fields:
            job = _job(options, brief, place, field, templates)
            for item in drafter.draft(job):
                if isinstance(item, Shortfall):
                    delivered = False
                    print(item, file=sys.stderr)
                else:
                    _show_line(item, options, job, models.choice.id)
    finally:
        models.close()
    return DELIVERED if delivered else PARTLY


def check(options: argparse.Namespace) -> int:
    """Check one line against a field; findings are data, so they are no failure."""
    place = channel(options.channel)
    field = place.field(options.field)
    brief = brief_from_json(_read(options.brief)) if options.brief else _empty_brief(place)
    line = checked_line(options.text, brief=brief, channel=place, field=field)
    shown = _line_data(line)
    if options.json:
        print(json.dumps(shown, ensure_ascii=False))
        return DELIVERED
    print(f"{line.width}/{line.limit if line.limit is not None else 'no limit'}  {line.text}")
    for finding in line.findings:
        print(f"{finding.severity.value}: {finding.message} {finding.fix}".rstrip())
    return DELIVERED


def list_channels(options: argparse.Namespace) -> int:
    """List channels and their fields."""
    for place in channels():
        if options.json:
            print(json.dumps(asdict(place), ensure_ascii=False, default=str))
            continue
        print(f"{place.id}  {place.name}")
        for field in place.fields:
            limit = f"{field.target} {field.counting}" if field.target else "no limit"
            print(f"  {field.id}  {limit}  {'drafted' if field.is_drafted else 'from the brief'}")
    return DELIVERED


def import_report(options: argparse.Namespace) -> int:
    """Read a platform's report, without keeping it in the library."""
    asked = Mapping(
        platform=options.platform,
        columns=_columns(options.column),
        decimal=options.decimal,
        dates=options.dates,
        result=options.result,
    )
    from_pipe = options.file == "-"
    source = sys.stdin.buffer.read(MAX_BYTES + 1) if from_pipe else Path(options.file)
    report = read_report(source, options.file, asked)
    refused = [row for row in report.skipped if not row.is_expected]
    if options.json:
        print(json.dumps(_report_data(report), ensure_ascii=False))
    else:
        print(f"{report.platform}: {len(report.rows)} rows, {len(report.skipped)} left out")
        for row in refused:
            print(f"{row.sheet} line {row.line}: {row.why}".strip(), file=sys.stderr)
        for note in report.notes:
            print(note, file=sys.stderr)
    return PARTLY if refused else DELIVERED


def export(options: argparse.Namespace) -> int:
    """Write approved drafts of a brief into a file."""
    with _studio() as studio:
        made = studio.exports.export(
            options.brief_id,
            options.format,
            ExportOptions(campaign=options.campaign, ad_group=options.ad_group),
        )
    target = _written(made, options.out)
    for warning in made.warnings:
        print(warning, file=sys.stderr)
    _say(options, {"file": str(target), "bytes": len(made.content), "warnings": made.warnings})
    return DELIVERED


def preferences(options: argparse.Namespace) -> int:
    """Write what people and results prefer, as JSON lines for tuning a model."""
    with _studio() as studio:
        known = studio.preferences
        made = known.pairs_file() if options.kind == "pairs" else known.approved_file()
    target = _written(made, options.out)
    _say(options, {"file": str(target), "lines": made.content.count(b"\n")})
    return DELIVERED


def tune_model(options: argparse.Namespace) -> int:
    """Teach the model in use what people and results prefer, as an adapter."""
    from creative.tuning.card import write_card
    from creative.tuning.recipe import Recipe
    from creative.tuning.tuner import tune

    with _studio() as studio:
        base = options.model or studio.models.choice.source
        kept, approved = studio.preferences.to_learn_from()
        out = Path(options.out) if options.out else new_adapter_folder(studio.settings)
    pairs = read_pairs(_read(options.pairs).encode()) if options.pairs else kept
    lines = [] if options.pairs else approved
    recipe = Recipe(epochs=options.epochs, rate=options.rate, seed=options.seed)
    tuned = tune(base, pairs, lines, out, recipe)
    write_card(tuned, base, pairs, recipe)
    _say(options, {"folder": str(tuned.folder), "before": tuned.before, "after": tuned.after})
    return DELIVERED


def table(options: argparse.Namespace) -> int:
    """Learn who clicks or buys from a table, score one, or tell whether it has drifted."""
    from creative.tables.command import run  # scikit-learn takes a second

    data, lines = run(options, lambda text: print(text, file=sys.stderr))
    print(json.dumps(data, ensure_ascii=False) if options.json else "\n".join(lines))
    return DELIVERED


def doctor(options: argparse.Namespace) -> int:
    """Report what is wrong with this installation, and what to do."""
    from storage.database import open_store

    settings = read_settings()
    looked = Doctor(
        settings,
        cache(lambda: Models(settings)),
        lambda: open_store(settings.database, settings.home),
    )
    found = looked.diagnose()
    for item in found:
        if options.json:
            print(json.dumps(asdict(item), ensure_ascii=False))
        else:
            advice = f". {item.fix}" if item.fix else ""
            print(f"{'ok ' if item.is_ok else 'BAD'} {item.name}: {item.detail}{advice}")
    return DELIVERED if all(item.is_ok for item in found) else PARTLY


def migrate(options: argparse.Namespace) -> int:
    """Bring the library up to date."""
    from storage.database import migrate as migrate_library

    settings = read_settings()
    done = migrate_library(settings.database, settings.home)
    _say(options, {"from": done.before, "to": done.after})
    return DELIVERED


def backup(options: argparse.Namespace) -> int:
    """Copy the library, also while the app runs."""
    with _studio() as studio:
        written = studio.store.backup(Path(options.file))
    _say(options, {"file": str(written), "bytes": written.stat().st_size})
    return DELIVERED


def restore(options: argparse.Namespace) -> int:
    """Replace the library by a backup."""
    from storage.backup import restore_backup

    settings = read_settings()
    restore_backup(settings.database, settings.home, Path(options.file))
    _say(options, {"restored": options.file})
    return DELIVERED


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, as scripts expect."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{message}. Try {self.prog} --help.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m creative", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=command.__doc__)
        added.set_defaults(command=command)
        added.add_argument("--json", action="store_true", help="print JSON, one object per line")
        return added

    drafted = add("draft", draft)
    drafted.add_argument("brief", help="file with a brief as JSON, or - for standard input")
    drafted.add_argument("--n", type=_count, help="lines per field")
    drafted.add_argument("--field", action="append", default=[], help="may be given more than once")
    drafted.add_argument("--seed", type=_seed, default=7)
    drafted.add_argument("--model", help="id from the list, folder or hub id")
    drafted.add_argument("--template", help="id@version")
    drafted.add_argument("--temperature", type=_within(0, 5))
    drafted.add_argument("--top-p", type=_within(0.01, 1))
    checked = add("check", check)
    checked.add_argument("text")
    checked.add_argument("--channel", required=True)
    checked.add_argument("--field", required=True)
    checked.add_argument("--brief", help="file with the brief that claims are traced to")
    add("channels", list_channels)
    imported = add("import", import_report)
    imported.add_argument("file", help="report as CSV, TSV or XLSX, or - for standard input")
    imported.add_argument("--platform", default="", help="instead of recognising it")
    imported.add_argument(
        "--column", action="append", default=[], metavar="FIELD=HEADER", help="more than once"
    )
    imported.add_argument("--decimal", default="", help="mark before decimals: . or ,")
    imported.add_argument("--dates", default="", help="dmy or mdy")
    imported.add_argument("--result", default="", help="the action that is the conversion")
    exported = add("export", export)
    exported.add_argument("brief_id", type=int)
    exported.add_argument("--format", required=True)
    exported.add_argument("--campaign", default="")
    exported.add_argument("--ad-group", default="")
    exported.add_argument("--out", help="file to write")
    preferred = add("preferences", preferences)
    preferred.add_argument("--kind", choices=("pairs", "approved"), default="pairs")
    preferred.add_argument("--out", help="file to write")
    tuned = add("tune", tune_model)
    tuned.add_argument("--out", help="empty folder; adapters of the home folder if not named")
    tuned.add_argument("--pairs", help="file of pairs, instead of those of the library")
    tuned.add_argument("--model", help="folder or hub id, instead of the model in use")
    tuned.add_argument("--epochs", type=_count, default=1, help="passes at most; 1 if not named")
    tuned.add_argument(
        "--rate", type=_within(1e-7, 1), default=4e-4, help="of learning; 4e-4 if not named"
    )
    tuned.add_argument("--seed", type=_seed, default=1, help="the same seed learns the same")
    add_table_arguments(add("table", table))
    add("doctor", doctor)
    add("migrate", migrate)
    add("backup", backup).add_argument("file")
    add("restore", restore).add_argument("file")
    return parser


@contextmanager
def _studio() -> Iterator[Studio]:
    from storage.assemble import assemble

    studio = assemble(read_settings())
    try:
        yield studio
    finally:
        studio.close()


def _written(made: ExportFile, out: str | None) -> Path:
    """Write a file under its own name, or the one that was asked for."""
    target = Path(out or made.filename)
    try:
        target.write_bytes(made.content)
    except OSError as error:
        raise ExportRefused(f"{target} cannot be written: {error.strerror}.") from error
    return target


def _job(
    options: argparse.Namespace, brief: Brief, place: Channel, field: Field, templates: Templates
) -> Job:
    return Job(
        brief=brief,
        channel=place,
        field=field,
        count=options.n or max(1, usual_count(place, field)),
        seed=options.seed,
        template=template_for(templates, place, field.id, options.template),
        sampling=Sampling(temperature=options.temperature, top_p=options.top_p),
    )


def _required(place: Channel) -> list[Field]:
    return [field for field in place.drafted if field.required] or list(place.drafted[:1])


def _show_line(line: Line, options: argparse.Namespace, job: Job, model: str) -> None:
    if options.json:
        run = {"template": job.template.reference, "model": model, "seed": job.seed}
        shown = _line_data(line) | {"run": run}
        print(json.dumps(shown, ensure_ascii=False), flush=True)
    else:
        print(f"{line.field}  {line.width:>3}/{line.limit}  {line.text}", flush=True)


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "field": line.field,
        "text": line.text,
        "width": line.width,
        "limit": line.limit,
        "angle": line.angle,
        "logprob": line.logprob,
        "findings": [asdict(finding) for finding in line.findings],
        "claims": [asdict(claim) for claim in line.claims],
    }


def _report_data(report: Report) -> dict[str, Any]:
    rows = [asdict(row) for row in report.rows]
    for row in rows:
        origin = row.pop("origin")
        row |= {"date": row["date"] and row["date"].isoformat()}
        row |= {"sheet": origin["sheet"], "line": origin["line"]}
    skipped = [{"line": row.line, "sheet": row.sheet, "why": row.why} for row in report.skipped]
    used = report.mapping.columns
    shown = {"platform": report.platform, "rows": rows, "skipped": skipped}
    return shown | {"notes": report.notes, "columns": used}


def _columns(asked: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return headers by field; `FIELD=` alone leaves a field out."""
    found: dict[str, tuple[str, ...]] = {}
    for each in asked:
        field, _, header = each.partition("=")
        found[field] = (*found.get(field, ()), *([header] if header else []))
    return found


def _empty_brief(place: Channel) -> Brief:
    return Brief(brand=Brand(name=""), product=Product(name=""), channel=place.id)


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise BriefError(f"The brief {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BriefError(f"The brief {file} is not UTF-8 text.") from error


def _say(options: argparse.Namespace, facts: dict[str, Any]) -> None:
    text = json.dumps(facts) if options.json else ", ".join(f"{k} {v}" for k, v in facts.items())
    print(text)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("must be from 1 to 1000")
    return number


def _within(low: float, high: float) -> Callable[[str], float]:
    def number(text: str) -> float:
        value = float(text)
        if not low <= value <= high:  # also refuses nan
            raise argparse.ArgumentTypeError(f"must be from {low} to {high}")
        return value

    return number


def _seed(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**63:
        raise argparse.ArgumentTypeError("must be from 0 to 2**63 - 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
