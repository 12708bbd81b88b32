"""Ad placements: what text they take, what they forbid, and how a line breaks their rules.

Facts are dated data in `data/*.toml` and `rules.toml`, each with its source; docs/channels.md
says how to change one.  Broken rules are Findings, never exceptions.
"""

from creative.channels.ads import check_ad
from creative.channels.catalog import channel, channels, rules
from creative.channels.checking import check
from creative.channels.filling import fill
from creative.channels.spec import Channel, Combined, Field, Rule
from creative.channels.tags import line_width
from creative.tags import expand

__all__ = [
    "Channel",
    "Combined",
    "Field",
    "Rule",
    "channel",
    "channels",
    "check",
    "check_ad",
    "expand",
    "fill",
    "line_width",
    "rules",
]
