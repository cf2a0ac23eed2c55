"""The edge's conversation with the server: connect, hello, everything without a receipt, beats; for ever anew."""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Literal

import msgspec
import structlog

from ccwall import __version__
from ccwall.clock import Clock
from ccwall.edge.config import EdgeConfig
from ccwall.edge.store import Store
from ccwall.errors import ProtocolError
from ccwall.events import AnyEvent, SourceId
from ccwall.together import together
from ccwall.transport import Link, connect
from ccwall.wire import edge as wire
from ccwall.wire.parcel import Parcel, Parcels, pack

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
PAUSE_WHEN_REFUSED = 30.0
WELCOME_WITHIN = 10.0
MOST_FACTS, MOST_BYTES = 200, 256 * 1024
"""Of one message."""
WINDOW = 2000
"""Facts under way without a receipt."""
STEADY = 5.0

State = Literal["connecting", "live", "down", "refused"]


class TurnedAway(Exception):
    """The server does not let us in; the text says why."""


class Talk:
    """`run` for ever. `standing` gives what stands now; it is said again in every conversation."""

    def __init__(
        self,
        config: EdgeConfig,
        store: Store,
        clock: Clock,
        standing: Callable[[], Iterator[tuple[SourceId, AnyEvent]]],
    ) -> None:
        self._config, self._store, self._clock, self._standing = config, store, clock, standing
        self._settled = 0
        self._taken = self._sent = 0
        self._heard = 0.0
        self._room = asyncio.Event()
        self.state: State = "connecting"
        self._failures = 0
        self._log = structlog.get_logger("ccwall.edge").bind(server=str(config.server))

    async def run(self) -> None:
        while True:
            began = self._clock.now()
            try:
                pause = await self._attempt()
            except (OSError, TimeoutError) as error:
                pause = self._failed(str(error) or "the server is silent", "down")
            except ProtocolError as error:
                pause = self._failed(f"that is no ccwall: {error}", "refused")
            except TurnedAway as error:
                pause = self._failed(str(error), "refused")
            if self._clock.now() - began >= STEADY:
                self._failures = 0
            await self._clock.sleep(pause)

    async def _attempt(self) -> float:
        link = await connect(self._config.server, self._config.dial)
        try:
            await self._converse(link)
        except asyncio.CancelledError:
            with suppress(OSError):
                link.write(pack({}, wire.written(wire.Bye())))
            raise
        finally:
            await link.close()
        return self._failed("the server hung up", "down")

    async def _converse(self, link: Link) -> None:
        """Until the server hangs up, or an error."""
        self._heard = self._clock.now()
        reader = Words(link)
        hello = wire.Hello(
            edge=self._config.name, series=self._store.series, now=self._clock.now(), version=__version__
        )
        link.write(pack({}, wire.written(hello)))
        async with asyncio.timeout(WELCOME_WITHIN):
            while not isinstance(word := self._word(await reader.next()), wire.Welcome):
                if word is None:
                    raise ConnectionResetError("the server hung up in the middle of the greeting")
        self._log.info("connected", waiting=self._store.waiting)
        self.state, self._failures, self._sent = "live", 0, 0
        self._say_what_stands()
        parts = {"read": self._read(reader, link), "send": self._send(link), "beat": self._beat(link)}
        await together("edge", parts, until=asyncio.FIRST_COMPLETED)

    def _say_what_stands(self) -> None:
        """After what waits, as facts like any other. Not while the last time's still waits: it comes in its turn."""
        if self._settled > self._taken and not self._store.refused:
            return
        for source, event in self._standing():
            self._store.put(wire.told(source, event))
        self._store.put(wire.told("", None))
        self._settled = self._store.newest

    async def _read(self, reader: "Words", link: Link) -> None:
        while (parcel := await reader.next()) is not None:
            self._heard = self._clock.now()
            receipt = str(parcel.head.get("receipt", ""))
            if receipt:
                await self._receipt(receipt)
            elif isinstance(self._word(parcel), wire.Who):
                raise ConnectionResetError("the server wants to begin anew")

    async def _receipt(self, receipt: str) -> None:
        series, _, number = receipt.rpartition(":")
        if series == self._store.series and number.isdigit() and self._taken < int(number) <= self._sent:
            self._taken = int(number)
            await self._store.forget(self._taken)
            self._room.set()

    async def _send(self, link: Link) -> None:
        """From the oldest without a receipt on."""
        while True:
            self._store.more.clear()
            self._room.clear()
            if self._sent - self._taken >= WINDOW and self._sent:
                await self._room.wait()
                continue
            found = await self._store.head(self._sent, MOST_FACTS, MOST_BYTES)
            if not found:
                await self._store.more.wait()
                continue
            first, last = found[0][0], found[-1][0]
            if self._sent == 0:
                self._taken = first - 1
            body = wire.facts(self._store.series, first, self._clock.now(), [each for _, each in found])
            link.write(pack({"receipt": f"{self._store.series}:{last}"}, body))
            self._sent = last
            await asyncio.sleep(0)

    async def _beat(self, link: Link) -> None:
        while True:
            link.write(pack({}, wire.written(wire.Beat(now=self._clock.now()))))
            await self._clock.sleep(wire.BEAT)
            if self._clock.now() - self._heard > wire.SILENT:
                raise TimeoutError(f"no word of the server for {wire.SILENT:g} s")

    def _word(self, parcel: Parcel | None) -> wire.FromServer | None:
        """What the server says; None when it says nothing more."""
        if parcel is None:
            return None
        try:
            word = wire.of_server(parcel.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return wire.Beat()
        if isinstance(word, wire.Refused):
            raise TurnedAway(f"the server refuses this edge: {word.why[:300]}")
        return word

    def _failed(self, error: str, state: State) -> float:
        """Say it as loud as it is new; gives the pause."""
        self._failures += 1
        if state == "refused":
            error = error if state == self.state else f"{error}. Tried again every {PAUSE_WHEN_REFUSED:g} s"
        (self._log.warning if self._failures == 1 or state != self.state else self._log.debug)(
            state, error=error, waiting=self._store.waiting
        )
        self.state = state
        if state == "refused":
            return PAUSE_WHEN_REFUSED
        return random.uniform(0.0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures - 1, 10)))


class Words:
    """The parcels of a link, one after the other; TurnedAway when the server does not take our keys."""

    def __init__(self, link: Link) -> None:
        self._link, self._parcels = link, Parcels()
        self._found: list[Parcel] = []

    async def next(self) -> Parcel | None:
        """None when the far end closed."""
        while not self._found:
            data = await self._link.read()
            if not data:
                return None
            self._found = self._parcels.feed(data)
        parcel = self._found.pop(0)
        if parcel.head.get("link") == "refused":
            raise TurnedAway(
                "the server does not take our keys: check that server_key is the server's public key, and that our own public key "
                "is in its list"
            )
        if parcel.head.get("link") == "foreign":
            raise TurnedAway("this port speaks no ZeroMQ, or none without keys")
        return parcel if "link" not in parcel.head else await self.next()
