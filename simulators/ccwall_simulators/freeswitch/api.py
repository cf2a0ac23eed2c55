"""What `api` answers: callcenter_config, and what one asks a switch about itself."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from ccwall_simulators.callcentre.contract import Floor

from . import listing
from .acd import Acd
from .listing import Table
from .names import DOMAIN, extension
from .rows import AVAILABLE, LOGGED_OUT, ON_BREAK, ON_DEMAND, Agent
from .speaker import Place
from .switch import Switch
from .variant import Variant

OK, USAGE = "+OK\n", "-USAGE: callcenter_config <target> <args>\n"
NO_AGENT, NO_QUEUE, NO_TIER = "-ERR Agent not found!\n", "-ERR Queue not found!\n", "-ERR Tier not found!\n"
STATUSES = (AVAILABLE, ON_DEMAND, ON_BREAK, LOGGED_OUT)
STATES = ("Waiting", "Receiving", "In a queue call", "Idle", "Reserved")
GOT = Place("mod_callcenter.c", "cc_agent_get", 970)
EXECUTED = Place("switch_loadable_module.c", "switch_api_execute", 2954)

Words = Sequence[str]


class House(Protocol):
    """The switch as its API sees it."""

    @property
    def floor(self) -> Floor: ...
    @property
    def started(self) -> float: ...
    def tell(self) -> None:
        """What was just done to the floor, at once."""
        ...


class Api:
    def __init__(self, house: House, acd: Acd, switch: Switch, variant: Variant) -> None:
        self._house, self._acd, self._switch, self._variant = house, acd, switch, variant
        self._commands: Mapping[str, Callable[[str], str]] = {
            "callcenter_config": self._callcenter,
            "status": lambda _: self._status(),
            "version": lambda _: (
                f"FreeSWITCH Version {variant.build} ({variant.released.partition(' ')[2]})\n"
            ),
            "uptime": lambda text: f"{self._up_for() * _per_second(text):.0f}\n",
            "hostname": lambda _: "vm",
            "switchname": lambda _: variant.host,
            "strepoch": lambda _: str(int(switch.now)),
            "echo": lambda text: text,
            "show": self._show,
            "json": self._json,
            "uuid_exists": lambda uuid: str(uuid in switch.legs).lower(),
            "uuid_dump": lambda _: "-ERR No such channel!\n",
            "reloadxml": lambda _: "+OK [Success]\n",
            "global_getvar": lambda name: DOMAIN if name == "domain" else "",
        }

    def run(self, command: str) -> str:
        """The output; nothing is nothing, and the connection says so."""
        name, _, arguments = command.partition(" ")
        told = [("API-Command", name), *([("API-Command-Argument", arguments)] if arguments else [])]
        self._switch.speaker.core_event("API", EXECUTED, tail=told)
        if name not in self._commands:
            return f"-ERR {name} Command not found!\n"
        return self._commands[name](arguments.strip())

    # ── the switch ──

    def _up_for(self) -> float:
        return self._switch.now - self._house.started

    def _status(self) -> str:
        up, switch = self._up_for(), self._switch
        return (
            f"UP {up_time(up)}\nFreeSWITCH (Version {self._variant.released}) is ready\n"
            f"{switch.numbers.sessions} session(s) since startup\n"
            f"{len(switch.legs)} session(s) - peak {switch.peak}, last 5min {switch.peak} \n"
            "0 session(s) per Sec out of max 60, peak 4, last 5min 4 \n"
            "1000 session(s) max\nmin idle cpu 0.00/90.00\nCurrent Stack Size/Max 240K/8192K\n"
        )

    def _show(self, text: str) -> str:
        legs, words = list(self._switch.legs.values()), text.split()
        if words[:1] == ["calls"]:
            return listing.calls(legs, self._variant)
        if words[:1] != ["channels"]:
            return "-USAGE: show <channels|calls> [as json]\n"
        table = listing.channels(legs, self._variant)
        if words[1:] == ["as", "json"]:
            return _as_json(table) + "\n"
        rows = [",".join(row) for row in (table.columns, *table.rows)] if table.rows else []
        return "\n".join([*rows, *([""] if rows else []), ""]) + f"{len(legs)} total.\n"

    # ── the JSON twin ──

    def _json(self, text: str) -> str:
        """``{"command": "callcenter_config", "data": {"arguments": "agent list"}}``."""
        try:
            asked = msgspec.json.decode(text, type=dict[str, object])
        except msgspec.DecodeError:
            return '{"status":"error","message":"Invalid JSON"}\n'
        data = asked.get("data")
        data = data if isinstance(data, dict) else {}
        arguments = str(data.get("arguments", ""))
        if asked.get("command") != "callcenter_config":
            return _reply(asked, "error", "Unknown command")
        words = [*arguments.split(), *([str(data["queue_name"])] if data.get("queue_name") else [])]
        table = self._table(words)
        if table is None:
            return _reply(asked, "error", "-ERR invalid arguments")
        dropped = "uuid" if table.columns is listing.AGENTS else ""
        return _reply(asked, "success", table.objects(dropped))

    # ── callcenter_config ──

    def _callcenter(self, text: str) -> str:
        try:
            words = shlex.split(text)
        except ValueError:
            words = text.split()
        table = self._table(words)
        if table is not None:
            return table.piped()
        target, verb, *rest = [*words, "", ""][: max(2, len(words))]
        if target == "agent":
            return self._agent(verb, rest)
        if target == "tier":
            return self._tier(verb, rest)
        if target == "queue":
            return self._queue(verb, rest)
        return USAGE

    def _table(self, words: Words) -> Table | None:
        """What lists something; None when it is no such command."""
        acd = self._acd
        match list(words):
            case ["queue", "list"]:
                return listing.queues(acd.queues.values(), self._variant)
            case ["queue", "list", "members", *names]:
                queues = [acd.queues[name] for name in names[:1] if name in acd.queues]
                found = [member for queue in queues for member in acd.kept(queue)]
                return listing.members(found, int(self._switch.now))
            case ["queue", "list", "agents", *names]:
                return listing.agents(self._serving(names))
            case ["queue", "list", "tiers", *names]:
                return listing.tiers(tier for tier in acd.tiers.values() if [tier.queue] == names[:1])
            case ["agent", "list", *names]:
                return listing.agents(a for a in acd.agents.values() if not names or a.name == names[0])
            case ["tier", "list"]:
                return listing.tiers(acd.tiers.values())
        return None

    def _serving(self, names: Words) -> list[Agent]:
        """Of a queue: all, or those with this status, and this state."""
        queue, status, state = (*names, "", "", "")[:3]
        agents = [self._acd.agents[tier.agent] for tier in self._acd.tiers.values() if tier.queue == queue]
        return [a for a in agents if status in ("", a.status) and state in ("", a.state)]

    def _queue(self, verb: str, rest: Words) -> str:
        acd = self._acd
        if verb == "count":
            return self._count(rest)
        if verb in ("load", "unload", "reload"):
            queue = acd.queues.get(rest[0]) if rest else None
            if queue is None:
                return NO_QUEUE
            if verb == "reload":
                queue.answered = queue.abandoned = 0
                for agent in acd.agents.values():
                    acd.say_contact(agent)
            return OK
        return USAGE

    def _count(self, rest: Words) -> str:
        match list(rest):
            case []:
                number = len(self._acd.queues)
            case ["members" | "agents" | "tiers" as what, *names]:
                table = self._table(["queue", "list", what, *names])
                number = len(table.rows) if table else 0
            case _:
                return USAGE
        return f"{number}\n"

    def _agent(self, verb: str, rest: Words) -> str:
        what, name, value = (*rest, "", "", "")[:3]
        if verb not in ("set", "get", "reload"):
            return USAGE
        agent = self._acd.agents.get(what if verb == "reload" else name)
        if agent is None:
            return NO_AGENT
        if verb == "get":
            return self._get(agent, what)
        if verb == "reload":
            self._acd.say_contact(agent)
            return OK
        return self._set(agent, what, value)

    def _get(self, agent: Agent, what: str) -> str:
        told = {"status": agent.status, "state": agent.state, "uuid": agent.uuid}
        if what not in told:
            return "-ERR Invalid Agent Key!\n"
        value = told[what]
        pairs = [("CC-Agent", agent.name), ("CC-Action", f"agent-{what}-get")]
        if value:
            pairs.append((f"CC-Agent-{'UUID' if what == 'uuid' else what.title()}", value))
        self._switch.speaker.custom(GOT, pairs)
        return value

    def _set(self, agent: Agent, what: str, value: str) -> str:
        if what == "status":
            return self._set_status(agent, value)
        if what == "state":
            if value not in STATES:
                return "-ERR Invalid Agent State!\n"
            self._acd.set_state(agent, value)
        elif what == "contact":
            agent.contact = value
            self._acd.say_contact(agent)
        elif what == "ready_time" and value.isdecimal():
            agent.ready_time = int(value)
        elif what not in ("reject_delay_time", "busy_delay_time", "no_answer_delay_time"):
            return "-ERR Invalid Agent Update Key!\n"
        return OK

    def _set_status(self, agent: Agent, status: str) -> str:
        """The floor knows ready and paused; another word for the pause is kept beside it."""
        if status not in STATUSES:
            return "-ERR Invalid Agent Status!\n"
        paused = status in (ON_BREAK, LOGGED_OUT)
        was = agent.status
        agent.said_status = LOGGED_OUT if status == LOGGED_OUT else ""
        self._house.floor.pause(agent.interface, paused)
        self._house.tell()
        if agent.status == was:
            self._acd.put_status(agent, agent.status)  # told even if it was so before
        return OK

    def _tier(self, verb: str, rest: Words) -> str:
        if verb == "set":
            return self._set_tier(rest)
        queue, name, *more = (*rest, "", "")[: max(2, len(rest))]
        agent = self._acd.agents.get(name)
        if queue not in self._acd.queues:
            return NO_QUEUE
        if agent is None:
            return NO_AGENT
        own = queue.removesuffix(f"@{DOMAIN}")
        if verb == "add":
            level = int(more[0]) if more and more[0].isdecimal() else 1
            wrong = self._house.floor.add_member(
                own, agent.interface, extension(agent.interface), max(0, level - 1)
            )
            failed = "-ERR Tier already exist!\n"
        elif verb == "del":
            wrong = self._house.floor.remove_member(own, agent.interface)
            failed = "-ERR This tier is one of the floor's own and stays!\n" if wrong == "static" else NO_TIER
        else:
            return OK if verb == "reload" else USAGE
        self._house.tell()
        return failed if wrong else OK

    def _set_tier(self, rest: Words) -> str:
        what, queue, agent, value = (*rest, "", "", "", "")[:4]
        tier = self._acd.tiers.get((queue, agent))
        if tier is None:
            return NO_TIER
        if what == "state":
            tier.state = value
        elif what in ("level", "position") and value.isdecimal():
            setattr(tier, what, int(value))
        else:
            return "-ERR Invalid Tier Update Key!\n"
        return OK


def up_time(seconds: float) -> str:
    """
    >>> up_time(3_723.5)
    '0 years, 0 days, 1 hour, 2 minutes, 3 seconds, 500 milliseconds, 0 microseconds'
    """
    us = round(seconds * 1_000_000)
    parts = []
    for unit, size in (
        ("year", 365 * 86_400_000_000),
        ("day", 86_400_000_000),
        ("hour", 3_600_000_000),
        ("minute", 60_000_000),
        ("second", 1_000_000),
        ("millisecond", 1_000),
        ("microsecond", 1),
    ):
        number, us = divmod(us, size)
        parts.append(f"{number} {unit}{'' if number == 1 else 's'}")
    return ", ".join(parts)


def _per_second(unit: str) -> int:
    return {"ms": 1_000, "us": 1_000_000}.get(unit, 1)


def _as_json(table: Table) -> str:
    if not table.rows:
        return '{"row_count": 0}'
    return msgspec.json.encode({"row_count": len(table.rows), "rows": table.objects()}).decode()


def _reply(asked: dict[str, object], status: str, response: object) -> str:
    return msgspec.json.encode({**asked, "status": status, "response": response}).decode() + "\n"
