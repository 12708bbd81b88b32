"""One run of training: steps, average weights, held-out losses, and what a stop must not lose."""

import json
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from transformers import LlamaForCausalLM, PreTrainedTokenizerBase

from models.training.corpus import Example
from models.training.export import export
from models.training.mixture import Phase, Reader
from models.training.muon import precision_on
from models.training.packing import IGNORED, Packer, Rows
from models.training.recipe import Recipe, diet, new_model, optimizers
from models.training.shortening import judging_example, shortening_example
from models.training.splits import Split
from models.training.variation import plain
from models.training.written import SHORTENED, Assignment, assignments

VALIDATION_SEED = 999
HIDDEN = -1e9  #: added to the score of a token that is not to be seen


@dataclass
class Progress:
    """How far a run has come."""

    step: int = 0
    seconds: float = 0.0
    tokens: int = 0
    answer_tokens: int = 0
    lines: int = 0


class Trainer:
    """One run: model, optimisers, average weights and log."""

    def __init__(
        self,
        recipe: Recipe,
        tokenizer: PreTrainedTokenizerBase,
        run: Path,
        device: str = "cpu",
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.tokenizer, self.run = recipe, tokenizer, run
        self.rng = np.random.default_rng(recipe.seed)
        self.model = new_model(recipe, tokenizer)
        self.model.to(device=device)  # type: ignore[call-arg]
        self.optimizers = optimizers(self.model, recipe.rate)
        self.average = [w.detach().clone() for w in self.model.parameters()]
        self.progress = Progress()
        self.log: list[dict[str, Any]] = []
        self.held_out = {
            "made": _made(recipe, tokenizer),
            "written": _batches(recipe, tokenizer, map(plain, assignments(Split.VALIDATION))),
            "short": _batches(recipe, tokenizer, _exercises(shortening_example)),
            "judged": _batches(recipe, tokenizer, _exercises(judging_example)),
        }

    def rate_at(self, share: float) -> float:
        """Return the learning rate after a share of the run's time."""
        warm = min(1.0, (self.progress.step + 1) / self.recipe.warmup)
        left = 1.0 if share < self.recipe.hold else max(0.01, (1 - share) / (1 - self.recipe.hold))
        return self.recipe.rate * warm * left

    def step(self, rows: Rows, share: float) -> Tensor:
        """Learn from one batch and return its loss, which a graphics card may still reckon."""
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self.rate_at(share)
        loss = answer_loss(self.model, self._blurred(rows))
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self._count(rows)
        keep = min(self.recipe.ema, self.progress.step / (self.progress.step + 10))
        torch._foreach_lerp_(self.average, [w.detach() for w in self.model.parameters()], 1 - keep)
        return loss.detach()

    def _blurred(self, rows: Rows) -> Rows:
        """Hide some words that a line has so far, so that it is told from the brief, not by heart.

        Source: Bowman et al. 2016, "Generating sentences from a continuous space" (word dropout).
        """
        branch, labels = rows[:, 1], rows[:, 3]
        is_written = np.zeros(branch.shape, dtype=bool)
        is_written[:, 1:] = (branch[:, 1:] > 0) & (labels[:, :-1] != IGNORED)
        hidden = is_written & (self.rng.random(branch.shape) < self.recipe.blur)
        blurred = rows.copy()
        blurred[:, 0][hidden] = self.tokenizer.unk_token_id
        return blurred

    def _count(self, rows: Rows) -> None:
        done = self.progress
        done.step += 1
        done.tokens += rows.shape[0] * rows.shape[2]
        done.answer_tokens += int((rows[:, 3] != IGNORED).sum())
        done.lines += int(rows[:, 1].max(axis=1).sum())

    def averaged(self) -> LlamaForCausalLM:
        """Return a copy of the model that has the average weights."""
        model = deepcopy(self.model)
        with torch.no_grad():
            for weight, mean in zip(model.parameters(), self.average, strict=True):
                weight.copy_(mean)
        model.train(False)
        return model

    def validate(self, loss: Tensor) -> dict[str, float]:
        """Log and return the losses of the average weights on held-out rows of each kind."""
        model = self.averaged()
        with torch.no_grad():
            held_out = {
                kind: round(sum(answer_loss(model, rows).item() for rows in all_) / len(all_), 4)
                for kind, all_ in self.held_out.items()
            }
        self.log.append(
            {**asdict(self.progress), "loss": round(loss.item(), 4), "held_out": held_out}
        )
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

    def start_from(self, folder: Path) -> None:
        """Take over the weights of a finished model."""
        found = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)
        self.model.load_state_dict(found.state_dict())
        self.average = [w.detach().clone() for w in self.model.parameters()]

    def resume(self) -> None:
        """Go on from what `save` kept."""
        state = torch.load(self.run / "state.pt", weights_only=True, map_location=self.model.device)
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


def _exercises(made: Callable[[Random, Assignment, int], Example]) -> Iterator[Example]:
    """Yield exercises from industries that no run reads."""
    rng = Random(VALIDATION_SEED)
    for each in assignments(Split.VALIDATION, SHORTENED):
        yield made(rng, each, 2 * Recipe.lines)


def _batches(
    recipe: Recipe, tokenizer: PreTrainedTokenizerBase, examples: Iterable[Example]
) -> list[Rows]:
    """Return batches of the rows of examples."""
    packer = Packer(tokenizer, 512)
    found = [row for row in map(packer.row, examples) if row is not None]
    return [np.stack(found[at : at + recipe.rows]) for at in range(0, len(found), recipe.rows)]


def answer_loss(model: LlamaForCausalLM, rows: Rows) -> Tensor:
    """Return the mean loss of answer tokens, in nats.

    Args:
        rows: int16 [rows, 4, length], see packing.
    """
    device = model.device
    ids, branches, positions, labels = (
        torch.from_numpy(rows.astype(np.int64)).to(device, non_blocking=True).unbind(1)
    )
    length = ids.shape[1]
    seen = torch.tril(torch.ones(length, length, dtype=torch.bool, device=device))
    related = (branches[:, :, None] == branches[:, None, :]) | (branches[:, None, :] == 0)
    visible = ((seen & related) | torch.eye(length, dtype=torch.bool, device=device))[:, None]
    precision = precision_on(device)
    mask = torch.zeros(visible.shape, dtype=precision, device=device).masked_fill_(~visible, HIDDEN)
    learned = labels != IGNORED
    with torch.autocast(device.type, dtype=precision, enabled=precision is torch.bfloat16):
        states = model.model(
            input_ids=ids, attention_mask=mask, position_ids=positions, use_cache=False
        ).last_hidden_state
        scores = model.lm_head(states[learned])
    return functional.cross_entropy(scores.float(), labels[learned])
