from dataclasses import replace

import pytest
import torch
from transformers import LlamaForCausalLM

from creative.engine.caches import Prompts
from creative.engine.chat import Prompter
from creative.engine.decoding import Decoder
from creative.engine.loading import load
from creative.engine.protocol import Constraint, Ending, Request
from creative.engine.words import Lexicon
from creative.errors import EngineUnavailable, ModelNotUsable

KINDS = ["llama", "qwen", "marks", "wild"]


@pytest.fixture(scope="module")
def loaded(folders):
    return {
        kind: load(str(folder), "cpu", "float32", threads=1) for kind, folder in folders.items()
    }


def written(decoder, request):
    """What a request yields, by row; scores rounded, as batches of other sizes round otherwise."""
    events = list(decoder.write(request, lambda: False))
    assert len({event.row for event in events}) == len(events)
    return {
        event.row: (event.text, event.tokens, event.ending, pytest.approx(event.logprob, abs=1e-3))
        for event in events
    }


def naive(loaded, messages, count):
    """What transformers itself writes, one prompt at a time: (text, ended, token count)."""
    ids = torch.tensor([Prompter(loaded.tokenizer).tokens(messages)])
    out = loaded.model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=count,
        pad_token_id=2,
    )
    new = out[0, ids.shape[1] :].tolist()
    ended = 2 in new
    return loaded.speller.text(new[:-1] if ended else new).strip(), ended, len(new)


@pytest.mark.parametrize("kind", ["llama", "qwen"])
@pytest.mark.parametrize("max_rows", [1, 3, 8])
def test_greedy_rows_equal_plain_generation(loaded, making, kind, max_rows):
    request = Request(id="a", rows=making.rows(), temperature=0, max_new_tokens=16)
    got = written(Decoder(loaded[kind], max_rows), request)
    for number, row in enumerate(request.rows):
        text, ended, tokens = naive(loaded[kind], row.messages, 16)
        ending = Ending.COMPLETE if ended else Ending.TOO_LONG
        assert got[number][:3] == (text, tokens, ending)


@torch.inference_mode()
def test_logprob_is_the_models_own(loaded, making):
    model = loaded["qwen"]
    request = Request(id="a", rows=making.rows(), max_new_tokens=12, temperature=0.9)
    decoder = Decoder(model, 8)
    rows = decoder._open(request, dict(enumerate(decoder._prompts_of(request))))
    list(decoder._write_batch(rows, request, 3, lambda: False))
    for row in rows:
        ids = torch.tensor([[*row.prompt, *row.tokens]])
        scores = model.model(ids).logits[0, len(row.prompt) - 1 : -1].log_softmax(-1)
        expected = scores.gather(1, ids[0, len(row.prompt) :, None]).sum()
        assert row.logprob == pytest.approx(float(expected), abs=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_do_not_depend_on_the_batch(loaded, making, kind):
    vocabulary = frozenset("fenn fig fresh coffee for you and the taste a b c d e".split())
    constraint = Constraint(max_chars=30, vocabulary=vocabulary if kind == "marks" else None)
    request = Request(id="a", rows=making.rows() * 2, max_new_tokens=12, constraint=constraint)
    alone = written(Decoder(loaded[kind], 1), request)
    assert written(Decoder(loaded[kind], 8), request) == alone
    assert written(Decoder(loaded[kind], 64), request) == alone


def test_the_same_seed_writes_the_same_and_another_seed_another(loaded, making):
    decoder = Decoder(loaded["qwen"], 16)
    once = Request(id="a", rows=making.rows(seed=1), max_new_tokens=20)
    first = written(decoder, once)
    assert written(decoder, once) == first
    other = replace(once, rows=making.rows(seed=100))
    assert written(decoder, other) != first


@pytest.mark.parametrize("kind", KINDS)
def test_finished_lines_keep_their_constraint(loaded, making, kind):
    vocabulary = frozenset("i a be me fresh coffee for you on in to the at or we so do".split())
    constraint = Constraint(max_chars=24, vocabulary=vocabulary, forbidden="!?")
    request = Request(
        id="a", rows=making.rows() * 4, constraint=constraint, max_new_tokens=30, temperature=1
    )
    endings = set()
    for text, _, ending, _ in written(Decoder(loaded[kind], 16), request).values():
        endings.add(ending)
        if ending is Ending.COMPLETE:
            assert text == text.strip() != ""
            assert len(text) <= 24
            assert text.isprintable()
            assert not set(text) & set("!?\ufffd\ue000\ue001")
            assert Lexicon(vocabulary).allows_whole(text)
    assert Ending.COMPLETE in endings or kind != "llama"


def test_a_prompt_is_read_once_for_two_requests(loaded, making):
    reads = []
    decoder = Decoder(loaded["llama"], 16)
    hook = loaded["llama"].model.register_forward_pre_hook(
        lambda _, args: reads.append(tuple(args[0].shape))
    )
    request = Request(id="a", rows=making.rows(), max_new_tokens=1)
    shared = len(decoder._prompts_of(request)[0]) - 20
    list(decoder.write(request, lambda: False))
    assert max(width for _, width in reads) > shared
    reads.clear()
    list(decoder.write(replace(request, rows=making.rows(seed=9)), lambda: False))
    hook.remove()
    assert max(width for _, width in reads) < 30
    assert len(reads) == 1


def test_a_beginning_is_cut_from_a_longer_one(loaded):
    model = loaded["qwen"].model
    prompts, fresh = Prompts(model), Prompts(model)
    with torch.inference_mode():
        prompts.cache_of(range(10, 60))
        cut = prompts.cache_of([*range(10, 40), 99, 98])
        plain = fresh.cache_of([*range(10, 40), 99, 98])
    for mine, expected in zip(cut.layers, plain.layers, strict=True):
        torch.testing.assert_close(mine.keys, expected.keys, atol=1e-4, rtol=1e-4)


class Cramped(LlamaForCausalLM):
    """A model on a machine whose memory holds few rows."""

    most_rows = 2

    def forward(self, input_ids, **inputs):
        if len(input_ids) > self.most_rows:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
        return super().forward(input_ids, **inputs)


def cramped(loaded, most_rows):
    model = Cramped(loaded.model.config).eval()
    model.load_state_dict(loaded.model.state_dict())
    model.most_rows = most_rows
    return replace(loaded, model=model)


def test_full_memory_means_fewer_rows_at_a_time_and_the_same_lines(loaded, making):
    request = Request(id="a", rows=making.rows() * 2, max_new_tokens=12)
    decoder = Decoder(cramped(loaded["llama"], 2), 8)
    assert written(decoder, request) == written(Decoder(loaded["llama"], 8), request)
    assert decoder.max_rows == 2


def test_memory_too_small_for_one_row_is_said(loaded, making):
    decoder = Decoder(cramped(loaded["llama"], 0), 8)
    with pytest.raises(EngineUnavailable, match="even one line"):
        list(decoder.write(Request(id="a", rows=making.rows()), lambda: False))


def test_a_prompt_that_is_too_long_is_said(loaded, making):
    request = Request(id="a", rows=making.rows(["coffee, then tea. " * 300]))
    with pytest.raises(ModelNotUsable, match="Shorten the brief"):
        list(Decoder(loaded["llama"], 8).write(request, lambda: False))


def test_every_end_token_ends_a_row(loaded, making, tmp_path):
    """A model with a second end token, as chat models have, closes its lines with either."""
    base = loaded["llama"]
    other = base.tokenizer.encode("e", add_special_tokens=False)[-1]
    base.model.generation_config.eos_token_id = [2, other]
    try:
        making.save(tmp_path, base.model, base.tokenizer)
    finally:
        base.model.generation_config.eos_token_id = 2
    again = load(str(tmp_path), "cpu", "float32")
    assert again.speller.endings == {2, other}


def test_stopping_leaves_what_is_finished(loaded, making):
    calls = iter(range(100))
    request = Request(id="a", rows=making.rows() * 8, max_new_tokens=40)
    events = list(Decoder(loaded["llama"], 8).write(request, lambda: next(calls) > 6))
    assert len(events) < 32


def test_no_rows_are_no_work(loaded):
    assert not list(Decoder(loaded["llama"], 8).write(Request(id="a", rows=()), lambda: False))


@pytest.mark.parametrize("prompts", [["coffee"], ["coffee", "coffee", "coffee"], ["a", "zz top"]])
def test_any_shape_of_batch_works(loaded, making, prompts):
    request = Request(id="a", rows=making.rows(prompts), max_new_tokens=6)
    assert len(written(Decoder(loaded["qwen"], 8), request)) == len(prompts)
