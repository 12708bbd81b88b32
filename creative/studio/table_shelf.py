"""The models of tables that are kept: folders in the home folder, with a name and a date.

A folder made by `python -m creative table fit` is one of them and has its own name.
"""

import io
import re
import shutil
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from creative.errors import StudioError
from creative.export.files import ExportFile, filename
from creative.studio.free_names import free_name
from creative.studio.notes import read_note, write_note
from creative.tables.refusals import TableRefused

CARD = "model.json"
LONGEST_NAME = 80  #: code points
_ABOUT, _REMOVED = "about.json", ".removed"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptModel:
    """A model of the home folder; `file` is the name of the table that it was made from."""

    id: str
    name: str
    file: str
    made_at: datetime


class Shelf:
    """Where models stand; ids are names of folders, never paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[KeptModel]:
        """The models, the newest first."""
        cards = self._folder.glob(f"*/{CARD}")
        found = [_kept(card.parent) for card in cards if not card.parent.name.startswith(".")]
        return sorted(found, key=lambda each: each.made_at, reverse=True)

    def get(self, id: str) -> KeptModel:
        """Return a model.

        Raises:
            TableRefused: If it is gone.
        """
        return _kept(self.folder(id))

    def folder(self, id: str) -> Path:
        """Return the folder of a model.

        Raises:
            TableRefused: If it is gone.
        """
        if id not in {each.id for each in self.all()}:
            raise TableRefused("That model is not in this library; it may have been removed.")
        return self._folder / id

    def free_folder(self, title: str) -> Path:
        """Return a folder that is not there yet, named after a title."""
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower())[:40].strip("-") or "table"
        return self._folder / free_name(slug, self._folder, self._folder / _REMOVED)

    def describe(self, folder: Path, name: str, file: str) -> None:
        """Keep the name of a model beside it.

        Raises:
            StudioError: If it cannot be kept.
        """
        about = {"name": name, "file": file, "made_at": datetime.now(UTC).isoformat()}
        write_note(folder / _ABOUT, about, "The name of the model")

    def archive(self, id: str) -> ExportFile:
        """Return the files of a model as one, for another computer.

        Raises:
            TableRefused: If it is gone.
        """
        folder = self.folder(id)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.iterdir()):
                if file.is_file():
                    archive.write(file, f"{id}/{file.name}")
        name = filename("table", _kept(folder).name, extension="zip")
        return ExportFile(content=packed.getvalue(), filename=name, media_type="application/zip")

    def remove(self, id: str) -> None:
        """Put a model aside; `put_back` undoes it until the next one is removed.

        Raises:
            StudioError: If it is gone, or its folder cannot be moved.
        """
        folder, aside = self.folder(id), self._folder / _REMOVED
        try:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True)
            folder.rename(aside / id)
        except OSError as error:
            raise StudioError(f"{folder} cannot be removed: {error.strerror}.") from error

    def put_back(self, id: str) -> None:
        """Undo the last removal.

        Raises:
            StudioError: If the model is not there any more, or its folder cannot be moved.
        """
        aside = self._folder / _REMOVED / Path(id).name
        try:
            aside.rename(self._folder / aside.name)
        except OSError as error:
            raise StudioError("That model cannot be put back; it is gone.") from error


def _kept(folder: Path) -> KeptModel:
    about = read_note(folder / _ABOUT)
    try:
        made_at = datetime.fromisoformat(str(about.get("made_at")))
    except ValueError:
        made_at = datetime.fromtimestamp((folder / CARD).stat().st_mtime, UTC)
    return KeptModel(
        id=folder.name,
        name=str(about.get("name") or folder.name)[:LONGEST_NAME],
        file=str(about.get("file") or ""),
        made_at=made_at,
    )
