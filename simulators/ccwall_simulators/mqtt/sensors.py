"""What the sensors on the desks of a floor publish, as zigbee2mqtt does; and lamps that show what they are told.

https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
"""

import json
from collections.abc import Mapping, Sequence

import msgspec

from ccwall_simulators.callcentre.chance import Chance, Stream
from ccwall_simulators.callcentre.desks import DeskChanged, Desks

ACTIONS: Mapping[str, str] = {"help": "single", "patrol": "double", "break": "hold"}
"""How long somebody presses, for what."""
DOOR_EVERY = 90.0
"""Mean seconds between two comings and goings."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    topic: str
    payload: bytes
    retain: bool = False


class Sensors:
    """`desks` say what happens; `seats` what the sensor of each agent's seat is called, else the agent's id behind `seat-`.

    A button is called so behind `button-`, door n `door-n`.
    """

    def __init__(
        self,
        desks: Desks,
        *,
        base: str = "zigbee2mqtt",
        seats: Mapping[str, str] | None = None,
        doors: int = 0,
        seed: int = 0,
    ) -> None:
        self._desks, self._base, self._seats = desks, base, dict(seats or {})
        self._batteries: dict[str, int] = {}
        self._chance: Stream = Chance(seed).stream("bus")
        self._open = [False] * doors
        self._turns = [desks.now + self._chance.every(DOOR_EVERY) for _ in range(doors)]

    @property
    def now(self) -> float:
        return self._desks.now

    def seat(self, agent: str) -> str:
        return self._seats.get(agent, f"seat-{agent}")

    def button(self, agent: str) -> str:
        return f"button-{agent}"

    def everything(self) -> list[Message]:
        """What lies on the bus now: said when the bridge comes to a broker that knows nothing."""
        found = [self._availability("bridge", True, word="state")]
        for agent in self._desks.agents():
            found.append(self._availability(self.seat(agent), self._desks.desk(agent).sensor))
            found.append(self._state(agent, self._desks.desk(agent).seated, self.now))
        return [*found, *(self._door(n, self.now) for n in range(len(self._open)))]

    def will(self) -> Message:
        """What the broker says when the bridge is gone."""
        return self._availability("bridge", False, word="state")

    def advance(self, to: float) -> Sequence[Message]:
        """Everything that is published up to then, in order."""
        found = [(change.t, self._of(change)) for change in self._desks.advance(to)]
        for number, turn in enumerate(self._turns):
            while turn <= to:
                self._open[number] = not self._open[number]
                found.append((turn, self._door(number, turn)))
                turn += self._chance.every(DOOR_EVERY)
            self._turns[number] = turn
        return [message for _, message in sorted(found, key=lambda each: each[0]) if message is not None]

    def _of(self, change: DeskChanged) -> Message | None:
        agent = change.agent
        match change.what:
            case "seat":
                return self._state(agent, bool(change.value), change.t)
            case "sensor":
                return self._availability(self.seat(agent), bool(change.value))
            case "button":
                said = {
                    "action": ACTIONS.get(str(change.value), str(change.value)),
                    "last_seen": _stamp(change.t),
                }
                return Message(topic=f"{self._base}/{self.button(agent)}", payload=_written(said))
            case _:  # what lies on the desk says itself
                return None

    def _state(self, agent: str, seated: bool, t: float) -> Message:
        level = self._batteries.setdefault(agent, 60 + self._chance.randrange(41))
        said = {
            "battery": level,
            "last_seen": _stamp(t),
            "linkquality": 80 + self._chance.randrange(120),
            "occupancy": seated,
        }
        return Message(topic=f"{self._base}/{self.seat(agent)}", payload=_written(said), retain=True)

    def _door(self, number: int, t: float) -> Message:
        said = {"contact": not self._open[number], "last_seen": _stamp(t)}
        return Message(topic=f"{self._base}/door-{number + 1}", payload=_written(said), retain=True)

    def _availability(self, name: str, online: bool, word: str = "availability") -> Message:
        said = {"state": "online" if online else "offline"}
        return Message(topic=f"{self._base}/{name}/{word}", payload=_written(said), retain=True)


class Lights:
    """Busylights under `<base>/light/<agent>/set`: `shown` is what each shows, `#rrggbb`, behind it ` blink`; empty is off."""

    def __init__(self, base: str = "ccwall") -> None:
        self._base = base
        self.shown: dict[str, str] = {}

    @property
    def filter(self) -> str:
        return f"{self._base}/light/+/set"

    def hear(self, topic: str, payload: bytes) -> None:
        agent = topic.removeprefix(f"{self._base}/light/").removesuffix("/set")
        said = json.loads(payload)
        if said.get("state") != "ON":
            self.shown[agent] = ""
            return
        colour = said.get("color", {})
        shown = "#" + "".join(f"{int(colour.get(part, 0)):02x}" for part in "rgb")
        self.shown[agent] = shown + (f" {said['effect']}" if said.get("effect") else "")


def _stamp(t: float) -> int:
    return int(t * 1000)


def _written(said: Mapping[str, object]) -> bytes:
    return json.dumps(said).encode()
