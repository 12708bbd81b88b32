"""A thread with an event loop: calls come in from any thread and run one after the other."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from typing import Any


class LoopThread:
    """An event loop that runs until it is ended."""

    def __init__(self, name: str, farewell: Callable[[], Awaitable[None]]) -> None:
        """Start the thread.

        Args:
            farewell: Awaited at the end, when every task of the loop is cancelled and over.
        """
        self._farewell = farewell
        self._is_ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run()), name=name, daemon=True
        )
        self._thread.start()
        self._is_ready.wait()

    def call(self, function: Callable[..., Any], *args: Any) -> None:
        """Run a function in the loop, soon; after the end of the loop it is not run."""
        with contextlib.suppress(RuntimeError):  # closed meanwhile
            self._loop.call_soon_threadsafe(function, *args)

    def end(self, timeout_s: float) -> None:
        """Cancel what runs and wait until the thread is over."""
        self.call(self._is_ended.set)
        self._thread.join(timeout_s)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_ended = asyncio.Event()
        self._is_ready.set()
        await self._is_ended.wait()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._farewell()
