"""The one place where the studio meets its database."""

from creative.settings import Settings
from creative.studio.studio import Studio, build_studio
from storage.database import open_store


def assemble(settings: Settings) -> Studio:
    """Open the library, bring it up to date, and build the studio over it.

    Raises:
        StorageError: If the library cannot be opened.
    """
    return build_studio(settings, open_store(settings.database, settings.home))
