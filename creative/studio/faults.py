"""What is wrong with the values of a brief: for people by the name of a field, in files by key."""

from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Key = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One value that cannot be kept.

    Attributes:
        key: Its path in the brief; a number is the place of an item in its list, from 0.
        kind: Whether the key is unknown, the value is missing, too long or of another sort, or a
            list has too many items.
        size: Characters or items that there are, where they are too many.
        most: And how many there may be.
        message: What is wrong where no other kind says it.
    """

    key: Key
    kind: Literal["unknown", "missing", "long", "many", "wrong"]
    size: int = 0
    most: int = 0
    message: str = ""

    @property
    def in_file(self) -> str:
        """One sentence for whoever wrote the file."""
        key = ".".join(map(str, self.key)) or "the brief"
        name = key.replace(".", " ").replace("_", " ").capitalize()
        match self.kind:
            case "unknown":
                return f"The brief has an unknown key: {key}."
            case "missing":
                return f"{name} is missing ({key})."
            case "long":
                return f"{name} is too long: at most {self.most:,} characters ({key})."
            case "many":
                return f"{name} is too long: at most {self.most:,} items ({key})."
            case "wrong":
                return f"{name}: {self.message} ({key})."

    def named(self, name: str) -> str:
        """One sentence for whoever typed into a form.

        Args:
            name: What the form calls the value, or an item of the list.
        """
        over = self.size - self.most
        at = self.key[-1] if self.key else ""
        item = f"{name} {at + 1}" if isinstance(at, int) else name
        match self.kind:
            case "missing":
                return f"{item} is missing."
            case "long":
                return (
                    f"{item} is too long: {self.size:,} characters, and at most {self.most:,} are "
                    f"kept. Shorten it by {over:,}."
                )
            case "many":
                return f"{name}: {self.size:,} are too many. Take out {over:,}."
            case _:
                return f"{item} cannot be used."


def faults_in(error: ValidationError) -> tuple[Fault, ...]:
    """Return every problem of a form."""
    return tuple(_fault(problem) for problem in error.errors())


def _fault(problem: ErrorDetails) -> Fault:
    key, kind, value = problem["loc"], problem["type"], problem["input"]
    most = int(problem.get("ctx", {}).get("max_length", 0))
    match kind:
        case "extra_forbidden":
            return Fault(key=key, kind="unknown")
        case "missing" | "string_too_short" | "too_short":
            return Fault(key=key, kind="missing")
        case "string_too_long" | "too_long" if isinstance(value, str):
            return Fault(key=key, kind="long", size=len(value.strip()), most=most)
        case "too_long" if isinstance(value, tuple | list):
            return Fault(key=key, kind="many", size=len(value), most=most)
        case _:
            return Fault(key=key, kind="wrong", message=problem["msg"])
