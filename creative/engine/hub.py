"""What is used of a transformers model and its tokenizer, said without importing torch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import torch
    from transformers import GenerationConfig, PreTrainedConfig


class AddedToken(Protocol):
    """A token that was added by name."""

    content: str
    special: bool


class Tokenizer(Protocol):
    """Text to token ids and back."""

    eos_token_id: int | None
    chat_template: str | None
    all_special_ids: Sequence[int]
    all_special_tokens: Sequence[str]
    added_tokens_decoder: Mapping[int, AddedToken]

    def __len__(self) -> int: ...
    def convert_ids_to_tokens(self, ids: list[int]) -> list[str]: ...
    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]: ...
    def decode(
        self,
        token_ids: list[int],
        *,
        skip_special_tokens: bool,
        clean_up_tokenization_spaces: bool,
    ) -> str: ...
    def apply_chat_template(
        self, conversation: list[dict[str, str]], **options: bool
    ) -> list[int]: ...


class CausalModel(Protocol):
    """A language model that writes on from tokens."""

    config: "PreTrainedConfig"
    generation_config: "GenerationConfig | None"
    device: "torch.device"
    dtype: "torch.dtype"

    def __call__(self, input_ids: "torch.Tensor", **inputs: object) -> Any: ...
    def parameters(self) -> "Iterator[torch.nn.Parameter]": ...
    def get_input_embeddings(self) -> Any: ...
    def set_attn_implementation(self, attn_implementation: str) -> None: ...
