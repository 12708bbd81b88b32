"""Tables as delimited text in the two forms that ad tools exchange.

Cells are text and come back exactly as they went in.  Knows no columns and no formulas.
"""

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from creative.errors import BriefError

_DELIMITERS = ("\t", ",", ";")
_BOMS = {BOM_UTF8: "utf-8", BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True, kw_only=True, slots=True)
class TextForm:
    """How a table becomes bytes: byte order mark, encoding and delimiter."""

    id: str
    name: str
    bom: bytes
    encoding: str
    delimiter: str
    media_type: str = "text/csv"


#: What spreadsheets and most importers open without questions.
UTF8_COMMA = TextForm(
    id="utf8", name="UTF-8, commas", bom=BOM_UTF8, encoding="utf-8", delimiter=","
)
#: What Google Ads Editor itself writes.
UTF16_TAB = TextForm(
    id="utf16", name="UTF-16, tabs", bom=BOM_UTF16_LE, encoding="utf-16-le", delimiter="\t"
)
FORMS = (UTF8_COMMA, UTF16_TAB)


def written(rows: Iterable[Sequence[str | int | float | None]], form: TextForm) -> bytes:
    """Return the rows as a file; None becomes an empty cell."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=form.delimiter, lineterminator="\r\n").writerows(rows)
    return form.bom + text.getvalue().encode(form.encoding)


def read(content: bytes) -> list[list[str]]:
    """Return the rows of a file, whatever its byte order mark and delimiter are.

    A blank line is an empty row.

    Raises:
        BriefError: If it is not text, or quotes are left open.
    """
    text = _decoded(content)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
    try:
        return list(table)
    except csv.Error as error:
        raise BriefError(f"Line {table.line_num} of the file cannot be read: {error}.") from error


def _decoded(content: bytes) -> str:
    bom = next((bom for bom in _BOMS if content.startswith(bom)), b"")
    encoding = _BOMS.get(bom) or ("utf-16-le" if content[1:2] == b"\0" else "utf-8")
    try:
        return content[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise BriefError(
            "The file is not text in UTF-8 or UTF-16; save it as “CSV UTF-8” and try again."
        ) from error


def _delimiter_of(text: str) -> str:
    """Return the delimiter that the header has most of; names of columns contain none."""
    header = text.split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)
