"""How long a prompt a model can read, told from its folder without loading it.

For a look beforehand, while somebody types: the engine counts again, exactly.  Nothing is known of
models that are no folder on this machine.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from creative.engine.protocol import Message

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_LINE = 8  #: tokens that must be left for a line


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How a prompt compares with what the model reads, both in tokens.

    Attributes:
        most: What the model reads, line included.
    """

    tokens: int
    most: int

    @property
    def is_over(self) -> bool:
        """Whether no line can be written from the prompt."""
        return self.tokens + _LINE > self.most


@dataclass(frozen=True, kw_only=True, slots=True)
class _Folder:
    """What a model's folder says."""

    tokenizer: "Tokenizer"
    most: int
    template: str  #: of a chat, in Jinja; empty for none

    def prompt(self, messages: Sequence[Message]) -> str:
        """Return a prompt, near enough where the template wants more than we give."""
        turns = [{"role": each.role, "content": each.content} for each in messages]
        try:
            return ImmutableSandboxedEnvironment().from_string(self.template).render(
                messages=turns, add_generation_prompt=True, enable_thinking=False
            ) or _joined(messages)
        except (TemplateError, ArithmeticError, TypeError, ValueError):
            return _joined(messages)


def reach_of(source: str, messages: Sequence[Message]) -> Reach | None:
    """Return how a prompt compares; None where nothing tells.

    Args:
        source: Folder or hub id of the model.
    """
    folder = Path(source)
    config, words = folder / "config.json", folder / "tokenizer.json"
    if not folder.is_absolute() or not (config.is_file() and words.is_file()):
        return None
    known = _known(folder, max(config.stat().st_mtime_ns, words.stat().st_mtime_ns))
    if known is None:
        return None
    ids = known.tokenizer.encode(known.prompt(messages), add_special_tokens=False).ids
    return Reach(tokens=len(ids), most=known.most)


@lru_cache(maxsize=2)
def _known(folder: Path, _changed_ns: int) -> _Folder | None:
    from tokenizers import Tokenizer  # a twentieth of a second, and only for who drafts

    template = folder / "chat_template.jinja"
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        most = int(config["max_position_embeddings"])
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        said = template.read_text("utf-8") if template.is_file() else ""
    except Exception:  # noqa: BLE001 - the library raises nothing narrower; loading tells the rest
        return None
    return _Folder(tokenizer=tokenizer, most=most, template=said)


def _joined(messages: Sequence[Message]) -> str:
    return "\n\n".join(each.content for each in messages)
