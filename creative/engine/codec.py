"""Protocol values as lines of JSON, for the pipe between the studio and the model's process.

No pickle: what comes through a pipe is data.  Every line is an object with a `kind`.
"""

import json
from dataclasses import asdict
from typing import Any

from creative.engine.protocol import (
    Constraint,
    Ending,
    EngineState,
    EngineStatus,
    Event,
    Message,
    Request,
    RequestDone,
    RequestFailed,
    Row,
    RowFinished,
)

_ENDS: dict[str, type[RequestDone] | type[RequestFailed]] = {
    "done": RequestDone,
    "failed": RequestFailed,
}


def line_of(kind: str, **fields: object) -> bytes:
    """Return one line.

    >>> line_of("cancel", id="a").strip()
    b'{"kind": "cancel", "id": "a"}'
    """
    return json.dumps({"kind": kind, **fields}, default=list).encode() + b"\n"


def fields_of(line: bytes) -> dict[str, Any]:
    """Return the fields of one line."""
    fields: dict[str, Any] = json.loads(line)
    return fields


def request_line(request: Request) -> bytes:
    """Return the line that submits a request."""
    return line_of("submit", request=asdict(request))


def request_of(fields: dict[str, Any]) -> Request:
    """Return the request of a submit line."""
    wanted = fields["request"]
    words = wanted["constraint"]["vocabulary"]
    constraint = wanted["constraint"] | {"vocabulary": None if words is None else frozenset(words)}
    rows = tuple(
        Row(messages=tuple(Message(**each) for each in row["messages"]), seed=row["seed"])
        for row in wanted["rows"]
    )
    return Request(**wanted | {"constraint": Constraint(**constraint), "rows": rows})


def event_line(event: Event) -> bytes:
    """Return the line of an event."""
    if isinstance(event, RowFinished):
        return line_of("row", **asdict(event))
    kind = "done" if isinstance(event, RequestDone) else "failed"
    return line_of(kind, **asdict(event))


def event_of(fields: dict[str, Any]) -> Event:
    """Return the event of a line."""
    told = {name: value for name, value in fields.items() if name != "kind"}
    if fields["kind"] == "row":
        return RowFinished(**told | {"ending": Ending(told["ending"])})
    return _ENDS[fields["kind"]](**told)


def status_line(status: EngineStatus) -> bytes:
    """Return the line of a status."""
    return line_of("status", **asdict(status))


def status_of(fields: dict[str, Any]) -> EngineStatus:
    """Return the status of a line."""
    told = {name: value for name, value in fields.items() if name != "kind"}
    return EngineStatus(**told | {"state": EngineState(told["state"])})
