"""Weights rounded to eight or four bits, to fit a larger model into less memory; by torchao.

Only the weights are short: sums are computed in the model's own number format.
"""

import importlib.util
from typing import Any

from creative.engine.placing import Weights
from creative.errors import ModelNotUsable

_GROUP = 128  #: weights that share one scale in four bits


def rounding_of(weights: Weights, place: str) -> Any:
    """Return what transformers needs to round weights while it loads them; None for none.

    Raises:
        ModelNotUsable: If torchao is missing, or cannot round so far on this device.
    """
    if weights == "full":
        return None
    if importlib.util.find_spec("torchao") is None:
        raise ModelNotUsable(
            "Rounded weights need the package torchao. Run `pip install torchao`, or set "
            "ADLIB_WEIGHTS to full."
        )
    from torchao.quantization import Int4WeightOnlyConfig, Int8WeightOnlyConfig
    from transformers import TorchAoConfig

    if weights == "int8":
        return TorchAoConfig(Int8WeightOnlyConfig())
    if place != "cuda":
        raise ModelNotUsable(
            "Weights of four bits need an NVIDIA graphics card. Set ADLIB_WEIGHTS to int8."
        )
    # the one packing that torch itself multiplies, without further packages
    packing = "tile_packed_to_4d"
    return TorchAoConfig(Int4WeightOnlyConfig(group_size=_GROUP, int4_packing_format=packing))
