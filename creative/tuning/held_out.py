"""Which pairs are only looked at: those of some briefs, so that no brief is on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from creative.export.preferences import Preference

_FEWEST = 4  #: pairs below which there is nothing to learn from


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """Pairs to learn from, and pairs to look at."""

    learnt: tuple[Preference, ...]
    held_out: tuple[Preference, ...]

    @property
    def is_enough(self) -> bool:
        return len(self.learnt) >= _FEWEST and bool(self.held_out)


def split(pairs: Sequence[Preference], share: float) -> Split:
    """Hold out the pairs of about this share of briefs, always the same ones.

    Where all pairs are of one brief, pairs themselves are held out.
    """
    keys = [str(pair.brief) for pair in pairs]
    if len(set(keys)) < 2:
        keys = [f"{pair.chosen}\n{pair.rejected}" for pair in pairs]
    ranked = sorted(set(keys), key=lambda key: sha256(key.encode()).hexdigest())
    aside = set(ranked[: max(1, round(share * len(ranked)))])
    return Split(
        learnt=tuple(p for p, key in zip(pairs, keys, strict=True) if key not in aside),
        held_out=tuple(p for p, key in zip(pairs, keys, strict=True) if key in aside),
    )
