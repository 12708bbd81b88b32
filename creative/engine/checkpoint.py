"""Whether a folder holds a model that can write, told from its files alone.

Nothing is loaded and torch is not needed.  Files come from strangers: they are read as data,
and whatever is wrong with them is said in plain words.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from creative.errors import ModelNotUsable

_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "spiece.model", "tekken.json")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
_WRITERS = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
_LARGEST_CONFIG = 1_000_000  #: bytes; real ones are a few thousand


def check_folder(folder: Path) -> None:
    """Raise ModelNotUsable if a model folder lacks something, or holds another sort of model."""
    if not folder.is_dir():
        raise ModelNotUsable(f"There is no model folder {folder}. Check ADLIB_MODEL.")
    check_config(_config_of(folder), name=str(folder))
    if not any(folder.glob("*.safetensors")):
        raise ModelNotUsable(_weights_missing(folder))
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        raise ModelNotUsable(
            f"{folder} has no tokenizer. Copy tokenizer.json and tokenizer_config.json of the "
            "model into it."
        )


def check_config(config: Mapping[str, Any], name: str) -> None:
    """Raise ModelNotUsable unless a model's config.json describes one that writes on from text."""
    architectures = config.get("architectures") or []
    if not isinstance(architectures, list):
        raise ModelNotUsable(f"The config.json of {name} is damaged: architectures is no list.")
    if config.get("is_encoder_decoder"):
        raise ModelNotUsable(
            f"{name} rewrites one text into another. Choose a chat or instruct model instead."
        )
    names = [str(each) for each in architectures]
    if names and not any(each.endswith(_WRITERS) for each in names):
        raise ModelNotUsable(
            f"{name} cannot write text ({names[0]}). Choose a chat or instruct model instead."
        )


def _config_of(folder: Path) -> Mapping[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise ModelNotUsable(f"{folder} is no model folder: it has no config.json.")
    try:
        if path.stat().st_size > _LARGEST_CONFIG:
            raise ModelNotUsable(f"{path} is far too large for a model's settings.")
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelNotUsable(f"{path} is damaged and cannot be read: {error}") from error
    if not isinstance(config, dict):
        raise ModelNotUsable(f"{path} is damaged: it holds no settings.")
    return config


def _weights_missing(folder: Path) -> str:
    if any(found for pattern in _PICKLES for found in folder.glob(pattern)):
        return (
            f"{folder} has its weights as pickle files only, which can run programs when they "
            "are opened. Use a version of the model in safetensors format."
        )
    return f"{folder} has no weights: no .safetensors file is in it."
