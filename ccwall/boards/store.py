"""What keeps documents: every version of each, who made it and when. `ccwall.history.documents` does it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

Kind = Literal["board", "plan", "picture", "rule"]


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a document, without what is in it. ``about`` is what a list says of it; ``deleted``: it ends there."""

    kind: Kind
    id: str
    version: int
    at: float
    by: str
    note: str = ""
    about: dict[str, Any] = {}
    deleted: bool = False


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A version to be kept. ``base`` is the version it was made from, 0 where there was none or it was deleted; ``body`` None
    deletes."""

    kind: Kind
    id: str
    base: int
    at: float
    by: str
    note: str = ""
    about: dict[str, Any] = {}
    body: bytes | None = None


class Stale(Exception):
    """Somebody else saved meanwhile; ``current`` is what they made, None when it is gone."""

    def __init__(self, current: Version | None) -> None:
        self.current = current
        super().__init__("somebody else saved it meanwhile")


class Full(Exception):
    """There are as many documents as there may be."""


class Unwritable(Exception):
    """The disk does not take it, or does not give it; says why."""


class Store(Protocol):
    """Whoever waits for `save` may rely on it: it is on the disk."""

    @property
    def kept(self) -> bool:
        """Whether a restart finds them again."""
        ...

    @property
    def changes(self) -> int:
        """Grows with every change of any document."""
        ...

    def newest(self, kind: Kind) -> Mapping[str, Version]:
        """The last version of each, deleted ones too."""
        ...

    async def ready(self) -> None:
        """To be awaited before `newest` is asked: what could not be read is tried again now and then."""
        ...

    async def body(self, kind: Kind, id: str, version: int) -> bytes:
        """KeyError when it is not, or no longer, there."""
        ...

    async def versions(self, kind: Kind, id: str) -> Sequence[Version]:
        """Newest first."""
        ...

    async def save(self, draft: Draft) -> Version: ...
