"""Train the starter model.

    python -m models.training.train --minutes 240 --prose mix.txt.gz --out models/starter

One process trains, another of low priority makes the batches as it goes.  Everything a user of the
model needs is in the folder of --out, renewed every few minutes; what is needed to go on after a
stop (`--resume`) is in --run.
"""

import argparse
import json
import math
import os
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerBase

from models.training.export import export
from models.training.mixture import Batches, Diet, Phase, Reader
from models.training.muon import HAS_BFLOAT16, PRECISION, Muon
from models.training.packing import IGNORED, Packer, Rows
from models.training.splits import Split
from models.training.tokenizer import make_tokenizer
from models.training.variation import plain
from models.training.written import assignments

HERE = Path(__file__).parent
RUNS = HERE / "runs"
VALIDATION_SEED = 999
HIDDEN = -1e9  #: added to the score of a token that is not to be seen
MEMORY = {  # for glibc's malloc; measured four times faster steps
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
    "MALLOC_TOP_PAD_": "200000000",
}


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a model is."""

    width: int
    layers: int
    heads: int
    inner: int  #: width between the two halves of a feed-forward layer


SIZES = {
    "4m": Size(width=192, layers=6, heads=3, inner=512),
    "7m": Size(width=256, layers=6, heads=4, inner=704),
    "12m": Size(width=320, layers=8, heads=5, inner=832),
}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what is learned."""

    size: Size = SIZES["7m"]
    length: int = 384  #: tokens of a row
    rows: int = 8  #: rows of a step
    lines: int = 13  #: most lines of a brief
    rate: float = 3e-3
    hold: float = 0.6  #: share of the time before the rate falls
    warmup: int = 60  #: steps
    ema: float = 0.997
    seed: int = 1


@dataclass
class Progress:
    """How far a run has come."""

    step: int = 0
    seconds: float = 0.0
    tokens: int = 0
    answer_tokens: int = 0
    lines: int = 0


def new_model(recipe: Recipe, tokenizer: PreTrainedTokenizerBase) -> LlamaForCausalLM:
    """Return an untrained model for a tokenizer."""
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=recipe.size.width,
        num_hidden_layers=recipe.size.layers,
        num_attention_heads=recipe.size.heads,
        num_key_value_heads=recipe.size.heads,
        intermediate_size=recipe.size.inner,
        tie_word_embeddings=True,
        max_position_embeddings=512,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        attn_implementation="eager",  # a third faster here than torch's own kernel with a mask
    )
    model = LlamaForCausalLM(config)
    for name, weight in model.named_parameters():
        if "embed" in name:
            torch.nn.init.normal_(weight, std=0.05)
        elif weight.ndim == 2:
            ends_a_layer = "o_proj" in name or "down_proj" in name
            torch.nn.init.normal_(
                weight, std=(0.15 if ends_a_layer else 0.5) / math.sqrt(weight.shape[1])
            )
    return model


def optimizers(model: LlamaForCausalLM, rate: float) -> list[torch.optim.Optimizer]:
    """Return Muon for the matrices and AdamW for the rest."""
    named = list(model.named_parameters())
    matrices = [w for name, w in named if w.ndim == 2 and "embed" not in name]
    rest = [w for name, w in named if w.ndim != 2 or "embed" in name]
    return [
        Muon(matrices, lr=rate, momentum=0.95, weight_decay=0.01),
        torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


def answer_loss(model: LlamaForCausalLM, rows: Rows) -> Tensor:
    """Return the mean loss of answer tokens, in nats.

    Args:
        rows: int16 [rows, 4, length], see packing.
    """
    ids, branches, positions, labels = torch.from_numpy(rows.astype(np.int64)).unbind(1)
    length = ids.shape[1]
    seen = torch.tril(torch.ones(length, length, dtype=torch.bool))
    related = (branches[:, :, None] == branches[:, None, :]) | (branches[:, None, :] == 0)
    visible = ((seen & related) | torch.eye(length, dtype=torch.bool))[:, None]
    mask = torch.zeros(visible.shape, dtype=PRECISION).masked_fill_(~visible, HIDDEN)
    learned = labels != IGNORED
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HAS_BFLOAT16):
        states = model.model(
            input_ids=ids, attention_mask=mask, position_ids=positions, use_cache=False
        ).last_hidden_state
        scores = model.lm_head(states[learned])
    return functional.cross_entropy(scores.float(), labels[learned])


class Trainer:
    """One run: model, optimisers, average weights and log."""

    def __init__(self, recipe: Recipe, tokenizer: PreTrainedTokenizerBase, run: Path) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.tokenizer, self.run = recipe, tokenizer, run
        self.model = new_model(recipe, tokenizer)
        self.optimizers = optimizers(self.model, recipe.rate)
        self.average = [w.detach().clone() for w in self.model.parameters()]
        self.progress = Progress()
        self.log: list[dict[str, Any]] = []
        self.held_out = {"made": _made(recipe, tokenizer), "written": _written(recipe, tokenizer)}

    def rate_at(self, share: float) -> float:
        """Return the learning rate after a share of the run's time."""
        warm = min(1.0, (self.progress.step + 1) / self.recipe.warmup)
        left = 1.0 if share < self.recipe.hold else max(0.01, (1 - share) / (1 - self.recipe.hold))
        return self.recipe.rate * warm * left

    def step(self, rows: Rows, share: float) -> float:
        """Learn from one batch and return its loss."""
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self.rate_at(share)
        loss = answer_loss(self.model, rows)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self._count(rows)
        keep = min(self.recipe.ema, self.progress.step / (self.progress.step + 10))
        torch._foreach_lerp_(self.average, [w.detach() for w in self.model.parameters()], 1 - keep)
        return loss.item()

    def _count(self, rows: Rows) -> None:
        done = self.progress
        done.step += 1
        done.tokens += rows.shape[0] * rows.shape[2]
        done.answer_tokens += int((rows[:, 3] != IGNORED).sum())
        done.lines += int(rows[:, 1].max(axis=1).sum())

    def averaged(self) -> LlamaForCausalLM:
        """Return a copy of the model that has the average weights."""
        model = LlamaForCausalLM(self.model.config)
        with torch.no_grad():
            for weight, mean in zip(model.parameters(), self.average, strict=True):
                weight.copy_(mean)
        model.train(False)
        return model

    def validate(self, loss: float) -> dict[str, float]:
        """Log and return the losses of the average weights on held-out rows of each kind."""
        model = self.averaged()
        with torch.no_grad():
            held_out = {
                kind: round(sum(answer_loss(model, rows).item() for rows in all_) / len(all_), 4)
                for kind, all_ in self.held_out.items()
            }
        self.log.append({**asdict(self.progress), "loss": round(loss, 4), "held_out": held_out})
        return held_out

    def save(self, out: Path) -> None:
        """Export the average weights, and keep what a resumed run needs."""
        export(self.averaged(), self.tokenizer, out)
        self.run.mkdir(parents=True, exist_ok=True)
        state = {
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "average": self.average,
            "progress": asdict(self.progress),
            "log": self.log,
        }
        torch.save(state, self.run / "state.new")
        (self.run / "state.new").rename(self.run / "state.pt")
        (self.run / "log.json").write_text(json.dumps(self.log, indent=0))

    def resume(self) -> None:
        """Go on from what `save` kept."""
        state = torch.load(self.run / "state.pt", weights_only=True)
        self.model.load_state_dict(state["model"])
        for optimizer, kept in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        self.average, self.log = state["average"], state["log"]
        self.progress = Progress(**state["progress"])


def _made(recipe: Recipe, tokenizer: PreTrainedTokenizerBase) -> list[Rows]:
    """Return batches of the generator that no run reads."""
    phases = (Phase(1.0, {"made": 1.0}),)
    reader = Reader(replace(diet(recipe, None), seed=VALIDATION_SEED, phases=phases), tokenizer)
    return [reader.batch(0.0) for _ in range(2)]


def _written(recipe: Recipe, tokenizer: PreTrainedTokenizerBase) -> list[Rows]:
    """Return the hand-written copy of industries that no run reads."""
    packer = Packer(tokenizer, 512)
    rows = [packer.row(plain(each)) for each in assignments(Split.VALIDATION)]
    found = [row for row in rows if row is not None]
    return [np.stack(found[at : at + recipe.rows]) for at in range(0, len(found), recipe.rows)]


def diet(recipe: Recipe, prose: Path | None, seed: int = 0) -> Diet:
    """Return what a run of a recipe reads."""
    return Diet(seed=seed, length=recipe.length, rows=recipe.rows, lines=recipe.lines, prose=prose)


def train(
    trainer: Trainer,
    batches: Batches,
    out: Path,
    *,
    minutes: float,
    steps: int | None,
    save_s: float,
) -> None:
    """Train until the time or the steps are over, saving now and then."""
    began, before, saved = time.monotonic(), trainer.progress.seconds, time.monotonic()
    bar: tqdm[Any] = tqdm(total=round(minutes * 60), initial=round(before), unit="s", mininterval=5)
    share, first_save = before / (minutes * 60), min(180.0, save_s)
    while share < 1 and (steps is None or trainer.progress.step < steps):
        loss = trainer.step(batches.at(share), share)
        trainer.progress.seconds = before + time.monotonic() - began
        share = trainer.progress.seconds / (minutes * 60)
        bar.update(round(trainer.progress.seconds) - bar.n)
        if trainer.progress.step % 100 == 0 or trainer.progress.step == 1:
            _report(bar, trainer, loss)
        if time.monotonic() - saved > (first_save if trainer.progress.seconds < 200 else save_s):
            trainer.save(out)
            saved = time.monotonic()
    bar.close()
    trainer.validate(loss)
    trainer.save(out)


def _report(bar: "tqdm[Any]", trainer: Trainer, loss: float) -> None:
    held_out = trainer.validate(loss)
    done = trainer.progress
    speed = done.tokens / max(done.seconds, 1e-9)
    losses = f"loss {loss:.3f}, held out {held_out}"
    bar.write(f"step {done.step}: {losses}, {done.tokens / 1e6:.2f} M tokens, {speed:.0f}/s")


def tokenizer_in(run: Path, prose: Path | None) -> PreTrainedTokenizerBase:
    """Return the run's tokenizer, made first if it is missing."""
    folder = run / "tokenizer"
    if not folder.exists():
        make_tokenizer(prose=prose).save_pretrained(folder)
    loaded: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder)
    return loaded


def keep_memory() -> None:
    """Start this program again, told to keep the memory that it frees: giving it back is slow."""
    if not MEMORY.items() <= os.environ.items():
        command = [sys.executable, "-m", "models.training.train", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, **MEMORY})  # noqa: S606


def main() -> None:
    """Train from the command line."""
    keep_memory()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--minutes", type=float, default=240, help="of training, all resumed runs together"
    )
    parser.add_argument("--size", choices=SIZES, default="7m")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--prose", type=Path, help="plain English for the first phase, see prose.py"
    )
    parser.add_argument("--steps", type=int, help="stop earlier, after so many steps")
    parser.add_argument(
        "--out", type=Path, default=Path("models/starter"), help="where the model goes"
    )
    parser.add_argument("--run", type=Path, default=RUNS / "starter", help="where checkpoints go")
    parser.add_argument("--save-minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument(
        "--resume", action="store_true", help="go on from the last checkpoint of --run"
    )
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    recipe = Recipe(size=SIZES[args.size], seed=args.seed)
    trainer = Trainer(recipe, tokenizer_in(args.run, args.prose), args.run)
    if args.resume:
        trainer.resume()
    eaten = diet(recipe, args.prose, seed=recipe.seed + trainer.progress.step)
    train(
        trainer,
        Batches(eaten, args.run / "tokenizer"),
        args.out,
        minutes=args.minutes,
        steps=args.steps,
        save_s=args.save_minutes * 60,
    )


if __name__ == "__main__":
    main()
