"""Write the mean of finished models: `python -m models.training.average OUT MODEL MODEL ...`.

Runs that went on from one another end on different sides of the same valley, and their mean lies
deeper.  Source: Wortsman et al. 2022, "Model soups".
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoTokenizer, LlamaForCausalLM

from models.training.export import export


def mean_of(folders: Sequence[Path]) -> LlamaForCausalLM:
    """Return the mean, in single precision, of finished models of one shape and tokenizer."""
    models = [LlamaForCausalLM.from_pretrained(each, dtype=torch.float32) for each in folders]
    mean: LlamaForCausalLM = models[0]
    with torch.no_grad():
        for weights in zip(*(model.parameters() for model in models), strict=True):
            weights[0].copy_(torch.stack(weights).mean(0))
    return mean


def main() -> None:
    """Average from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    args = parser.parse_args()
    export(mean_of(args.models), AutoTokenizer.from_pretrained(args.models[0]), args.out)


if __name__ == "__main__":
    main()
