"""Tune a model: supervised on approved lines, then by preference on pairs, as a LoRA adapter.

One that chooses among lines which a brief allows is taught to tell which people like, too.

Sources: Hu et al. 2021 (LoRA), Rafailov et al. 2023 (direct preference optimisation).  peft and trl
do both; they are imported only here, by the first call.
"""

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from creative.engine.checkpoint import check_folder
from creative.engine.profile import FILE, profile
from creative.engine.rewording import plain_words
from creative.errors import StudioError
from creative.export.preferences import Approved, Preference, line_data, pair_data
from creative.tuning.held_out import split
from creative.tuning.recipe import Recipe
from creative.tuning.taste import Scores, taste_in, verdicts

_LOOKS = 2  #: at held-out pairs, in an epoch
_MISSING = "Tuning needs peft and trl: install what creative/tuning/requirements.txt names."


class TuningRefused(StudioError):
    """There is nothing to tune from, or nothing to tune with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tuned:
    """What came of it.

    Attributes:
        folder: Of the adapter; use it as a model.
        lines: Approved lines that it learnt from.
        pairs: Pairs that it learnt from.
        held_out: Pairs that it was only looked at with.
        before: Share of held-out pairs whose better line the model found likelier before.
        after: The same after; 0.5 is chance.
        liked: Share of them whose better line it is surer that people like; None if it was not
            taught that.
    """

    folder: Path
    lines: int
    pairs: int
    held_out: int
    before: float
    after: float
    liked: float | None = None


def tune(
    base: str,
    pairs: Sequence[Preference],
    lines: Sequence[Approved],
    out: Path,
    recipe: Recipe | None = None,
) -> Tuned:
    """Make an adapter for a model.

    Args:
        base: Folder or hub id of the model.
        out: Folder for the adapter; must not hold anything yet.

    Raises:
        TuningRefused: If there are too few pairs, or a package is missing.
        ModelNotUsable: If the model cannot be loaded.
    """
    recipe = recipe or Recipe()
    parts = split(pairs, recipe.held_out)
    if not parts.is_enough:
        raise TuningRefused(
            f"{len(pairs)} pairs are too few to tune a model and to see what came of it: it takes"
            " some hundred. Vote, edit and test more lines, and rate lines of a brief differently:"
            " lines with alike stars make no pair."
        )
    if out.exists() and any(out.iterdir()):
        raise TuningRefused(f"{out} holds something already. Name an empty folder.")
    try:
        import peft
        import trl
    except ImportError as error:
        raise TuningRefused(_MISSING) from error
    if Path(base).is_dir():
        check_folder(Path(base))
    is_choosing = profile(Path(base)).grounded
    with plain_words(base):
        model, tokenizer = _loaded(base)
    # the libraries print as they go; what is asked for goes to stdout alone
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        model = peft.get_peft_model(model, _lora(peft, recipe))
        scores = Scores(model, tokenizer, recipe.longest)
        before = scores.gaps(parts.held_out)
        if lines:
            _supervised(trl, model, tokenizer, lines, recipe, Path(folder) / "lines")
        _preferred(trl, model, tokenizer, parts.learnt, parts.held_out, recipe, Path(folder))
        liked = None
        if is_choosing:
            told = verdicts(parts.learnt)
            _supervised(trl, model, tokenizer, told, recipe, Path(folder) / "verdicts")
            liked = scores.liked_gaps(parts.held_out)
        after = scores.gaps(parts.held_out)
        model.save_pretrained(out, safe_serialization=True)
    _keep_profile(base, out, 0.0 if liked is None else taste_in(liked))
    return Tuned(
        folder=out,
        lines=len(lines),
        pairs=len(parts.learnt),
        held_out=len(parts.held_out),
        before=float(np.mean(before > 0)),
        after=float(np.mean(after > 0)),
        liked=None if liked is None else float(np.mean(liked > 0)),
    )


def _loaded(base: str) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    is_local = Path(base).is_dir()
    options = {"trust_remote_code": False, "local_files_only": is_local}
    model = AutoModelForCausalLM.from_pretrained(base, **_placed(), use_safetensors=True, **options)
    return model, AutoTokenizer.from_pretrained(base, **options)


def _placed() -> dict[str, Any]:
    """Return in which numbers a model is loaded, and where: on graphics cards if there are any."""
    import torch

    if torch.cuda.is_available():
        return {"dtype": torch.bfloat16, "device_map": "auto"}
    return {"dtype": torch.float32}


def _lora(peft: Any, recipe: Recipe) -> Any:
    return peft.LoraConfig(
        r=recipe.rank,
        lora_alpha=2 * recipe.rank,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def _supervised(
    trl: Any, model: Any, tokenizer: Any, lines: Sequence[Approved], recipe: Recipe, folder: Path
) -> None:
    """Make good answers likelier, one pass."""
    arguments = trl.SFTConfig(
        **_arguments(folder, recipe) | {"num_train_epochs": 1},
        max_length=recipe.longest,
        completion_only_loss=True,
    )
    trainer = trl.SFTTrainer(
        model=model,
        args=arguments,
        train_dataset=_dataset(map(line_data, lines)),
        processing_class=tokenizer,
    )
    trainer.train()


def _preferred(
    trl: Any,
    model: Any,
    tokenizer: Any,
    learnt: Sequence[Preference],
    held_out: Sequence[Preference],
    recipe: Recipe,
    folder: Path,
) -> None:
    """Prefer the better lines; end when held-out pairs get no better, and keep the best state."""
    from transformers import EarlyStoppingCallback

    steps = max(1, len(learnt) // recipe.batch // _LOOKS)
    arguments = trl.DPOConfig(
        **_arguments(folder / "pairs", recipe),
        max_length=recipe.longest,
        beta=recipe.beta,
        loss_type=["sigmoid", "sft"],
        loss_weights=[1.0, recipe.keep],
        eval_strategy="steps",
        eval_steps=steps,
        save_strategy="steps",
        save_steps=steps,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        greater_is_better=False,
    )
    trainer = trl.DPOTrainer(
        model=model,
        args=arguments,
        train_dataset=_dataset(map(pair_data, learnt)),
        eval_dataset=_dataset(map(pair_data, held_out)),
        processing_class=tokenizer,
        callbacks=[EarlyStoppingCallback(early_stopping_patience=recipe.patience)],
    )
    trainer.train()


def _arguments(folder: Path, recipe: Recipe) -> dict[str, Any]:
    import torch

    return {
        "output_dir": str(folder),
        "num_train_epochs": recipe.epochs,
        "per_device_train_batch_size": recipe.batch,
        "per_device_eval_batch_size": recipe.batch,
        "learning_rate": recipe.rate,
        "lr_scheduler_type": "cosine",
        "seed": recipe.seed,
        "report_to": [],
        "logging_steps": 10,
        "bf16": torch.cuda.is_available(),
        "use_cpu": not torch.cuda.is_available(),
        "gradient_checkpointing": torch.cuda.is_available(),
        "dataloader_pin_memory": False,
    }


def _dataset(rows: Iterable[dict[str, Any]]) -> Any:
    from datasets import Dataset

    kept = ("prompt", "chosen", "rejected", "completion")
    return Dataset.from_list([{key: row[key] for key in kept if key in row} for row in rows])


def _keep_profile(base: str, out: Path, taste: float) -> None:
    """Copy how the base is asked for lines, and say what the adapter's liking is worth."""
    own = Path(base) / FILE
    said = json.loads(own.read_text(encoding="utf-8")) if own.is_file() else {}
    if vocabulary := said.get("vocabulary"):
        shutil.copyfile(Path(base) / vocabulary, out / vocabulary)
    told = json.dumps({**said, "taste": round(taste, 2)}, indent=2, ensure_ascii=False)
    (out / FILE).write_text(told + "\n", encoding="utf-8")
