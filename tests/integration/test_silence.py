"""How soon a loss is seen, with the real adapter and the real supervisor, in virtual time: as promised, without slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from ccwall import registry
from ccwall.clock import ManualClock
from ccwall.config import Config
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AnyEvent, SourceDown, SourceId
from ccwall.supervise import TICK, Supervisor
from ccwall.transport import Link
from ccwall_adapters.asterisk_ami.frame import Frame, encode
from ccwall_adapters.asterisk_ami.settings import AmiSettings
from tests.supervise.far_end import MemoryLink


class FastClock(ManualClock):
    rate = 20.0


class Lines(MemoryLink):
    """A manager who lets in, lists an empty floor, and answers pings until it is told to be `mute`."""

    def __init__(self) -> None:
        super().__init__()
        self.mute = False
        self.pings = 0
        self.incoming.put_nowait(b"Asterisk Call Manager/11.0.0\r\n")

    def write(self, data: bytes) -> None:
        for block in data.split(b"\r\n\r\n")[:-1]:
            asked = Frame(block)
            self.pings += asked.get(b"Action") == "Ping"
            if not self.mute:
                self._answer(asked.get(b"Action"), asked.get(b"ActionID"))

    def _answer(self, action: str, action_id: str) -> None:
        said = encode({"Response": "Success", "ActionID": action_id})
        if action not in {"Login", "Ping"}:
            end = {
                "CoreShowChannels": "CoreShowChannelsComplete",
                "DeviceStateList": "DeviceStateListComplete",
            }
            said += encode({"Event": end.get(action, f"{action}Complete"), "ActionID": action_id})
        self.incoming.put_nowait(said)


class Watched:
    def __init__(self, clock: ManualClock) -> None:
        self.clock, self.link, self.facts = clock, Lines(), list[AnyEvent]()
        adapter = registry.adapters()["asterisk-ami"]
        settings = AmiSettings(username="ccwall", secret="secret", auth="plain")
        name = SourceId("pbx1")
        self.supervisor = Supervisor(
            name,
            adapter.session(settings, ConfiguredDirectory(name, Config()), "live"),
            self._connect,
            lambda facts, _now: self.facts.extend(facts),
            clock,
        )

    async def _connect(self) -> Link:
        return self.link

    @property
    def downs(self) -> list[str]:
        return [fact.reason for fact in self.facts if isinstance(fact, SourceDown)]

    async def real(self, seconds: float) -> None:
        await self.clock.advance(seconds * self.clock.rate)


@pytest.fixture(params=[ManualClock, FastClock])
async def watched(request: pytest.FixtureRequest) -> AsyncIterator[Watched]:
    watched = Watched(request.param())
    task = asyncio.create_task(watched.supervisor.run())
    await watched.real(2.0)
    assert watched.supervisor.health.condition == "connected"
    yield watched
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_quiet_link_is_asked_every_three_seconds_and_kept(watched: Watched) -> None:
    await watched.real(30.0)
    assert 8 <= watched.link.pings <= 10
    assert watched.downs == []


async def test_a_link_that_says_nothing_more_is_given_up_within_ten_seconds_of_its_last_word(
    watched: Watched,
) -> None:
    watched.link.mute = True
    assert watched.supervisor.health.heard is not None
    since_heard = (watched.clock.now() - watched.supervisor.health.heard) / watched.clock.rate
    await watched.real(9.5 - since_heard - TICK)
    assert watched.downs == []
    await watched.real(0.5 + TICK)
    assert watched.downs == ["silent"]


@pytest.mark.parametrize("end", [b"", ConnectionResetError(104, "Connection reset by peer")])
async def test_an_end_is_told_at_once(watched: Watched, end: bytes | Exception) -> None:
    watched.link.incoming.put_nowait(end)
    await watched.real(0.0)
    assert watched.downs == ["eof" if end == b"" else "reset"]
