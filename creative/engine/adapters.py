"""Adapters: small weights that change a model, in a folder of their own that names its base.

A folder with an adapter may be used wherever a model folder may.  When it is loaded the adapter is
merged into the weights, so that everything after sees a plain model and runs as fast.
"""

import json
from pathlib import Path
from typing import Any

from creative.errors import ModelNotUsable

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_LARGEST_CONFIG = 1_000_000  #: bytes; real ones are a few thousand


def is_adapter(folder: Path) -> bool:
    """Tell whether a folder holds an adapter, not a whole model."""
    return (folder / CONFIG).is_file()


def base_of(folder: Path) -> str:
    """Return the folder or hub id of the model that an adapter changes.

    Raises:
        ModelNotUsable: If the adapter is damaged, or in a format that could run programs.
    """
    path = folder / CONFIG
    try:
        if path.stat().st_size > _LARGEST_CONFIG:
            raise ModelNotUsable(f"{path} is far too large for an adapter's settings.")
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelNotUsable(f"{path} is damaged and cannot be read: {error}") from error
    base = said.get("base_model_name_or_path") if isinstance(said, dict) else None
    if not isinstance(base, str) or not base:
        raise ModelNotUsable(f"{path} does not name the model that it changes.")
    if not (folder / WEIGHTS).is_file():
        raise ModelNotUsable(f"{folder} has no weights: there is no {WEIGHTS} in it.")
    return base


def merged(model: Any, folder: Path) -> Any:
    """Return a transformers model with an adapter worked into its weights.

    Raises:
        ModelNotUsable: If the package that reads adapters is not installed.
    """
    try:
        from peft import PeftModel
    except ImportError as error:
        raise ModelNotUsable(
            "Adapters need the package peft: install what creative/tuning/requirements.txt names."
        ) from error
    return PeftModel.from_pretrained(model, str(folder)).merge_and_unload(safe_merge=True)
