"""Bytes of a text file as text, by proof and not by guess.

A byte order mark, valid UTF-8, or the zero bytes of UTF-16 prove an encoding.  Windows-1252 is
what spreadsheets in western Europe save; it is taken only when a header of a known report comes
out right, for a guess that is wrong would spoil names without anybody noticing.
"""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable

from creative.ingest.refusals import ReportRefused

#: The longer marks first: that of UTF-32 begins with that of UTF-16.
_BOMS = {
    BOM_UTF8: "utf-8",
    BOM_UTF32_LE: "utf-32-le",
    BOM_UTF32_BE: "utf-32-be",
    BOM_UTF16_LE: "utf-16-le",
    BOM_UTF16_BE: "utf-16-be",
}
_SAMPLE = 4096  #: bytes
_HEAD = 20_000  #: characters in which a header stands
_NOT_TEXT = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, or one with a password; save it as .xlsx without",
    b"\x1f\x8b": "packed with gzip; unpack it and import the file inside",
    b"%PDF": "a PDF; download the report as CSV or XLSX",
    b"<": "a web page or XML; download the report as CSV or XLSX",
}


def text_of(content: bytes, is_known: Callable[[str], bool]) -> str:
    """Return the text of a file.

    Args:
        is_known: Whether the head of a text holds a header that no other encoding could yield.

    Raises:
        ReportRefused: If it is no text, or its encoding cannot be proved.
    """
    for beginning, what in _NOT_TEXT.items():
        if content.lstrip()[: len(beginning)] == beginning:
            raise ReportRefused(f"This file is {what}.")
    bom = next((bom for bom in _BOMS if content.startswith(bom)), b"")
    encoding = _BOMS.get(bom) or _unmarked(content)
    try:
        return content[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        western = content.decode("cp1252", errors="replace")
        if not bom and "\ufffd" not in western and is_known(western[:_HEAD]):
            return western
        line = content[: error.start].count(b"\n") + 1
        raise ReportRefused(
            f"The text encoding of this file is not clear (line {line}). Download the report again,"
            " or open it in the spreadsheet that wrote it and save it as “CSV UTF-8”."
        ) from error


def _unmarked(content: bytes) -> str:
    """Return the encoding that zero bytes tell: they are half of plain letters in UTF-16."""
    sample = content[:_SAMPLE]
    few = len(sample) // 5
    if sample[1::2].count(0) > few:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > few else "utf-8"
