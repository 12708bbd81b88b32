"""Draft the sample briefs through the command line, count what is wrong, keep the lines.

    python -m benchmarks.samples --write docs/samples/lines.md

Each brief is drafted twice with one seed, by two processes.  Lines are written down as they came,
every one of them.  Prints one JSON line with the counts.
"""

import argparse
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import ROOT, machine
from creative.likeness import is_near_duplicate
from creative.ranking.candidates import is_thin
from creative.studio.briefs import brief_from_json

BRIEFS = ROOT / "docs" / "samples" / "briefs"


def main() -> None:
    """Draft every sample brief and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=16)
    parser.add_argument("--field", default="headline")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", type=Path, help="Markdown file for the lines")
    options = parser.parse_args()
    files = sorted(BRIEFS.glob("*.json"))
    drafted = {file: _drafted(file, options) for file in files}
    report = [_counts(file, *result, options.n) for file, result in drafted.items()]
    if options.write:
        options.write.write_text(_page(drafted, options), "utf-8")
    print(json.dumps({"benchmark": "samples", **machine(), "seed": options.seed, "briefs": report}))


def _drafted(file: Path, options: argparse.Namespace) -> tuple[list[dict[str, Any]], float, bool]:
    """Return the lines of a brief, the seconds they took, and whether they came again."""
    begun = time.perf_counter()
    first = _output(file, options)
    seconds = time.perf_counter() - begun
    lines = [json.loads(line) for line in first.splitlines()]
    return lines, seconds, _output(file, options) == first


def _output(file: Path, options: argparse.Namespace) -> str:
    command = [
        *(sys.executable, "-m", "creative", "draft", str(file), "--json"),
        *("--n", str(options.n), "--field", options.field, "--seed", str(options.seed)),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def _counts(
    file: Path, lines: list[dict[str, Any]], seconds: float, is_same: bool, wanted: int
) -> dict[str, Any]:
    brief = brief_from_json(file.read_text("utf-8"))
    texts = [line["text"] for line in lines]
    return {
        "brief": file.stem,
        "delivered": f"{len(lines)} of {wanted}",
        "over_limit": sum(line["width"] > line["limit"] for line in lines),
        "errors": sum(f["severity"] == "error" for line in lines for f in line["findings"]),
        "unsupported_claims": sum(
            claim["support"] is None for line in lines for claim in line["claims"]
        ),
        "near_duplicates": sum(is_near_duplicate(t, texts[:at]) for at, t in enumerate(texts)),
        "thin": sum(is_thin(text, brief) for text in texts),
        "same_again": is_same,
        "seconds": round(seconds, 1),
    }


def _page(
    drafted: dict[Path, tuple[list[dict[str, Any]], float, bool]], options: argparse.Namespace
) -> str:
    today = datetime.now(UTC).date().isoformat()
    head = (
        f"# What the starter model writes\n\n"
        f"Ten briefs of ten industries, {options.n} lines each, seed {options.seed}, as they came "
        f"on {today}: none was left out, moved or touched.\n\n"
        f"    python -m benchmarks.samples --write docs/samples/lines.md\n"
    )
    parts = [head]
    for file, (lines, _, _) in drafted.items():
        rows = [f"| {_cell(line['text'])} | {line['angle']} | {line['width']} |" for line in lines]
        link = f"[{file.stem}](briefs/{file.name})"
        parts.append(
            "\n".join([f"## {link}\n", "| line | angle | width |", "|---|---|---|", *rows])
        )
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    main()
