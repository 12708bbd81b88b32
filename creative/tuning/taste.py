"""What a model says of pairs: which line it would rather write, and which people like.

A model that chooses among lines is asked whether people like each (creative/drafting/asking.py):
what it would rather write is mostly a matter of words, however much it was tuned.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from creative.drafting.asking import NO, YES, liking
from creative.engine.profile import MOST_TASTE
from creative.engine.protocol import Message
from creative.export.preferences import Approved, Preference

Floats = NDArray[np.float64]
_Score = Callable[[Sequence[Message], str], float]


def verdicts(pairs: Sequence[Preference]) -> list[Approved]:
    """Return what teaches a model which lines people like: the question, and its answer.

    What most pairs of a line say is its answer; one that they do not agree on is left out.
    """
    wins: Counter[tuple[Message, ...]] = Counter()
    for pair in pairs:
        wins[liking(pair.prompt, pair.chosen)] += 1
        wins[liking(pair.prompt, pair.rejected)] -= 1
    return [
        Approved(prompt=asked, text=YES if more > 0 else NO, source="verdict")
        for asked, more in wins.items()
        if more
    ]


def taste_in(gaps: Floats) -> float:
    """Return what a log-odd of being liked is worth in log-odds of being preferred.

    The likeliest slope through the origin, 0 to MOST_TASTE, with a standard normal prior: few pairs
    prove little.

    Args:
        gaps: Log-odds of the better line of each pair less those of the other.
    """

    def cost(slope: float) -> float:
        return float(np.logaddexp(0, -slope * gaps).sum() + slope**2 / 2)

    return float(minimize_scalar(cost, bounds=(0, MOST_TASTE), method="bounded").x)


@dataclass(frozen=True, slots=True)
class Scores:
    """What a transformers model says of pairs; `longest` is the most tokens it is shown."""

    model: Any
    tokenizer: Any
    longest: int

    def gaps(self, pairs: Sequence[Preference]) -> Floats:
        """Return for each pair how much likelier its better line is, in nats per token."""
        return self._gaps(pairs, lambda prompt, text: self._nats(prompt, text).mean())

    def liked_gaps(self, pairs: Sequence[Preference]) -> Floats:
        """Return for each pair how much surer its better line is liked, in log-odds."""
        return self._gaps(pairs, self._liked)

    def _gaps(self, pairs: Sequence[Preference], score: _Score) -> Floats:
        self.model.eval()
        return np.array(
            [score(each.prompt, each.chosen) - score(each.prompt, each.rejected) for each in pairs]
        )

    def _liked(self, prompt: Sequence[Message], text: str) -> float:
        asked = liking(prompt, text)
        return float(self._nats(asked, YES).sum() - self._nats(asked, NO).sum())

    def _nats(self, prompt: Sequence[Message], text: str) -> Floats:
        """Return the log-probabilities of the tokens of a line, in nats."""
        import torch

        turns = [{"role": each.role, "content": each.content} for each in prompt]
        chat = self.tokenizer.apply_chat_template
        asked = chat(turns, add_generation_prompt=True, return_dict=False)
        answered = [*turns, {"role": "assistant", "content": text}]
        whole = chat(answered, return_dict=False)[: self.longest]
        ids = torch.tensor([whole], device=self.model.device)
        with torch.inference_mode():
            logits = self.model(ids).logits[0, :-1].float()
        scores = logits.log_softmax(-1).gather(1, ids[0, 1:, None])[:, 0]
        return np.asarray(scores[len(asked) - 1 :].double().cpu().numpy())
