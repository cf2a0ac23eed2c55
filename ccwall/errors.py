"""Everything that can go wrong on purpose, and what the supervisor does about each branch.

    CcwallError
    ├── ConfigError          the file is wrong: every mistake with its path; exit 2
    ├── TranscriptError      a recording is damaged or foreign; exit 2
    ├── JournalError         the journal cannot be used, and only a person can mend that; exit 1
    │   └── NotRecorded      what was waited for will never be in the journal: whoever waited must not act
    └── SourceError
        ├── ProtocolError    drop the connection, retry with back-off, count, keep the last 4 KiB for the health page
        ├── AuthRejected     retry every 5 minutes, show the source red
        └── LinkSilent       as OSError and TimeoutError: retry with full jitter 0.5 to 10 s

Anything else that escapes a session is a bug: that source stops and shows *failed*, the wall goes on.
"""

from collections.abc import Sequence


class CcwallError(Exception):
    """Base of all; its text says what happened, where, and what to do next."""


class ConfigError(CcwallError):
    """All mistakes of one configuration, each `(path, what is wrong and what would be right)`."""

    def __init__(self, file: str, mistakes: Sequence[tuple[str, str]]) -> None:
        self.file, self.mistakes = file, tuple(mistakes)
        super().__init__("\n".join(f"{file}: {path}: {text}" for path, text in mistakes))


class TranscriptError(CcwallError):
    """A recording that cannot be read; says the file, the line and the remedy."""


class JournalError(CcwallError):
    """The journal is somebody else's, of a newer ccwall, or cannot be written."""


class NotRecorded(JournalError):
    """A fact was not written and never will be."""


class SourceError(CcwallError):
    """A source misbehaves."""


class ProtocolError(SourceError):
    """The far end does not speak the protocol. `wire` is the last of what it sent, at most 4 KiB."""

    def __init__(self, text: str, wire: bytes = b"") -> None:
        self.wire = wire[-4096:]
        super().__init__(text)


class AuthRejected(SourceError):
    """The far end does not let us in."""


class LinkSilent(SourceError, TimeoutError):
    """Nothing came for longer than a living link can be silent."""
