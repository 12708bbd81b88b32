"""What settings give a server to be reached by."""

import pytest

from creative.engine.factory import choose, create_engine
from creative.engine.remote.access import access_of
from creative.engine.remote.engine import RemoteEngine
from creative.errors import ModelNotUsable
from creative.settings import Settings


def settings(**changes):
    told = {"engine": "openai", "openai_url": "http://127.0.0.1:8000/v1"}
    return Settings(**told | changes)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        (" https://llm.example.com/v1/ ", "https://llm.example.com/v1"),
        ("http://[::1]:8000/v1/chat/completions", "http://[::1]:8000/v1"),
        ("https://example.com/openai/v1", "https://example.com/openai/v1"),
    ],
)
def test_addresses_are_taken_as_people_type_them(typed, address):
    assert access_of(settings(openai_url=typed)).address == address


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "localhost:8000", "ftp://x", "http://", "http://x:port", "http://[::1", "/v1"],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ModelNotUsable, match="ADLIB_OPENAI_URL"):
        access_of(settings(openai_url=typed))


@pytest.mark.parametrize(
    "typed", ["http://ann:hunter2@x/v1", "http://x/v1?key=hunter2", "http://x/v1#hunter2"]
)
def test_an_address_with_a_password_is_refused_without_repeating_it(typed):
    with pytest.raises(ModelNotUsable, match="ADLIB_OPENAI_KEY") as caught:
        access_of(settings(openai_url=typed))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("key", ["sk-ключ", "two words", "two\nlines"])
def test_what_no_header_can_carry_is_no_key(key):
    with pytest.raises(ModelNotUsable, match="ADLIB_OPENAI_KEY") as caught:
        access_of(settings(openai_key=key))
    assert key not in str(caught.value)


def test_a_key_is_taken_without_spaces_around_it_and_never_shown():
    access = access_of(settings(openai_key=" sk-secret\n"))
    assert access.key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in f"{access!r} {settings(openai_key='sk-secret')!r}"


def test_the_engine_is_the_one_of_the_settings():
    engine = create_engine(settings(openai_model="tiny"))
    assert isinstance(engine, RemoteEngine)
    assert engine.status().model == "tiny"
    engine.close()


def test_the_model_is_the_servers():
    assert choose(settings(openai_model="tiny")).id == "tiny"
    assert choose(settings()).name == "first model at 127.0.0.1:8000"
    assert choose(settings(engine="thread")).id == "starter"
