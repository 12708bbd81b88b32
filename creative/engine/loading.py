"""A model from a folder or the hub, ready to write.

Importing this file is cheap: torch and transformers are imported by the first load.  No code
that comes with a model is run, and weights are read as safetensors only.
"""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from creative.engine.checkpoint import check_config, check_folder
from creative.engine.spelling import Speller
from creative.errors import EngineUnavailable, ModelNotUsable

Device = Literal["auto", "cpu", "cuda", "mps"]
Dtype = Literal["auto", "float32", "bfloat16", "float16"]

_FAST_BF16_FLAGS = ("avx512_bf16", "amx_bf16")
_NO_CONNECTION = ("connect", "offline", "resolve", "timed out", "max retries", "outgoing")


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedModel:
    """A causal language model in memory, with its tokenizer.

    Attributes:
        model: A transformers model in evaluation mode.
        tokenizer: Its tokenizer.
        speller: Token ids to text.
        device: Where inputs go.
        dtype: Number format of the weights.
        context: Most tokens of prompt and line together; None when the model sets no bound.
    """

    model: Any
    tokenizer: Any
    speller: Speller
    device: str
    dtype: str
    context: int | None


def load(
    source: str, device: Device = "auto", dtype: Dtype = "auto", threads: int = 0
) -> LoadedModel:
    """Load a model.

    Args:
        source: A folder, or the id of a model on the Hugging Face hub.
        device: Where it runs; auto takes the fastest there is.
        dtype: Number format of the weights; auto takes what is faster there.
        threads: CPU threads, 0 leaves it to torch.
    Raises:
        ModelNotUsable: If it can never draft here.
        EngineUnavailable: If it may later: the hub is out of reach, or memory is full.
    """
    folder = Path(source)
    is_local = folder.is_dir() or looks_like_folder(source)
    if is_local:
        check_folder(folder)
    with _plain_words(source):
        torch = _quiet_torch(threads)
        place = _place(torch, device)
        numbers = _numbers(torch, place, dtype)
        model = _load_weights(source, place, numbers, is_local)
        tokenizer = _load_tokenizer(source, is_local)
    speller = Speller(tokenizer, _vocab_size(model), _endings(model, tokenizer))
    return LoadedModel(
        model=model,
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


def _quiet_torch(threads: int) -> Any:
    import torch
    import transformers.utils.logging as logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    if threads:
        torch.set_num_threads(threads)
    return torch


def _place(torch: Any, device: Device) -> str:
    """Return the device to use, or say why the one that is wanted cannot be."""
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


def _numbers(torch: Any, place: str, dtype: Dtype) -> Any:
    if dtype != "auto":
        return getattr(torch, dtype)
    fast = {
        "cuda": lambda: torch.cuda.is_bf16_supported(including_emulation=False),
        "mps": lambda: torch.backends.mps.is_macos_or_newer(14, 0),
        "cpu": cpu_has_fast_bfloat16,
    }[place]()
    if fast:
        return torch.bfloat16
    return torch.float16 if place == "cuda" else torch.float32


def cpu_has_fast_bfloat16() -> bool:
    """Tell whether this CPU multiplies bfloat16 faster than float32 (Linux on x86 only)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(flag in flags for flag in _FAST_BF16_FLAGS)


def _load_weights(source: str, place: str, numbers: Any, is_local: bool) -> Any:
    from transformers import AutoConfig, AutoModelForCausalLM

    safe = {"trust_remote_code": False, "local_files_only": is_local}
    config = AutoConfig.from_pretrained(source, **safe)
    check_config(config.to_dict(), name=source)
    spread = place == "cuda" and importlib.util.find_spec("accelerate") is not None
    model, info = AutoModelForCausalLM.from_pretrained(
        source,
        config=config,
        dtype=numbers,
        use_safetensors=True,
        device_map="auto" if spread else None,
        output_loading_info=True,
        **safe,
    )
    if missing := sorted(info["missing_keys"]):
        raise ModelNotUsable(
            f"The weights of {source} are incomplete: {len(missing)} parts are missing, "
            f"{missing[0]} for one. Download the model again."
        )
    if getattr(model, "_is_stateful", False):
        raise ModelNotUsable(
            f"{source} keeps a running state, which Adlib cannot share. Choose another."
        )
    return (model if spread else model.to(place)).eval()


def _load_tokenizer(source: str, is_local: bool) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(source, trust_remote_code=False, local_files_only=is_local)


def _vocab_size(model: Any) -> int:
    return int(model.get_output_embeddings().weight.shape[0])


def _endings(model: Any, tokenizer: Any) -> frozenset[int]:
    """Return every token that ends an answer; models often have two."""
    named = [getattr(model.generation_config, "eos_token_id", None), tokenizer.eos_token_id]
    lists = [each if isinstance(each, list) else [each] for each in named]
    return frozenset(int(id) for each in lists for id in each if id is not None)


def _context(model: Any) -> int | None:
    context = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return int(context) if context else None


@contextmanager
def _plain_words(source: str) -> Iterator[None]:
    """Say in plain words why a model does not load.  Hub and loader errors are of many kinds."""
    try:
        yield
    except EngineUnavailable:
        raise
    except MemoryError as error:
        raise EngineUnavailable(_too_large(source)) from error
    except ImportError as error:
        raise ModelNotUsable(f"{source} needs a package that is missing: {error}") from error
    except Exception as error:  # noqa: BLE001 - reworded here, raised on as ours
        raise _reworded(source, error) from error


def _reworded(source: str, error: Exception) -> EngineUnavailable:
    text = str(error)
    kind = type(error).__name__
    if is_out_of_memory(error):
        return EngineUnavailable(_too_large(source))
    if kind == "SafetensorError":
        return ModelNotUsable(
            f"The weights of {source} are damaged. Download the model again. ({text})"
        )
    if "trust_remote_code" in text:
        return ModelNotUsable(
            f"{source} brings programs of its own, which Adlib does not run. Choose another model."
        )
    if "does not recognize this architecture" in text or "Unrecognized model" in text:
        return ModelNotUsable(
            f"{source} is of a kind that this version of transformers cannot load."
        )
    if "Unrecognized configuration class" in text:
        return ModelNotUsable(
            f"{source} cannot write text. Choose a chat or instruct model instead."
        )
    if "safetensors" in text and "does not appear to have" in text:
        return ModelNotUsable(
            f"{source} has no weights in safetensors format. Choose another model."
        )
    if "valid model identifier" in text or "gated" in text:
        return ModelNotUsable(
            f"The hub has no model {source}, or it asks for a login: accept its terms there and "
            "run `hf auth login`."
        )
    if isinstance(error, OSError) and any(word in text.lower() for word in _NO_CONNECTION):
        return EngineUnavailable(
            f"The hub cannot be reached to fetch {source}. Check the connection, or set "
            "ADLIB_MODEL to a folder on this machine."
        )
    return ModelNotUsable(f"{source} does not load: {kind}: {text[:300]}")


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that memory was too small, on any device."""
    text = str(error).lower()
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or isinstance(error, RuntimeError)
        and (
            "not enough memory" in text
            or "can't allocate memory" in text
            or "out of memory" in text
        )
    )


def _too_large(source: str) -> str:
    return f"Memory is too small for {source}. Close other programs, or choose a smaller model."
