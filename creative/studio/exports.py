"""Files made from approved drafts: for people, and for ad platforms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from creative.channels import Channel, channel, check, check_ad, fill
from creative.domain import Brief, Draft, DraftState, ExportRecord, Finding, kept_id
from creative.errors import ExportRefused
from creative.export.ads import Ad, AdLine, AdStatus, Slot, blocks
from creative.export.delimited import FORMS, UTF8_COMMA, TextForm
from creative.export.files import ExportFile
from creative.export.google_ads_editor import editor_file
from creative.export.platform_tables import platform_file
from creative.export.tables import Entry, csv_table, json_table, xlsx_table
from creative.ports import NO_LIMIT, DraftFilter, Records, Store

_URL_KINDS = ("url", "display_url")


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A kind of file; a platform file holds one ad with its text untouched.

    `has_place` says whether it names the campaign, the ad group and the status of the ad.
    """

    id: str
    name: str
    about: str
    is_platform_file: bool
    has_place: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportOptions:
    """What a person decides about a file.

    Attributes:
        draft_ids: Which approved drafts go in; empty means all of them.
        pins: Draft id to the position it must always show in, counted from 1.
        paths: Display paths instead of those made from the brief.
        encoding: Id of one of `creative.export.delimited.FORMS`.
    """

    campaign: str = ""
    ad_group: str = ""
    draft_ids: tuple[int, ...] = ()
    pins: Mapping[int, int] = field(default_factory=dict)
    paths: tuple[str, ...] | None = None
    encoding: str = UTF8_COMMA.id
    status: AdStatus = AdStatus.PAUSED


_EDITOR = Format(
    id="google_ads_editor",
    name="Google Ads Editor",
    about="One responsive search ad, ready for Account, Import, From file.",
    is_platform_file=True,
    has_place=True,
)
_PLATFORM = Format(
    id="platform_table",
    name="One row per ad",
    about="Every field of the ad in a column of its own, to paste into the platform.",
    is_platform_file=True,
)
_FOR_PEOPLE = (
    Format(id="xlsx", name="Excel", about="For reviews and archives.", is_platform_file=False),
    Format(id="csv", name="CSV", about="For any spreadsheet.", is_platform_file=False),
    Format(id="json", name="JSON", about="Everything, for programs.", is_platform_file=False),
)
_TABLES: dict[str, Callable[[Sequence[Entry]], ExportFile]] = {
    "xlsx": xlsx_table,
    "csv": csv_table,
    "json": json_table,
}


class Exports:
    """From approved drafts to files, each hand-over recorded."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def formats(self, channel_id: str) -> list[Format]:
        """The files that can be made for a channel, its own platform's first."""
        is_google = channel(channel_id).export.get("csv") == _EDITOR.id
        return [*([_EDITOR] if is_google else []), _PLATFORM, *_FOR_PEOPLE]

    def approved(self, brief_id: int) -> dict[str, list[Draft]]:
        """Approved drafts by field, the best rated first; fields without any are there too."""
        with self._store.transaction() as records:
            place = channel(records.briefs.get(brief_id).channel)
            drafts = _approved(records, brief_id)
        return {f.id: [d for d in drafts if d.line.field == f.id] for f in place.drafted}

    def problems(self, brief_id: int, options: ExportOptions | None = None) -> tuple[Finding, ...]:
        """What a platform would refuse: about the ad, such as 2 of 3 headlines, or one line."""
        with self._store.transaction() as records:
            brief = records.briefs.get(brief_id)
            drafts = _chosen(_approved(records, brief_id), options or ExportOptions())
        place = channel(brief.channel)
        found = check_ad(_texts(brief, place, drafts, options or ExportOptions()), place, brief)
        return (*found, *_blocking_lines(drafts))

    def export(self, brief_id: int, format_id: str, options: ExportOptions) -> ExportFile:
        """Make a file and record it.

        Raises:
            ExportRefused: If nothing is approved, or the ad is incomplete, with every reason.
        """
        with self._store.transaction() as records:
            brief = records.briefs.get(brief_id)
            drafts = _chosen(_approved(records, brief_id), options)
            if not drafts:
                raise ExportRefused("Nothing is approved yet: approve lines under Review first.")
            made = self._make(records, brief, drafts, format_id, options)
            records.exports.add(
                ExportRecord(
                    brief_id=brief_id,
                    format=format_id,
                    filename=made.filename,
                    draft_ids=tuple(kept_id(draft) for draft in drafts),
                )
            )
        return made

    def history(self, brief_id: int) -> list[ExportRecord]:
        """Files that were handed out for a brief, the newest first."""
        with self._store.transaction() as records:
            return records.exports.of_brief(brief_id)

    def _make(
        self,
        records: Records,
        brief: Brief,
        drafts: Sequence[Draft],
        format_id: str,
        options: ExportOptions,
    ) -> ExportFile:
        if table := _TABLES.get(format_id):
            return table([_entry(records, brief, draft) for draft in drafts])
        writer = {_EDITOR.id: editor_file, _PLATFORM.id: platform_file}.get(format_id)
        if writer is None or format_id not in {f.id for f in self.formats(brief.channel)}:
            raise ExportRefused(f"There is no {format_id!r} file for {brief.channel}.")
        place = channel(brief.channel)
        found = check_ad(_texts(brief, place, drafts, options), place, brief)
        if blocking := [f"{f.message} {f.fix}".strip() for f in found if blocks(f)]:
            raise ExportRefused(" ".join(blocking))
        return writer([_ad(brief, place, drafts, options)], _form(options))


def _approved(records: Records, brief_id: int) -> list[Draft]:
    wish = DraftFilter(
        brief_id=brief_id, states=(DraftState.APPROVED,), order="stars", limit=NO_LIMIT
    )
    return records.drafts.find(wish)


def _blocking_lines(drafts: Sequence[Draft]) -> Iterator[Finding]:
    """Yield what keeps single lines out, naming the line."""
    for draft in drafts:
        for finding in filter(blocks, draft.line.findings):
            yield replace(finding, message=f"“{draft.line.text}”: {finding.message}")


def _chosen(drafts: Sequence[Draft], options: ExportOptions) -> list[Draft]:
    return [d for d in drafts if not options.draft_ids or d.id in options.draft_ids]


def _entry(records: Records, brief: Brief, draft: Draft) -> Entry:
    run = records.runs.get(draft.run_id) if draft.run_id is not None else None
    return Entry(brief=brief, draft=draft, run=run)


def _form(options: ExportOptions) -> TextForm:
    for form in FORMS:
        if form.id == options.encoding:
            return form
    raise ExportRefused(f"There is no encoding {options.encoding!r} to write.")


def _ad(brief: Brief, place: Channel, drafts: Sequence[Draft], options: ExportOptions) -> Ad:
    lines = {
        f.id: tuple(
            AdLine.of(d, options.pins.get(kept_id(d))) for d in drafts if d.line.field == f.id
        )
        for f in place.drafted
    }
    filled = _filled(brief, place, options)
    slots = tuple(
        Slot(
            field=f.id,
            name=f.name,
            lines=lines.get(f.id)
            or tuple(
                AdLine(text=text, findings=check(text, place, f, brief))
                for text in filled.get(f.id, ())
            ),
            min_count=f.min_count if f.required else 0,
            max_count=f.max_count if f.rejects_count else None,
            is_one_line=f.is_one_line,
        )
        for f in place.fields
        if f.kind not in _URL_KINDS
    )
    return Ad(
        channel=place.id,
        name=f"{brief.brand.name} {brief.product.name}",
        slots=slots,
        final_url=brief.product.url,
        campaign=options.campaign,
        ad_group=options.ad_group,
        status=options.status,
    )


def _filled(brief: Brief, place: Channel, options: ExportOptions) -> dict[str, list[str]]:
    """Return the fields that are not copy, with the paths a person chose."""
    filled = {id: list(texts) for id, texts in fill(brief, place).items()}
    if options.paths is not None:
        fields = [f.id for f in place.fields if f.kind == "path"]
        filled |= {id: [] for id in fields}
        chosen = [path for path in options.paths if path.strip()]
        filled |= {id: [path] for id, path in zip(fields, chosen, strict=False)}
    return filled


def _texts(
    brief: Brief, place: Channel, drafts: Sequence[Draft], options: ExportOptions
) -> dict[str, list[str]]:
    drafted = {f.id: [d.line.text for d in drafts if d.line.field == f.id] for f in place.drafted}
    return _filled(brief, place, options) | drafted
