"""What one server understands beyond the common part of the protocol.

Little is known beforehand: a field is sent until the server refuses it, several lines are asked
for together until it hands out fewer, and in a stream until its streams cannot be read.  What is
learnt lasts as long as the engine.
"""

import re
from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from creative.engine.protocol import Constraint
from creative.engine.remote.asks import Ask
from creative.engine.remote.guidance import bound_of, grammar, pattern

Fields = dict[str, Any]

# A line has no room for thoughts: vLLM, llama.cpp and others tell the model's template so, Ollama
# has a word of its own (docs.ollama.com/api/openai-compatibility).
_QUIET: Fields = {"chat_template_kwargs": {"enable_thinking": False}}
_OLLAMA_QUIET: Fields = {"reasoning_effort": "none"}

_ALWAYS = {"max_tokens", "max_completion_tokens"}  #: without a bound a line could go on for ever
_QUOTED = {  #: where a name alone would be found in any sentence
    "n": r"['\"`]n['\"`]|completion choice",
}
_BAD_FIELD = (400, 422)
_MAY_BE_BAD_FIELD = (*_BAD_FIELD, 500)  #: llama.cpp before 2026 answers so to `n`


class Guide(Enum):
    """How a server takes a pattern for its lines."""

    NONE = "none"
    STRUCTURED = "structured_outputs"  #: vLLM from 0.11 on
    REGEX = "guided_regex"  #: vLLM before 0.12
    GRAMMAR = "grammar"  #: llama.cpp

    def fields(self, constraint: Constraint) -> Fields:
        """Return the field that holds the model to a constraint."""
        match self:
            case Guide.STRUCTURED:
                return {self.value: {"regex": pattern(constraint)}}
            case Guide.REGEX:
                return {self.value: pattern(constraint)}
            case Guide.GRAMMAR:
                return {self.value: grammar(constraint)}
        return {}


def guide_of(owner: str, version: str) -> Guide:
    """Return how a server is guided.

    Args:
        owner: `owned_by` of the models it lists.
        version: What it calls its version; empty when it does not tell.
    Source:
        docs.vllm.ai/en/latest/features/structured_outputs (guided_regex was removed in 0.12);
        llama.cpp tools/server/README.md.

    >>> guide_of("vllm", "0.10.2"), guide_of("library", "")
    (<Guide.REGEX: 'guided_regex'>, <Guide.NONE: 'none'>)
    """
    if owner == "llamacpp":
        return Guide.GRAMMAR
    if owner != "vllm":
        return Guide.NONE
    found = re.match(r"(\d+)\.(\d+)", version)
    is_old = found is not None and (int(found[1]), int(found[2])) < (0, 11)
    return Guide.REGEX if is_old else Guide.STRUCTURED


class Dialect:
    """What a server was found to take."""

    def __init__(self) -> None:
        self._guide = Guide.NONE
        self._quiet: Fields = _QUIET
        self.takes_many = True  #: whether it hands out as many lines as are asked for
        self.streams = True  #: whether its streams can be read
        self._refused: set[str] = set()

    def know(self, owner: str, version: str) -> None:
        """Take note of what kind of server it is; arguments are those of `guide_of`."""
        self._guide = guide_of(owner, version)
        self._quiet = _OLLAMA_QUIET if owner == "library" else _QUIET

    def fields(self, ask: Ask) -> Fields:
        """Return what to send with an ask, beside its messages."""
        request = ask.request
        fields: Fields = {
            "temperature": request.temperature,
            "top_p": request.top_p,
            "max_tokens": request.max_new_tokens,
            "seed": ask.seed,
            "logprobs": True,
            "top_k": request.top_k or -1,  # 0 is an error to older servers
            "min_p": request.min_p,
            **self._quiet,
            **({"n": len(ask.draws)} if len(ask.draws) > 1 else {}),
            **self._guide.fields(request.constraint),
        }
        return without(fields, self._refused)

    def refuse(self, names: Collection[str]) -> None:
        """Never send these fields again."""
        self._refused.update(names)
        self.takes_many = self.takes_many and "n" not in names

    def bound_of(self, constraint: Constraint) -> int | None:
        """Return after how many code points the server cuts a line; None when it does not."""
        is_guided = self._guide is not Guide.NONE and self._guide.value not in self._refused
        return bound_of(constraint) if is_guided else None


def without(fields: Mapping[str, Any], names: Collection[str]) -> Fields:
    """Return fields without some; the bound on tokens has a second name and stays."""
    kept = {name: value for name, value in fields.items() if name not in names}
    if "max_tokens" in names and "max_tokens" in fields:
        kept["max_completion_tokens"] = fields["max_tokens"]
    return kept


def doubted(fields: Mapping[str, Any], status: int, words: str) -> frozenset[str]:
    """Return the fields that a server may have refused; none when it is about something else.

    Args:
        fields: What was sent.
        status: Of the HTTP answer.
        words: What the server says.

    >>> sorted(doubted({"top_k": 1, "seed": 2}, 422, "Unexpected fields in the request: {'top_k'}"))
    ['top_k']
    >>> sorted(doubted({"top_k": 1, "seed": 2}, 400, "bad request"))
    ['seed', 'top_k']
    """
    if status not in _MAY_BE_BAD_FIELD:
        return frozenset()
    if "max_tokens" in fields and "max_completion_tokens" in words and "nsupported" in words:
        return frozenset({"max_tokens"})
    optional = frozenset(fields) - _ALWAYS
    named = frozenset(name for name in optional if _names(words, name))
    return named or (optional if status in _BAD_FIELD else frozenset())


def _names(words: str, name: str) -> bool:
    return re.search(_QUOTED.get(name, rf"(?<!\w){name}(?!\w)"), words) is not None
