"""Write a predictor's folder: numbers as safetensors, text as JSON, nothing that runs code."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import Tensor

from creative.prediction.chances import Calibration
from creative.prediction.lexical import Lexicon, Weights
from creative.prediction.predictor import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """A kind of scorer as trained."""

    weights: Weights
    calibration: Calibration


def write(
    folder: Path,
    lexicon: Lexicon,
    kinds: Mapping[Kind, Trained],
    *,
    best: Kind,
    adapter: Mapping[str, Tensor] | None,
    about: Mapping[str, Any],
) -> None:
    """Write everything but the card; half precision is enough for weights."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {
        "characters.rarity": lexicon.characters.rarity.astype(np.float16),
        "words.rarity": lexicon.words.rarity.astype(np.float16),
        "tokens.table": lexicon.tokens.table,
        "tokens.scales": lexicon.tokens.scales.astype(np.float32),
        "traits.usual": lexicon.usual.astype(np.float32),
        "traits.spread": lexicon.spread.astype(np.float32),
    }
    for kind, trained in kinds.items():
        for name in ("characters", "words", "traits", "tokens", "sentences"):
            arrays[f"{kind.value}.{name}"] = getattr(trained.weights, name).astype(np.float16)
    save_file(arrays, folder / "predictor.safetensors")
    _write_json(folder / "runs.json", _runs(lexicon))
    calibrations = {
        kind.value: {"calibration": asdict(trained.calibration)} for kind, trained in kinds.items()
    }
    _write_json(
        folder / "predictor.json", {"best": best.value, "kinds": calibrations, **about}, indent=1
    )
    if adapter is not None:
        from safetensors.torch import save_file as save_tensors

        halves = {name: each.half().contiguous() for name, each in adapter.items()}
        save_tensors(halves, folder / "adapter.safetensors")


def _runs(lexicon: Lexicon) -> dict[str, list[str]]:
    pieces = lexicon.tokens.tokenizer.get_vocab()
    return {
        "characters": list(lexicon.characters.places),
        "words": list(lexicon.words.places),
        "tokens": sorted(pieces, key=lambda piece: pieces[piece]),
    }


def _write_json(path: Path, value: object, indent: int | None = None) -> None:
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    path.write_text(text + "\n", "utf-8")
