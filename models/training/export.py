"""Write the model folder that the app loads.

Files are written to a folder beside it and then moved one by one, so that a reader never meets half
a file.
"""

import json
import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import torch
from transformers import GenerationConfig, LlamaForCausalLM, PreTrainedTokenizerBase

from creative.drafting.frames import frames
from models.training.patterns import SLOT, patterns
from models.training.splits import Split
from models.training.words import table
from models.training.written import assignments, faithful

FUNCTION_WORDS = (
    "a an the is are and has have be their they them your our it its we you with for of to in on"
    " comes come does do make beat matter end help were themselves"
)
_HALVES = frozenset({"s", "ll", "re", "ve", "t"})  #: what apostrophes cut off
_WORD = re.compile(r"[a-z][a-z'’-]*[a-z]|[a-z]")
SHARD = "12MB"  #: the largest file of weights
_SEVERAL = 4
_NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirty hundred thousand".split()
)
FORBIDDEN = re.compile(r"\d|free|best|#|guarantee|cheapest|fastest|number|hurry|^last$")
PROFILE: dict[str, Any] = {
    "name": "Adlib starter",
    "version": 5,
    "brief": "typed",
    "grounded": True,
    "judges": True,
    "vocabulary": "vocabulary.txt",
    "candidates_per_line": 12,
    "temperature": 0.8,
    "top_p": 0.95,
    "licence": "Apache-2.0",
    "languages": ["en"],
}


def vocabulary() -> list[str]:
    """Return the words that a line may hold though its brief does not."""
    words = pattern_words() | _glue()
    return sorted(word for word in words if not FORBIDDEN.search(word))


def pattern_words() -> set[str]:
    """Return the words of patterns and of calls to action."""
    texts = [SLOT.sub(" ", pattern.text) for pattern in patterns()]
    texts += [SLOT.sub(" ", text) for own in frames().values() for text in own]
    texts += [FUNCTION_WORDS, *(call for calls in table("calls").values() for call in calls)]
    return {word for text in texts for word in _WORD.findall(text.lower())} - _HALVES


def _glue() -> set[str]:
    """Return the words of hand-written lines that come from no brief of theirs.

    Only lines that quote count, as only they are learned from, and a word has to serve several
    industries: one that serves a few is about their products.
    """
    uses: dict[str, set[str]] = defaultdict(set)
    for assignment in assignments(Split.TRAIN):
        said = set(_WORD.findall(" ".join(assignment.values.values()).lower()))
        quoting = faithful(assignment).ads
        written = {word for ad in quoting for word in _WORD.findall(ad.text.lower())}
        for word in written - said:
            uses[word].add(assignment.industry)
    return {word for word, industries in uses.items() if len(industries) >= _SEVERAL} - _NUMBERS


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
    model.save_pretrained(fresh, max_shard_size=SHARD)
    tokenizer.save_pretrained(fresh)
    (fresh / "vocabulary.txt").write_text("\n".join(vocabulary()) + "\n", encoding="utf-8")
    (fresh / "adlib.json").write_text(json.dumps(PROFILE, indent=2) + "\n", encoding="utf-8")
    for old in out.glob("model*.safetensors*"):  # the new weights may have other names
        old.unlink()
    for file in sorted(fresh.iterdir()):
        file.chmod(0o644)
        file.replace(out / file.name)
    fresh.rmdir()
