"""What went wrong at a server, in plain words, without the key wherever the server repeats it."""

from collections.abc import Sequence

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from creative.engine.remote.access import EXAMPLE, Access
from creative.engine.remote.answers import Interrupted, Unreadable
from creative.errors import EngineUnavailable, ModelNotUsable

_MOST_NAMED = 8  #: models that a sentence lists
_MOST_SAID = 200  #: characters that a server may add to our sentence


class Wording:
    """Puts the failures of one server into words."""

    def __init__(self, access: Access) -> None:
        self._access, self._address = access, access.address

    def of(self, error: APIError, model: str, offered: Sequence[str]) -> EngineUnavailable:
        """Return what to say when a request is not answered, after all retries.

        Args:
            model: What the server was asked for.
            offered: Models that it lists.
        """
        if isinstance(error, APITimeoutError):
            return EngineUnavailable(self._slow())
        if isinstance(error, APIStatusError):
            return self._refused(error, model, offered)
        if isinstance(error, APIConnectionError):
            return EngineUnavailable(
                f"No server can be reached at {self._address}. Start it, or correct "
                f"ADLIB_OPENAI_URL.{self._reason(error)}"
            )
        return EngineUnavailable(self._failed(error))

    def slow(self) -> Interrupted:
        """Return what to say when no text comes any more."""
        return Interrupted(self._slow())

    def broken_off(self) -> Interrupted:
        """Return what to say when an answer ends too early."""
        return Interrupted(
            f"The server at {self._address} broke off in the middle of a line. Try again."
        )

    def failed(self, error: APIError) -> Unreadable:
        """Return what to say when a server tells an error in the middle of an answer."""
        return Unreadable(self._failed(error))

    def garbled(self) -> Unreadable:
        """Return what to say when an answer cannot be read."""
        return Unreadable(
            f"What {self._address} answers is not the OpenAI protocol. Check ADLIB_OPENAI_URL, "
            "which usually ends in /v1."
        )

    def web_page(self) -> ModelNotUsable:
        """Return what to say when a page for people is at the address."""
        return ModelNotUsable(
            f"{self._address} answers with a web page, not the OpenAI protocol. Set "
            f"ADLIB_OPENAI_URL to the address of the server's API, {EXAMPLE}."
        )

    def no_model(self) -> ModelNotUsable:
        """Return what to say when no model was named and none is listed."""
        return ModelNotUsable(
            f"The server at {self._address} lists no models. Set ADLIB_OPENAI_MODEL to the one "
            "that shall write."
        )

    def missing(self, model: str, offered: Sequence[str]) -> ModelNotUsable:
        """Return what to say when a server does not know the model."""
        if not offered:
            return ModelNotUsable(
                f"There is no model {model} at {self._address}. Check ADLIB_OPENAI_MODEL, and "
                "ADLIB_OPENAI_URL, which usually ends in /v1."
            )
        more = f" and {len(offered) - _MOST_NAMED} more" if len(offered) > _MOST_NAMED else ""
        return ModelNotUsable(
            f"There is no model {model} at {self._address}. It offers "
            f"{', '.join(offered[:_MOST_NAMED])}{more}: set ADLIB_OPENAI_MODEL to one of them."
        )

    def _said(self, error: APIError) -> str:
        """Return what a server said, as a sentence to add; empty when it said nothing."""
        body = error.body
        words = body.get("message") or body.get("detail") if isinstance(body, dict) else body
        if not words or looks_like_page(str(words)):
            return ""
        return f" It says: {self._hidden(str(words))}"

    def _hidden(self, words: str) -> str:
        """Return some words on one line, short and without the key."""
        key = self._access.key.get_secret_value()
        safe = words.replace(key, "(key)") if key else words
        return " ".join(safe.split())[:_MOST_SAID]

    def _failed(self, error: APIError) -> str:
        return f"The server at {self._address} failed. Try again.{self._said(error)}"

    def _slow(self) -> str:
        return (
            f"The server at {self._address} did not answer within {self._access.timeout_s:g} "
            "seconds. Try again later, or raise ADLIB_OPENAI_TIMEOUT."
        )

    def _refused(
        self, error: APIStatusError, model: str, offered: Sequence[str]
    ) -> EngineUnavailable:
        status = error.status_code
        if status in (401, 403):
            return ModelNotUsable(
                f"The server at {self._address} does not accept the key: check ADLIB_OPENAI_KEY."
            )
        if status == 404:
            return self.missing(model, offered)
        if status == 429:
            return EngineUnavailable(
                f"The server at {self._address} takes no more requests for now. Try again in a "
                f"few minutes.{self._said(error)}"
            )
        if status >= 500 or status in (408, 409):
            return EngineUnavailable(
                f"The server at {self._address} failed ({status}). Try again.{self._said(error)}"
            )
        if status < 400:
            return ModelNotUsable(
                f"{self._address} sends us elsewhere. Nothing was sent there: set "
                "ADLIB_OPENAI_URL to the server's own address."
            )
        return ModelNotUsable(
            f"The server at {self._address} refuses this request ({status}).{self._said(error)}"
        )

    def _reason(self, error: APIError) -> str:
        cause = error.__cause__
        return f" ({self._hidden(str(cause))})" if cause is not None and str(cause) else ""


def looks_like_page(words: str) -> bool:
    """Tell whether an answer is markup, which is for browsers.

    >>> looks_like_page("<!DOCTYPE html>"), looks_like_page("Not found")
    (True, False)
    """
    return words.lstrip("\ufeff \t\r\n").startswith("<")
