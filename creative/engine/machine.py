"""How much memory this machine has for a model; asks the driver, not torch.  GB are 10^9 bytes."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache

import psutil

from creative.engine.placing import cpu_has_fast_bfloat16

_DRIVER_S = 5.0  #: longest wait for the graphics driver


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """What a model may use; `gpu_gb` is 0 without a graphics card that torch can use."""

    memory_gb: float
    free_gb: float
    gpu: str = ""
    gpu_gb: float = 0.0
    has_fast_bfloat16: bool = False


def this_machine() -> Machine:
    """Return what this machine has now."""
    memory = psutil.virtual_memory()
    name, size = _largest_gpu()
    return Machine(
        memory_gb=memory.total / 1e9,
        free_gb=memory.available / 1e9,
        gpu=name,
        gpu_gb=size,
        has_fast_bfloat16=cpu_has_fast_bfloat16(),
    )


@lru_cache(maxsize=1)
def _largest_gpu() -> tuple[str, float]:
    """Return name and memory of the largest NVIDIA card, or ("", 0)."""
    driver = shutil.which("nvidia-smi")
    if driver is None:
        return "", 0.0
    query = [driver, "--query-gpu=memory.total,name", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(  # noqa: S603 - fixed arguments
            query, capture_output=True, text=True, timeout=_DRIVER_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return "", 0.0
    cards = [_card(line) for line in told.stdout.splitlines() if "," in line]
    return max(cards, key=lambda card: card[1], default=("", 0.0))


def _card(line: str) -> tuple[str, float]:
    mebibytes, name = line.split(",", 1)
    size = float(mebibytes) * 2**20 / 1e9 if mebibytes.strip().isdigit() else 0.0
    return name.strip(), size
