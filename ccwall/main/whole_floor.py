"""What `ccwall demo` shows: a floor with everything a floor has, each on its own wire.

Three switches (an Asterisk, a FreeSWITCH, an ACD that speaks CSTA), and around the first of them, told by one simulated
floor: its phones as a SIP server sees them, sensors and buttons on a real MQTT broker, headsets on pseudo-terminals. So what
the senses say of a person fits together, except when it does not.
"""

import asyncio
import secrets
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ccwall.config import Config, read
from ccwall.lifetime import Job
from ccwall.main.practising import Simulated, Wanted, floor_of, plan, switch
from ccwall_simulators.breaking import Breakable, Pace
from ccwall_simulators.callcentre.shared import SharedFloor
from ccwall_simulators.mqtt.sensors import ACTIONS
from ccwall_simulators.practice import Practices

if TYPE_CHECKING:
    from ccwall_simulators.callcentre import Scenario
    from ccwall_simulators.callcentre.scenario import Product

SWITCHES: "Mapping[str, tuple[Product, str]]" = {
    "pbx1": ("asterisk", "demo"),
    "pbx2": ("freeswitch", "branch"),
    "acd3": ("csta", "witness"),
}
"""By source: product and scenario. The phones, desks and headsets are those of the first."""
TITLES: Mapping[str, Mapping[str, str]] = {
    "pbx1": {"zh-CN": "总机", "zh-TW": "總機", "en": "PBX"},
    "pbx2": {"zh-CN": "分部", "zh-TW": "分部", "en": "Branch"},
    "acd3": {"zh-CN": "见证", "zh-TW": "見證", "en": "Witness"},
    "phones": {"zh-CN": "话机", "zh-TW": "話機", "en": "Phones"},
    "desks": {"zh-CN": "工位", "zh-TW": "工位", "en": "Desks"},
    "headset": {"zh-CN": "耳麦", "zh-TW": "耳麥", "en": "Headset"},
}
THINGS: Mapping[str, Mapping[str, str]] = {
    "headsets": {"zh-CN": "耳麦", "zh-TW": "耳麥", "en": "Headsets"},
    "people": {"zh-CN": "坐席", "zh-TW": "值機人員", "en": "People"},
    "callers": {"zh-CN": "来电", "zh-TW": "來電", "en": "Callers"},
}
"""What can be broken and is no source by itself."""
PHONES, DESKS = "phones", "desks"
HEADSETS = ("1001", "1002", "1014", "1017", "1019")
"""Whose headsets lie on serial lines here, of every queue somebody; those of the others tell nothing."""
HEADSET_KEY = "headset"
OUT = "ccwall"
"""Where the bus is told what the wall knows."""
DOMAIN = "pbx.example"
DOCKS_WHILE_READY, WALK_OFFS = 4.0, 0.6
"""Per person and hour; worse habits than most floors have, so that one need not wait long to see senses disagree."""
STEP = 0.05
"""Real seconds between two looks at the desks."""
CONFLICTS = {"ready_docked": "10s", "ready_vacant": "10s"}
"""Told sooner than elsewhere: on a floor where everybody is called within half a minute, nobody is ready for longer."""
BREAKS: Sequence[Mapping[str, object]] = (
    {"id": "meal", "lasts": "18m", "quota": "40m", "reasons": ["午餐", "lunch"], "says": "午餐"},
    {
        "id": "short",
        "lasts": "6m",
        "quota": "30m",
        "quota_times": 5,
        "reasons": ["小休", "break"],
        "says": "小休",
    },
    {"id": "away", "lasts": "5m", "reasons": ["洗手间", "离席"]},
)
"""What the people of the scenario call their breaks, and as long as they usually take them."""
SUBSCRIBED_FOR = "60s"
"""So that a server which forgot its subscriptions is found out within a minute."""
Tree = dict[str, Any]


class WholeFloor:
    """Everything, its ports taken by `begin`; `jobs` make it live. `now` is the floor's time."""

    def __init__(
        self, wanted: Wanted, start: float, now: Callable[[], float], ports: Sequence[Sequence[int]]
    ) -> None:
        from ccwall_simulators.callcentre.desks import Desks, Habits
        from ccwall_simulators.mqtt import Broker, Bus, Lights, Sensors
        from ccwall_simulators.mqtt.practice import kept as kept_broker
        from ccwall_simulators.serial import HeadsetOnPty
        from ccwall_simulators.sip import SipServer
        from ccwall_simulators.sip.practice import kept as kept_phones

        self._now = now
        self.scenarios = {source: plan(scenario) for source, (_, scenario) in SWITCHES.items()}
        lively = self.scenarios["pbx1"]
        walking = msgspec.structs.replace(lively.handling, walk_offs_per_hour=WALK_OFFS)
        self.scenarios["pbx1"] = lively = msgspec.structs.replace(lively, handling=walking)
        self._pace, self._seed = Pace(now, wanted.speed), wanted.seed
        self._centre = floor_of(lively, wanted.seed, start)
        shared = SharedFloor(self._centre)
        leading, phones = shared.view(leading=True), shared.view()
        # The same people at the same desks, looked at twice: by what is on the bus, and by what is on serial lines.
        habits = Habits(docks_while_ready=DOCKS_WHILE_READY)
        sensed, self._desks = (Desks(shared.view(), wanted.seed, habits) for _ in range(2))
        self.switches: dict[str, Simulated] = {}
        for (source, (product, _)), free in zip(SWITCHES.items(), ports, strict=True):
            own = msgspec.structs.replace(wanted, product=product, ports=free)
            self.switches[source] = switch(
                self.scenarios[source], own, start, (self._centre, leading) if source == "pbx1" else None
            )
        self.secret = wanted.secret
        self.phones = SipServer(phones, "ccwall", wanted.secret, DOMAIN, now=now)
        self.broker = Broker()
        self._kept = {PHONES: kept_phones(self.phones), DESKS: kept_broker(self.broker)}
        self.lights = Lights(OUT)
        sensors = Sensors(sensed, seats=self._seats(), doors=1, seed=wanted.seed)
        self.bus = Bus(self.broker.port, sensors, self._lived, self.lights)
        self._folder = tempfile.TemporaryDirectory(prefix="ccwall-headsets-")
        self.headsets = {agent: HeadsetOnPty(Path(self._folder.name) / agent) for agent in HEADSETS}

    @property
    def main(self) -> Simulated:
        """The switch whose floor all but the other switches are on."""
        return self.switches["pbx1"]

    def practice(self) -> Practices:
        """Everything here, to be broken."""
        from ccwall_simulators.callcentre.practice import people
        from ccwall_simulators.callcentre.rushing import Callers
        from ccwall_simulators.mqtt.practice import broker
        from ccwall_simulators.serial.practice import serial_lines
        from ccwall_simulators.sip.practice import sip_server

        title = f"{len(self.headsets)} headsets on serial lines"
        pace, seed = self._pace, self._seed
        things: dict[str, Breakable] = {name: each.practice for name, each in self.switches.items()}
        things |= {
            PHONES: sip_server(self.phones, self._kept[PHONES], pace),
            DESKS: broker(self._kept[DESKS], pace),
            "headsets": serial_lines(title, self.headsets, pace, seed),
            "people": people(self._centre, pace, seed, self._desks, self.headsets),
            "callers": Callers(
                {name: each.centre for name, each in self.switches.items()}, pace.now, lambda: pace.speed
            ),
        }
        return Practices(things, {**TITLES, **THINGS})

    def rest(self, agent: str, reason: str, length: float) -> bool:
        """Somebody of the first switch goes on a break, as they were granted."""
        return self._centre.rest(agent, reason, length)

    @property
    def products(self) -> Sequence[str]:
        return [each.product for each in self.switches.values()]

    def _seats(self) -> Mapping[str, str]:
        return {agent.id: agent.seat for agent in self.scenarios["pbx1"].agents() if agent.seat}

    async def begin(self) -> None:
        """Take what ports are not taken yet. OSError when something is not to be had."""
        await self.phones.open()
        await self.broker.start()

    async def end(self) -> None:
        await self.broker.stop()
        self._folder.cleanup()

    def jobs(self) -> list[Job]:
        jobs = [
            (f"{source}: {name}", work)
            for source, each in self.switches.items()
            for name, work in each.jobs(self._now)
        ]
        jobs.append(("phones", self.phones.run()))
        jobs += [(f"{name} kept", kept.run()) for name, kept in self._kept.items()]
        jobs.append(("bus", self.bus.run()))
        jobs.append(("headsets", self._move_headsets()))
        jobs += [(f"headset {agent}", headset.run()) for agent, headset in self.headsets.items()]
        return jobs

    async def ready(self) -> None:
        """All switches listen."""
        for each in self.switches.values():
            await each.server.ready.wait()

    def _lived(self) -> float:
        """What the first switch has lived: nobody is to know more of its floor."""
        return min(self._now(), self.main.server.far_end.now)

    async def _move_headsets(self) -> None:
        while True:
            for change in self._desks.advance(self._lived()):
                if (headset := self.headsets.get(change.agent)) is not None:
                    headset.follow(change)
            await asyncio.sleep(STEP)

    # ── what reads it ──

    def configuration(self, zone: str) -> Config:
        """One configuration for all of it."""
        tree: Tree = {}
        for source, scenario in self.scenarios.items():
            _merge(tree, self._of_switch(source, scenario))
        tree["site"]["zone"] = zone
        tree["source"] += [self._sip(), self._mqtt(), *(self._serial(agent) for agent in self.headsets)]
        seats = self._seats()
        for agent in tree["agent"]:
            agent["extension"] = agent["id"]
            if agent["id"] in self.headsets:
                agent["interfaces"][_headset_source(agent["id"])] = [HEADSET_KEY]
            if agent["id"] in seats:
                agent["interfaces"][DESKS] = [f"button-{agent['id']}"]
        tree["outlet"] = [self._outlet()]
        tree["conflicts"] = dict(CONFLICTS)
        tree["break"] = [dict(kind) for kind in BREAKS]
        tree["breaks"] = {"share": 0.2, "limit": [{"team": "A", "minimum": 2}]}
        tree["seat"] = [{"id": seat, "sensors": {DESKS: [seat]}} for seat in self._seats().values()]
        config = read(tree, "demo", observe=True)
        sources = tuple(self._with_secret(each) for each in config.sources)
        return msgspec.structs.replace(config, sources=sources)

    def _of_switch(self, source: str, scenario: "Scenario") -> Tree:
        """The configuration that goes with a scenario, as one of several sources."""
        port = self.switches[source].server.port
        product, _ = SWITCHES[source]
        text = scenario.configuration(source=source, url=f"tcp://127.0.0.1:{port}", product=product)
        tree: Tree = tomllib.loads(text)
        for queue in tree["queue"]:
            queue["source"] = source
        (table,) = tree["source"]
        table["title"] = TITLES[source]
        return tree

    def _sip(self) -> Tree:
        return {
            "name": PHONES,
            "title": TITLES[PHONES],
            "type": "sip-dialog",
            "url": f"udp://127.0.0.1:{self.phones.port}",
            "username": "ccwall",
            "domain": DOMAIN,
            "watch": [agent.id for agent in self.scenarios["pbx1"].agents()],
            "events": ["dialog", "presence"],
            "expires": SUBSCRIBED_FOR,
        }

    def _mqtt(self) -> Tree:
        return {
            "name": DESKS,
            "title": TITLES[DESKS],
            "type": "mqtt",
            "url": f"mqtt://127.0.0.1:{self.broker.port5}",
            "client_id": f"ccwall-demo-{secrets.token_hex(4)}",
            "preset": "zigbee2mqtt",
            "actions": {press: what for what, press in ACTIONS.items()},
        }

    def _outlet(self) -> Tree:
        return {
            "name": "bus",
            "type": "mqtt",
            "url": f"mqtt://127.0.0.1:{self.broker.port5}",
            "base": OUT,
            "lights": True,
        }

    def _serial(self, agent: str) -> Tree:
        return {
            "name": _headset_source(agent),
            "title": {language: f"{title} {agent}" for language, title in TITLES["headset"].items()},
            "type": "serial-headset",
            "url": f"serial://{self.headsets[agent].path}",
            "key": HEADSET_KEY,
        }

    def _with_secret(self, source: Any) -> Any:
        """Given here and nowhere written: nobody else is to log in to the demo's switches."""
        own = {"username": "ccwall", "secret": self.secret, "password": self.secret}
        fields = {field.name for field in msgspec.structs.fields(type(source.settings))}
        if source.type == "mqtt":
            return source
        changed = {name: value for name, value in own.items() if name in fields}
        settings = msgspec.structs.replace(source.settings, **changed)
        return msgspec.structs.replace(source, settings=settings, secrets=(self.secret,))


def _headset_source(agent: str) -> str:
    return f"headset-{agent}"


def _merge(tree: Tree, more: Tree) -> None:
    """Lists one after the other, tables key by key; what was first stays. Lines that both have are one."""
    for key, value in more.items():
        if key not in tree:
            tree[key] = value
        elif isinstance(value, list):
            known = {each.get("id") for each in tree[key]} if key == "line" else set()
            tree[key] += [each for each in value if each.get("id") not in known or key != "line"]
        elif isinstance(value, dict):
            tree[key] = {**value, **tree[key]}
