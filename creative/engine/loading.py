"""A model from a folder or the hub, ready to write.

Importing this file is cheap: torch and transformers are imported by the first load.  No code
that comes with a model is run, and weights are read as safetensors only.
"""

import contextlib
import ctypes
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from creative.engine.adapters import base_of, is_adapter, merged
from creative.engine.checkpoint import check_config, check_folder
from creative.engine.hub import CausalModel, Tokenizer
from creative.engine.placing import Device, Dtype, Weights, numbers_of, place_of
from creative.engine.rewording import plain_words
from creative.engine.rounding import rounding_of
from creative.engine.spelling import Speller
from creative.errors import ModelNotUsable

if TYPE_CHECKING:
    from transformers import PreTrainedConfig

    from creative.engine.forward import Forward

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  #: malloc.h
_LARGE_BLOCK = 2**30  #: bytes; larger blocks still go back to the system
_ROOM = 0.8  #: share of a card's free memory that weights may take; prompts and rows need the rest


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedModel:
    """A causal language model in memory, with its tokenizer.

    Attributes:
        forward: A transformers model in evaluation mode, ready to be called.
        tokenizer: Its tokenizer.
        speller: Token ids to text.
        device: Where inputs go.
        dtype: Number format of the weights.
        context: Most tokens of prompt and line together; None when the model sets no bound.
    """

    forward: "Forward"
    tokenizer: Tokenizer
    speller: Speller
    device: str
    dtype: str
    context: int | None


def load(
    source: str,
    device: Device = "auto",
    dtype: Dtype = "auto",
    weights: Weights = "full",
    threads: int = 0,
) -> LoadedModel:
    """Load a model.

    Args:
        source: A folder with a model or an adapter, or the id of a model on the Hugging Face hub.
        device: Where it runs; auto takes the fastest there is.
        dtype: Number format of the weights; auto takes what is faster there.
        weights: Whether they are rounded to save memory; needs torchao.
        threads: CPU threads, 0 takes one less than there are cores.

    Raises:
        ModelNotUsable: If it can never draft here.
        EngineUnavailable: If it may later: the hub is out of reach, or memory is full.
    """
    adapter = Path(source) if is_adapter(Path(source)) else None
    source = base_of(adapter) if adapter else source
    folder = Path(source)
    is_local = folder.is_dir() or looks_like_folder(source)
    if is_local:
        check_folder(folder)
    with plain_words(source):
        _quieten(threads)
        model = _load_weights(source, device, dtype, weights, is_local)
        if adapter:
            model = merged(model, adapter)
        tokenizer = _load_tokenizer(source, is_local)
        speller = Speller(tokenizer, _endings(model, tokenizer))
    from creative.engine.forward import Forward

    return LoadedModel(
        forward=Forward(model),
        tokenizer=tokenizer,
        speller=speller,
        device=str(model.device),
        dtype=str(model.dtype).removeprefix("torch."),
        context=_context(model),
    )


def looks_like_folder(source: str) -> bool:
    """Tell whether a model is named by a path, not by a hub id such as `owner/name`.

    >>> looks_like_folder("/data/model"), looks_like_folder("Qwen/Qwen3-0.6B")
    (True, False)
    """
    return source.startswith(("/", ".", "~", "\\")) or source.count("/") != 1 or ":" in source


def _quieten(threads: int) -> None:
    """Keep loaders from drawing progress bars, and set how many CPU threads torch may use.

    Threads of torch that wait for each other must sleep: on a busy machine they would otherwise
    burn the time that the slowest of them needs (measured: a minute instead of two seconds).
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read once, when torch is imported
    import torch
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    # One core stays free for the pages: a thread that has to wait for its core holds up all others.
    torch.set_num_threads(threads or max(1, (os.cpu_count() or 1) - 1))
    _keep_freed_memory()


def _keep_freed_memory() -> None:
    """Have the C library keep large blocks that are freed, instead of giving each one back.

    Every step frees and asks for the same megabytes again; fresh ones come as zeroed pages, which
    costs more than what is computed on them (docs/log.md).  Linux with glibc only.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
        libc.mallopt(_M_TRIM_THRESHOLD, _LARGE_BLOCK)


def _load_weights(
    source: str, device: Device, dtype: Dtype, weights: Weights, is_local: bool
) -> CausalModel:
    from transformers import AutoConfig, AutoModelForCausalLM

    place = place_of(device)
    numbers = numbers_of(dtype, place)
    config = AutoConfig.from_pretrained(source, trust_remote_code=False, local_files_only=is_local)
    check_config(config.to_dict(), name=source)
    device_map = _device_map(config, numbers.itemsize, place)
    loaded: Any = AutoModelForCausalLM.from_pretrained(
        source,
        config=config,
        dtype=numbers,
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=is_local,
        device_map=device_map,
        quantization_config=rounding_of(weights, place),
        output_loading_info=True,
    )
    model, told = loaded
    _check_loaded(source, model, told["missing_keys"])
    return cast(CausalModel, (model if device_map else model.to(place)).eval())


def _device_map(config: "PreTrainedConfig", bytes_each: int, place: str) -> str | None:
    """Return "auto" when weights must be spread over several devices, as one card is too small."""
    import torch

    if place != "cuda" or importlib.util.find_spec("accelerate") is None:
        return None
    free, _ = torch.cuda.mem_get_info()
    return "auto" if _parameters(config) * bytes_each > _ROOM * free else None


def _parameters(config: "PreTrainedConfig") -> int:
    """Return how many numbers a model holds, without any memory for them."""
    import torch
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        empty = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    return sum(each.numel() for each in empty.parameters())


def _check_loaded(source: str, model: object, missing: set[str]) -> None:
    if missing:
        raise ModelNotUsable(
            f"The weights of {source} are incomplete: {len(missing)} parts are missing, "
            f"{min(missing)} for one. Download the model again."
        )
    if getattr(model, "_is_stateful", False):
        raise ModelNotUsable(
            f"{source} keeps a running state, which Adlib cannot share. Choose another model."
        )


def _load_tokenizer(source: str, is_local: bool) -> Tokenizer:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(
        source, trust_remote_code=False, local_files_only=is_local
    )
    return cast(Tokenizer, tokenizer)


def _endings(model: CausalModel, tokenizer: Tokenizer) -> frozenset[int]:
    """Return every token that ends an answer; models often have two."""
    named = [getattr(model.generation_config, "eos_token_id", None), tokenizer.eos_token_id]
    lists = [each if isinstance(each, list) else [each] for each in named]
    return frozenset(int(id) for each in lists for id in each if id is not None)


def _context(model: CausalModel) -> int | None:
    config = model.config.get_text_config()
    context = getattr(config, "max_position_embeddings", None)
    return int(context) if context else None
