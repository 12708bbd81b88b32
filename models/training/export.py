"""Write the model folder that the app loads.

Files are written to a folder beside it and then moved one by one, so that a reader never meets half
a file.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import torch
from transformers import GenerationConfig, LlamaForCausalLM, PreTrainedTokenizerBase

from models.training.patterns import SLOT, patterns
from models.training.words import table

FUNCTION_WORDS = (
    "a an the is are and has have be their they them your our it its we you with for of to in on"
)
FORBIDDEN = re.compile(r"\d|free|best|#|guarantee|cheapest|fastest|number|hurry|^last$")
PROFILE: dict[str, Any] = {
    "name": "Adlib starter",
    "version": 1,
    "brief": "typed",
    "grounded": True,
    "vocabulary": "vocabulary.txt",
    "candidates_per_line": 12,
    "temperature": 0.8,
    "top_p": 0.95,
    "licence": "Apache-2.0",
    "languages": ["en"],
}


def vocabulary() -> list[str]:
    """Return the words that a line may hold though its brief does not."""
    texts = [SLOT.sub(" ", pattern.text) for pattern in patterns()]
    texts += [FUNCTION_WORDS, *(call for calls in table("calls").values() for call in calls)]
    words = {
        word for text in texts for word in re.findall(r"[a-z][a-z'’-]*[a-z]|[a-z]", text.lower())
    }
    words |= {
        "comes",
        "come",
        "does",
        "do",
        "make",
        "beat",
        "matter",
        "end",
        "help",
        "were",
        "themselves",
    }
    words -= {"s", "ll", "re", "ve", "t"}
    return sorted(word for word in words if not FORBIDDEN.search(word))


def export(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerBase, out: Path) -> None:
    """Write model, tokenizer, vocabulary and profile; README.md is left as it is."""
    out.mkdir(parents=True, exist_ok=True)
    fresh = out.parent / f".{out.name}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    generation = GenerationConfig(  # type: ignore[no-untyped-call]
        do_sample=True,
        temperature=PROFILE["temperature"],
        top_p=PROFILE["top_p"],
        top_k=0,
        max_new_tokens=64,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model.generation_config = generation
    model.to(dtype=torch.bfloat16)  # type: ignore[call-arg]
    model.save_pretrained(fresh)
    tokenizer.save_pretrained(fresh)
    (fresh / "vocabulary.txt").write_text("\n".join(vocabulary()) + "\n", encoding="utf-8")
    (fresh / "adlib.json").write_text(json.dumps(PROFILE, indent=2) + "\n", encoding="utf-8")
    for file in sorted(fresh.iterdir()):
        file.chmod(0o644)
        file.replace(out / file.name)
    fresh.rmdir()
