"""Where a model runs and in which numbers; torch is imported when it is asked."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from creative.errors import ModelNotUsable

if TYPE_CHECKING:
    import torch

Device = Literal["auto", "cpu", "cuda", "mps"]
Dtype = Literal["auto", "float32", "bfloat16", "float16"]
Weights = Literal["full", "int8", "int4"]

_FAST_BF16_FLAGS = ("avx512_bf16", "amx_bf16")


def place_of(device: Device) -> str:
    """Return the device to use; auto takes the fastest there is.

    Raises:
        ModelNotUsable: If this machine has no such device.
    """
    import torch

    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if device == "auto":
        return next(name for name, is_there in present.items() if is_there)
    if not present[device]:
        raise ModelNotUsable(
            f"This machine offers no {device} device to torch. Set ADLIB_DEVICE to auto or cpu."
        )
    return device


def numbers_of(dtype: Dtype, place: str) -> "torch.dtype":
    """Return the number format to load weights in; auto takes what is faster there."""
    import torch

    named = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
    if dtype != "auto":
        return named[dtype]
    if place == "cuda":
        is_fast = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if is_fast else torch.float16
    if place == "mps":
        is_fast = torch.backends.mps.is_macos_or_newer(14, 0)
    else:
        is_fast = cpu_has_fast_bfloat16()
    return torch.bfloat16 if is_fast else torch.float32


def cpu_has_fast_bfloat16() -> bool:
    """Tell whether this CPU multiplies bfloat16 faster than float32 (Linux on x86 only)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(flag in flags for flag in _FAST_BF16_FLAGS)
