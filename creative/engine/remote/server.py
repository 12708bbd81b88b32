"""One server: what it is, and the lines that it answers.

Imports the OpenAI client, which takes half a second; nothing but an engine at work needs it.
The client sends a request again when it is not answered (its own back-off, or what the server
says in Retry-After).  An answer that breaks off later is the caller's to ask for again.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any, cast

from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    AsyncStream,
    DefaultAsyncHttpxClient,
    OpenAIError,
    Timeout,
)

from creative.engine.protocol import Constraint
from creative.engine.remote.access import Access
from creative.engine.remote.answers import Answer, pieces_of
from creative.engine.remote.asks import Ask
from creative.engine.remote.dialect import Dialect, doubted, without
from creative.engine.remote.wording import Wording, looks_like_page
from creative.errors import EngineUnavailable, ModelNotUsable

_CONNECT_S = 10.0  #: a server that is there takes a connection at once
_UNWINDING_S = 1.0  #: a closed stream ends at once
RETRIES = 2  #: of the client, for requests that are not answered
_NO_KEY = "none"  #: the client wants a key; servers without one ignore it


class Server:
    """A server and what was learnt about it; belongs to the event loop that uses it."""

    def __init__(self, access: Access, retries: int = RETRIES) -> None:
        """Prepare a client, which sends a request again that often; nothing is sent yet."""
        self.model = access.model
        self.offered: tuple[str, ...] = ()  #: models that it lists; empty when it lists none
        self._access = access
        self._wording = Wording(access)
        self._dialect = Dialect()
        self._meeting = asyncio.Lock()
        self._is_met = False
        timeout = Timeout(access.timeout_s, connect=min(access.timeout_s, _CONNECT_S))
        self._client = AsyncOpenAI(
            api_key=access.key.get_secret_value() or _NO_KEY,
            base_url=access.address,
            timeout=timeout,
            max_retries=retries,
            # Briefs go to the address that a person chose and to no other.
            http_client=DefaultAsyncHttpxClient(timeout=timeout, follow_redirects=False),
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    @property
    def takes_many(self) -> bool:
        """Whether several lines may be asked for together."""
        return self._dialect.takes_many

    def answer_one_by_one(self) -> None:
        """Remember that fewer lines came than were asked for."""
        self._dialect.takes_many = False

    def bound_of(self, constraint: Constraint) -> int | None:
        """Return after how many code points the server cuts a line; None when it does not."""
        return self._dialect.bound_of(constraint)

    async def meet(self) -> None:
        """Find out which models there are and what kind of server it is; once, while all is well.

        Raises:
            EngineUnavailable: If it cannot be reached, refuses the key, or has no model.
        """
        async with self._meeting:
            if self._is_met:
                return
            owner = await self._list_models()
            if not self._access.model and not self.offered:
                raise self._wording.no_model()
            self.model = self._access.model or self.offered[0]
            self._dialect.know(owner, await self._version() if owner == "vllm" else "")
            self._is_met = True

    def offers(self, model: str) -> bool:
        """Tell whether a model is listed, under its name or with a tag behind it (Ollama)."""
        return any(model in (name, name.partition(":")[0]) for name in self.offered)

    def missing(self) -> ModelNotUsable:
        """Return what to say when the model is not among those listed."""
        return self._wording.missing(self.model, self.offered)

    async def answers(
        self, ask: Ask, *, in_one_piece: bool = False
    ) -> AsyncGenerator[tuple[int, Answer], None]:
        """Yield the place of each line in the ask, and its answer, once it is over.

        Fewer may come than were asked for.

        Args:
            in_one_piece: Whether to do without a stream; when that works it stays so.

        Raises:
            Interrupted: If the answer broke off, came too slowly or cannot be read.
            EngineUnavailable: If there is no answer, after all retries.
        """
        await self.meet()
        streams = self._dialect.streams and not in_one_piece
        answers: dict[int, Answer] = {}
        async with aclosing(self._chunks(ask, streams=streams)) as chunks:
            async for chunk in chunks:
                for place in self._ended_by(chunk, answers, len(ask.draws)):
                    yield place, answers[place]
                if len(answers) >= len(ask.draws) and _are_over(answers):
                    break  # what the model still writes would be thrown away
        if not answers:
            raise self._wording.garbled()
        if not _are_over(answers):
            raise self._wording.broken_off()
        if in_one_piece:
            self._dialect.streams = False

    async def _list_models(self) -> str:
        """Learn the models on offer; return who made the server, or nothing."""
        try:
            # Not `models.list()`: the client trips over an answer that is no object.
            told = _read(await self._client.get("/models", cast_to=object))
        except APIStatusError as error:
            if error.status_code in (401, 403):
                raise self._wording.of(error, self.model, ()) from error
            return ""  # `transformers serve` fails here and drafts all the same
        except APIConnectionError as error:
            raise self._wording.of(error, self.model, ()) from error
        except (OpenAIError, ValueError):
            return ""  # not the protocol; a draft will say so
        if isinstance(told, str) and looks_like_page(told):
            raise self._wording.web_page()
        data = told.get("data") if isinstance(told, dict) else None
        models = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
        self.offered = tuple(model["id"] for model in models if isinstance(model.get("id"), str))
        return str(models[0].get("owned_by", "")) if models else ""

    async def _version(self) -> str:
        """Return the version of a vLLM; nothing when it does not tell."""
        url = f"{self._access.address.removesuffix('/v1')}/version"
        try:
            told = await self._client.get(url, cast_to=object)
        except (OpenAIError, ValueError):
            return ""
        return str(told.get("version", "")) if isinstance(told, dict) else ""

    async def _chunks(self, ask: Ask, *, streams: bool) -> AsyncGenerator[object, None]:
        """Yield the pieces of an answer as the server hands them out."""
        answer = await self._begun(ask, streams=streams)
        if not isinstance(answer, AsyncStream):
            yield answer
            return
        try:
            async with answer:
                while (chunk := await self._next(answer)) is not None:
                    yield chunk
        finally:
            await _unwound(answer)

    async def _begun(self, ask: Ask, *, streams: bool) -> object:
        """Begin an answer, leaving out whatever the server does not take."""
        fields = self._dialect.fields(ask)
        refused: set[str] = set()
        while True:
            try:
                answer = await self._sent(ask, fields, streams=streams)
            except APIStatusError as error:
                unwanted = doubted(fields, error.status_code, _words(error))
                if not unwanted:
                    raise self._failed(error) from error
                refused |= unwanted
                fields = without(fields, unwanted)
            except APIError as error:
                raise self._failed(error) from error
            except ValueError as error:
                raise self._wording.garbled() from error
            else:
                self._dialect.refuse(refused)  # for good, now that it helped
                return answer

    def _failed(self, error: APIError) -> EngineUnavailable:
        """Return what to say; next time the server is met anew, as it may be another by then."""
        self._is_met = False
        return self._wording.of(error, self.model, self.offered)

    async def _sent(self, ask: Ask, fields: dict[str, Any], *, streams: bool) -> object:
        messages = [{"role": each.role, "content": each.content} for each in ask.messages]
        return await self._client.chat.completions.create(
            model=self.model, messages=cast(Any, messages), stream=streams, extra_body=fields
        )

    async def _next(self, stream: AsyncStream[Any]) -> object | None:
        """Return the next chunk of a stream, None after the last."""
        try:
            # The client's own time-out is content with comments that keep a connection open.
            async with asyncio.timeout(self._access.timeout_s):
                return await anext(stream, None)
        except (TimeoutError, APITimeoutError) as error:
            raise self._wording.slow() from error
        except APIConnectionError as error:
            raise self._wording.broken_off() from error
        except APIError as error:
            raise self._wording.failed(error) from error
        except ValueError as error:
            raise self._wording.garbled() from error

    def _ended_by(self, chunk: object, answers: dict[int, Answer], asked: int) -> list[int]:
        """Add a chunk to the answers and return the places of those that it ended."""
        ended = []
        try:
            for piece in pieces_of(chunk):
                if not 0 <= piece.choice < asked:
                    continue
                answer = answers.setdefault(piece.choice, Answer())
                was_over = answer.is_over
                answer.take(piece)
                if answer.is_over and not was_over:
                    ended.append(piece.choice)
        except TypeError as error:
            raise self._wording.garbled() from error
        return ended


async def _unwound(stream: AsyncStream[Any]) -> None:
    """Let a closed stream run to its end.

    The client leaves generators of its own half-way when a stream is not read to its end, and the
    garbage collector would close them from whatever thread it runs in.
    """
    with suppress(Exception):
        async with asyncio.timeout(_UNWINDING_S):
            while await anext(stream, None) is not None:
                pass


def _read(told: object) -> object:
    """Return an answer as data, also where the server calls its JSON something else."""
    if not isinstance(told, str):
        return told
    try:
        return json.loads(told)
    except (ValueError, RecursionError):
        return told


def _are_over(answers: dict[int, Answer]) -> bool:
    return all(answer.is_over for answer in answers.values())


def _words(error: APIStatusError) -> str:
    """Return all that a server says about a request, to look for names of fields."""
    return f"'{error.param}' {error.message}" if error.param else error.message
