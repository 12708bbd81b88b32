"""The engine that the settings ask for; importing this does not import torch."""

from creative.engine.catalog import resolve
from creative.engine.local import LocalEngine
from creative.engine.process import EngineProcess
from creative.engine.protocol import Engine
from creative.settings import Settings


def create_engine(settings: Settings) -> Engine:
    """Return an engine for the model in the settings; it loads with the first request.

    Raises:
        ModelNotUsable: If the settings name no model.
    """
    kind = EngineProcess if settings.engine == "process" else LocalEngine
    return kind(
        resolve(settings.model, settings.models),
        device=settings.device,
        dtype=settings.dtype,
        threads=settings.threads,
        max_rows=settings.max_rows,
    )
