"""Names that are not taken yet: of files and folders, and of what people list."""

from collections.abc import Collection, Iterator
from itertools import chain, count
from pathlib import Path


def free_name(stem: str, *folders: Path, suffix: str = "") -> str:
    """Return a name that none of some folders holds: a stem, numbered from 2 on, and a suffix."""
    names = (f"{each}{suffix}" for each in _numbered(stem, "-"))
    return next(name for name in names if not any((folder / name).exists() for folder in folders))


def free_title(stem: str, taken: Collection[str]) -> str:
    """Return a title that is not taken: a stem, numbered from 2 on.

    >>> free_title("Box", ()), free_title("Box", ("Box", "Box 2"))
    ('Box', 'Box 3')
    """
    return next(title for title in _numbered(stem, " ") if title not in taken)


def _numbered(stem: str, gap: str) -> Iterator[str]:
    return chain([stem], (f"{stem}{gap}{at}" for at in count(2)))
