"""What the model in use would trip over, told before anything is written."""

import re
from dataclasses import replace

import pytest

from creative.domain import Audience, RunState
from creative.engine.protocol import Message
from creative.engine.reach import reach_of


@pytest.fixture
def long_brief(studio, brief):
    benefits = tuple(f"Wake up to a fresh cup of coffee at {at} on every day" for at in range(30))
    return studio.briefs.keep(replace(brief, product=replace(brief.product, benefits=benefits)))


def test_a_brief_that_suits_the_model_has_no_obstacle(studio, brief):
    assert studio.drafting.obstacles(brief) == []


def test_a_brief_that_is_too_long_is_told_as_the_engine_would(studio, long_brief):
    (note,) = studio.drafting.obstacles(long_brief)
    run = studio.drafting.start(long_brief.id, {"headline": 1}, seed=1)
    studio.drafting.wait(run.id, 120)
    failed = studio.drafting.progress(run.id).run
    assert failed.state is RunState.FAILED
    told, counted = (int(re.search(r"(\d+) tokens", said)[1]) for said in (note, failed.message))
    assert told == pytest.approx(counted, abs=3)
    assert studio.drafting.is_too_long(run.id)


def test_a_language_that_the_model_does_not_write_is_told(studio, brief):
    (note,) = studio.drafting.obstacles(replace(brief, language="de"))
    assert "writes en only" in note


@pytest.mark.parametrize(
    ("name", "benefits"),
    [("朝のコーヒー", ("毎朝新鮮な豆が届く", "いつでも休める")), ("☕☕", ("🚀 🚀 🚀", "🎉"))],
)
def test_a_brief_in_other_letters_than_its_language_is_told(studio, brief, name, benefits):
    product = replace(
        brief.product, name=name, description="", benefits=benefits, features=(), proof=(), offer=""
    )
    foreign = replace(brief, product=product, audience=Audience())
    (note,) = studio.drafting.obstacles(foreign)
    assert "not in the letters of its language" in note
    assert not any(
        "letters" in note for note in studio.drafting.obstacles(replace(foreign, language="ja"))
    )


def test_some_words_in_other_letters_are_no_obstacle(studio, brief):
    named = replace(brief, product=replace(brief.product, name="朝 ☕"))
    assert studio.drafting.obstacles(named) == []


@pytest.mark.parametrize("config", ["{}", "[]", "no json", '{"max_position_embeddings": "x"}'])
def test_a_folder_that_does_not_tell_is_no_obstacle(tmp_path, config):
    message = (Message(role="user", content="coffee"),)
    assert reach_of("Qwen/Qwen3-8B", message) is None
    assert reach_of(str(tmp_path), message) is None
    (tmp_path / "config.json").write_text(config)
    (tmp_path / "tokenizer.json").write_text("{}")
    assert reach_of(str(tmp_path), message) is None
