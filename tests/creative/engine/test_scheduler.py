"""Requests served together by one loaded model, turn by turn and without a thread."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from transformers import LlamaForCausalLM

from creative.engine.chat import Prompter
from creative.engine.forward import Forward
from creative.engine.ladder import climb
from creative.engine.loading import load
from creative.engine.protocol import (
    Constraint,
    Ending,
    Message,
    Request,
    RequestDone,
    RequestFailed,
    Row,
    RowFinished,
)
from creative.engine.scheduler import FIRST_ROWS, Scheduler
from creative.engine.tickets import OpenTicket
from creative.engine.words import Lexicon

KINDS = ["llama", "qwen", "marks", "wild"]


@pytest.fixture(scope="module")
def loaded(folders):
    return {
        kind: load(str(folder), "cpu", "float32", threads=1) for kind, folder in folders.items()
    }


def scheduler(loaded, max_rows=64, piece=16):
    return Scheduler(
        loaded, climb(loaded.forward), max_rows=max_rows, piece=piece, cache_bytes=10**8
    )


def submitted(scheduler, request):
    ticket = OpenTicket(request, lambda _: None)
    scheduler.submit(ticket)
    return ticket


def served(scheduler, *requests):
    """The events of each request, all served together."""
    tickets = [submitted(scheduler, request) for request in requests]
    run(scheduler)
    return [list(ticket) for ticket in tickets]


def run(scheduler, most=5000):
    for _ in range(most):
        if scheduler.is_idle:
            return
        scheduler.turn()
    pytest.fail("the scheduler never ends")


def rows_of(events):
    """What was written, by row; scores rounded, as batches of other sizes round otherwise."""
    rows = [event for event in events if isinstance(event, RowFinished)]
    assert len({row.row for row in rows}) == len(rows)
    return {
        row.row: (row.text, row.tokens, row.ending, pytest.approx(row.logprob, abs=1e-3))
        for row in rows
    }


def naive(loaded, messages, count):
    """What transformers itself writes, one prompt at a time: (text, ended, token count)."""
    ids = torch.tensor([Prompter(loaded.tokenizer).tokens(messages)])
    out = loaded.forward.model.generate(
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
    (events,) = served(scheduler(loaded[kind], max_rows), request)
    got = rows_of(events)
    for number, row in enumerate(request.rows):
        text, ended, tokens = naive(loaded[kind], row.messages, 16)
        ending = Ending.COMPLETE if ended else Ending.TOO_LONG
        assert got[number][:3] == (text, tokens, ending)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_do_not_depend_on_the_batch(loaded, making, kind):
    vocabulary = frozenset("fenn fig fresh coffee for you and the taste a b c d e".split())
    constraint = Constraint(max_width=30, vocabulary=vocabulary if kind == "marks" else None)
    request = Request(id="a", rows=making.rows() * 2, max_new_tokens=12, constraint=constraint)
    alone, few, many = (
        rows_of(served(scheduler(loaded[kind], size), request)[0]) for size in (1, 3, 64)
    )
    assert few == alone
    assert many == alone


def test_requests_served_together_write_what_they_write_alone(loaded, making):
    requests = [
        Request(id=str(seed), rows=making.rows(seed=seed) * 2, max_new_tokens=12)
        for seed in (1, 50, 99)
    ]
    engine = scheduler(loaded["qwen"], max_rows=10)
    together = [rows_of(events) for events in served(engine, *requests)]
    alone = [rows_of(served(scheduler(loaded["qwen"]), request)[0]) for request in requests]
    assert together == alone


def test_the_same_seed_writes_the_same_and_another_seed_another(loaded, making):
    engine = scheduler(loaded["qwen"])
    once = Request(id="a", rows=making.rows(seed=1), max_new_tokens=20)
    first = rows_of(served(engine, once)[0])
    assert rows_of(served(engine, once)[0]) == first
    other = replace(once, rows=making.rows(seed=100))
    assert rows_of(served(engine, other)[0]) != first


@pytest.mark.parametrize("kind", KINDS)
def test_finished_lines_keep_their_constraint(loaded, making, kind):
    vocabulary = frozenset("i a be me fresh coffee for you on in to the at or we so do".split())
    constraint = Constraint(max_width=24, vocabulary=vocabulary, forbidden="!?")
    request = Request(
        id="a", rows=making.rows() * 4, constraint=constraint, max_new_tokens=60, temperature=1
    )
    (events,) = served(scheduler(loaded[kind]), request)
    for text, _, ending, _ in rows_of(events).values():
        assert ending is Ending.COMPLETE
        assert text == text.strip() != ""
        assert len(text) <= 24
        assert text.isprintable()
        assert not set(text) & set("!?\ufffd\ue000\ue001")
        assert Lexicon(vocabulary).allows_whole(text)


def test_logprob_is_the_models_own(loaded, making):
    request = Request(id="a", rows=making.rows(), max_new_tokens=12, temperature=0.9)
    engine = scheduler(loaded["qwen"])
    ticket = submitted(engine, request)
    spelt = {}
    while not engine.is_idle:
        engine.turn()
        for writing, row in engine._rows:
            prompt = writing.prompts[row.number]
            spelt[row.number] = (prompt, list(row._spelling.tokens), row._logprob)
    assert isinstance(list(ticket)[-1], RequestDone)
    for prompt, tokens, logprob in spelt.values():
        with torch.inference_mode():
            logits = loaded["qwen"].forward.model(torch.tensor([[*prompt, *tokens]])).logits[0]
        chances = logits[len(prompt) - 1 : -1].log_softmax(-1)
        expected = chances.gather(1, torch.tensor(tokens)[:, None]).sum()
        assert logprob == pytest.approx(float(expected), abs=1e-3)


@pytest.fixture
def reads(loaded):
    """A list that grows by the shape of every forward pass of the llama.

    It has to be there before the scheduler: a model with a hook is decoded by its own modules.
    """
    shapes = []
    hook = loaded["llama"].forward.model.register_forward_pre_hook(
        lambda _, args: shapes.append(tuple(args[0].shape))
    )
    yield shapes
    hook.remove()


def test_a_brief_that_was_read_is_not_read_again(loaded, making, reads):
    engine = scheduler(loaded["llama"], piece=1000)
    request = Request(id="a", rows=making.rows(), max_new_tokens=1)
    served(engine, request)
    reads.clear()
    served(engine, replace(request, rows=making.rows(seed=9)))
    assert len(reads) == 1, "only what differs between the prompts"
    assert reads[0][1] < 30
    asked, found = engine.prompt_tokens
    assert 0 < found < asked


def test_rows_that_are_written_wait_for_one_piece_at_a_time(loaded, making, reads):
    """Between two steps of the first request, no more than one piece of another's prompt."""
    engine = scheduler(loaded["llama"], piece=8)
    submitted(engine, Request(id="a", rows=making.rows()[:1] * 3, max_new_tokens=60))
    while not engine.rows:
        engine.turn()
    submitted(engine, Request(id="b", rows=making.rows(["another brief " * 10]), max_new_tokens=4))
    reads.clear()
    for _ in range(12):
        engine.turn()
    assert max(width for _, width in reads) <= 8
    kinds = ["piece" if width > 1 else "step" for _, width in reads]
    assert "piece" in kinds
    assert ("piece", "piece") not in pairwise(kinds)


def test_first_lines_of_a_new_request_go_before_more_of_an_old_one(loaded, making):
    engine = scheduler(loaded["qwen"], max_rows=16)
    old = Request(id="old", user="ann", rows=making.rows() * 20, max_new_tokens=30)
    submitted(engine, old)
    while engine.rows < 16:
        engine.turn()
    new = Request(id="new", user="bob", rows=making.rows(seed=500), max_new_tokens=30)
    ticket = submitted(engine, new)
    while not any(writing.request is new for writing, _ in engine._rows):
        engine.turn()
    assert engine.rows <= 16 + FIRST_ROWS
    while not ticket.is_over:
        engine.turn()
    assert any(writing.request is old and writing.waiting for writing in engine._served)


def test_cancelled_rows_leave_and_the_others_go_on(loaded, making):
    engine = scheduler(loaded["qwen"])
    requests = [Request(id=id, rows=making.rows(), max_new_tokens=20) for id in "ab"]
    first, second = (submitted(engine, request) for request in requests)
    while engine.rows < 8:
        engine.turn()
    first.cancel()
    engine.turn()
    assert {writing.request.id for writing, _ in engine._rows} == {"b"}
    run(engine)
    assert list(first)[-1] == RequestDone(request_id="a", cancelled=True)
    alone = served(scheduler(loaded["qwen"]), requests[1])[0]
    assert rows_of(second) == rows_of(alone)


def test_a_row_that_repeats_a_taken_line_is_redrawn(loaded, making):
    engine = scheduler(loaded["llama"])
    words = frozenset("fresh coffee for you the taste daily beans".split())
    request = Request(
        id="a", rows=making.rows() * 2, constraint=Constraint(vocabulary=words, max_width=24)
    )
    texts = [event.text for event in served(engine, request)[0] if isinstance(event, RowFinished)]
    taken = replace(request.constraint, taken=tuple(texts), likeness=95.0)
    again = rows_of(served(engine, replace(request, constraint=taken, redraws=5))[0])
    assert {ending for _, _, ending, _ in again.values()} == {Ending.COMPLETE}
    assert not {text for text, *_ in again.values()} & set(texts)


def test_distinct_rows_are_handed_out_in_order_and_do_not_depend_on_the_batch(loaded, making):
    request = Request(
        id="a",
        rows=tuple(replace(row, seed=1) for row in making.rows()[:1] * 6),
        max_new_tokens=12,
        is_distinct=True,
        redraws=8,
    )
    results = []
    for size in (2, 64):
        events = served(scheduler(loaded["qwen"], size), request)[0]
        rows = [event for event in events if isinstance(event, RowFinished)]
        assert [row.row for row in rows] == list(range(6))
        complete = [row.text for row in rows if row.ending is Ending.COMPLETE]
        assert len(set(complete)) == len(complete)
        results.append([(row.text, row.ending) for row in rows])
    assert results[0] == results[1]


def test_a_line_that_can_only_repeat_says_so(loaded, making):
    constraint = Constraint(vocabulary=frozenset({"fresh"}), max_width=5, forbidden=".,:!?'-&")
    request = Request(
        id="a", rows=making.rows()[:1] * 4, constraint=constraint, is_distinct=True, redraws=2
    )
    got = rows_of(served(scheduler(loaded["llama"]), request)[0])
    assert [got[row][2] for row in range(4)].count(Ending.REPEATED) >= 2


class Cramped(LlamaForCausalLM):
    """A model on a machine whose memory holds few rows."""

    most_rows = 64

    def forward(self, input_ids, cache=None, **inputs):
        if len(input_ids) > self.most_rows:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
        return super().forward(input_ids, cache=cache, **inputs)


@pytest.fixture
def cramped(loaded):
    model = loaded["llama"].forward.model
    small = Cramped(model.config).eval()
    small.load_state_dict(model.state_dict())
    return replace(loaded["llama"], forward=Forward(small))


def test_full_memory_writes_fewer_rows_together_with_the_same_seeds(loaded, cramped, making):
    request = Request(id="a", rows=making.rows() * 3, max_new_tokens=8)
    expected = rows_of(served(scheduler(loaded["llama"]), request)[0])
    engine = scheduler(cramped, max_rows=32)
    cramped.forward.model.most_rows = 2
    assert rows_of(served(engine, request)[0]) == expected
    assert engine.max_rows <= 2


def test_memory_that_runs_out_while_rows_are_let_in_loses_none(loaded, making):
    engine = scheduler(loaded["llama"])
    request = Request(id="a", rows=making.rows() * 3, max_new_tokens=8)
    expected = rows_of(served(scheduler(loaded["llama"]), request)[0])
    add, calls = engine._batch.add, []

    def add_but_once(beginnings):
        calls.append(len(beginnings))
        if len(calls) == 1:
            raise MemoryError
        add(beginnings)

    engine._batch.add = add_but_once
    assert rows_of(served(engine, request)[0]) == expected
    assert calls == [12]


def test_memory_for_not_even_one_row_fails_in_words_and_the_next_may_succeed(cramped, making):
    engine = scheduler(cramped)
    cramped.forward.model.most_rows = 0
    request = Request(id="a", rows=making.rows(), max_new_tokens=8)
    (failure,) = served(engine, request)[0]
    assert isinstance(failure, RequestFailed)
    assert failure.retryable
    assert "Memory is too small" in failure.message
    cramped.forward.model.most_rows = 2
    assert len(rows_of(served(engine, request)[0])) == 4


def test_a_step_that_fails_for_one_request_spares_the_others(loaded, making, caplog):
    """Nobody can tell whose step failed, so each goes on alone until the guilty one is found."""
    guilty = []

    def fail_for_the_guilty(*_):
        if guilty and any(writing.request in guilty for writing, _ in engine._rows):
            raise ValueError("a kernel that does not like these numbers")

    model = loaded["llama"].forward.model
    hook = model.register_forward_pre_hook(fail_for_the_guilty)
    engine = scheduler(loaded["llama"])
    good = Request(id="good", rows=making.rows(), max_new_tokens=10)
    bad = Request(id="bad", rows=making.rows(seed=70), max_new_tokens=10)
    expected = rows_of(served(scheduler(loaded["llama"]), good)[0])
    first, second = submitted(engine, good), submitted(engine, bad)

    while engine.rows < 8:
        engine.turn()
    guilty.append(bad)
    run(engine)
    hook.remove()
    (failure,) = [event for event in second if not isinstance(event, RowFinished)]
    assert isinstance(failure, RequestFailed)
    assert "does not like these numbers" in failure.message
    assert "request bad failed" in caplog.text
    assert rows_of(first) == expected


def test_scores_that_are_no_numbers_are_said(loaded, making):
    model = loaded["llama"].forward.model
    broken = model.get_output_embeddings().register_forward_hook(
        lambda _module, _asked, given: given * float("nan")
    )
    try:
        (failure,) = served(
            scheduler_without_trial(loaded["llama"]), Request(id="a", rows=making.rows())
        )[0]
    finally:
        broken.remove()
    assert isinstance(failure, RequestFailed)
    assert "float32" in failure.message


def scheduler_without_trial(loaded):
    """A scheduler for a model that no rung would be found right for."""
    from creative.engine.copies import Copies

    return Scheduler(loaded, Copies(loaded.forward), max_rows=8, piece=16, cache_bytes=0)


def test_a_prompt_that_is_too_long_is_refused_in_words(loaded):
    row = Row(messages=(Message(role="user", content="coffee, then tea. " * 300),), seed=1)
    (failure,) = served(scheduler(loaded["qwen"]), Request(id="a", rows=(row,)))[0]
    assert "Shorten the brief" in failure.message
    assert not failure.retryable


def test_a_request_without_rows_is_done_at_once(loaded):
    assert served(scheduler(loaded["qwen"]), Request(id="a", rows=())) == [
        [RequestDone(request_id="a")]
    ]


def test_a_line_that_fills_the_context_ends(loaded, making):
    base = loaded["qwen"]
    prompt = Prompter(base.tokenizer).tokens(making.rows()[0].messages)
    small = replace(base, context=len(prompt) + 9)
    request = Request(id="a", rows=making.rows()[:1], max_new_tokens=500)
    got = rows_of(served(scheduler(small), request)[0])
    assert got[0][1] <= 9
