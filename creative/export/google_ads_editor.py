"""Responsive search ads as a Google Ads Editor file, one row per ad, and such files read back.

Headers are English, an empty cell means "no change" and `[]` means "erase".  Positions of lines
without a pin stay empty: ` -` is what Editor writes, not what it asks for.  See docs/export.md.

Source: support.google.com/google-ads/editor/answer/57747; google-marketing-solutions/
rsa-ai-generator, src/app.ts.  Checked on 2026-11-22.
"""

from collections.abc import Iterator, Sequence

from creative.errors import BriefError
from creative.export.ads import Ad, Slot, about, problems_of, refuse, warnings_of
from creative.export.delimited import UTF8_COMMA, TextForm, read, written
from creative.export.files import ExportFile, filename

AD_TYPE = "Responsive search ad"
HEADLINES, DESCRIPTIONS = 15, 4  #: how many columns the format has
_PLACES = {"headline": 3, "description": 2}  #: positions that show and that lines can be pinned to
_ERASE, _UNPINNED = "[]", "-"

COLUMNS = (
    "Campaign",
    "Ad Group",
    "Ad type",
    *(f"Headline {n}" for n in range(1, HEADLINES + 1)),
    *(f"Headline {n} position" for n in range(1, HEADLINES + 1)),
    *(f"Description {n}" for n in range(1, DESCRIPTIONS + 1)),
    *(f"Description {n} position" for n in range(1, DESCRIPTIONS + 1)),
    "Path 1",
    "Path 2",
    "Final URL",
    "Status",
)


def _key(name: str) -> str:
    return name.lower().replace(" ", "").replace("_", "")


_SPELLING = {_key(name): name for name in COLUMNS}
_POSITIONS = {name for name in COLUMNS if name.endswith(" position")}


def editor_file(ads: Sequence[Ad], form: TextForm = UTF8_COMMA) -> ExportFile:
    """Write ads for Google Ads Editor: Account, Import, From file.

    Args:
        ads: With slots `headline`, `description`, and optionally `path1` and `path2`.
        form: UTF-8 with commas, or UTF-16 with tabs as Editor writes it.

    Raises:
        ExportRefused: If any ad is incomplete or Google would reject it, with every reason.
    """
    refuse(ads, (about(ad, ads, text) for ad in ads for text in _problems(ad)))
    return ExportFile(
        content=written([COLUMNS, *map(_row, ads)], form),
        filename=filename(ads[0].campaign, "google-ads-editor", extension="csv"),
        media_type=form.media_type,
        warnings=tuple(about(ad, ads, text) for ad in ads for text in _warnings(ad)),
    )


def read_editor_file(content: bytes) -> list[dict[str, str]]:
    """Return the rows of an Editor file under the names in `COLUMNS`, unpinned as an empty text.

    Unknown columns keep their own names.  Byte order mark and delimiter are found out.

    Raises:
        BriefError: If it is not such a file, naming the row at fault.
    """
    rows = read(content)
    if not rows:
        raise BriefError("The file is empty.")
    header = [_column(name) for name in rows[0]]
    if len(set(header)) < len(header):
        raise BriefError("The file has two columns of the same name; remove one.")
    return [_cells(header, row, number) for number, row in enumerate(rows[1:], start=2) if row]


def _row(ad: Ad) -> list[str]:
    headlines, descriptions = ad.slot("headline"), ad.slot("description")
    return [
        ad.campaign,
        ad.ad_group,
        AD_TYPE,
        *_texts(headlines, HEADLINES),
        *_positions(headlines, HEADLINES),
        *_texts(descriptions, DESCRIPTIONS),
        *_positions(descriptions, DESCRIPTIONS),
        *_texts(ad.slot("path1"), 1),
        *_texts(ad.slot("path2"), 1),
        ad.final_url,
        ad.status,
    ]


def _texts(slot: Slot, columns: int) -> list[str]:
    texts = [line.text for line in slot.lines]
    if len(texts) > columns:
        raise ValueError(f"{len(texts)} lines of {slot.field} for {columns} columns")
    return texts + [""] * (columns - len(texts))


def _positions(slot: Slot, columns: int) -> list[str]:
    pins = [str(line.pin or "") for line in slot.lines]
    return pins + [""] * (columns - len(pins))


def _problems(ad: Ad) -> Iterator[str]:
    yield from problems_of(ad)
    if not (ad.campaign.strip() and ad.ad_group.strip()):
        yield "Name the campaign and the ad group: Google Ads Editor files the ad there."
    if not ad.final_url:
        yield "Give the address of the landing page: Google needs one for every ad."
    if ad.slot("path2").lines and not ad.slot("path1").lines:
        yield "Path 2 needs Path 1: fill that first."
    for slot in ad.slots:
        places = _PLACES.get(slot.field, 0)
        for number, line in enumerate(slot.lines, start=1):
            if line.text == _ERASE:
                yield f"{slot.name} {number} is {_ERASE}, which tells Editor to erase: edit it."
            if line.pin is not None and not 1 <= line.pin <= places:
                yield f"{slot.name} {number} cannot be pinned to position {line.pin}."


def _warnings(ad: Ad) -> Iterator[str]:
    yield from warnings_of(ad)
    for field, places in _PLACES.items():
        slot = ad.slot(field)
        free = sum(line.pin is None for line in slot.lines)
        filled = free + len({line.pin for line in slot.lines} - {None})
        if filled < places and filled < len(slot.lines):
            yield (
                f"{slot.name}: with these pins only {filled} of {places} positions can show; "
                "unpin a line or Google may refuse the ad."
            )


def _cells(header: Sequence[str], row: Sequence[str], number: int) -> dict[str, str]:
    if len(row) > len(header):
        raise BriefError(f"Row {number} has more cells than the file has columns.")
    cells = dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True))
    unpinned = {c for c, text in cells.items() if c in _POSITIONS and text.strip() == _UNPINNED}
    return {column: "" if column in unpinned else text for column, text in cells.items()}


def _column(name: str) -> str:
    """Return a column's own spelling; Editor ignores case, spaces and underscores."""
    return _SPELLING.get(_key(name), name)
