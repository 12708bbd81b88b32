"""The last touch: prefer hand-written lines to the model's own.

    python -m models.training.preference /tmp/starter --out models/starter

The model writes headlines for hand-written briefs, held to the words and limits that the studio
holds it to.  Each is set against the line that was written by hand for the same brief and angle,
and the model is trained to find the latter likelier, against the former, than it did before.  That
teaches what likelihood alone does not: which of its own lines a copywriter would not sign.

Sources: Rafailov et al. 2023 (direct preference optimisation), Chen et al. 2024 (self-play against
one's own lines), Pang et al. 2024 (with the plain loss of the preferred line kept beside it).
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm
from transformers import AutoTokenizer, LlamaForCausalLM

from creative.drafting.figures import brief_figures
from creative.drafting.grounding import grounded_words
from creative.engine.factory import create_engine
from creative.engine.profile import profile
from creative.engine.protocol import Constraint, Engine, Message, Request, Row, RowFinished, Ticket
from creative.settings import read_settings
from models.training.corpus import Example
from models.training.export import export
from models.training.packing import IGNORED, Packer, Rows
from models.training.splits import Split
from models.training.trainer import branch_logprobs
from models.training.variation import ask_of, prompt_of, retold
from models.training.written import Ad, Assignment, assignments

LONGEST = 45  #: limit of the lines that are compared: headlines
TOGETHER = 12  #: assignments that the engine writes for at once
LENGTH = 512  #: tokens of a row


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what is learned."""

    passes: int = 2
    rows: int = 8
    rate: float = 1e-4
    beta: float = 0.1  #: how far the model may move for a preference
    plain: float = 0.2  #: weight of the plain loss of hand-written lines, nats per token
    seed: int = 3


@dataclass(frozen=True)
class Pair:
    """Two answers to one ask."""

    ask: str
    better: str
    worse: str


def own_lines(
    engine: Engine, vocabulary: frozenset[str], told: Sequence[Assignment], seed: int
) -> Iterator[tuple[str, list[Pair]]]:
    """Yield prompts with pairs of a hand-written line and the model's own."""
    for at in range(0, len(told), TOGETHER):
        some = told[at : at + TOGETHER]
        tickets = [_submitted(engine, vocabulary, each, seed + at) for each in some]
        for each, ticket in zip(some, tickets, strict=True):
            rows = {event.row: event.text for event in ticket if isinstance(event, RowFinished)}
            ads = _headlines(each)
            pairs = [
                Pair(ask_of(ad), ad.text, rows[number])
                for number, ad in enumerate(ads)
                if rows.get(number) and rows[number].casefold() != ad.text.casefold()
            ]
            yield prompt_of(each), pairs


def _headlines(assignment: Assignment) -> list[Ad]:
    return [ad for ad in assignment.ads if ad.place == "headline" and ad.limit <= LONGEST]


def _submitted(engine: Engine, vocabulary: frozenset[str], told: Assignment, seed: int) -> Ticket:
    prompt, ads = prompt_of(told), _headlines(told)
    rows = tuple(
        Row(messages=(Message(role="user", content=prompt + ask_of(ad)),), seed=seed * 100 + at)
        for at, ad in enumerate(ads)
    )
    constraint = Constraint(
        max_width=max(ad.limit for ad in ads),
        vocabulary=grounded_words(told.brief, vocabulary),
        figures=brief_figures(told.brief),
    )
    return engine.submit(
        Request(id=f"own-{seed}-{told.values['brand']}", rows=rows, constraint=constraint)
    )


def packed(packer: Packer, prompt: str, pairs: Sequence[Pair]) -> Rows | None:
    """Return a row in which branches 1, 3, … are better and 2, 4, … are worse answers."""
    for count in range(len(pairs), 0, -1):
        lines = [(p.ask, text) for p in pairs[:count] for text in (p.better, p.worse)]
        row = packer.row(Example(prompt, tuple(lines)))
        if row is not None and row[1].max() == len(lines):
            return row
    return None


def loss_of(now: Tensor, before: Tensor, tokens: Tensor, recipe: Recipe) -> tuple[Tensor, Tensor]:
    """Return the loss of a batch, and the share of pairs in which the better one gained.

    Args:
        now: Log-probabilities [rows, branches] of the model, in nats.
        before: The same of the model that was started from.
        tokens: How many tokens each branch has; 0 where there is none.
    """
    gain = now - before
    is_there = tokens[:, 0::2] > 0
    margin = (gain[:, 0::2] - gain[:, 1::2])[is_there]
    plain = -now[:, 0::2][is_there].sum() / tokens[:, 0::2].sum()
    loss = -functional.logsigmoid(recipe.beta * margin).mean() + recipe.plain * plain
    return loss, (margin > 0).float().mean()


def trained(
    model: LlamaForCausalLM, rows: Sequence[Rows], held_out: Sequence[Rows], recipe: Recipe
) -> list[dict[str, float]]:
    """Train a model in place; return a log of held-out losses."""
    with torch.no_grad():
        before = [branch_logprobs(model, row[None])[0] for row in tqdm(rows, "before")]
        held_before = [branch_logprobs(model, row[None])[0] for row in held_out]
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, betas=(0.9, 0.98))
    rng, log = Random(recipe.seed), [_held_out(model, held_out, held_before, recipe)]
    steps = recipe.passes * (len(rows) // recipe.rows)
    bar = tqdm(total=steps, desc="preferring")
    for _ in range(recipe.passes):
        order = rng.sample(range(len(rows)), len(rows))
        for at in range(0, len(order) - recipe.rows + 1, recipe.rows):
            chosen = order[at : at + recipe.rows]
            optimizer.param_groups[0]["lr"] = recipe.rate * (1 - bar.n / steps)
            loss, _ = _loss(model, [rows[i] for i in chosen], [before[i] for i in chosen], recipe)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            bar.update()
        log.append(_held_out(model, held_out, held_before, recipe))
        bar.write(json.dumps(log[-1]))
    return log


def _loss(
    model: LlamaForCausalLM, rows: Sequence[Rows], before: Sequence[Tensor], recipe: Recipe
) -> tuple[Tensor, Tensor]:
    batch = np.stack(rows)
    now = branch_logprobs(model, batch)
    width = now.shape[1]
    reference = torch.stack([functional.pad(each, (0, width - len(each))) for each in before])
    return loss_of(now, reference, _tokens(batch, width), recipe)


def _tokens(batch: Rows, width: int) -> Tensor:
    """Return how many learned tokens each branch has, [rows, branches]."""
    learned = batch[:, 3] != IGNORED
    counts = [
        np.bincount(row[1][own], minlength=width + 1)[1:]
        for row, own in zip(batch, learned, strict=True)
    ]
    return torch.from_numpy(np.stack(counts))


@torch.no_grad()
def _held_out(
    model: LlamaForCausalLM, rows: Sequence[Rows], before: Sequence[Tensor], recipe: Recipe
) -> dict[str, float]:
    losses = [_loss(model, [row], [was], recipe) for row, was in zip(rows, before, strict=True)]
    plain = [
        -branch_logprobs(model, row[None])[0, 0::2].sum()
        / _tokens(row[None], row[1].max())[0, 0::2].sum()
        for row in rows
    ]
    return {
        "loss": round(float(np.mean([float(loss) for loss, _ in losses])), 4),
        "preferred": round(float(np.mean([float(share) for _, share in losses])), 3),
        "plain": round(float(np.mean([float(each) for each in plain])), 3),
    }


def rows_of(folder: Path, recipe: Recipe, split: Split, tellings: int) -> list[Rows]:
    """Return rows of pairs for the assignments of a split, each told anew so many times."""
    settings = read_settings().model_copy(update={"engine": "thread", "model": str(folder)})
    rng, engine = Random(recipe.seed), create_engine(settings)
    packer = Packer(AutoTokenizer.from_pretrained(folder), LENGTH)
    known = profile(folder).vocabulary or frozenset()
    told = [
        new
        for each in assignments(split)
        for _ in range(tellings)
        if _headlines(new := retold(rng, each, 13))
    ]
    try:
        lines = tqdm(own_lines(engine, known, told, recipe.seed), f"own {split} lines", len(told))
        found = [packed(packer, prompt, pairs) for prompt, pairs in lines]
    finally:
        engine.close()
    return [row for row in found if row is not None]


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a trained starter")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--tellings", type=int, default=1, help="of each hand-written brief")
    parser.add_argument("--passes", type=int, default=Recipe.passes)
    parser.add_argument("--rate", type=float, default=Recipe.rate)
    parser.add_argument("--beta", type=float, default=Recipe.beta)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = Recipe(passes=options.passes, rate=options.rate, beta=options.beta)
    rows = rows_of(options.folder, recipe, Split.TRAIN, options.tellings)
    held_out = rows_of(options.folder, recipe, Split.VALIDATION, 1)
    model = LlamaForCausalLM.from_pretrained(
        options.folder, dtype=torch.float32, attn_implementation="eager"
    )
    log = trained(model, rows, held_out, recipe)
    model.train(False)
    export(model, AutoTokenizer.from_pretrained(options.folder), options.out)
    print(json.dumps({"rows": len(rows), "log": log}))


if __name__ == "__main__":
    main()
