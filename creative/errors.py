"""Every error this program raises on purpose.

StudioError                 str(error) says in plain words what to do next
├── SettingsError               a setting has a value that makes no sense
├── BriefError              the brief, or a file that should hold one, cannot be used
├── ChannelError            no channel or field has that id
├── TemplateError           a prompt template is missing, changed after release or broken
├── EngineUnavailable       no model, no memory or the engine is gone; try again
│   └── ModelNotUsable      that model cannot draft here, now or later; choose another
├── ExportRefused           the ad is incomplete, and a file would be rejected
├── StorageError            the database is locked, full, damaged or newer than this program
│   └── RecordNotFound      no row has that id
├── EditConflict            somebody else changed the draft first; nothing was overwritten
└── ExperimentRefused       a test, or a change to it, makes no sense or would spoil it

Misuse by a programmer is not here: that is ValueError or TypeError, and it should crash.
"""


class StudioError(Exception):
    """Anything that goes wrong in normal use."""

    retryable = False  #: whether the same request may succeed later


class SettingsError(StudioError):
    """A setting has a value that makes no sense."""


class BriefError(StudioError):
    """The brief, or a file that should hold one, cannot be used."""


class ChannelError(StudioError):
    """No channel or field has that id."""


class TemplateError(StudioError):
    """A prompt template is missing, was changed after its release, or is broken."""


class EngineUnavailable(StudioError):
    """No model is loaded, memory is full, or the engine is gone."""

    retryable = True


class ModelNotUsable(EngineUnavailable):
    """That model cannot draft on this machine; another one may."""

    retryable = False


class ExportRefused(StudioError):
    """The ad is incomplete, and its platform would reject the file."""


class StorageError(StudioError):
    """The database is locked, full, damaged, or newer than this program."""


class RecordNotFound(StorageError):
    """No row has that id."""

    def __init__(self, kind: str, id: int) -> None:
        super().__init__(f"{kind} {id} is not in this library; it may have been deleted.")


class EditConflict(StudioError):
    """Somebody else changed the draft first; nothing was overwritten."""


class ExperimentRefused(StudioError):
    """A test, or a change to it, makes no sense or would spoil what it measures."""
