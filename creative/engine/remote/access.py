"""Where a server is and what to say at its door, made sure of before anything is sent."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from creative.errors import ModelNotUsable
from creative.settings import Settings

_NO_KEY = SecretStr("")
EXAMPLE = "such as http://127.0.0.1:8000/v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """How to reach a server.

    Attributes:
        address: Base of the protocol, without a slash at its end.
        key: Sent with every request; empty for none.
        model: What to ask for; empty for the first that the server lists.
        timeout_s: How long to wait for an answer, and for each further piece of it.
    """

    address: str
    key: SecretStr = _NO_KEY
    model: str = ""
    timeout_s: float = 60.0

    @property
    def host(self) -> str:
        """Host and port, to name the server by."""
        return urlsplit(self.address).netloc

    @property
    def name(self) -> str:
        """What to call the model before the server is asked; stays the same from then on."""
        return self.model or f"first model at {self.host}"


def access_of(settings: Settings) -> Access:
    """Return the access that the settings give.

    Raises:
        ModelNotUsable: If the address or the key cannot be one.
    """
    return Access(
        address=checked_address(settings.openai_url),
        key=_checked_key(settings.openai_key),
        model=settings.openai_model.strip(),
        timeout_s=settings.openai_timeout,
    )


def checked_address(text: str) -> str:
    """Return the base address of a server.

    Servers speak the protocol below /v1, so an address without a path gets that one.

    Raises:
        ModelNotUsable: If it is no web address, or holds a password: addresses are shown to
            people, and keys are not.

    >>> checked_address("http://127.0.0.1:8000/")
    'http://127.0.0.1:8000/v1'
    """
    if not text.strip():
        raise ModelNotUsable(f"Set ADLIB_OPENAI_URL to the address of the server, {EXAMPLE}.")
    parts = _parts(text.strip())
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelNotUsable(f"ADLIB_OPENAI_URL is no address of a server, {EXAMPLE}.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ModelNotUsable(
            "ADLIB_OPENAI_URL may not hold a password or a question mark. Put the key into "
            "ADLIB_OPENAI_KEY."
        )
    path = parts.path.rstrip("/").removesuffix("/chat/completions") or "/v1"
    return f"{parts.scheme}://{parts.netloc}{path}"


def _checked_key(key: SecretStr) -> SecretStr:
    """Return the key without spaces around it; what no header can carry is no key."""
    text = key.get_secret_value().strip()
    if not all("!" <= letter <= "~" for letter in text):
        raise ModelNotUsable("ADLIB_OPENAI_KEY holds characters that no key has. Copy it anew.")
    return SecretStr(text)


def _parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # only asking for it tells whether it is a number
    except ValueError:
        return None
    return parts
