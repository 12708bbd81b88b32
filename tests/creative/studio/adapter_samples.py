"""An adapter of the starter with random weights: it writes other lines, for no reason."""

import json
import warnings
from pathlib import Path

import torch

from creative.settings import ROOT

STARTER = ROOT / "models" / "starter"


def make_adapter(folder: Path, *, seed: int = 1, strength: float = 0.05) -> Path:
    """Write an adapter of the starter, with a card, and return its folder."""
    import peft
    from transformers import AutoModelForCausalLM

    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peft calls what the newest transformers will rename
        model = AutoModelForCausalLM.from_pretrained(STARTER, dtype=torch.float32)
        lora = peft.LoraConfig(r=2, target_modules="all-linear", task_type="CAUSAL_LM")
        tuned = peft.get_peft_model(model, lora)
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(weight, std=strength)
        tuned.save_pretrained(folder, safe_serialization=True)
    for name in ("adlib.json", *_vocabulary()):
        (folder / name).write_bytes((STARTER / name).read_bytes())
    figures = {
        "made_on": "2026-11-20",
        "lines": 60,
        "pairs": 400,
        "held_out": 44,
        "before": 0.52,
        "after": 0.71,
        "sources": {"vote": 300, "stars": 144},
    }
    (folder / "figures.json").write_text(json.dumps(figures))
    return folder


def _vocabulary() -> list[str]:
    said = json.loads((STARTER / "adlib.json").read_text("utf-8")).get("vocabulary")
    return [said] if said else []
