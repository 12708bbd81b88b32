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
    RequestQueued,
    Row,
    RowFinished,
)

_EVENTS: dict[str, type[Event]] = {
    "queued": RequestQueued,
    "row": RowFinished,
    "done": RequestDone,
    "failed": RequestFailed,
}
_KINDS = {event: kind for kind, event in _EVENTS.items()}


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
    rows = tuple(
        Row(
            messages=tuple(Message(**each) for each in row["messages"]),
            seed=row["seed"],
            required=tuple(row["required"]),
            choices=tuple(row["choices"]),
        )
        for row in wanted["rows"]
    )
    return Request(**wanted | {"constraint": _constraint_of(wanted["constraint"]), "rows": rows})


def _constraint_of(fields: dict[str, Any]) -> Constraint:
    """Return a constraint whose lists are what they were before they became JSON."""
    sets = {name: fields[name] for name in ("vocabulary", "figures")}
    lists = {name: tuple(fields[name]) for name in ("banned", "taken")}
    found = {name: None if each is None else frozenset(each) for name, each in sets.items()}
    return Constraint(**fields | found | lists)


def event_line(event: Event) -> bytes:
    """Return the line of an event."""
    return line_of(_KINDS[type(event)], **asdict(event))


def event_of(fields: dict[str, Any]) -> Event:
    """Return the event of a line."""
    told = {name: value for name, value in fields.items() if name != "kind"}
    if fields["kind"] == "row":
        told["ending"] = Ending(told["ending"])
    return _EVENTS[fields["kind"]](**told)


def status_line(status: EngineStatus) -> bytes:
    """Return the line of a status."""
    return line_of("status", **asdict(status))


def status_of(fields: dict[str, Any]) -> EngineStatus:
    """Return the status of a line."""
    told = {name: value for name, value in fields.items() if name != "kind"}
    return EngineStatus(**told | {"state": EngineState(told["state"])})
