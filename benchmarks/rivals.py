"""Other ways to write N lines from one prompt with a transformers model.

Each draws `t` tokens for each of `n` rows, `top_k` 0 meaning the full vocabulary, and returns them
as int64 [n, t].  llama.cpp is in `llamacpp.py`.
"""

import inspect
from typing import cast

import torch
from transformers import DynamicCache, PreTrainedModel


@torch.inference_mode()
def plain_generate(
    model: PreTrainedModel, prompt_ids: list[int], n: int, t: int, *, top_k: int
) -> torch.Tensor:
    """Write lines the way the documentation of transformers shows first."""
    ids = torch.tensor([prompt_ids], device=model.device)
    tokens = model.generate(  # type: ignore[operator]
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        num_return_sequences=n,
        **_sampling(t, top_k),
    )
    return cast(torch.Tensor, tokens[:, len(prompt_ids) :])


@torch.inference_mode()
def prefill_once(
    model: PreTrainedModel, prompt_ids: list[int], n: int, t: int, *, top_k: int
) -> torch.Tensor:
    """Read the prompt once, repeat its cache for each row, and generate from there."""
    ids = torch.tensor([prompt_ids], device=model.device)
    cache = DynamicCache(config=model.config)
    model(ids[:, :-1], use_cache=True, logits_to_keep=1, **_with_cache(model, cache))
    cache.batch_repeat_interleave(n)
    rows = ids.repeat(n, 1)
    tokens = model.generate(  # type: ignore[operator]
        input_ids=rows,
        attention_mask=torch.ones_like(rows),
        **_with_cache(model, cache),
        **_sampling(t, top_k),
    )
    return cast(torch.Tensor, tokens[:, len(prompt_ids) :])


def _with_cache(model: PreTrainedModel, cache: DynamicCache) -> dict[str, DynamicCache]:
    """Return a cache under the name that this version of transformers gives it (5.24 has two)."""
    names = inspect.signature(model.forward).parameters
    return {"cache" if "cache" in names else "past_key_values": cache}


def _sampling(t: int, top_k: int) -> dict[str, object]:
    return {
        "do_sample": True,
        "temperature": 1.0,
        "top_k": top_k,
        "top_p": 1.0,
        "max_new_tokens": t,
        "min_new_tokens": t,
    }
