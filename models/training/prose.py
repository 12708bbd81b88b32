"""Plain English for the first phase: documents of a compressed text file, in any order."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from random import Random

BREAK = "<|endoftext|>"
_PARAGRAPHS = 12  #: of a document that are read at a time, so that no book fills a batch


def documents(path: Path) -> list[str]:
    """Return the documents of a gzip file of UTF-8 text in which BREAK separates them."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [text for part in file.read().split(BREAK) if (text := part.strip())]


def passages(path: Path, rng: Random) -> Iterator[str]:
    """Yield passages of the documents without end, drawn evenly by length."""
    found = [
        "\n".join(lines[at : at + _PARAGRAPHS])
        for text in documents(path)
        for lines in [[line for line in text.splitlines() if line.strip()]]
        for at in range(0, len(lines), _PARAGRAPHS)
    ]
    while True:
        rng.shuffle(found)
        yield from found
