"""What went wrong with a model, in plain words; loaders and the hub raise errors of many kinds."""

from collections.abc import Iterator
from contextlib import contextmanager

from creative.errors import EngineUnavailable, ModelNotUsable

_NO_CONNECTION = ("connect", "offline", "resolve", "timed out", "max retries", "outgoing")
_FULL_MEMORY = ("not enough memory", "can't allocate memory", "out of memory")

#: part of a loader's message, and what to say instead
_KNOWN = {
    "trust_remote_code": "brings programs of its own, which Adlib does not run. Choose another.",
    "does not recognize this architecture": "is of a kind that this version of transformers "
    "cannot load. Choose another model.",
    "Unrecognized model": "is of a kind that this version of transformers cannot load.",
    "Unrecognized configuration class": "cannot write text. Choose a chat or instruct model.",
    "does not appear to have a file named model.safetensors": "has no weights in safetensors "
    "format. Choose another model.",
    "valid model identifier": "is not on the hub, or the hub asks for a login: accept the "
    "model's terms there and run `hf auth login`.",
    "gated repo": "asks for a login: accept its terms on the hub and run `hf auth login`.",
}


@contextmanager
def plain_words(source: str) -> Iterator[None]:
    """Turn whatever goes wrong while a model loads into EngineUnavailable or ModelNotUsable."""
    try:
        yield
    except EngineUnavailable:
        raise
    except Exception as error:
        raise _reworded(source, error) from error


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that memory was too small, on any device."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(sign in text for sign in _FULL_MEMORY)


def in_plain_words(error: Exception) -> str:
    """Say what went wrong while a request was written."""
    if is_out_of_memory(error):
        return "Memory is full. Ask for fewer lines, or choose a smaller model."
    return f"The model failed: {type(error).__name__}: {str(error)[:200]}. Try again."


def _reworded(source: str, error: Exception) -> EngineUnavailable:
    text = str(error)
    if is_out_of_memory(error):
        return EngineUnavailable(
            f"Memory is too small for {source}. Close other programs, or choose a smaller model."
        )
    if type(error).__name__ == "SafetensorError":
        return ModelNotUsable(
            f"The weights of {source} are damaged. Download the model again. ({text})"
        )
    if isinstance(error, ImportError):
        return ModelNotUsable(f"{source} needs a package that is missing: {text}")
    for sign, words in _KNOWN.items():
        if sign in text:
            return ModelNotUsable(f"{source} {words}")
    if isinstance(error, OSError) and any(sign in text.lower() for sign in _NO_CONNECTION):
        return EngineUnavailable(
            f"The hub cannot be reached to fetch {source}. Check the connection, or set "
            "ADLIB_MODEL to a folder on this machine."
        )
    return ModelNotUsable(f"{source} does not load: {type(error).__name__}: {text[:300]}")
