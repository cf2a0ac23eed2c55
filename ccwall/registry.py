"""Adapters by name, from the entry points of all installed packages; each is imported only when somebody wants it."""

from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import get_origin

import msgspec

from ccwall.adapter import Adapter
from ccwall.errors import CcwallError

GROUP = "ccwall.adapters"


class Adapters(Mapping[str, Adapter]):
    """Adapter by name (``asterisk-ami``); looking one up imports it."""

    def __init__(self, points: Mapping[str, EntryPoint]) -> None:
        self._points = dict(points)
        self._loaded: dict[str, Adapter] = {}

    def __getitem__(self, name: str) -> Adapter:
        if name not in self._loaded:
            self._loaded[name] = _load(self._points[name])
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._points

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._points))

    def __len__(self) -> int:
        return len(self._points)


def adapters() -> Mapping[str, Adapter]:
    """All adapters installed beside this ccwall."""
    return Adapters({point.name: point for point in entry_points(group=GROUP)})


def speaking(protocol: str, known: Mapping[str, Adapter]) -> Adapter | None:
    """The adapter that understands transcripts of this protocol."""
    if protocol in known and known[protocol].protocol == protocol:
        return known[protocol]
    return next((adapter for adapter in map(known.__getitem__, known) if adapter.protocol == protocol), None)


def blank(adapter: Adapter) -> msgspec.Struct:
    """The adapter's settings with nothing configured: enough to observe a transcript, where nobody logs in."""
    required = [field for field in msgspec.structs.fields(adapter.settings) if field.required]
    return msgspec.convert({field.encode_name: empty(field.type) for field in required}, adapter.settings)


def empty(kind: object) -> object:
    """Nothing, of that type; None when there is no such thing."""
    if get_origin(kind) is tuple:
        return ()
    return next(
        (empty for each, empty in ((str, ""), (int, 0), (float, 0.0), (bool, False)) if kind is each), None
    )


def _load(point: EntryPoint) -> Adapter:
    adapter = point.load()
    if not isinstance(adapter, Adapter):
        raise CcwallError(f"the entry point {point.name} = {point.value} is not a ccwall.adapter.Adapter")
    return adapter
