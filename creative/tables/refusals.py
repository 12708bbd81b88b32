"""Why a table cannot be learnt from, scored or compared; every text says the way out."""

from creative.errors import StudioError


class TableRefused(StudioError):
    """The table, its outcome or a stored model cannot be used."""
