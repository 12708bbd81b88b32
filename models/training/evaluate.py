"""Sample raw lines for briefs the corpus has not seen, and count what can be counted.

    python -m models.training.evaluate models/starter

No word filter and no choice among candidates: this shows the model, not the app, which grounds and
ranks its lines.  Reading the lines remains the better judge.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from creative.drafting.inflection import base_form, gerund, third_person
from creative.drafting.phrases import typed
from models.training.export import vocabulary
from models.training.words import DATA

WORD = re.compile(r"[a-z0-9]+(?:['’&-][a-z0-9]+)*")
FIELDS = (
    (("headline", 30), 4),
    (("description", 90), 3),
    (("primary", 125), 2),
    (("subject", 60), 1),
)


@dataclass(frozen=True)
class Sampled:
    """One raw line and what was asked for."""

    prompt: str
    limit: int
    text: str

    @property
    def unknown(self) -> set[str]:
        """Words that are neither in the prompt nor in the vocabulary."""
        known = set(WORD.findall(self.prompt.lower()))
        known |= {base for word in known if (base := base_form(word))}
        known |= {form for word in known for form in (third_person(word), gerund(word))}
        return set(WORD.findall(self.text.lower())) - known - set(vocabulary())


def briefs() -> Iterator[str]:
    """Yield the prompts of data/unseen_briefs.txt, without channel and angle."""
    text = DATA.joinpath("unseen_briefs.txt").read_text("utf-8")
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if lines:
            yield "\n".join(_typed_line(line) for line in lines)


def _typed_line(line: str) -> str:
    key, value = line.split(": ", 1)
    return f"{key}: {typed(value.split('; '))}" if key in {"benefits", "features"} else line


def angles(prompt: str) -> list[str]:
    """Return the angles that the fields of a prompt allow, strongest first."""
    needs = {"pain": "pains", "offer": "offer", "audience": "audience", "proof": "proof"}
    wanted = "benefit feature question pain offer audience contrast proof curiosity brand".split()
    return [a for a in wanted if f"{needs.get(a, 'brand')}:" in prompt]


@torch.inference_mode()
def sampled(folder: Path, temperature: float, top_p: float) -> Iterator[Sampled]:
    """Yield ten lines for each brief."""
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    for brief in briefs():
        asked = [field for field, count in FIELDS for _ in range(count)]
        turn = angles(brief)
        for at, (channel, limit) in enumerate(asked):
            angle = turn[at % len(turn)]
            prompt = f"{brief}\nchannel: {channel}\nmax: {limit}\nangle: {angle}"
            ids = tokenizer.apply_chat_template(
                [{"role": "user", "content": prompt}],
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
            )
            written = model.generate(
                **ids, do_sample=True, temperature=temperature, top_p=top_p, max_new_tokens=64
            )
            answer = written[0, ids["input_ids"].shape[1] :]
            text = tokenizer.decode(answer, skip_special_tokens=True).strip()
            yield Sampled(prompt, limit, text)


def main() -> None:
    """Print lines and a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--top-p", type=float, default=0.95)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    lines = list(sampled(args.folder, args.temperature, args.top_p))
    for line in lines:
        asked = " ".join(part.split(": ")[1] for part in line.prompt.split("\n")[-3:])
        marks = ("  TOO LONG" if len(line.text) > line.limit else "") + (
            f"  UNKNOWN {' '.join(sorted(line.unknown))}" if line.unknown else ""
        )
        print(f"{asked:28} {line.text}{marks}")
    count = len(lines)
    long = sum(len(line.text) > line.limit for line in lines)
    unknown = sum(bool(line.unknown) for line in lines)
    unique = len({line.text for line in lines})
    print(f"{count} lines: {long} too long, {unknown} with an unknown word, {unique} different")


if __name__ == "__main__":
    main()
