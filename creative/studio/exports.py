"""Files made from approved drafts: for people, and for ad platforms."""

from collections.abc import Sequence
from dataclasses import dataclass

from creative.channels import channel, check_ad, fill
from creative.domain import Brief, Draft, DraftState, ExportRecord, Finding
from creative.export.files import ExportFile
from creative.ports import DraftFilter, Store

_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A kind of file that can be made from a brief's drafts."""

    id: str
    name: str
    about: str
    is_platform_file: bool
