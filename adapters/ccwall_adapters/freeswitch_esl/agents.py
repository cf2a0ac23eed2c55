"""Who serves which queue, who may be given calls, and who is on a break.

FreeSWITCH knows an agent's *status* (Available, On Break, Logged Out), which people set, and the *tiers* that say which
queues an agent serves. Somebody is a member of a queue here while there is a tier and the status is not Logged Out. Tiers
change without an event: only the lists show them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ccwall.adapter import Directory
from ccwall.errors import ProtocolError
from ccwall.events import (
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentNotReady,
    AgentReady,
    AnyEvent,
    QueueDescribed,
    QueueId,
)

from .clock import Clock
from .event import Event
from .phones import Phones, phone_of
from .table import Row, number

OFF = frozenset({"", "Unknown", "Logged Out"})
READY = frozenset({"Available", "Available (On Demand)"})
MOST_AGENTS = 50_000
"""Agents; more is a peer that wants our memory."""
MOST_TIERS = 200_000
FORCED_WITHIN = 2.0
"""Seconds after agent-max-no-answer in which the status it names is FreeSWITCH's doing, not a person's."""


@dataclass(slots=True, eq=False)
class Agent:
    """One agent, as last told. `tiers` are levels by queue; `automatic`: no person has set the status; `forced` is what it was
    said to become, and when."""

    name: str
    id: AgentId
    status: str = ""
    since: float = 0.0
    automatic: bool = False
    contact: str = ""
    phone: str = ""
    wrap_up: float | None = None
    tiers: dict[str, int] = field(default_factory=dict)
    forced: tuple[str, float] = ("", 0.0)

    @property
    def is_on(self) -> bool:
        return self.status not in OFF


class Agents:
    """Memory of agents, tiers and queues of one source; facts are appended to `out`."""

    def __init__(self, directory: Directory, phones: Phones, clock: Clock, out: list[AnyEvent]) -> None:
        self._directory, self._phones, self._clock, self._out = directory, phones, clock, out
        self._agents: dict[str, Agent] = {}
        self._persons: dict[AgentId, list[Agent]] = {}
        self._queues: dict[str, str] = {}
        self._tiers = 0

    def id(self, name: str) -> AgentId:
        known = self._agents.get(name)
        return known.id if known is not None else self._directory.agent(name)

    def wrap_up(self, name: str) -> float | None:
        """The agent's own `wrap_up_time`; None when no list told it."""
        known = self._agents.get(name)
        return known.wrap_up if known is not None else None

    def named(self, agent: AgentId) -> Sequence[Agent]:
        """What FreeSWITCH calls this person."""
        return self._persons.get(agent, [])

    def native(self, queue: QueueId) -> str | None:
        """What FreeSWITCH calls this queue; None when it has told of none that is."""
        return next((name for name in self._queues if self._directory.queue(name) == queue), None)

    def queue_id(self, name: str) -> QueueId:
        return self._directory.queue(name)

    @property
    def without_phone(self) -> bool:
        """Whether somebody who serves a queue has no phone that could be followed."""
        return any(agent.tiers and not agent.phone for agent in self._agents.values())

    # ── events ──

    def status_changed(self, event: Event, at: float) -> None:
        """agent-status-change; comes for the same status, too, and only a change begins anything."""
        agent, status = self._known(event.get(b"CC-Agent")), event.get(b"CC-Agent-Status")
        if agent is None or not status or agent.status == status:
            return
        was_on, (forced, told) = agent.is_on, agent.forced
        agent.status, agent.since = status, at
        agent.automatic = status == forced and at - told <= FORCED_WITHIN
        self._say_status(agent, at, was_on=was_on)

    def will_be_forced(self, event: Event, at: float) -> None:
        """agent-max-no-answer: the status that follows is FreeSWITCH's doing."""
        agent = self._known(event.get(b"CC-Agent"))
        if agent is not None:
            agent.forced = event.get(b"CC-Agent-No-Answer-Status"), at

    def offered(self, queue: str, name: str, at: float) -> None:
        """Who is offered a caller serves the queue and is not logged out, whether a list has said so or not."""
        agent = self._known(name)
        if agent is None or not queue or queue in agent.tiers:
            return
        if not agent.is_on:
            agent.status, agent.since = "Available", at
        self._tier(agent, queue, 0, at, quiet=False)

    # ── lists ──

    def list_queues(self, rows: Sequence[Row], at: float, *, quiet: bool) -> None:
        """queue list."""
        told = {row["name"]: row.get("strategy", "") for row in rows if row.get("name")}
        new = [name for name, strategy in told.items() if self._queues.get(name) != strategy]
        self._queues = told
        if not quiet:
            for name in new:
                self._say_queue(name, at)

    def list_agents(self, rows: Sequence[Row], at: float, *, quiet: bool) -> None:
        """agent list: all there are."""
        told = {row["name"]: row for row in rows if row.get("name")}
        for name, row in told.items():
            self._read(name, row, at, quiet=quiet)
        for agent in [agent for name, agent in self._agents.items() if name not in told]:
            self._keep_tiers(agent, {}, at, quiet=quiet)
            self._forget(agent)
            self._phones.follow("", agent.phone, None)

    def _read(self, name: str, row: Row, at: float, *, quiet: bool) -> None:
        agent = self._known(name)
        if agent is None:
            return
        if row.get("wrap_up_time"):
            agent.wrap_up = number(row["wrap_up_time"])
        self._move(agent, row.get("contact", ""))
        status, was_on = row.get("status", ""), agent.is_on
        if (same := agent.status == status) and agent.since:
            return
        agent.since = self._clock.ours(number(row.get("last_status_change", "")), at) or at
        if same:
            return
        agent.status, agent.automatic = status, False
        if not quiet:
            self._say_status(agent, at, was_on=was_on)

    def _move(self, agent: Agent, contact: str) -> None:
        """Where the agent is called, which may be another phone than before."""
        if contact == agent.contact:
            return
        phone, agent.contact = phone_of(contact), contact
        if phone != agent.phone:
            self._phones.follow(phone, agent.phone, agent.id)
            agent.phone = phone

    def contact_changed(self, event: Event, at: float) -> None:
        """agent-contact-change."""
        agent = self._known(event.get(b"CC-Agent"))
        if agent is not None:
            self._move(agent, event.get(b"CC-Agent-Contact"))

    def list_tiers(self, rows: Sequence[Row], at: float, *, quiet: bool) -> None:
        """tier list: all there are."""
        told: dict[str, dict[str, int]] = {}
        for row in rows:
            queue, name = row.get("queue", ""), row.get("agent", "")
            if queue and name:
                told.setdefault(name, {})[queue] = int(number(row.get("level", ""), 1))
        for name in told:
            self._known(name)
        for agent in self._agents.values():
            self._keep_tiers(agent, told.get(agent.name, {}), at, quiet=quiet)

    def _keep_tiers(self, agent: Agent, tiers: Mapping[str, int], at: float, *, quiet: bool) -> None:
        for queue in [queue for queue in agent.tiers if queue not in tiers]:
            del agent.tiers[queue]
            self._tiers -= 1
            if agent.is_on and not quiet:
                self._say_membership(agent, queue, 0, at, member=False)
                if not agent.tiers:
                    self._say_logged_off(agent, at)
        for queue, level in tiers.items():
            if agent.tiers.get(queue) != level:
                self._tier(agent, queue, level, at, quiet=quiet)

    def _tier(self, agent: Agent, queue: str, level: int, at: float, *, quiet: bool) -> None:
        first, new = not agent.tiers, queue not in agent.tiers
        self._tiers += new
        if self._tiers > MOST_TIERS:
            raise ProtocolError(f"more than {MOST_TIERS:,} tiers: no PBX has so many")
        agent.tiers[queue] = level
        if quiet or not agent.is_on:
            return
        if first:
            self._say_logged_on(agent, at)
        self._say_membership(agent, queue, level, at)
        if new:
            self._say_ready(agent, at)

    # ── what is said ──

    def say_all(self, at: float) -> None:
        """Everything that is true, for a resync."""
        for name in self._queues:
            self._say_queue(name, at)
        for agent in self._agents.values():
            if agent.is_on and agent.tiers:
                self._say_logged_on(agent, at)
                self._say_memberships(agent, at)
                self._say_ready(agent, agent.since if agent.status not in READY else at)

    def _say_queue(self, name: str, at: float) -> None:
        queue = self._directory.queue(name)
        self._out.append(QueueDescribed(at=at, queue=queue, name=name, strategy=self._queues[name]))

    def _say_status(self, agent: Agent, at: float, *, was_on: bool) -> None:
        if not agent.tiers:
            return
        if agent.is_on and not was_on:
            self._say_logged_on(agent, at)
            self._say_memberships(agent, at)
        if agent.is_on:
            self._say_ready(agent, at)
        elif was_on:
            for queue in agent.tiers:
                self._say_membership(agent, queue, 0, at, member=False)
            self._say_logged_off(agent, at)

    def _say_logged_on(self, agent: Agent, at: float) -> None:
        device = self._phones.device(agent.phone) if agent.phone else None
        self._out.append(AgentLoggedOn(at=at, agent=agent.id, name=agent.name, device=device))

    def _say_logged_off(self, agent: Agent, at: float) -> None:
        """Unless the person still serves as another agent."""
        if not any(other.is_on and other.tiers for other in self.named(agent.id)):
            self._out.append(AgentLoggedOff(at=at, agent=agent.id))

    def _say_memberships(self, agent: Agent, at: float) -> None:
        for queue, level in agent.tiers.items():
            self._say_membership(agent, queue, level, at)

    def _say_membership(
        self, agent: Agent, queue: str, level: int, at: float, *, member: bool = True
    ) -> None:
        self._out.append(
            AgentMembershipChanged(
                at=at,
                agent=agent.id,
                queue=self._directory.queue(queue),
                member=member,
                name=agent.name,
                interface=agent.name,
                penalty=level,
            )
        )

    def _say_ready(self, agent: Agent, at: float) -> None:
        """Of all queues at once: the status is the person's, not a queue's."""
        if agent.status in READY:
            self._out.append(AgentReady(at=at, agent=agent.id, interface=agent.name))
            return
        self._out.append(
            AgentNotReady(
                at=at, agent=agent.id, interface=agent.name, reason=agent.status, automatic=agent.automatic
            )
        )

    def _known(self, name: str) -> Agent | None:
        """The agent of this name, remembered from now on."""
        agent = self._agents.get(name)
        if agent is None and name:
            if len(self._agents) >= MOST_AGENTS:
                raise ProtocolError(f"more than {MOST_AGENTS:,} agents: no PBX has so many")
            agent = self._agents[name] = Agent(name, self._directory.agent(name))
            self._persons.setdefault(agent.id, []).append(agent)
        return agent

    def _forget(self, agent: Agent) -> None:
        del self._agents[agent.name]
        self._persons[agent.id].remove(agent)
        if not self._persons[agent.id]:
            del self._persons[agent.id]

    def statuses(self) -> Iterable[tuple[AgentId, str]]:
        """Every agent's status."""
        return ((agent.id, agent.status) for agent in self._agents.values())
