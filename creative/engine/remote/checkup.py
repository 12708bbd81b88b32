"""Whether a server can be drafted with, looked at once and in plain words."""

import asyncio
from dataclasses import dataclass, replace

from creative.engine.remote.access import Access
from creative.engine.remote.server import Server
from creative.errors import EngineUnavailable

_PATIENCE_S = 5.0  #: somebody waits for this look


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkup:
    """What was found at a server; `fix` says what to do and is empty when all is well."""

    detail: str
    fix: str = ""


def check_up(access: Access) -> Checkup:
    """Ask a server which models it has: it must answer, take the key and know the model."""
    patience_s = min(access.timeout_s, _PATIENCE_S)
    return asyncio.run(_looked_at(replace(access, timeout_s=patience_s)))


async def _looked_at(access: Access) -> Checkup:
    server = Server(access, retries=0)
    try:
        await server.meet()
    except EngineUnavailable as error:
        return Checkup(detail=f"{access.address} cannot be used", fix=str(error))
    finally:
        await server.close()
    if not server.offered:
        return Checkup(
            detail=f"{access.address} answers but lists no models; the first draft tells more"
        )
    if not server.offers(server.model):
        return Checkup(detail=f"{access.address} answers", fix=str(server.missing()))
    return Checkup(detail=f"{access.address} answers and offers {server.model}")
