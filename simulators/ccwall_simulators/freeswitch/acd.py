"""mod_callcenter: who serves which queue, who waits in it, and the events that tell of both."""

from collections.abc import Iterator, Sequence

from ccwall_simulators.callcentre.contract import Floor, QueueState
from ccwall_simulators.callcentre.contract import Member as FloorMember
from ccwall_simulators.timers import Timers

from .names import agent_name, extension, queue_name
from .rows import (
    ABANDONED,
    AVAILABLE,
    LOGGED_OUT,
    ON_BREAK,
    STRATEGIES,
    WAITING,
    Agent,
    Member,
    Queue,
    Tier,
)
from .speaker import Place, Speaker
from .variant import Variant

FILE = "mod_callcenter.c"
UPDATED = "cc_agent_update"
STATUS_CHANGED = Place(FILE, UPDATED, 1043)
STATE_CHANGED = Place(FILE, UPDATED, 1067)
CONTACT_CHANGED = Place(FILE, UPDATED, 1091)
COUNTED = Place(FILE, "cc_queue_count", 878)
MAX_NO_ANSWER = Place(FILE, "outbound_agent_thread_run", 2176)
LEG_TIMEOUT = 12


class Acd:
    """A mirror of the floor, kept by its happenings. `agents` by name, `queues` by their names here, `tiers` by both."""

    def __init__(self, floor: Floor, speaker: Speaker, timers: Timers, variant: Variant) -> None:
        self._floor, self._speaker, self._timers, self._variant = floor, speaker, timers, variant
        self.agents: dict[str, Agent] = {}
        self.queues: dict[str, Queue] = {}
        self.tiers: dict[tuple[str, str], Tier] = {}
        self._dark: set[str] = {device for device, state in floor.devices().items() if state == "unavailable"}

    @property
    def now(self) -> int:
        return int(self._timers.now)

    # ── the configuration ──

    def start(self) -> None:
        """The module is loaded. The agents and whoever was in a queue are still in its database; nothing is counted."""
        for queue in self.queues.values():
            for member in queue.members.values():
                member.state, member.session = ABANDONED, ""
        for agent in self.agents.values():
            agent.state, agent.uuid, agent.said_status = WAITING, "", ""
        self._read(self._floor.queues())
        for agent in self.agents.values():
            agent.status = self.status_of(agent)

    def reload(self) -> None:
        """`queue reload` of every queue: counters begin again, every agent's contact is told, tiers change in silence."""
        self._read(self._floor.queues())
        for agent in self.agents.values():
            self.say_contact(agent)
            self.refresh(agent)

    def _read(self, states: Sequence[QueueState]) -> None:
        for place, state in enumerate(states):
            name = queue_name(state.name)
            queue = self.queues.setdefault(
                name,
                Queue(
                    name,
                    STRATEGIES.get(state.strategy, "ring-all"),
                    self._variant.resumes or place == 0,
                    0,
                ),
            )
            queue.answered = queue.abandoned = 0
        paused = {
            (queue_name(state.name), member.interface): member for state in states for member in state.members
        }
        before = self.tiers
        self.tiers = {}
        for (name, interface), member in paused.items():
            agent = self._agent(interface, member.phone or member.device)
            known = before.get((name, agent.name))
            self._seat(name, agent, member.penalty, known).paused = member.paused
        for state in states:
            for member in state.members:
                self._wrap_up(member, state)

    def _wrap_up(self, member: FloorMember, state: QueueState) -> None:
        agent = self.agents[agent_name(member.interface)]
        agent.wrap_up = max(agent.wrap_up, int(state.wrap_up))

    def _agent(self, interface: str, phone: str) -> Agent:
        name = agent_name(interface)
        if name not in self.agents:
            self.agents[name] = Agent(
                name=name,
                interface=interface,
                phone=phone or interface,
                contact=f"[leg_timeout={LEG_TIMEOUT}]user/{extension(interface)}@{name.partition('@')[2]}",
                dark=phone in self._dark,
            )
        return self.agents[name]

    def _seat(self, queue: str, agent: Agent, penalty: int, known: Tier | None = None) -> Tier:
        position = 1 + sum(tier.queue == queue for tier in self.tiers.values())
        tier = known or Tier(queue, agent.name, 1, position)
        tier.level = penalty + 1
        self.tiers[queue, agent.name] = tier
        return tier

    # ── whom one may ask about ──

    def of(self, interface: str) -> Agent | None:
        return self.agents.get(agent_name(interface))

    def tiers_of(self, agent: Agent) -> list[Tier]:
        return [tier for tier in self.tiers.values() if tier.agent == agent.name]

    def kept(self, queue: Queue) -> Iterator[Member]:
        """The members of the queue's table; whoever left too long ago is taken out of it."""
        limit = self.now - self._variant.discard_after
        for uuid, member in list(queue.members.items()):
            if member.state == ABANDONED and (member.abandoned or member.latest) < limit:
                del queue.members[uuid]
            else:
                yield member

    # ── members ──

    def join(self, queue: Queue, member: Member, known: Member | None) -> Member:
        """Into the table: as a new row, or in the place of one who left (`member-queue-resume`)."""
        if known is None:
            queue.members[member.uuid] = member
            return member
        known.session, known.name, known.rejoined, known.abandoned = member.session, member.name, self.now, 0
        known.state, known.agent, known.agent_system = WAITING, "", ""
        return known

    def abandoned(self, queue: Queue, number: str) -> Member | None:
        gone = [m for m in self.kept(queue) if m.state == ABANDONED and m.number == number]
        return max(gone, key=lambda member: member.abandoned, default=None)

    def say_count(self, queue: Queue) -> None:
        told = [("CC-Queue", queue.name), ("CC-Action", "members-count"), ("CC-Count", str(queue.count()))]
        self._speaker.custom(COUNTED, [*told, ("CC-Selection", "Single-Queue")])

    # ── agents ──

    def set_state(self, agent: Agent, state: str) -> None:
        agent.state = state
        self.say_state(agent)

    def say_state(self, agent: Agent) -> None:
        told = [
            ("CC-Agent", agent.name),
            ("CC-Action", "agent-state-change"),
            ("CC-Agent-State", agent.state),
        ]
        self._speaker.custom(STATE_CHANGED, told)

    def say_status(self, agent: Agent) -> None:
        told = [("CC-Agent", agent.name), ("CC-Action", "agent-status-change")]
        self._speaker.custom(STATUS_CHANGED, [*told, ("CC-Agent-Status", agent.status)])

    def say_contact(self, agent: Agent) -> None:
        told = [("CC-Agent", agent.name), ("CC-Action", "agent-contact-change")]
        self._speaker.custom(CONTACT_CHANGED, [*told, ("CC-Agent-Contact", agent.contact)])

    def say_max_no_answer(self, agent: Agent, member: Member) -> None:
        agent.no_answer_count = agent.max_no_answer
        self._speaker.custom(
            MAX_NO_ANSWER,
            [
                ("CC-Agent", agent.name),
                ("CC-Action", "agent-max-no-answer"),
                ("CC-Agent-No-Answer-Count", str(agent.no_answer_count)),
                ("CC-Agent-No-Answer-Status", ON_BREAK),
                ("CC-Member-UUID", member.uuid),
                ("CC-Member-Session-UUID", member.session),
            ],
        )

    def refresh(self, agent: Agent) -> None:
        """Tell the status if it is another one."""
        status = self.status_of(agent)
        if status != agent.status:
            self.put_status(agent, status)

    def put_status(self, agent: Agent, status: str) -> None:
        """`agent set status`: told even if it was so before; who becomes available begins to count again."""
        if status == AVAILABLE != agent.status:
            agent.calls_answered = agent.talk_time = agent.no_answer_count = 0
        agent.status, agent.last_status_change = status, self.now
        self.say_status(agent)

    def status_of(self, agent: Agent) -> str:
        """mod_callcenter has one status for all queues: on a break is who is paused in every one of them. Who serves none
        keeps the status."""
        tiers = self.tiers_of(agent)
        if agent.dark:
            return LOGGED_OUT
        if not tiers:
            return agent.status
        if all(tier.paused for tier in tiers):
            return agent.said_status or ON_BREAK
        return AVAILABLE

    # ── what the floor tells ──

    def paused(self, queue: str, interface: str, paused: bool) -> Agent | None:
        """The agent, if there is a tier of that."""
        tier = self.tiers.get((queue_name(queue), agent_name(interface)))
        if tier is None:
            return None
        tier.paused = paused
        agent = self.agents[tier.agent]
        if not paused:
            agent.said_status = ""
        return agent

    def added(self, queue: str, interface: str, phone: str, penalty: int, paused: bool) -> None:
        """A tier is added without a word; who had none logs on."""
        agent = self._agent(interface, phone)
        self._seat(queue_name(queue), agent, penalty).paused = paused
        self.refresh(agent)

    def removed(self, queue: str, interface: str) -> None:
        agent = self.of(interface)
        if agent is not None and (queue_name(queue), agent.name) in self.tiers:
            del self.tiers[queue_name(queue), agent.name]
            self.refresh(agent)

    def phone(self, device: str, *, dark: bool) -> None:
        """A phone logs off or on, and its agents with it."""
        (self._dark.add if dark else self._dark.discard)(device)
        for agent in self.agents.values():
            if agent.phone == device and agent.dark != dark:
                agent.dark = dark
                self.refresh(agent)

    # ── tiers ──

    def show(self, agent: Agent, queue: str, state: str, others: str = "") -> None:
        """The state of the agent's tier in this queue, and of those in the others."""
        for tier in self.tiers_of(agent):
            if tier.queue == queue:
                tier.state = state
            elif others:
                tier.state = others
