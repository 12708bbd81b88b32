"""Engines end with the interpreter, whoever forgets to close them."""

import atexit
import weakref

from creative.engine.protocol import Engine


def close_at_exit(engine: Engine) -> None:
    """Close an engine before the interpreter ends, without keeping it alive until then."""
    found = weakref.ref(engine)

    def close() -> None:
        if (alive := found()) is not None:
            alive.close()

    atexit.register(close)
