"""What stands on the bus: topics and payloads of a board, pure and without a clock. docs/outlets.md has them all.

Only figures that stay when nothing happens are told (instants, not ages), so that a calm floor is a silent bus.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Literal
from urllib.parse import quote
from zlib import crc32

import msgspec

from ccwall.mirror import Tree

Kind = Literal["queue", "agent"]
Colour = tuple[int, int, int]

QUEUE_FIGURES = (
    *("name", "names", "line", "waiting", "longest_since", "talking", "staffed", "ready", "busy", "wrap", "not_ready"),
    *("offered", "answered", "abandoned", "short", "flowed_out", "lost", "service_level", "answer_rate"),
    "abandon_rate",
)  # fmt: skip
AGENT_FIGURES = (
    "name",
    "names",
    "state",
    "since",
    "reason",
    "until",
    "team",
    "seat",
    "extension",
    "queues",
    "answered",
)
FLOOR_FIGURES = (
    *(
        "waiting",
        "longest_since",
        "talking",
        "staffed",
        "ready",
        "busy",
        "wrap",
        "not_ready",
        "conflicts",
        "ghosts",
    ),
    *("offered", "answered", "abandoned", "lost", "service_level", "answer_rate", "abandon_rate"),
)
GREEN, RED, AMBER, YELLOW, BLUE = (0, 255, 0), (255, 0, 0), (255, 100, 0), (255, 200, 0), (0, 80, 255)
MAGENTA = (255, 0, 160)
COLOURS: Mapping[str, Colour] = {
    "ready": GREEN,
    "ringing": BLUE,
    "talking": RED,
    "hold": RED,
    "busy": RED,
    "wrap": AMBER,
    "fault": MAGENTA,
}
"""Every other state of somebody who is there is a way of being not ready."""
DARK = ("off", "unknown", "")

Payloads = dict[str, bytes]
_encode = msgspec.json.Encoder().encode


def level(id: str) -> str:
    """An id as one level of a topic: what means something there is percent-encoded.

    >>> level("pbx/咨询+1"), level("$x")
    ('pbx%2F咨询%2B1', '%24x')
    """
    safe = "".join(quote(c, safe="") if c in "/+#%" or not c.isprintable() else c for c in id)
    return "%24" + safe[1:] if safe.startswith("$") else safe


def plain(id: str) -> str:
    """An id as Home Assistant allows it; still another for each.

    >>> plain("consult"), plain("pbx/咨询")
    ('consult', 'pbx____f230abcd')
    """
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", id)
    return id if safe == id else f"{safe}_{crc32(id.encode('utf-8', 'replace')):08x}"


def states(board: Tree, base: str, *, agents: bool) -> Payloads:
    """The retained state of the floor, each queue and each person, by topic."""
    away = {id for id, source in _things(board, "sources") if source.get("state") != "live"}
    found: Payloads = {}
    floor = board.get("floor")
    if isinstance(floor, dict):
        found[f"{base}/floor/state"] = _encode(_some(floor, FLOOR_FIGURES) | _stale(bool(away)))
    for id, queue in _things(board, "queues"):
        told = _some(queue, QUEUE_FIGURES) | _stale(queue.get("source") in away)
        found[f"{base}/queue/{level(id)}/state"] = _encode({"id": id} | told)
    for id, agent in _things(board, "agents") if agents else ():
        told = _some(agent, AGENT_FIGURES) | _stale(agent.get("source") in away)
        if kinds := conflicts(agent):
            told["conflicts"] = kinds
        found[f"{base}/agent/{level(id)}/state"] = _encode({"id": id} | told)
    return found


def lights(board: Tree, base: str, helped: Collection[str]) -> Payloads:
    """What each person's busylight is to show: the colour of the state, blinking when something is wrong or help is wanted."""
    found: Payloads = {}
    for id, agent in _things(board, "agents"):
        state = str(agent.get("state", ""))
        if state in DARK and id not in helped:
            light: dict[str, object] = {"state": "OFF"}
        else:
            red, green, blue = MAGENTA if id in helped else COLOURS.get(state, YELLOW)
            light = {"state": "ON", "color": {"r": red, "g": green, "b": blue}}
            if id in helped or conflicts(agent):
                light["effect"] = "blink"
        found[f"{base}/light/{level(id)}/set"] = _encode(light)
    return found


def conflicts(agent: Tree) -> list[str]:
    """The kinds of what contradicts itself about a person."""
    told = agent.get("conflicts")
    return (
        sorted(str(each["kind"]) for each in told if isinstance(each, dict) and "kind" in each)
        if isinstance(told, list)
        else []
    )


class Discovery:
    """Home Assistant's MQTT discovery: a device for each queue, person and the floor, and what is to be known of it.

    https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery . `prefix` is Home Assistant's own, `node` makes ids ours.
    """

    def __init__(self, prefix: str, base: str, node: str) -> None:
        self._prefix, self._base, self._node = prefix, base, f"ccwall_{plain(node)}"

    def configs(self, board: Tree, *, agents: bool, lights: bool) -> Payloads:
        found = dict(self._floor())
        for id, queue in _things(board, "queues"):
            found |= self._queue(id, str(queue.get("name") or id))
        for id, agent in _things(board, "agents"):
            name = str(agent.get("name") or id)
            if agents:
                found |= self._agent(id, name)
            if lights:
                found |= self._light(id, name)
        return found

    def filter(self) -> str:
        """Where our own of an earlier life may lie."""
        return f"{self._prefix}/+/{self._node}/+/config"

    def _floor(self) -> Iterator[tuple[str, bytes]]:
        for figure, name in (("waiting", "Waiting"), ("staffed", "Staffed"), ("conflicts", "Conflicts")):
            yield self._sensor("floor", "ccwall", "floor", figure, name)

    def _queue(self, id: str, name: str) -> Iterator[tuple[str, bytes]]:
        kind, where = f"queue_{plain(id)}", f"queue/{level(id)}"
        for figure, label in (("waiting", "Waiting"), ("talking", "Talking"), ("ready", "Ready")):
            yield self._sensor(kind, name, where, figure, label)
        since = "{{ (value_json.longest_since | as_datetime).isoformat() if value_json.longest_since is defined }}"
        yield self._sensor(
            kind,
            name,
            where,
            "longest_since",
            "Longest wait since",
            device_class="timestamp",
            value_template=since,
        )
        for figure, label in (("service_level", "Service level"), ("answer_rate", "Answer rate")):
            percent = (
                "{{ (value_json." + figure + " * 100) | round(1) if value_json." + figure + " is defined }}"
            )
            yield self._sensor(
                kind, name, where, figure, label, unit_of_measurement="%", value_template=percent
            )

    def _agent(self, id: str, name: str) -> Iterator[tuple[str, bytes]]:
        kind, where = f"agent_{plain(id)}", f"agent/{level(id)}"
        yield self._sensor(kind, name, where, "state", "State", state_class=None)
        problem = "{{ 'ON' if value_json.conflicts is defined else 'OFF' }}"
        yield self._config(
            "binary_sensor",
            kind,
            name,
            "conflict",
            {
                "name": "Conflict",
                "device_class": "problem",
                "state_topic": f"{self._base}/{where}/state",
                "value_template": problem,
                "json_attributes_topic": f"{self._base}/{where}/state",
            },
        )

    def _light(self, id: str, name: str) -> Iterator[tuple[str, bytes]]:
        topic = f"{self._base}/light/{level(id)}/set"
        yield self._config(
            "light",
            f"agent_{plain(id)}",
            name,
            "light",
            {
                "name": "Busylight",
                "schema": "json",
                "command_topic": topic,
                "state_topic": topic,
                "supported_color_modes": ["rgb"],
                "effect": True,
                "effect_list": ["blink"],
            },
        )

    def _sensor(
        self, kind: str, device: str, where: str, figure: str, name: str, **more: object
    ) -> tuple[str, bytes]:
        said: dict[str, object] = {
            "name": name,
            "state_topic": f"{self._base}/{where}/state",
            "value_template": "{{ value_json." + figure + " }}",
            "state_class": None if "device_class" in more else "measurement",
        }
        return self._config("sensor", kind, device, figure, said | more)

    def _config(self, component: str, kind: str, device: str, figure: str, said: Tree) -> tuple[str, bytes]:
        unique = f"{self._node}_{kind}_{figure}"
        whole = {
            "unique_id": unique,
            "object_id": unique,
            "availability_topic": f"{self._base}/availability",
            "device": {"identifiers": [f"{self._node}_{kind}"], "name": device, "manufacturer": "ccwall"},
            **{key: value for key, value in said.items() if value is not None},
        }
        return f"{self._prefix}/{component}/{self._node}/{kind}_{figure}/config", _encode(whole)


def _things(board: Tree, part: str) -> Iterator[tuple[str, Tree]]:
    found = board.get(part)
    if isinstance(found, dict):
        yield from found.items()


def _some(thing: Tree, figures: Collection[str]) -> Tree:
    return {figure: thing[figure] for figure in figures if figure in thing}


def _stale(is_so: bool) -> Tree:
    """Its source is away: this was true when it went."""
    return {"stale": True} if is_so else {}
