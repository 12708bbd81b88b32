"""Text files of lists: a title in [brackets], lines below it, and # before a remark."""


def sections_of(text: str) -> dict[str, list[str]]:
    r"""Return the lines of a text by the title they stand under.

    >>> sections_of("# lists\n[fruit]\napple\npear\n")
    {'fruit': ['apple', 'pear']}
    """
    found: dict[str, list[str]] = {}
    own: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            own = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            own.append(line)
    return found
