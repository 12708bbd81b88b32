"""How long a line is where its channel shows dynamic tags."""

from creative.channels.spec import Channel, Field
from creative.counting import width
from creative.tags import expand


def line_width(text: str, channel: Channel, field: Field) -> int:
    """Return the length of a line in the unit of its field, a tag counting what it stands for.

    >>> from creative.channels.catalog import channel
    >>> rsa = channel("google_rsa")
    >>> line_width("{KeyWord:Fresh Coffee}", rsa, rsa.field("headline"))
    12
    """
    return width(expand(text, channel.platform), field.counting)
