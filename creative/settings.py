"""Everything that can be set, from `ADLIB_…` environment variables or a `.env` file.

Built once in each entry point and passed down; docs/settings.md explains every field.
"""

from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from creative.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent  #: the checkout this program runs from


class Settings(BaseSettings):
    """What the studio is told before it starts; immutable."""

    model_config = SettingsConfigDict(
        env_prefix="ADLIB_", env_file=".env", extra="forbid", frozen=True
    )

    home: Path = Field(ROOT / "data", description="Folder of the database and backups.")
    database_url: str = Field(
        "", description="SQLAlchemy URL; empty means adlib.db in the home folder."
    )
    model: str = Field("starter", description="Model id from the list, a folder, or a hub id.")
    device: Literal["auto", "cpu", "cuda", "mps"] = Field("auto", description="Where it runs.")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto", description="Number format of the weights; auto takes what is faster there."
    )
    weights: Literal["full", "int8", "int4"] = Field(
        "full", description="How weights are kept: as loaded, or rounded to save memory."
    )
    engine: Literal["process", "thread", "openai"] = Field(
        "process",
        description="Run the model in a process of its own, in a thread, or on a server.",
    )
    openai_url: str = Field("", description="Base address of an OpenAI-compatible server.")
    openai_key: SecretStr = Field(SecretStr(""), description="Key that the server asks for.")
    openai_model: str = Field("", description="Model to ask the server for; empty takes its first.")
    openai_timeout: float = Field(60.0, gt=0, description="Seconds to wait for the server.")
    threads: int = Field(0, ge=0, description="CPU threads of the model; 0 leaves one core free.")
    max_rows: int = Field(64, ge=1, le=1024, description="Rows decoded together, at most.")
    cache_mb: int = Field(512, ge=0, description="Memory for prompts that were read, in MB.")
    max_lines: int = Field(200, ge=1, le=1000, description="Lines one run may ask for.")
    prompts: Path = Field(ROOT / "prompts", description="Folder of the prompt templates.")
    models: Path = Field(ROOT / "models", description="Folder of models that ship with Adlib.")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{quote(str(self.home / 'adlib.db'))}"


def read_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: If a value makes no sense, naming its variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"ADLIB_{'_'.join(map(str, e['loc'])).upper()}" for e in error.errors())
        raise SettingsError(
            f"A setting has a value that Adlib does not understand: {names}. Correct it in the "
            "environment or in the file .env, then start Adlib again."
        ) from error
