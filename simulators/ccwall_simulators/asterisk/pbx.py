"""An Asterisk 22 with app_queue on a simulated floor, seen through its manager port."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from types import MappingProxyType

from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.timers import Timers

from .acd import AUTOPAUSE, STATUS, Acd, Membership, is_optimised, phone_of
from .answers import Answers
from .calls import Calls
from .connection import AmiConnection, Headers
from .flood import Flood
from .speaker import Speaker, lines
from .switch import Switch
from .truth import Visit, told_by
from .variant import PLAIN, Variant

SHORTEST_OUTAGE = 1.0
"""Seconds: ids begin with the second, and an exchange does not start in less."""
FIRST_PORT = 40_000


class AsteriskPbx:
    """See `far_end.FarEnd`. Same floor, seed and calls of its methods: same bytes, in whatever steps it advances.

    `acd`: its queues and members, to be read.
    """

    def __init__(
        self,
        floor: Floor,
        *,
        start: float,
        secret: str = "secret",
        username: str = "ccwall",
        seed: int = 0,
        variant: Variant = PLAIN,
    ) -> None:
        self._floor, self._variant, self._credentials = floor, variant, (username, secret)
        self._timers = Timers()
        self._timers.now = min(floor.now, start)
        self._speaker = Speaker(variant, self._timers)
        self._switch = Switch(variant, self._speaker, self._timers, seed)
        self.acd = Acd(floor, self._speaker, self._timers, shared_lastcall=variant.shared_lastcall)
        self._calls = Calls(self._switch, self.acd)
        self._answers = Answers(self, self.acd, self._switch)
        self._flood = Flood(self.acd, self._switch, Random(f"{seed} flood"))
        self._clients: list[AmiConnection] = []
        self._ports = FIRST_PORT
        self._up, self._boots = True, 0.0
        self.started = self.reloaded = self.now
        self.acd.start()
        self._handlers: Mapping[type[h.Happening], Callable[..., None]] = MappingProxyType(
            {
                **self._calls.handlers,
                h.PauseChanged: self._paused,
                h.MemberAdded: self._added,
                h.MemberRemoved: self._removed,
                h.DeviceChanged: self._device,
            }
        )
        self.advance(start)

    # ── the contract ──

    @property
    def floor(self) -> Floor:
        return self._floor

    @property
    def now(self) -> float:
        return self._timers.now

    @property
    def is_up(self) -> bool:
        return self._up

    def advance(self, to: float) -> None:
        if not self._up and self._boots <= to:
            self._live(self._boots)
            self._boot()
        self._live(to)

    def connect(self) -> AmiConnection:
        if not self._up:
            raise ConnectionRefusedError("the simulated Asterisk is down")
        self._ports += 1
        client = AmiConnection(
            self,
            self._variant,
            self._speaker,
            self._timers,
            self._switch.numbers,
            self._credentials,
            self._ports,
        )
        self._clients.append(client)
        self._speaker.listeners.append(client)
        return client

    def restart(self, down: float, *, clean: bool) -> None:
        if not self._up:
            return
        if clean:
            self._calls.shut_down()
            self._speaker.event("Shutdown", "system", lines(("Shutdown", "Cleanly"), ("Restart", "True")))
        for client in list(self._clients):
            client.hang_up()
        self._up = False
        self._timers.clear()
        self._calls.clear()
        self._switch.restart()
        down = max(down, SHORTEST_OUTAGE)
        self._floor.restart(down)
        self._boots = self.now + down

    def reload(self) -> None:
        """`queue reload all`: without a word."""
        if self._up:
            self._floor.reload()
            self.acd.reload()

    def reset_statistics(self, queue: str = "") -> None:
        """`queue reset stats`: without a word."""
        if self._up:
            self.acd.reset_statistics(queue)

    def flood(self, events: int) -> None:
        if self._up:
            self._flood.say(events)

    def products(self) -> Sequence[str]:
        return (f"Asterisk {self._variant.asterisk}", f"AMI {self._variant.ami}")

    def visits(self) -> Sequence[Visit]:
        """The truth with the Uniqueids under which it was seen, as tests/captures/compare_visits.py reads it."""
        return told_by(self._floor, self._calls.seen)

    def __repr__(self) -> str:
        state = "up" if self._up else "down"
        return f"<AsteriskPbx {state} at {self.now:.3f}, {len(self._switch.channels)} channels>"

    # ── what its connections and actions ask of it ──

    def act(self, client: AmiConnection, action: str, headers: Headers) -> None:
        self._answers.act(client, action, headers)

    def forget(self, client: AmiConnection) -> None:
        self._clients.remove(client)
        self._speaker.listeners.remove(client)

    def tell(self) -> None:
        self._tell(self.now)

    def say_reloaded(self) -> None:
        self._speaker.event("Reload", "system", lines(("Module", "app_queue.so"), ("Status", "0")))

    # ── happenings ──

    def _live(self, to: float) -> None:
        if to >= self.now:
            self._tell(to)
            self._timers.run(to)

    def _tell(self, to: float) -> None:
        for happened in self._floor.advance(to):
            self._timers.run(happened.t)
            handler = self._handlers.get(type(happened))
            if handler is not None:
                handler(happened)

    def _boot(self) -> None:
        """Nothing is remembered but the members, who are as they are at this instant and not later."""
        self._up = True
        self.started = self.reloaded = self.now
        self.acd.start()

    def _paused(self, happened: h.PauseChanged) -> None:
        membership = self.acd.find(happened.queue, happened.interface)
        if membership is not None:
            reason = AUTOPAUSE if happened.automatic else happened.reason
            self.acd.pause(membership, happened.paused, reason)

    def _added(self, happened: h.MemberAdded) -> None:
        if happened.queue not in self.acd.queues:
            return
        phone = phone_of(happened.interface)
        membership = Membership(
            queue=happened.queue,
            interface=happened.interface,
            agent=happened.agent,
            phone=phone,
            state_interface=happened.device
            or (happened.interface if is_optimised(happened.interface) else phone),
            name=happened.name or happened.interface,
            penalty=happened.penalty,
            static=False,
            paused=happened.paused,
            paused_at=self.now if happened.paused else 0.0,
            login=self.now,
        )
        self.acd.add(membership)

    def _removed(self, happened: h.MemberRemoved) -> None:
        membership = self.acd.find(happened.queue, happened.interface)
        if membership is not None:
            self.acd.remove(membership)

    def _device(self, happened: h.DeviceChanged) -> None:
        self.acd.show(happened.device, STATUS[happened.state])
