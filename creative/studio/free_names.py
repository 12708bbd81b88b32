"""Names of files and folders that are not taken yet."""

from itertools import chain, count
from pathlib import Path


def free_name(stem: str, *folders: Path, suffix: str = "") -> str:
    """Return a name that none of some folders holds: a stem, numbered from 2 on, and a suffix."""
    stems = chain([stem], (f"{stem}-{at}" for at in count(2)))
    names = (f"{each}{suffix}" for each in stems)
    return next(name for name in names if not any((folder / name).exists() for folder in folders))
