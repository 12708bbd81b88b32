"""Ads of any channel as a wide table: one row per ad, one column per field and place.

For channels whose own import format this program does not write.  Text is exact.
"""

from collections.abc import Iterator, Sequence

from creative.export.ads import Ad, Slot, about, problems_of, refuse, warnings_of
from creative.export.delimited import UTF8_COMMA, TextForm, written
from creative.export.files import ExportFile, filename


def platform_file(ads: Sequence[Ad], form: TextForm = UTF8_COMMA) -> ExportFile:
    """Write ads of one channel as a table.

    Columns are `Ad`, then `Headline` or `Headline 1`, `Headline 2` … for each field in the order
    of the first ad, then `Final URL`.  An ad with fewer lines leaves cells empty.

    Raises:
        ExportRefused: If any ad is incomplete or a platform would reject it, with every reason.
        ValueError: If the ads are for different channels or have different fields.
    """
    refuse(ads, (about(ad, ads, text) for ad in ads for text in problems_of(ad)))
    fields = [slot.field for slot in ads[0].slots]
    if any(ad.channel != ads[0].channel or [s.field for s in ad.slots] != fields for ad in ads):
        raise ValueError("one table holds ads of one channel with the same fields")
    widths = [max(len(ad.slots[i].lines) for ad in ads) for i in range(len(fields))]
    header = ["Ad", *_header(ads[0], widths), "Final URL"]
    return ExportFile(
        content=written([header, *(_row(ad, widths) for ad in ads)], form),
        filename=filename(ads[0].name, ads[0].channel, extension="csv"),
        media_type=form.media_type,
        warnings=tuple(about(ad, ads, text) for ad in ads for text in _warnings(ad)),
    )


def _header(ad: Ad, widths: Sequence[int]) -> Iterator[str]:
    for slot, width in zip(ad.slots, widths, strict=True):
        numbered = width > 1 or slot.max_count != 1
        yield from (f"{slot.name} {n}" if numbered else slot.name for n in range(1, width + 1))


def _row(ad: Ad, widths: Sequence[int]) -> list[str]:
    cells = [cell for slot, w in zip(ad.slots, widths, strict=True) for cell in _cells(slot, w)]
    return [ad.name, *cells, ad.final_url]


def _cells(slot: Slot, width: int) -> list[str]:
    return [line.text for line in slot.lines] + [""] * (width - len(slot.lines))


def _warnings(ad: Ad) -> Iterator[str]:
    yield from warnings_of(ad)
    if any(line.pin is not None for slot in ad.slots for line in slot.lines):
        yield "Pins are left out: this table has no column for them."
