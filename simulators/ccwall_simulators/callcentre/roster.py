"""Who is in which queue: members that join and leave, are paused and resumed, and what a reload makes of them."""

from .contract import Member
from .exchange import Exchange
from .happening import MemberAdded, MemberRemoved
from .places import Phone, Row
from .scenario import AgentPart, Membership

PROMOTED = " (组长)"
"""What a reload adds to a member's name, or takes away."""


class Roster:
    """`agents` by id; whoever is added by an interface that is nobody's is called by it, and has no phone to reach."""

    def __init__(self, exchange: Exchange, agents: tuple[AgentPart, ...]) -> None:
        self._exchange, self._ground = exchange, exchange.ground
        self.agents = {agent.id: agent for agent in agents}
        self._by_extension = {agent.extension: agent for agent in agents}
        self._owner = {agent.phone: agent.id for agent in agents}
        self._chance = self._ground.chance.stream("reload")
        self._taken_out: list[tuple[str, AgentPart, Membership]] = []
        for agent in agents:
            exchange.phones[agent.phone] = Phone(agent.phone, agent.id)
            for membership in memberships(agent):
                self._owner.setdefault(membership.interface or agent.phone, agent.id)
        for agent in agents:
            for membership in memberships(agent):
                if not membership.dynamic:
                    self._seat(agent, membership)

    def _seat(self, agent: AgentPart, membership: Membership) -> Row:
        interface = membership.interface or agent.phone
        return self._put(
            membership.queue,
            interface,
            agent.native,
            membership.penalty,
            static=not membership.dynamic,
            watches_channel=membership.watches == "channel",
        )

    def _put(
        self,
        queue: str,
        interface: str,
        name: str,
        penalty: int,
        *,
        static: bool,
        watches_channel: bool = False,
    ) -> Row:
        phone = self._phone(interface)
        device = self._channel(interface, phone) if watches_channel else phone
        member = Member(
            agent=self._owner.get(interface, phone.agent),
            interface=interface,
            device=device.name,
            phone=phone.name,
            name=name,
            penalty=penalty,
            static=static,
            logged_in=self._ground.now,
        )
        row = Row(member, self._exchange.queues[queue], phone, device)
        same = self._exchange.by_interface.setdefault(interface, [])
        if same:  # shared_lastcall
            member.calls_taken, member.last_call = same[0].member.calls_taken, same[0].member.last_call
            row.rests_until = same[0].rests_until
        same.append(row)
        row.queue.rows[interface] = row
        device.rows.append(row)
        return row

    def _take_out(self, row: Row) -> None:
        del row.queue.rows[row.member.interface]
        row.device.rows.remove(row)
        same = self._exchange.by_interface[row.member.interface]
        same.remove(row)
        if not same:
            del self._exchange.by_interface[row.member.interface]
        device = row.device
        of_nobody = device.channel or device.agent not in self.agents  # known only while it is a member's
        if of_nobody and not (device.rows or device.calls or device.ringing):
            del self._exchange.phones[device.name]

    def _phone(self, interface: str) -> Phone:
        """The phone that rings for an interface: the one of that name, or of a Local channel's extension."""
        phones = self._exchange.phones
        if interface in phones:
            return phones[interface]
        local, _, rest = interface.partition("/")
        agent = self._by_extension.get(rest.partition("@")[0]) if local == "Local" else None
        if agent is not None:
            return phones[agent.phone]
        owner = self._owner.get(interface)  # a person's second phone
        return phones.setdefault(interface, Phone(interface, owner or interface, reachable=owner is not None))

    def _channel(self, interface: str, phone: Phone) -> Phone:
        name = interface.removesuffix("/n")
        return self._exchange.phones.setdefault(name, Phone(name, phone.agent, channel=True))

    def interfaces(self, agent: AgentPart) -> list[str]:
        """In which this person may be in queues."""
        return list(dict.fromkeys([agent.phone, *(m.interface or agent.phone for m in memberships(agent))]))

    # ── what is done to it ──

    def rows(self, interface: str, queue: str = "") -> list[Row]:
        rows = self._exchange.by_interface.get(interface, [])
        return [row for row in rows if not queue or row.queue.name == queue]

    def pause(self, interface: str, paused: bool, reason: str = "", queue: str = "") -> bool:
        rows = self.rows(interface, queue)
        for row in rows:
            self._exchange.set_pause(row, paused, reason)
        return bool(rows)

    def join(self, agent: AgentPart, membership: Membership) -> None:
        """A dynamic member logs on."""
        if membership.interface or agent.phone not in self._exchange.queues[membership.queue].rows:
            self._added(self._seat(agent, membership))

    def add(self, queue: str, interface: str, name: str, penalty: int, paused: bool) -> str:
        if queue not in self._exchange.queues:
            return "no queue"
        if interface in self._exchange.queues[queue].rows:
            return "already there"
        owner = self.agents.get(self._phone(interface).agent)
        row = self._put(
            queue, interface, name or (owner.native if owner else interface), penalty, static=False
        )
        row.member.paused = paused
        row.member.paused_since = self._ground.now if paused else 0.0
        self._added(row)
        return ""

    def _added(self, row: Row) -> None:
        member = row.member
        self._ground.tell(
            MemberAdded(
                t=self._ground.now,
                queue=row.queue.name,
                agent=member.agent,
                interface=member.interface,
                name=member.name,
                penalty=member.penalty,
                paused=member.paused,
                device=member.device,
            )
        )
        self._exchange.look(row.queue, 1.0)

    def remove(self, queue: str, interface: str) -> str:
        if queue not in self._exchange.queues:
            return "no queue"
        row = self._exchange.queues[queue].rows.get(interface)
        if row is None:
            return "not there"
        if row.member.static:
            return "static"
        self._take_out(row)
        member = row.member
        self._ground.tell(
            MemberRemoved(
                t=self._ground.now,
                queue=queue,
                agent=member.agent,
                interface=interface,
                name=member.name,
            )
        )
        self._exchange.look(row.queue, 1.0)
        return ""

    # ── reload ──

    def reload(self) -> None:
        """Somebody edited the file: the member taken out last time is back, another is out, one has a new name, one a
        new penalty. Nothing is told."""
        for queue, agent, membership in self._taken_out:
            if (membership.interface or agent.phone) not in self._exchange.queues[queue].rows:
                self._seat(agent, membership)
        self._taken_out.clear()
        static = [row for queue in self._exchange.queues.values() for row in queue.rows.values()]
        static = [row for row in static if row.member.static and row.member.agent in self.agents]
        spare = [row for row in static if sum(r.member.static for r in row.queue.rows.values()) > 2]
        if spare:
            self._drop(self._chance.choice(spare))
        named = [row for row in static if row.member.interface in row.queue.rows]
        if named:
            self._rename(self._chance.choice(named).member.interface)
            row = self._chance.choice(named)
            row.member.penalty = (row.member.penalty + 1) % 4
        for affected in self._exchange.queues.values():
            self._exchange.look(affected, 1.0)

    def _drop(self, row: Row) -> None:
        member = row.member
        watches = "channel" if row.device.channel else "phone"
        membership = Membership(
            queue=row.queue.name,
            penalty=member.penalty,
            interface=member.interface,
            watches="channel" if watches == "channel" else "phone",
        )
        self._taken_out.append((row.queue.name, self.agents[member.agent], membership))
        self._take_out(row)

    def _rename(self, interface: str) -> None:
        for row in self.rows(interface):
            name = row.member.name
            row.member.name = name.removesuffix(PROMOTED) if name.endswith(PROMOTED) else name + PROMOTED


def memberships(agent: AgentPart) -> tuple[Membership, ...]:
    """All of an agent's memberships, the short ones written out."""
    return (
        *(Membership(queue=queue, penalty=penalty) for queue, penalty in agent.queues.items()),
        *(Membership(queue=queue, penalty=penalty, dynamic=True) for queue, penalty in agent.joins.items()),
        *agent.members,
    )
