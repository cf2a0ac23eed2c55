"""The products whose bad days are lived: each on the same floor, read by its own adapter."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccwall.config import Config, read
from ccwall_simulators.asterisk import AsteriskPbx
from ccwall_simulators.callcentre import CallCentre, Scenario
from ccwall_simulators.freeswitch import FreeSwitchPbx
from ccwall_simulators.freeswitch.names import agent_name, queue_name
from ccwall_simulators.freeswitch.rows import AVAILABLE

Pbx = AsteriskPbx | FreeSwitchPbx
People = dict[str, object]
Board = Mapping[str, Any]
"""The board's agents by id."""


@dataclass(frozen=True)
class Product:
    """`secret` is the key of the configuration that holds it. `queue`: what a queue of the floor is called. `people`: gauges
    of who serves what and is away where, as told and in truth, as far as the product can tell them at any moment."""

    secret: str
    make: Callable[[CallCentre, int, float], Pbx]
    config: Callable[[Scenario, str], Config]
    queue: Callable[[str], str]
    people: Callable[[Board, Config, CallCentre, Pbx], tuple[People, People]]


def _gauges(away: Mapping[str, Mapping[str, Sequence[bool]]]) -> People:
    """`away`: by person and queue, of every interface."""
    gauges: People = {}
    for agent, queues in away.items():
        gauges[f"queues of {agent}"] = sorted(queues)
        gauges[f"queues in which {agent} is not ready"] = sorted(
            q for q, all_of in queues.items() if all(all_of)
        )
    return gauges


# ── Asterisk ──

_LOGIN = 'username = "ccwall"\nsecret = { env = "SET_BELOW" }'


def _asterisk(floor: CallCentre, seed: int, start: float) -> Pbx:
    return AsteriskPbx(floor, start=start, seed=seed, username="ccwall", secret="secret")


def _asterisk_config(scenario: Scenario, own: str) -> Config:
    text = scenario.configuration(source="pbx1", url="tcp://127.0.0.1:5038", own=_LOGIN + own)
    return read(tomllib.loads(text), "the scenario", observe=True)


def _asterisk_people(board: Board, config: Config, floor: CallCentre, pbx: Pbx) -> tuple[People, People]:
    """Who serves which queue, and where they are paused: in a queue only if by every interface."""
    told: People = {}
    for id, agent in board.items():
        told[f"queues of {id}"] = agent["queues"]
        told[f"queues in which {id} is not ready"] = agent["not_ready_in"]
    paused: dict[str, dict[str, list[bool]]] = {agent.id: {} for agent in config.agents}
    for queue in floor.queues():
        for member in queue.members:
            paused[member.agent].setdefault(f"pbx1/{queue.name}", []).append(member.paused)
    return told, _gauges(paused)


# ── FreeSWITCH ──


def _freeswitch(floor: CallCentre, seed: int, start: float) -> Pbx:
    return FreeSwitchPbx(floor, start=start, seed=seed, password="secret")


def _freeswitch_config(scenario: Scenario, own: str) -> Config:
    login = 'password = { env = "SET_BELOW" }'
    text = scenario.configuration(
        source="pbx1", url="tcp://127.0.0.1:8021", own=login + own, product="freeswitch"
    )
    return read(tomllib.loads(text), "the scenario", observe=True)


def _freeswitch_people(board: Board, config: Config, floor: CallCentre, pbx: Pbx) -> tuple[People, People]:
    """Tiers come and go without a word: only the standing ones are compared. Away is who is not Available: one status for
    all queues."""
    assert isinstance(pbx, FreeSwitchPbx)
    away: dict[str, dict[str, list[bool]]] = {agent.id: {} for agent in config.agents}
    for queue in floor.queues():
        for member in queue.members:
            status = pbx.acd.agents[agent_name(member.interface)].status
            if member.static:
                name = f"pbx1/{queue_name(queue.name)}"
                away[member.agent].setdefault(name, []).append(status != AVAILABLE)
    for queue in floor.queues():
        for member in queue.members:  # somebody lent to a queue with another phone is ready there, too
            queues, name = away[member.agent], f"pbx1/{queue_name(queue.name)}"
            if not member.static:
                queues.pop(name, None)
    told: People = {}
    for id, agent in board.items():
        standing = away[id].keys()
        told[f"queues of {id}"] = sorted(set(agent["queues"]) & standing)
        told[f"queues in which {id} is not ready"] = sorted(set(agent["not_ready_in"]) & standing)
    return told, _gauges(away)


ASTERISK = Product("secret", _asterisk, _asterisk_config, str, _asterisk_people)
FREESWITCH = Product("password", _freeswitch, _freeswitch_config, queue_name, _freeswitch_people)
