"""One fit in a process of its own, watched by a thread; see `worker` for what they say.

A fit is ended by ending its process: nothing of it is kept then.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from creative.errors import StudioError
from creative.settings import ROOT
from creative.tables.plan import Plan
from creative.tables.refusals import TableRefused

_GONE = (
    "Learning ended unexpectedly, most likely because memory was full. Try again with fewer rows or"
    " columns."
)
_CLOSE_S = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class FitProgress:
    """How far a fit is.

    Attributes:
        share: A fraction.
        family: Kind of model that is being searched; empty while the table is read.
        trial: Of that kind.
        is_stopped: Whether somebody ended it.
        message: Why nothing came of it; empty if it ended well.
    """

    share: float = 0.0
    family: str = ""
    trial: int = 0
    is_active: bool = True
    is_stopped: bool = False
    message: str = ""


class Fitter:
    """A fit, begun when this is made."""

    def __init__(
        self,
        content: bytes,
        name: str,
        sheet: str,
        plan: Plan,
        folder: Path,
        done: Callable[[], None],
    ) -> None:
        """Begin.

        Args:
            folder: For the model.
            done: Called in the thread of the fit once the model is in its folder.

        Raises:
            TableRefused: If no process can be started.
        """
        self._lock = threading.Lock()
        self._progress = FitProgress()
        self._done = done
        job = {"name": name, "sheet": sheet, "plan": asdict(plan), "folder": str(folder)}
        try:
            self._process = _started()
        except OSError as error:
            raise TableRefused(
                f"No process can be started to learn in: {error.strerror}. Close other programs."
            ) from error
        self._thread = threading.Thread(
            target=self._watch, args=(job, content), name="table-fit", daemon=True
        )
        self._thread.start()

    @property
    def progress(self) -> FitProgress:
        with self._lock:
            return self._progress

    def stop(self) -> None:
        """End the fit; it leaves nothing."""
        with self._lock:
            if self._progress.is_active:
                self._progress = replace(self._progress, is_stopped=True)
                self._process.kill()

    def wait(self, timeout_s: float | None = None) -> None:
        """Block until the fit has ended."""
        self._thread.join(timeout_s)

    def close(self) -> None:
        """End the fit and wait for its thread."""
        self.stop()
        self.wait(_CLOSE_S)

    def _watch(self, job: dict[str, Any], content: bytes) -> None:
        message = _GONE
        try:
            with self._process as process:
                threading.Thread(target=_send, args=(process, job, content), daemon=True).start()
                assert process.stdout is not None
                for line in process.stdout:
                    told = json.loads(line)
                    if "share" in told:
                        self._step(told)
                    else:
                        message = told.get("refused", "")
            if not message:
                self._done()
        except StudioError as error:
            message = str(error)
        finally:  # whatever happened, no fit stays active without a thread
            with self._lock:
                now = self._progress
                message = "" if now.is_stopped else message
                self._progress = replace(now, is_active=False, message=message)

    def _step(self, told: dict[str, Any]) -> None:
        with self._lock:
            self._progress = replace(
                self._progress, share=told["share"], family=told["family"], trial=told["trial"]
            )


def _started() -> "subprocess.Popen[bytes]":
    cores = max(1, (os.cpu_count() or 1) - 1)  # one stays free for the pages
    own = {"OMP_NUM_THREADS": str(cores), "OMP_WAIT_POLICY": "PASSIVE"}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "creative.tables.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**own, **os.environ, "PYTHONPATH": path},
    )


def _send(process: "subprocess.Popen[bytes]", job: dict[str, Any], content: bytes) -> None:
    """Write the job in a thread of its own: a large table fills the pipe while steps come back."""
    channel = process.stdin
    assert channel is not None
    with (
        contextlib.suppress(OSError, ValueError),
        channel,
    ):  # a process that was ended reads no more
        channel.write(json.dumps(job).encode() + b"\n")
        channel.write(content)
