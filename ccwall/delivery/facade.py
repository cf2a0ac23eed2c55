"""All channels of a house and their outbox, as the house owns them."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path

import msgspec

from ccwall.clock import Clock
from ccwall.delivery.contract import BY_TYPE, Configured, Failed, Ok, Outcome, Retry, Setting
from ccwall.delivery.disk import Disk
from ccwall.delivery.note import Note, Severity
from ccwall.delivery.outbox import Line, Outbox
from ccwall.delivery.rows import Delivered, Entry, State

FILE = "outbox.sqlite"
"""Beside the journal."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as a page may show it: no address, no secret."""

    name: str
    type: str
    language: str
    severities: tuple[Severity, ...]


class Delivery:
    """``path`` of the outbox's file, None: in memory. ``clock`` is the machine's, not a floor's that runs fast: far ends judge
    signatures by it, and limits are in their seconds. ``told`` when a note's way to a channel is over."""

    def __init__(
        self,
        channels: Sequence[Configured],
        path: Path | None,
        clock: Clock,
        *,
        zone: str = "UTC",
        told: Callable[[Delivered], None] | None = None,
    ) -> None:
        self._lines = {each.name: _line(each, clock, zone) for each in channels}
        self.outbox = Outbox(Disk(path, clock.now), self._lines, clock, zone, told)

    def jobs(self) -> list[tuple[str, Coroutine[object, object, None]]]:
        """To run as long as the house stands."""
        return self.outbox.jobs()

    async def put(self, note: Note, channels: Sequence[str]) -> Sequence[str]:
        """Take it on for these channels; gives those to which it is new and wanted. It is on the disk when this returns."""
        return await self.outbox.put(note, channels)

    async def test(self, channel: str) -> Outcome:
        return await self.outbox.test(channel)

    async def entries(self, limit: int = 100, state: State | None = None) -> Sequence[Entry]:
        return await self.outbox.entries(limit, state)

    def stand(self, worst: Severity | None) -> None:
        """The worst alert that is open and acknowledged by nobody: say it whenever it changes, and once at the start."""
        self.outbox.stand(worst)

    def channels(self) -> Sequence[About]:
        return [
            About(name=name, type=told.type, language=told.language, severities=told.severities)
            for name, line in self._lines.items()
            for told in (line.configured,)
        ]

    def vitals(self) -> Mapping[str, Mapping[str, object]]:
        """By channel: `state` (idle, live, down, refused), `since`, `detail`, how many are `waiting`, and since the start
        `sent` and `failed`; `problem`: why the outbox is not on the disk, empty when it is."""
        return {
            name: {
                "type": line.configured.type,
                "state": line.state,
                "since": line.since,
                "detail": line.detail,
                "waiting": line.waiting,
                "sent": line.sent,
                "failed": line.failed,
                "problem": self.outbox.problem,
            }
            for name, line in self._lines.items()
        }

    async def tried(self, channel: str) -> Mapping[str, str]:
        """A test, and what it came to, as a page asks for it. KeyError when there is no such channel."""
        return answered(await self.test(channel))

    async def page(self, limit: int = 100, state: State | None = None) -> Mapping[str, object]:
        """As a page asks for it, without any secret: `channels` with how each is, the newest `entries` with their tries, and
        `problem`, why the outbox is not on the disk."""
        vitals = self.vitals()
        return {
            "channels": [{**msgspec.to_builtins(each), **vitals[each.name]} for each in self.channels()],
            "entries": [_shown(entry) for entry in await self.entries(limit, state)],
            "problem": self.outbox.problem,
        }

    async def close(self) -> None:
        await self.outbox.close()


def answered(outcome: Outcome) -> Mapping[str, str]:
    """What a test came to, as a page asks for it: `outcome` ok, retry or failed, and what was `said`."""
    match outcome:
        case Ok(said):
            return {"outcome": "ok", "said": said}
        case Failed(why):
            return {"outcome": "failed", "said": why}
        case Retry(why):
            return {"outcome": "retry", "said": why}


def _shown(entry: Entry) -> Mapping[str, object]:
    note = entry.note
    told: dict[str, object] = msgspec.to_builtins(entry)
    del told["note"]
    what = {
        "title": note.title,
        "severity": note.severity,
        "kind": note.kind,
        "alert": note.alert,
        "scope": note.scope,
    }
    return {**told, **what}


def _line(configured: Configured, clock: Clock, zone: str) -> Line:
    setting = Setting(name=configured.name, language=configured.language, zone=zone, clock=clock)
    return Line(configured, BY_TYPE[configured.type].made(setting, configured.settings), clock.now())
