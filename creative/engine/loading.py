"""A model from a folder or the hub, ready to write.

Importing this file is cheap: torch and transformers are imported by the first load.  No code
that comes with a model is run, and weights are read as safetensors only.
"""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from creative.engine.checkpoint import check_config, check_folder
from creative.engine.hub import CausalModel, Tokenizer
from creative.engine.placing import Device, Dtype, numbers_of, place_of
from creative.engine.rewording import plain_words
from creative.engine.spelling import Speller
from creative.errors import ModelNotUsable


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

    model: CausalModel
    tokenizer: Tokenizer
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
        threads: CPU threads, 0 takes one less than there are cores.

    Raises:
        ModelNotUsable: If it can never draft here.
        EngineUnavailable: If it may later: the hub is out of reach, or memory is full.
    """
    folder = Path(source)
    is_local = folder.is_dir() or looks_like_folder(source)
    if is_local:
        check_folder(folder)
    with plain_words(source):
        _quieten(threads)
        model = _load_weights(source, device, dtype, is_local)
        tokenizer = _load_tokenizer(source, is_local)
        speller = Speller(tokenizer, _endings(model, tokenizer))
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


def _load_weights(source: str, device: Device, dtype: Dtype, is_local: bool) -> CausalModel:
    from transformers import AutoConfig, AutoModelForCausalLM

    place = place_of(device)
    config = AutoConfig.from_pretrained(source, trust_remote_code=False, local_files_only=is_local)
    check_config(config.to_dict(), name=source)
    is_spread = place == "cuda" and importlib.util.find_spec("accelerate") is not None
    loaded: Any = AutoModelForCausalLM.from_pretrained(
        source,
        config=config,
        dtype=numbers_of(dtype, place),
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=is_local,
        device_map="auto" if is_spread else None,
        output_loading_info=True,
    )
    model, told = loaded
    _check_loaded(source, model, told["missing_keys"])
    return cast(CausalModel, (model if is_spread else model.to(place)).eval())


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
