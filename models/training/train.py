"""Train the starter model.

    python -m models.training.train --minutes 240 --prose mix.txt.gz --out models/starter

One process trains, another of low priority makes the batches as it goes.  Everything a user of the
model needs is in the folder of --out, renewed every few minutes; what is needed to go on after a
stop (`--resume`) is in --run.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm
from transformers import AutoTokenizer

from models.training.mixture import FINISH, PHASES, Batches
from models.training.recipe import SIZES, Recipe, diet
from models.training.tokenizer import make_tokenizer
from models.training.trainer import Trainer

HERE = Path(__file__).parent
RUNS = HERE / "runs"
REPORT_S = 30.0  #: between two looks at what is held out
MEMORY = {  # for glibc's malloc; measured four times faster steps
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
    "MALLOC_TOP_PAD_": "200000000",
}


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
    reported = -REPORT_S
    while share < 1 and (steps is None or trainer.progress.step < steps):
        loss = trainer.step(batches.at(share), share)
        trainer.progress.seconds = before + time.monotonic() - began
        share = trainer.progress.seconds / (minutes * 60)
        bar.update(round(trainer.progress.seconds) - bar.n)
        if trainer.progress.seconds - reported > REPORT_S:
            _report(bar, trainer, loss)
            reported = trainer.progress.seconds
        if time.monotonic() - saved > (first_save if trainer.progress.seconds < 200 else save_s):
            trainer.save(out)
            saved = time.monotonic()
    bar.close()
    trainer.validate(loss)
    trainer.save(out)


def _report(bar: "tqdm[Any]", trainer: Trainer, loss: Tensor) -> None:
    held_out = trainer.validate(loss)
    done = trainer.progress
    speed = done.tokens / max(done.seconds, 1e-9)
    losses = f"loss {loss.item():.3f}, held out {held_out}"
    bar.write(f"step {done.step}: {losses}, {done.tokens / 1e6:.2f} M tokens, {speed:.0f}/s")


def own_tokenizer(run: Path, prose: Path | None) -> Path:
    """Return the folder of a run's tokenizer, which is made first if it is missing."""
    folder = run / "tokenizer"
    if not folder.exists():
        make_tokenizer(prose=prose).save_pretrained(folder)
    return folder


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
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1, help="of the process that trains")
    parser.add_argument("--workers", type=int, default=1, help="processes that make batches")
    parser.add_argument("--rows", type=int, default=Recipe.rows, help="of a step")
    parser.add_argument(
        "--compile", action="store_true", help="a faster step on a CPU, with a C++ compiler at hand"
    )
    parser.add_argument("--rate", type=float, default=Recipe.rate)
    parser.add_argument(
        "--start", type=Path, help="folder of a model to go on from, anew, to FINISH it"
    )
    parser.add_argument("--dropout", type=float, default=Recipe.dropout)
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
    size = SIZES[args.size]
    recipe = Recipe(size=size, rows=args.rows, dropout=args.dropout, rate=args.rate, seed=args.seed)
    pieces = args.start or own_tokenizer(args.run, args.prose)
    trainer = Trainer(recipe, AutoTokenizer.from_pretrained(pieces), args.run, args.device)
    if args.compile:  # the layers alone, as losses call them; copies of the model have none of it
        trainer.model.model.compile()
    if args.start:
        trainer.start_from(args.start)
    if args.resume:
        trainer.resume()
    phases = FINISH if args.start else PHASES
    eaten = diet(recipe, args.prose, phases, seed=recipe.seed + trainer.progress.step)
    train(
        trainer,
        Batches(eaten, pieces, args.workers),
        args.out,
        minutes=args.minutes,
        steps=args.steps,
        save_s=args.save_minutes * 60,
    )


if __name__ == "__main__":
    main()
