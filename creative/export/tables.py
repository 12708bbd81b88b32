"""Drafts for people: CSV and XLSX that are safe to open in a spreadsheet, and exact JSON.

The same columns in each; JSON keeps findings and claims as objects.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from creative.domain import Brief, Claim, Draft, Finding, Run
from creative.export.delimited import UTF8_COMMA, written
from creative.export.files import ExportFile, filename
from creative.export.formulas import neutralised

XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Name and width of each column, in characters.
_COLUMNS = {
    "Brand": 18,
    "Product": 24,
    "Channel": 18,
    "Field": 14,
    "Text": 60,
    "Width": 8,
    "Limit": 8,
    "Angle": 12,
    "State": 10,
    "Stars": 8,
    "Findings": 50,
    "Claims": 40,
    "Model": 18,
    "Template": 24,
    "Seed": 12,
    "Draft": 8,
}
COLUMNS = tuple(_COLUMNS)

Cellular = str | int | float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A draft with where it comes from; `run` is None for a line a person wrote."""

    brief: Brief
    draft: Draft
    run: Run | None = None


def csv_table(entries: Sequence[Entry]) -> ExportFile:
    """Write UTF-8 CSV; texts that a spreadsheet would run get an apostrophe in front."""
    rows = [[_safe(cell) for cell in _cells(entry)] for entry in entries]
    return ExportFile(
        content=written([COLUMNS, *rows], UTF8_COMMA),
        filename=_filename(entries, "csv"),
        media_type=UTF8_COMMA.media_type,
    )


def xlsx_table(entries: Sequence[Entry]) -> ExportFile:
    """Write an Excel workbook; every text is a text cell, never a formula."""
    book = Workbook()
    sheet: Worksheet = book.active  # type: ignore[assignment]  # a new book has a worksheet
    for row in (COLUMNS, *map(_cells, entries)):
        sheet.append([_cell(sheet, value) for value in row])
    _dress(sheet)
    content = io.BytesIO()
    book.save(content)
    return ExportFile(
        content=content.getvalue(),
        filename=_filename(entries, "xlsx"),
        media_type=XLSX_MEDIA_TYPE,
    )


def json_table(entries: Sequence[Entry]) -> ExportFile:
    """Write UTF-8 JSON with every text exactly as it is stored."""
    text = json.dumps({"drafts": [as_data(e) for e in entries]}, ensure_ascii=False, indent=2)
    return ExportFile(
        content=f"{text}\n".encode(),
        filename=_filename(entries, "json"),
        media_type="application/json",
    )


def as_data(entry: Entry) -> dict[str, Any]:
    """Return a draft as plain data for JSON."""
    brief, draft, line = entry.brief, entry.draft, entry.draft.line
    return {
        "id": draft.id,
        "brand": brief.brand.name,
        "product": brief.product.name,
        "channel": brief.channel,
        "field": line.field,
        "text": line.text,
        "width": line.width,
        "limit": line.limit,
        "angle": line.angle,
        "logprob": line.logprob,
        "state": draft.state,
        "version": draft.version,
        "stars": draft.stars,
        "findings": [asdict(finding) for finding in line.findings],
        "claims": [asdict(claim) for claim in line.claims],
        "run": _origin(entry),
    }


def _origin(entry: Entry) -> dict[str, Any] | None:
    run, line = entry.run, entry.draft.line
    if run is None:
        return None
    return {
        "id": run.id,
        "model": run.model,
        "template": run.templates.get(line.field, ""),
        "seed": run.seed if line.seed is None else line.seed,
    }


def _cells(entry: Entry) -> list[Cellular]:
    data = as_data(entry)
    run = data["run"] or {"model": "", "template": "", "seed": None}
    line = entry.draft.line
    return [
        *(data[key] for key in ("brand", "product", "channel", "field", "text")),
        *(data[key] for key in ("width", "limit", "angle", "state", "stars")),
        "; ".join(_finding_in_words(finding) for finding in line.findings),
        "; ".join(_claim_in_words(claim) for claim in line.claims),
        *(run[key] for key in ("model", "template")),
        None if run["seed"] is None else str(run["seed"]),  # Excel keeps 15 digits of a number
        entry.draft.id,
    ]


def _finding_in_words(finding: Finding) -> str:
    return f"{finding.severity.capitalize()}: {finding.message}"


def _claim_in_words(claim: Claim) -> str:
    return f"“{claim.text}” ({claim.support or 'not in the brief'})"


def _safe(cell: Cellular) -> Cellular:
    return neutralised(cell) if isinstance(cell, str) else cell


def _cell(sheet: Worksheet, value: Cellular) -> Cell:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
    cell.data_type = "s"  # openpyxl would make a formula of "=…" and an error of "#N/A"
    cell.quotePrefix = True  # and Excel would, when somebody edits the cell
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _dress(sheet: Worksheet) -> None:
    sheet.title = "Drafts"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, width in enumerate(_COLUMNS.values(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _filename(entries: Sequence[Entry], extension: str) -> str:
    briefs = {entry.brief.id: entry.brief for entry in entries}
    if len(briefs) != 1:
        return filename("drafts", extension=extension)
    (brief,) = briefs.values()
    return filename(brief.brand.name, brief.product.name, brief.channel, extension=extension)
