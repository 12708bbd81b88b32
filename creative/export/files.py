"""A finished file as a value: bytes, a name and what to know before using it."""

import re
import unicodedata
from dataclasses import dataclass

_MAX_PART = 40  #: code points of each part of a file name


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportFile:
    """A file that can be handed out.

    Attributes:
        content: The whole file, with its byte order mark where it has one.
        filename: Safe on every common file system.
        media_type: For a download, such as `text/csv`.
        warnings: Sentences for the person who asked for it; empty when all is well.
    """

    content: bytes
    filename: str
    media_type: str
    warnings: tuple[str, ...] = ()


def filename(*parts: str, extension: str) -> str:
    """Join parts to a lower-case file name that begins with `adlib`; empty parts are left out.

    >>> filename("Crème & Co.", "google_rsa", extension="csv")
    'adlib-crème-co-google-rsa.csv'
    """
    slugs = [_slug(part) for part in ("adlib", *parts)]
    return "-".join(slug for slug in slugs if slug) + f".{extension}"


def _slug(text: str) -> str:
    lower = unicodedata.normalize("NFC", text).lower()
    return re.sub(r"[\W_]+", "-", lower)[:_MAX_PART].strip("-")
