"""Whose vote it is: a person's or a model's, told by the name it is kept under."""

_MODEL = "model:"


def model_voter(model: str) -> str:
    """Return the name that the votes of a model are kept under; no person can take it.

    >>> model_voter("Qwen/Qwen3-4B")
    'model: Qwen/Qwen3-4B'
    """
    return f"{_MODEL} {' '.join(model.split())}"


def is_model(voter: str) -> bool:
    """Tell whether a name is kept for models.

    >>> is_model("Model: me"), is_model("Ada, model")
    (True, False)
    """
    return "".join(voter.split()).casefold().startswith(_MODEL)
