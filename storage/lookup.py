"""Finding one row by its id, or saying plainly that it is not there."""

from typing import TypeVar

from sqlalchemy.orm import Session

from creative.errors import RecordNotFound
from storage.rows import Row

R = TypeVar("R", bound=Row)

_LAST = 2**63 - 1  #: the largest id a database can hold


def existing(session: Session, table: type[R], id: int, *, lock: bool = False) -> R:
    """Return the row with that id.

    Args:
        lock: Let nobody else change the row before this transaction ends; SQLite, where a
            transaction is alone anyway, needs and does nothing for it.

    Raises:
        RecordNotFound: If there is none.
    """
    row = session.get(table, id, with_for_update=lock) if 0 < id <= _LAST else None
    if row is None:
        raise RecordNotFound(table.__tablename__.capitalize(), id)
    return row
