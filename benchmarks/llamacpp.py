"""llama.cpp as a rival, at its best for this job.

The prompt is read once into a unified cache that all rows share; then each step is one batch of a
token per row.  Sampling is in NumPy over all rows at once.  Needs llama-cpp-python, see
benchmarks/requirements.txt.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_FLOAT16, _BFLOAT16 = 1, 30  #: numbers of types in ggml
_CELLS = 256  #: llama.cpp rounds its cache up to as many


def is_installed() -> bool:
    """Tell whether llama-cpp-python and the writer of its files are here."""
    from importlib.util import find_spec

    return find_spec("llama_cpp") is not None and find_spec("gguf") is not None


class LlamaCpp:
    """A model in llama.cpp with room for some rows."""

    def __init__(
        self,
        path: Path,
        rows: int,
        tokens: int,
        threads: int,
        *,
        has_flash: bool = False,
    ) -> None:
        """Load a model.

        Args:
            path: GGUF file.
            rows: Most rows at once.
            tokens: Most tokens of the prompt and of all lines together.
            threads: CPU threads.
            has_flash: Attention in one fused pass over float16 keys and values, its default;
                otherwise in steps over bfloat16, which is faster on processors that multiply it.
        """
        import llama_cpp

        self._api: Any = llama_cpp
        self._quiet = llama_cpp.llama_log_callback(lambda *_: None)
        llama_cpp.llama_log_set(self._quiet, None)
        llama_cpp.llama_backend_init()
        self._model = llama_cpp.llama_model_load_from_file(
            str(path).encode(), llama_cpp.llama_model_default_params()
        )
        if not self._model:
            raise ValueError(f"llama.cpp does not read {path}")
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx = -(-tokens // _CELLS) * _CELLS
        settings.n_batch = settings.n_ubatch = max(512, rows)
        settings.n_seq_max = rows
        settings.n_threads = settings.n_threads_batch = threads
        settings.flash_attn_type = int(has_flash)
        settings.type_k = settings.type_v = _FLOAT16 if has_flash else _BFLOAT16
        settings.kv_unified = True
        settings.no_perf = True
        self._context = llama_cpp.llama_init_from_model(self._model, settings)
        if not self._context:
            raise ValueError(f"llama.cpp makes no room for {tokens} tokens")
        self._batch = llama_cpp.llama_batch_init(settings.n_batch, 0, 1)
        vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._vocab_size = llama_cpp.llama_vocab_n_tokens(vocabulary)
        self._noise = np.random.default_rng(7)

    def write(self, prompt_ids: list[int], n: int, t: int, *, top_k: int) -> Ids:
        """Write lines; return their tokens, int64 [n, t]."""
        first = self.read(prompt_ids)
        memory = self._api.llama_get_memory(self._context)
        for row in range(1, n):
            self._api.llama_memory_seq_cp(memory, 0, row, -1, -1)
        tokens = [self._drawn(np.broadcast_to(first, (n, self._vocab_size)), top_k)]
        for step in range(t - 1):
            tokens.append(self._drawn(self.step(tokens[-1], len(prompt_ids) + step), top_k))
        return np.stack(tokens, axis=1)

    def read(self, prompt_ids: list[int]) -> Scores:
        """Read a prompt into empty memory; return the logits of its last token, [1, vocab]."""
        self._api.llama_memory_clear(self._api.llama_get_memory(self._context), False)
        last = len(prompt_ids) - 1
        for at, token in enumerate(prompt_ids):
            self._put(at, token, at, row=0, is_scored=at == last)
        return self._decoded(len(prompt_ids), scored=1)

    def step(self, tokens: Ids, position: int) -> Scores:
        """Read one more token per row; return logits, float32 [rows, vocab], until the next."""
        for row, token in enumerate(tokens.tolist()):
            self._put(row, token, position, row=row, is_scored=True)
        return self._decoded(len(tokens), scored=len(tokens))

    def close(self) -> None:
        """Free all memory."""
        self._api.llama_batch_free(self._batch)
        self._api.llama_free(self._context)
        self._api.llama_model_free(self._model)

    def _put(self, at: int, token: int, position: int, *, row: int, is_scored: bool) -> None:
        batch = self._batch
        batch.token[at] = token
        batch.pos[at] = position
        batch.n_seq_id[at] = 1
        batch.seq_id[at][0] = row
        batch.logits[at] = is_scored

    def _decoded(self, tokens: int, scored: int) -> Scores:
        self._batch.n_tokens = tokens
        if self._api.llama_decode(self._context, self._batch):
            raise RuntimeError("llama.cpp did not take the batch")
        pointer = self._api.llama_get_logits(self._context)
        return np.ctypeslib.as_array(pointer, shape=(scored, self._vocab_size))

    def _drawn(self, logits: Scores, top_k: int) -> Ids:
        """Draw one token per row by Gumbel-max, from the `top_k` likeliest or from all."""
        rows = np.arange(len(logits))
        if not top_k:
            return np.asarray((logits + self._gumbel(logits.shape)).argmax(axis=1))
        if logits.strides[0] == 0:  # one prompt's logits for all rows
            ids = np.broadcast_to(_likeliest(logits[:1], top_k), (len(logits), top_k))
        else:
            ids = _likeliest(logits, top_k)
        kept = np.take_along_axis(logits, ids, axis=1)
        return np.asarray(ids[rows, (kept + self._gumbel(kept.shape)).argmax(axis=1)])

    def _gumbel(self, shape: tuple[int, ...]) -> Scores:
        noise = self._noise.standard_exponential(shape, dtype=np.float32)
        return np.asarray(-np.log(np.maximum(noise, np.float32(1e-30))))


def logit_gap(path: Path, prompt_ids: list[int], expected: Scores, threads: int) -> float:
    """Return how far llama.cpp's logits are from transformers' for a prompt, as a share.

    Args:
        path: GGUF file.
        prompt_ids: Any prompt.
        expected: Logits of its last token, [vocab].
        threads: CPU threads.
    Returns:
        Largest difference in standard deviations of the expected logits.
    """
    party = LlamaCpp(path, rows=1, tokens=len(prompt_ids), threads=threads)
    gap = np.abs(party.read(prompt_ids)[0] - expected).max() / expected.std()
    party.close()
    return float(gap)


def _likeliest(logits: Scores, count: int) -> Ids:
    return np.argpartition(logits, logits.shape[1] - count, axis=1)[:, -count:]
