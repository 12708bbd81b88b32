"""What a person chose on a page, as small files of JSON in the home folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from creative.errors import StudioError


def read_note(file: Path) -> dict[str, Any]:
    """Return what a note says; nothing while there is none, or when it is damaged."""
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def write_note(file: Path, data: Mapping[str, Any], what: str) -> None:
    """Keep a note.

    Args:
        what: What is kept, as a message begins.

    Raises:
        StudioError: If it cannot be kept.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(data), "utf-8")
    except OSError as error:
        raise StudioError(f"{what} cannot be kept in {file.parent}: {error.strerror}.") from error
