"""The conversations a queue gave, from the answer to the end."""

from typing import Protocol

from .contract import Talking
from .ground import Ground
from .happening import By, CallCompleted, CallHeld, CallRetrieved
from .places import Phone, Place, Queue, Row, Talk

OPTIMISED_AFTER = 0.03
"""A Local channel is optimised away so long after the answer (27 to 45 ms on a live exchange)."""
LATER = 0.4
"""A queue looks at a member that became free after this many seconds: app_queue looks about once a second."""


class Switch(Protocol):
    """What a conversation changes around it."""

    by_interface: dict[str, list[Row]]

    def show(self, phone: Phone) -> None: ...
    def look(self, queue: Queue, delay: float) -> None: ...


class Conversations:
    def __init__(self, ground: Ground, switch: Switch) -> None:
        self._ground, self._switch = ground, switch
        self._open: dict[int, Talk] = {}

    def begin(self, place: Place, row: Row) -> None:
        """The member has picked up."""
        self._open[place.visit.visit] = place.talk = talk = Talk(place, row, self._ground.now)
        for phone in row.phones():
            phone.calls += 1
        row.member.in_call = True
        if row.is_optimised:
            self._ground.clock.after(OPTIMISED_AFTER, self._optimise, talk)

    def _optimise(self, talk: Talk) -> None:
        """The Local channel is gone, the call goes on: the ACD takes the member for free, if it watches the channel."""
        if talk.open and talk.row.device.channel:
            talk.row.device.calls -= 1
            talk.optimised = True
            self._count(talk)
            self._switch.show(talk.row.device)

    def complete(self, talk: Talk, by: By, *, hangs_up: bool = True) -> None:
        """The agent's part is over. Not `hangs_up`: the phone stays in a call that is the queue's no more."""
        if not talk.open:
            return
        talk.open = False
        now, place, row = self._ground.now, talk.place, talk.row
        del self._open[place.visit.visit]
        place.visit.ended, place.visit.end = now, by
        self._ground.tell(
            CallCompleted(
                t=now,
                call=place.call.key,
                visit=place.visit.visit,
                queue=place.queue.name,
                agent=row.member.agent,
                interface=row.member.interface,
                by=by,
                wait=talk.answered - place.visit.queued,
                talk=now - talk.answered,
            )
        )
        self._count(talk)
        if hangs_up:
            self.release(talk)

    def release(self, talk: Talk) -> None:
        """The member's phones are in this call no more; who says so shows it."""
        for phone in talk.row.phones():
            if not (phone.channel and talk.optimised):
                phone.calls -= 1

    def _count(self, talk: Talk) -> None:
        """One more call taken, for all queues of the interface (shared_lastcall), and the wrap-up begins."""
        if talk.counted:
            return
        talk.counted = True
        now, wrap_up = self._ground.now, talk.place.queue.part.wrap_up
        talk.row.member.in_call = False
        for row in self._switch.by_interface.get(talk.row.member.interface, []):
            row.member.calls_taken += 1
            row.member.last_call = now
            row.rests_until = now + wrap_up
            self._switch.look(row.queue, wrap_up + LATER)

    def hold(self, talk: Talk, held: bool) -> None:
        if talk.open and talk.held != held:
            talk.held = held
            told = CallHeld if held else CallRetrieved
            self._ground.tell(told(t=self._ground.now, call=talk.call.key, agent=talk.row.member.agent))

    def talking(self) -> list[Talking]:
        return [
            Talking(
                call=talk.call.key,
                visit=talk.place.visit.visit,
                queue=talk.place.queue.name,
                agent=talk.row.member.agent,
                interface=talk.row.member.interface,
                answered=talk.answered,
                held=talk.held,
            )
            for talk in self._open.values()
        ]

    def restart(self) -> None:
        """All of them are over, and nobody says so."""
        for talk in self._open.values():
            talk.open = False
            talk.place.visit.ended, talk.place.visit.end = self._ground.now, "lost"
        self._open.clear()
