"""Who and what is there and nobody knows: people on no roster, devices and seats of nobody."""

from collections.abc import Iterable
from heapq import nsmallest
from typing import TypeVar

from ccwall.engine.evidence import OF_LINE, Gear, Sitting
from ccwall.engine.patch import Tree
from ccwall.engine.state import State
from ccwall.events import SourceId

Id = TypeVar("Id", bound=str)

MOST_SHOWN = 200
"""Of each sort, the first by id."""
OF_NOBODY = frozenset({"sensor", "light", "button"})
"""Kinds of devices that need no person: they belong to a place."""


def strangers(state: State) -> Tree:
    """As the board has them. Of people only where there is a roster: without one everybody would be."""
    roster = state.policy.agents
    devices = _first(
        device for device, gear in state.gear.items() if gear.agent is None and gear.kind not in OF_NOBODY
    )
    seats = _first(seat for seat in state.seats if seat not in state.sitters)
    return {
        "devices": {device: _device(state.gear[device]) for device in devices},
        "seats": {seat: _seat(state.seats[seat]) for seat in seats},
        "agents": _first(agent for agent in state.agents if agent not in roster) if roster else [],
    }


def _first(ids: Iterable[Id]) -> list[Id]:
    return nsmallest(MOST_SHOWN, ids)


def _device(gear: Gear) -> Tree:
    told: Tree = {"source": gear.source, "kind": gear.kind or gear.sense}
    word = gear.line or gear.wear
    if gear.name:
        told["name"] = gear.name
    if word is not None:
        says = OF_LINE.get(word.says, word.says) if gear.sense == "desk" else word.says
        told |= {"says": says, "since": word.since}
    return told


def _seat(sensors: dict[SourceId, Sitting]) -> Tree:
    source, sitting = min(sensors.items())
    if sitting.gone_since is not None:
        return {"source": source, "says": "sensor_gone", "since": sitting.gone_since}
    return {"source": source, "says": sitting.says or "unknown", "since": sitting.since}
