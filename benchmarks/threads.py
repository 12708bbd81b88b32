"""How many CPU threads a measurement gives to every party: as many as the product takes."""

import argparse
import os


def default_threads() -> int:
    """Return one less than there are cores, as the engine does; one stays free for the pages."""
    return max(1, (os.cpu_count() or 1) - 1)


def add_option(parser: argparse.ArgumentParser) -> None:
    """Let people choose another number."""
    parser.add_argument(
        "--threads", type=int, default=default_threads(), help="of every party; default cores - 1"
    )
