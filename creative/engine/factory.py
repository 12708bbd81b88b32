"""The model and the engine that the settings ask for.

Importing this imports neither torch nor the OpenAI client.
"""

from creative.engine.catalog import ModelChoice, ModelProfile, resolve
from creative.engine.local import LocalEngine
from creative.engine.process import EngineProcess
from creative.engine.protocol import Engine
from creative.engine.remote.access import access_of
from creative.engine.remote.engine import RemoteEngine
from creative.settings import Settings


def choose(settings: Settings) -> ModelChoice:
    """Return the model that the settings mean: one of this machine, or a server's.

    Raises:
        ModelNotUsable: If the settings name no model, or no server.
    """
    if settings.engine != "openai":
        return resolve(settings.model, settings.models)
    access = access_of(settings)
    profile = ModelProfile(name=access.name)
    return ModelChoice(id=access.name, name=access.name, source=access.address, profile=profile)


def create_engine(settings: Settings) -> Engine:
    """Return an engine for the model in the settings; it loads with the first request.

    Raises:
        ModelNotUsable: If the settings name no model, or no server.
    """
    if settings.engine == "openai":
        return RemoteEngine(access_of(settings), max_rows=settings.max_rows)
    kind = EngineProcess if settings.engine == "process" else LocalEngine
    return kind(
        resolve(settings.model, settings.models),
        device=settings.device,
        dtype=settings.dtype,
        weights=settings.weights,
        threads=settings.threads,
        max_rows=settings.max_rows,
        cache_mb=settings.cache_mb,
    )
