"""Messages to prompt tokens, by the model's own chat template; knows no ads."""

from collections.abc import Sequence

from creative.engine.hub import Tokenizer
from creative.engine.protocol import Message


class Prompter:
    """Writes the prompt of a row the way its model was taught to read one."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._takes_system = True
        added = tokenizer.added_tokens_decoder.values()
        special = {str(token.content) for token in added if token.special}
        special |= {str(token) for token in tokenizer.all_special_tokens}
        self._markers = [marker for marker in special if len(marker) > 2]

    def tokens(self, messages: Sequence[Message]) -> tuple[int, ...]:
        """Return the tokens of a prompt, at the end of which the answer starts."""
        turns = [{"role": each.role, "content": self._harmless(each.content)} for each in messages]
        if not self._tokenizer.chat_template:
            text = "\n\n".join(turn["content"] for turn in turns)
            return tuple(self._tokenizer.encode(text + "\n\n", add_special_tokens=True))
        if not self._takes_system:
            return self._templated(_without_system(turns))
        try:
            return self._templated(turns)
        except Exception:  # noqa: BLE001 - a template raises whatever it likes
            merged = self._templated(_without_system(turns))
            self._takes_system = False
            return merged

    def _harmless(self, content: str) -> str:
        """Return a text without markers of the template, so that no brief can forge a turn."""
        for marker in self._markers:
            content = content.replace(marker, " ")
        return content

    def _templated(self, turns: list[dict[str, str]]) -> tuple[int, ...]:
        """Apply the template; models that can think aloud are asked not to."""
        ids = self._tokenizer.apply_chat_template(
            turns,
            tokenize=True,
            add_generation_prompt=True,
            return_dict=False,
            enable_thinking=False,
        )
        return tuple(int(id) for id in ids)


def _without_system(turns: list[dict[str, str]]) -> list[dict[str, str]]:
    """Move system texts into the first user turn, for templates that know no system role."""
    system = [turn["content"] for turn in turns if turn["role"] == "system"]
    others = [turn for turn in turns if turn["role"] != "system"]
    if not system:
        return others
    if not others or others[0]["role"] != "user":
        others.insert(0, {"role": "user", "content": ""})
    first = "\n\n".join([*system, others[0]["content"]]).strip()
    return [{"role": "user", "content": first}, *others[1:]]
