"""Which industries are trained on, and which are kept to look at; decided before any training."""

from enum import StrEnum


class Split(StrEnum):
    """What an industry is for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


VALIDATION = frozenset(  # files of data/written/, then trades of data/industries.txt
    "dentists kitchenware language_learning moving_and_storage dental kitchen languages".split()
)
TEST = frozenset(
    "florists_and_gifts insurance museums_and_theatre other_pets_and_vets gifts pets".split()
)


def split_of(industry: str) -> Split:
    """Return what an industry is for, by the name of its file or paragraph."""
    if industry in VALIDATION:
        return Split.VALIDATION
    return Split.TEST if industry in TEST else Split.TRAIN
