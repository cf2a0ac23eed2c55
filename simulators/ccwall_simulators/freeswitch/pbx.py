"""A FreeSWITCH 1.10 with mod_callcenter on a simulated floor, seen through its Event Socket."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from types import MappingProxyType

from ccwall_adapters.freeswitch_esl.wire import SHUTTING_DOWN
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.timers import Timers

from .acd import Acd
from .api import Api, up_time
from .calls import Calls
from .connection import EslConnection
from .flood import Flood
from .rows import ON_BREAK
from .speaker import Place, Speaker
from .switch import Switch
from .truth import Visit, told_by
from .variant import PLAIN, Variant

SHORTEST_OUTAGE = 1.0
"""Seconds: a switch does not start in less."""
HEARTBEAT_EVERY = 20.0
BEAT = Place("switch_core.c", "send_heartbeat", 95)
JOB_DONE = Place("mod_event_socket.c", "api_exec", 1572)


class FreeSwitchPbx:
    """See `far_end.FarEnd`. Same floor, seed and calls of its methods: same bytes, in whatever steps it advances.

    `acd`: its queues, agents and tiers, to be read.
    """

    def __init__(
        self,
        floor: Floor,
        *,
        start: float,
        password: str = "ClueCon",
        seed: int = 0,
        variant: Variant = PLAIN,
    ) -> None:
        self._floor, self._variant, self._password = floor, variant, password
        self._timers = Timers()
        self._timers.now = min(floor.now, start)
        self._speaker = Speaker(variant, self._timers, seed, "")
        self._switch = Switch(self._speaker, self._timers, seed)
        self._speaker.core = self._switch.numbers.uuid()
        self.acd = Acd(floor, self._speaker, self._timers, variant)
        self._calls = Calls(self._switch, self.acd, variant, Random(f"{seed} moments"))
        self._api = Api(self, self.acd, self._switch, variant)
        self._flood = Flood(self.acd, Random(f"{seed} flood"))
        self._clients: list[EslConnection] = []
        self._up, self._boots = True, 0.0
        self._handlers: Mapping[type[h.Happening], Callable[..., None]] = MappingProxyType(
            {
                **self._calls.handlers,
                h.PauseChanged: self._paused,
                h.MemberAdded: self._added,
                h.MemberRemoved: self._removed,
                h.DeviceChanged: self._device,
            }
        )
        self._start()
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
            self._up = True
            self._start()
        self._live(to)

    def connect(self) -> EslConnection:
        if not self._up:
            raise ConnectionRefusedError("the simulated FreeSWITCH is down")
        client = EslConnection(self, self._variant, self._password)
        if not client.closed:
            self._clients.append(client)
            self._speaker.listeners.append(client)
        return client

    def restart(self, down: float, *, clean: bool) -> None:
        """`clean` is SIGTERM, else SIGKILL."""
        if not self._up:
            return
        if clean:
            self._calls.shut_down()
        for client in list(self._clients):
            if clean:
                client.say_goodbye(SHUTTING_DOWN)
            else:
                client.hang_up()
        self._up = False
        self._timers.clear()
        self._calls.clear()
        self._switch.restart()
        self._speaker.restart(self._switch.numbers.uuid())
        down = max(down, SHORTEST_OUTAGE)
        self._floor.restart(down)
        self._boots = self.now + down

    def reload(self) -> None:
        """`reloadxml` and `queue reload` of every queue."""
        if self._up:
            self._floor.reload()
            self.acd.reload()

    def reset_statistics(self) -> None:
        """mod_callcenter forgets its counters with `queue reload` only."""
        if self._up:
            self.acd.reload()

    def flood(self, events: int) -> None:
        if self._up:
            self._flood.say(events)

    def products(self) -> Sequence[str]:
        return (f"FreeSWITCH {self._variant.version}", "mod_callcenter", "Event Socket")

    def visits(self) -> Sequence[Visit]:
        """The truth with the UUIDs under which it was seen."""
        return told_by(self._floor, self._calls.seen)

    def __repr__(self) -> str:
        state = "up" if self._up else "down"
        return f"<FreeSwitchPbx {state} at {self.now:.3f}, {len(self._switch.legs)} channels>"

    # ── what its connections and commands ask of it ──

    def api(self, command: str) -> str:
        return self._api.run(command)

    def job(self, command: str, wanted: str) -> str:
        """It is done at once; its event comes a moment later."""
        job = wanted or self._switch.numbers.uuid()
        name, _, arguments = command.partition(" ")
        told = [("Job-UUID", job), ("Job-Command", name)]
        if arguments:
            told.append(("Job-Command-Arg", arguments))
        output = self._api.run(command) or "-ERR no reply\n"
        self._timers.after(
            0.0, lambda: self._speaker.core_event("BACKGROUND_JOB", JOB_DONE, tail=told, body=output)
        )
        return job

    def forget(self, client: EslConnection) -> None:
        if client in self._clients:
            self._clients.remove(client)
            self._speaker.listeners.remove(client)

    def tell(self) -> None:
        self._tell(self.now)

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

    def _start(self) -> None:
        """The database of mod_callcenter is as it was; the rest begins anew."""
        self.started = self.now
        self.acd.start()
        self._timers.after(HEARTBEAT_EVERY, self._beat)

    def _beat(self) -> None:
        up, legs = self.now - self.started, len(self._switch.legs)
        told = {
            "Event-Info": "System Ready",
            "Up-Time": up_time(up),
            "FreeSWITCH-Version": self._variant.build,
            "Uptime-msec": f"{up * 1000:.0f}",
            "Session-Count": str(legs),
            "Max-Sessions": "1000",
            "Session-Per-Sec": "60",
            "Session-Per-Sec-Last": "0",
            "Session-Per-Sec-Max": "4",
            "Session-Per-Sec-FiveMin": "4",
            "Session-Since-Startup": str(self._switch.numbers.sessions),
            "Session-Peak-Max": str(self._switch.peak),
            "Session-Peak-FiveMin": str(self._switch.peak),
            "Idle-CPU": "90.000000",
        }
        self._speaker.core_event("HEARTBEAT", BEAT, tail=list(told.items()))
        self._timers.after(HEARTBEAT_EVERY, self._beat)

    def _paused(self, happened: h.PauseChanged) -> None:
        agent = self.acd.paused(happened.queue, happened.interface, happened.paused)
        if agent is None:
            return
        missed = self._calls.missed(agent.name)
        if (
            happened.automatic
            and missed is not None
            and self.acd.status_of(agent) == ON_BREAK != agent.status
        ):
            self.acd.say_max_no_answer(agent, missed)
        self.acd.refresh(agent)

    def _added(self, happened: h.MemberAdded) -> None:
        phone = happened.device if not happened.device.startswith("Local/") else ""
        self.acd.added(happened.queue, happened.interface, phone, happened.penalty, happened.paused)

    def _removed(self, happened: h.MemberRemoved) -> None:
        self.acd.removed(happened.queue, happened.interface)

    def _device(self, happened: h.DeviceChanged) -> None:
        self.acd.phone(happened.device, dark=happened.state == "unavailable")
