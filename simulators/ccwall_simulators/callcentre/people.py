"""The agents as people: they hear the phone or do not, take breaks, make calls of their own, walk away, come and go.

Each life is a simpy process. Someone who wants to do a thing waits until the hands are free; someone who waits looks again
afterwards, for the day may have changed: another break, the end of the shift, a restart.
"""

from collections.abc import Generator, Iterator

import msgspec
import simpy

from .chance import Stream
from .exchange import Exchange
from .happening import PersonMoved, SideCallBegan, SideCallEnded
from .places import Offer, Phone, Row, Talk
from .roster import Roster, memberships
from .scenario import AgentPart, Break, Scenario, Shift, WalkOut

Life = Generator[simpy.Event, object, None]
GLANCE = 1.5
"""Somebody who waits for the end of a call looks this often."""


class SideCall:
    """A call that no queue gave, on an agent's phone."""

    def __init__(self, key: str, phone: Phone, number: str) -> None:
        self.key, self.phone, self.number, self.alive = key, phone, number, True


class Person:
    """One agent. `there`: at the desk; `on_shift`: logged on; `on_break`: paused by own will."""

    def __init__(self, card: AgentPart, phones: list[Phone], chance: Stream) -> None:
        self.card, self.phones, self.chance = card, phones, chance
        self.on_shift, self.there, self.on_break = True, True, False
        self.told: PersonMoved | None = None

    @property
    def phone(self) -> Phone:
        return self.phones[0]

    @property
    def is_engaged(self) -> bool:
        return any(phone.calls for phone in self.phones)

    @property
    def can_answer(self) -> bool:
        return self.on_shift and self.there and not self.is_engaged

    @property
    def is_free(self) -> bool:
        """At the desk, hands and phones free."""
        return self.on_shift and self.there and all(phone.state == "idle" for phone in self.phones)


class People:
    def __init__(self, scenario: Scenario, exchange: Exchange, roster: Roster) -> None:
        self._scenario, self._how = scenario, scenario.handling
        self._exchange, self._roster, self._ground = exchange, roster, exchange.ground
        self._clock = exchange.ground.clock
        self.everybody = {agent.id: self._person(agent) for agent in roster.agents.values()}
        self._sides: dict[str, SideCall] = {}
        self._side_count = 0
        exchange.heard, exchange.auto_paused = self._hear, self._was_paused

    def _person(self, agent: AgentPart) -> Person:
        phones = self._exchange.phones
        own = [phones[agent.phone]]
        for interface in self._roster.interfaces(agent):
            phone = phones.get(interface)
            if phone is not None and phone not in own and not phone.channel:
                own.append(phone)
        return Person(agent, own, self._ground.chance.stream("agent", agent.id, "ear"))

    def begin(self) -> None:
        """Everybody's day starts."""
        for place, person in enumerate(self.everybody.values()):
            for life in self._lives(person, place):
                self._clock.process(life)
        if self._how.moves_per_hour > 0:
            self._clock.process(self._moves())

    def _lives(self, person: Person, place: int) -> Iterator[Life]:
        shifts = {shift.name: shift for shift in self._scenario.shift}
        if person.card.shift in shifts:
            yield self._shift(person, shifts[person.card.shift])
        else:
            self._clock.after(0.0, self._log_on, person)
        for number, rest in enumerate(self._scenario.breaks):
            chance = self._ground.chance.stream("agent", person.card.id, "break", number)
            if (not rest.teams or person.card.team in rest.teams) and chance.happens(rest.share):
                yield self._breaks(person, rest, place, chance)
        for number, walk_out in enumerate(self._scenario.walk_out):
            chance = self._ground.chance.stream("agent", person.card.id, "walk out", number)
            if chance.happens(walk_out.share):
                yield self._walk_out(person, walk_out, chance)
        if self._how.own_calls_per_hour > 0:
            yield self._own_calls(person)
        if self._how.walk_offs_per_hour > 0:
            yield self._walk_offs(person)

    def _moved(self, person: Person) -> None:
        """Tell where they are, if it is news."""
        moved = PersonMoved(
            t=self._ground.now,
            agent=person.card.id,
            at_desk=person.on_shift and person.there,
            on_shift=person.on_shift,
            on_break=person.on_shift and person.on_break,
        )
        if person.told is None or msgspec.structs.replace(person.told, t=moved.t) != moved:
            person.told = moved
            self._ground.tell(moved)

    # ── the phone rings ──

    def _hear(self, offer: Offer) -> None:
        person = self.everybody.get(offer.row.member.agent)
        if person is None or not person.can_answer:
            return
        kind, delay = person.chance.random(), person.chance.lognormal(self._how.answer, 0.5)
        if kind < self._how.unheard:
            return
        if kind < self._how.unheard + self._how.rejected:
            self._clock.after(0.15, self._exchange.busy, offer)
            return
        self._clock.after(delay, self._pick_up, person, offer)

    def _pick_up(self, person: Person, offer: Offer) -> None:
        if person.can_answer:
            self._exchange.answer(offer)

    def _was_paused(self, row: Row) -> None:
        person = self.everybody.get(row.member.agent)
        if person is not None:
            delay = 3.0 + person.chance.every(self._how.notices)
            self._clock.after(delay, self._notice, person)

    def _notice(self, person: Person) -> None:
        if person.there and person.on_shift and not person.on_break:
            self.press(person, paused=False)

    def call_over(self, talk: Talk) -> None:
        """Some calls leave paper work."""
        person = self.everybody.get(talk.row.member.agent)
        if person is None or person.on_break or not person.chance.happens(self._how.after_call):
            return
        self._clock.process(
            self._rest(
                person,
                self._how.after_call_reason,
                person.chance.lognormal(self._how.after_call_length),
                there=True,
            )
        )

    # ── keys they press ──

    def press(self, person: Person, *, paused: bool, reason: str = "") -> None:
        """Pause or resume on all interfaces; as soon as the exchange is there."""
        if self._exchange.is_down:
            wait = self._exchange.down_until - self._ground.now + 1.0 + person.chance.random() * 4.0
            self._clock.after(wait, self._press_late, person, reason)
            return
        for place, interface in enumerate(self._roster.interfaces(person.card)):
            if place and paused and person.chance.happens(0.2):
                continue  # forgot the second one
            self._roster.pause(interface, paused, reason)

    def _press_late(self, person: Person, reason: str) -> None:
        """What they want by now."""
        self.press(person, paused=person.on_break, reason=reason if person.on_break else "")

    def _rest(self, person: Person, reason: str, length: float, *, there: bool = False) -> Life:
        """A pause with its reason, now, and back after it."""
        person.on_break, person.there = True, there or person.is_engaged
        self._moved(person)
        self.press(person, paused=True, reason=reason)
        while person.is_engaged and not there:
            yield self._clock.timeout(GLANCE)
        person.there = there
        self._moved(person)
        yield self._clock.timeout(length)
        person.on_break, person.there = False, True
        self._moved(person)
        if person.on_shift:
            self.press(person, paused=False, reason=reason if person.chance.happens(0.15) else "")

    # ── lives ──

    def _free_hands(self, person: Person) -> Life:
        while person.is_engaged:
            yield self._clock.timeout(GLANCE)

    def _breaks(self, person: Person, rest: Break, place: int, chance: Stream) -> Life:
        reason = rest.reasons[place % len(rest.reasons)]
        while True:
            length = chance.lognormal(rest.length, 0.2)
            if rest.at is None:
                yield self._clock.timeout(chance.every(rest.every))
            else:
                begin = rest.at + place % rest.waves * rest.length
                if not 0.0 < (late := (self._ground.today - begin) % 86400.0) < length:
                    yield self._clock.timeout(self._ground.until(begin) + chance.random() * 60.0)
                else:
                    length -= late  # the floor opened in the middle of it
            if not chance.happens(0.25):  # the others press pause in the middle of a call
                yield from self._free_hands(person)
            if person.on_shift and person.there and not person.on_break:
                yield from self._rest(person, reason, length)
            if rest.at is not None:  # not twice
                yield self._clock.timeout(2.0 * rest.length)

    def _walk_out(self, person: Person, walk_out: WalkOut, chance: Stream) -> Life:
        while True:
            yield self._clock.timeout(self._ground.until(walk_out.at) + chance.random() * 45.0)
            yield from self._free_hands(person)
            if person.on_shift and not person.on_break and person.there:
                length = chance.lognormal(walk_out.length, 0.15)
                if walk_out.how == "pause":
                    yield from self._rest(person, walk_out.reason, length)
                elif walk_out.how == "silently":
                    yield from self._stay_away(person, length)
                else:
                    self._log_off(person)
                    yield self._clock.timeout(length)
                    self._log_on(person)
            yield self._clock.timeout(60.0)

    def _walk_offs(self, person: Person) -> Life:
        chance = self._ground.chance.stream("agent", person.card.id, "walks")
        while True:
            yield self._clock.timeout(chance.every(3600.0 / self._how.walk_offs_per_hour))
            yield from self._free_hands(person)
            if person.on_shift and person.there and not person.on_break:
                yield from self._stay_away(person, chance.lognormal(self._how.walk_off_length))

    def _stay_away(self, person: Person, length: float) -> Life:
        """Away without a word to the ACD; whoever finds the phone paused on coming back resumes."""
        person.there = False
        self._moved(person)
        yield self._clock.timeout(length)
        person.there = True
        self._moved(person)
        paused = [
            row
            for interface in self._roster.interfaces(person.card)
            for row in self._roster.rows(interface)
            if row.member.paused
        ]
        if paused and person.on_shift and not person.on_break:
            self.press(person, paused=False)

    def _own_calls(self, person: Person) -> Life:
        chance = self._ground.chance.stream("agent", person.card.id, "own calls")
        while True:
            yield self._clock.timeout(chance.every(3600.0 / self._how.own_calls_per_hour))
            number, length = f"9{chance.randrange(10**7):07}", chance.lognormal(self._how.own_call_length)
            if person.is_free and not self._exchange.is_down:
                side = self.dial(person, number)
                yield self._clock.timeout(length)
                self.hang_up(side)

    def _shift(self, person: Person, shift: Shift) -> Life:
        chance = self._ground.chance.stream("agent", person.card.id, "shift")
        long = (shift.end - shift.begin) % 86400.0 or 86400.0
        if (self._ground.today - shift.begin) % 86400.0 < long:
            self._log_on(person)
        else:
            self._log_off(person)
        while True:
            turn = shift.end if person.on_shift else shift.begin
            late = (chance.random() * 2.0 - 1.0) * shift.late
            yield self._clock.timeout(self._ground.until((turn + late) % 86400.0))
            if person.on_shift:
                yield from self._free_hands(person)
                self._log_off(person)
            else:
                self._log_on(person)
            yield self._clock.timeout(2.0 * shift.late + 60.0)

    def _log_on(self, person: Person) -> None:
        if self._exchange.is_down:
            self._clock.after(self._exchange.down_until - self._ground.now + 2.0, self._log_on, person)
            return
        person.on_shift = True
        self._moved(person)
        for phone in person.phones:
            phone.reachable = True
            self._exchange.show(phone)
        for membership in memberships(person.card):
            if membership.dynamic:
                self._roster.join(person.card, membership)
        self.press_if_paused(person)

    def press_if_paused(self, person: Person) -> None:
        rows = [row for name in self._roster.interfaces(person.card) for row in self._roster.rows(name)]
        if any(row.member.paused for row in rows) and not person.on_break:
            self.press(person, paused=False)

    def _log_off(self, person: Person) -> None:
        """Dynamic members leave their queues; everybody else's phone goes dark."""
        person.on_shift = False
        self._moved(person)
        dynamic = [membership for membership in memberships(person.card) if membership.dynamic]
        for membership in dynamic:
            self._roster.remove(membership.queue, membership.interface or person.card.phone)
        if len(dynamic) < len(memberships(person.card)):
            for phone in person.phones:
                phone.reachable = False
                self._exchange.show(phone)

    def _moves(self) -> Life:
        """A lead lends somebody to another queue for a while."""
        chance = self._ground.chance.stream("moves")
        queues, people = list(self._exchange.queues), list(self.everybody.values())
        while True:
            yield self._clock.timeout(chance.every(3600.0 / self._how.moves_per_hour))
            person, queue = chance.choice(people), chance.choice(queues)
            length = chance.lognormal(900.0)
            if person.on_shift and not self._exchange.is_down:
                done = self._roster.add(queue, person.card.phone, person.card.native, 5, paused=False)
                if not done:
                    self._clock.after(length, self._roster.remove, queue, person.card.phone)

    # ── at a moment of somebody else's choosing ──

    def ready(self) -> list[str]:
        """Who would take a call at this moment: at the desk, phone idle, in a queue and not paused there."""
        return [id for id, person in self.everybody.items() if self._is_ready(person)]

    def _is_ready(self, person: Person) -> bool:
        rows = [row for name in self._roster.interfaces(person.card) for row in self._roster.rows(name)]
        return person.is_free and not person.on_break and any(not row.member.paused for row in rows)

    def walk_away(self, agent: str, length: float) -> bool:
        """Now, without a word to the ACD; False for who is not ready."""
        person = self.everybody.get(agent)
        if person is None or not self._is_ready(person):
            return False
        self._clock.process(self._stay_away(person, length))
        return True

    def rest(self, agent: str, reason: str, length: float) -> bool:
        """Now, with a pause and its reason; a call in hand is finished. False for who is not there, or away already."""
        person = self.everybody.get(agent)
        if person is None or not (person.on_shift and person.there) or person.on_break:
            return False
        self._clock.process(self._rest(person, reason, length))
        return True

    # ── calls of their own ──

    def dial(self, person: Person, number: str, phone: Phone | None = None) -> SideCall:
        """The agent is on a call that no queue gave."""
        phone = phone or person.phone
        self._side_count += 1
        side = SideCall(f"s{self._side_count}", phone, number)
        self._sides[side.key] = side
        phone.calls += 1
        self._ground.tell(
            SideCallBegan(
                t=self._ground.now, call=side.key, agent=person.card.id, device=phone.name, number=number
            )
        )
        self._exchange.show(phone)
        return side

    def hang_up(self, side: SideCall) -> None:
        if not side.alive:
            return
        side.alive = False
        del self._sides[side.key]
        side.phone.calls -= 1
        self._ground.tell(
            SideCallEnded(t=self._ground.now, call=side.key, agent=side.phone.agent, device=side.phone.name)
        )
        self._exchange.show(side.phone)

    # ── a bad day ──

    def restart(self, down: float) -> None:
        """Their calls are dead; the exchange finds their phones again one by one."""
        for side in self._sides.values():
            side.alive = False
        self._sides.clear()
        chance = self._ground.chance.stream("requalify", self._ground.now)
        for phone in self._exchange.phones.values():
            delay = down + 0.5 + chance.random() * self._scenario.floor.requalify
            self._clock.after(delay, self._found, phone)

    def _found(self, phone: Phone) -> None:
        person = self.everybody.get(phone.agent)
        known = person is not None and (person.on_shift or phone.channel)
        if known and not self._exchange.is_down and not phone.reachable:
            phone.reachable = True
            self._exchange.show(phone)
