"""Fits a table in a process of its own, so that pages stay quick and a fit can be ended at once.

Reads one line of JSON and then the file from standard input; writes lines of JSON: steps of the
search, then `{"done": true}` or `{"refused": sentence}`.  The table is never written to disk.
"""

import contextlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter

from creative.errors import StudioError
from creative.tables.fitting import fit_table
from creative.tables.model import save_model
from creative.tables.plan import Plan
from creative.tables.reading import read_table
from creative.tables.searching import Step

_NICE = 5  #: lines that are being drafted, and pages, come first


def main() -> None:
    """Do one job of `Fitter`."""
    with contextlib.suppress(AttributeError, OSError):  # Windows has no such thing
        os.nice(_NICE)
    out = sys.stdout

    def say(**fields: object) -> None:
        print(json.dumps(fields), file=out, flush=True)

    def step(each: Step) -> None:
        say(**asdict(each))

    job = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    plan = TypeAdapter(Plan).validate_python(job["plan"])
    with contextlib.redirect_stdout(sys.stderr):  # libraries print as they go
        try:
            raw = read_table(content, job["name"], job["sheet"])
            save_model(fit_table(raw, plan, step).model, Path(job["folder"]))
        except StudioError as error:
            say(refused=str(error))
            return
    say(done=True)


if __name__ == "__main__":
    main()
