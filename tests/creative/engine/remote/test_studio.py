"""The studio with a server: which model writes, and what the doctor says."""

import socket
from functools import cache

import pytest

from creative.engine.process import EngineProcess
from creative.engine.remote.engine import RemoteEngine
from creative.errors import ModelNotUsable
from creative.settings import Settings
from creative.studio.doctor import Doctor
from creative.studio.models import Models
from storage.database import open_store


@pytest.fixture
def settings(server, asking):
    def told(**changes):
        usual = {"engine": "openai", "openai_url": server.address, "openai_key": asking.key}
        return Settings(**usual | changes)

    return told


@pytest.fixture
def models(settings):
    made = []

    def built(**changes):
        made.append(Models(settings(**changes)))
        return made[-1]

    yield built
    for each in made:
        each.close()


def diagnoses(settings):
    """Return what the doctor says, by what was looked at."""
    models = cache(lambda: Models(settings))
    store = cache(lambda: open_store(settings.database, settings.home))
    try:
        return {item.name: item for item in Doctor(settings, models, store).diagnose()}
    finally:
        models().close()
        store().close()


def test_lines_are_written_by_the_server(models, asking):
    in_use = models(openai_model="tiny")
    choice, engine = in_use.in_use()
    assert isinstance(engine, RemoteEngine)
    assert (choice.id, choice.name) == ("tiny", "tiny")
    assert not in_use.problem
    assert asking.lines(engine.submit(asking.request()))


def test_the_model_has_one_id_before_and_after_the_first_line(models, asking):
    in_use = models()
    before = in_use.choice.id
    asking.lines(in_use.engine.submit(asking.request()))
    assert in_use.choice.id == before
    assert in_use.status().model == "tiny"


def test_without_an_address_the_starter_writes_and_says_why(models):
    in_use = models(openai_url="")
    assert isinstance(in_use.engine, EngineProcess)
    assert in_use.choice.id == "starter"
    assert "ADLIB_OPENAI_URL" in in_use.problem


def test_models_of_this_machine_cannot_be_chosen_beside_a_server(models):
    in_use = models(openai_model="starter")
    assert not any(offer.is_current for offer in in_use.offers())
    with pytest.raises(ModelNotUsable, match="ADLIB_ENGINE"):
        in_use.use("starter")


def test_the_doctor_is_content(settings):
    found = diagnoses(settings(openai_model="other"))["Server"]
    assert (found.is_ok, found.fix) == (True, "")
    assert "offers other" in found.detail


def test_a_tag_is_no_other_model(server, settings):
    server.models = ["qwen3:latest"]
    assert diagnoses(settings(openai_model="qwen3"))["Server"].is_ok


def test_the_doctor_misses_the_model(settings):
    found = diagnoses(settings(openai_model="huge"))["Server"]
    assert not found.is_ok
    assert "tiny, other: set ADLIB_OPENAI_MODEL" in found.fix


def test_the_doctor_misses_the_key(server, settings):
    server.list_models = lambda reply: reply.error(401, "no")
    found = diagnoses(settings())["Server"]
    assert not found.is_ok
    assert "ADLIB_OPENAI_KEY" in found.fix


def test_the_doctor_finds_nobody(settings, asking):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        found = diagnoses(settings(openai_url=address))["Server"]
    assert not found.is_ok
    assert "No server can be reached" in found.fix
    assert asking.key not in f"{found}"


def test_the_doctor_sees_a_web_page(server, settings):
    server.list_models = lambda reply: reply.page()
    found = diagnoses(settings())["Server"]
    assert not found.is_ok
    assert "answers with a web page, not the OpenAI protocol" in found.fix
    assert "ADLIB_OPENAI_URL" in found.fix


def test_the_doctor_lets_a_server_keep_its_models_to_itself(server, settings):
    server.list_models = lambda reply: reply.error(500, "no")
    assert diagnoses(settings(openai_model="tiny"))["Server"].is_ok
    assert "ADLIB_OPENAI_MODEL" in diagnoses(settings())["Server"].fix


@pytest.mark.parametrize("name", ["Server", "Model"])
def test_the_doctor_misses_the_address(settings, name):
    found = diagnoses(settings(openai_url=""))[name]
    assert not found.is_ok
    assert "ADLIB_OPENAI_URL" in found.fix


def test_the_doctor_looks_at_no_server_where_none_writes(server, settings):
    assert "Server" not in diagnoses(settings(engine="thread"))
    assert server.paths == []
