"""What people want of an ACD: SetAgentState, and what the switch answers.

People wish for persons, a switch knows phones: an agent with two phones is set at both, and the wish is confirmed when
both were. Nothing is ever sent twice.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass, field

from ccwall.adapter import Directory
from ccwall.events import (
    AgentId,
    AnyEvent,
    CommandConfirmed,
    CommandId,
    CommandRefused,
    CommandRequested,
    CommandSent,
    CommandUnknown,
    QueueId,
)
from ccwall.wire.memory import Recent
from ccwall.wire.xml import Element

from .asking import Asking, Question
from .floor import Floor
from .writing import document, leaf, refusal

ANSWER_WITHIN = 10.0
"""Real seconds after which nobody can say whether it happened. A later answer is still believed."""
MOST_PENDING = 200
"""Wishes under way at once; of those that were given up, the oldest are forgotten for new ones."""
REMEMBERED = 2000
"""Wishes that were taken; the same one again is not heard."""
STATES = {"agent.pause": "notReady", "agent.resume": "ready"}

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class _Impossible(Exception):
    """The wish cannot be put into requests; says why, and what to do."""


@dataclass(slots=True)
class _Wish:
    """A wish under way. `asked` are the phones whose answers are awaited, by invoke id."""

    id: CommandId
    sent: float
    asked: dict[int, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    given_up: bool = False


class Commands:
    """The commands of one session; facts are appended to the floor's."""

    def __init__(self, floor: Floor, directory: Directory, asking: Asking) -> None:
        self._floor, self._directory, self._asking = floor, directory, asking
        self.namespace = ""
        self._under_way: OrderedDict[CommandId, _Wish] = OrderedDict()
        self._taken: Recent[CommandId, None] = Recent(REMEMBERED)

    def take(self, wish: CommandRequested, now: float) -> None:
        """Write its requests, or refuse it. The same wish again is not heard."""
        if wish.command_id in self._taken:
            return
        self._taken[wish.command_id] = None
        try:
            requests = self._requests(wish)
            self._make_room()
        except _Impossible as why:
            self._say(CommandRefused(at=now, command_id=wish.command_id, detail=str(why)))
            return
        known = self._under_way[wish.command_id] = _Wish(wish.command_id, now)
        for phone, xml in requests:
            known.asked[self._asking.ask(Question("set", phone, xml), now, urgent=True)] = phone
        self._say(CommandSent(at=now, command_id=known.id))

    def answer(self, invoke: int, message: Element, now: float) -> bool:
        """An answer to one of our requests; False when it is to something else."""
        wish = next((one for one in self._under_way.values() if invoke in one.asked), None)
        if wish is None:
            return False
        phone = wish.asked.pop(invoke)
        if message.name == "SetAgentStateResponse":
            wish.done.append(phone)
        else:
            wish.errors[phone] = f"the switch says {refusal(message)!r}"
        if not wish.asked:
            self._end(wish, now)
        return True

    def tick(self, now: float, within: float) -> None:
        """Give up what has not been answered for so many seconds; late answers are still heard."""
        for wish in self._under_way.values():
            if not wish.given_up and now - wish.sent >= within:
                wish.given_up = True
                self._say(CommandUnknown(at=now, command_id=wish.id))

    def link_lost(self, now: float) -> None:
        """No answer can come any more."""
        for wish in self._under_way.values():
            if not wish.given_up:
                self._say(CommandUnknown(at=now, command_id=wish.id))
        self._under_way.clear()

    def _say(self, fact: AnyEvent) -> None:
        self._floor.out.append(fact)

    def _end(self, wish: _Wish, now: float) -> None:
        del self._under_way[wish.id]
        if not wish.errors:
            self._say(CommandConfirmed(at=now, command_id=wish.id))
            return
        told = "; ".join(f"{phone}: {text}" for phone, text in wish.errors.items())
        if wish.done:
            told += f". Done all the same at {', '.join(wish.done)}."
        self._say(CommandRefused(at=now, command_id=wish.id, detail=told))

    def _make_room(self) -> None:
        if len(self._under_way) < MOST_PENDING:
            return
        oldest = next((wish for wish in self._under_way.values() if wish.given_up), None)
        if oldest is None:
            raise _Impossible(
                f"{MOST_PENDING} commands already wait for the switch's answer: try again later"
            )
        del self._under_way[oldest.id]

    def _requests(self, wish: CommandRequested) -> list[tuple[str, bytes]]:
        """(phone, XML), one per phone. Raises _Impossible."""
        state = STATES.get(wish.name)
        if state is None:
            raise _Impossible(
                f"a CSTA switch is not asked for {wish.name!r}: it sets agents ready and not ready"
            )
        for text in (wish.target, *wish.arguments.values()):
            if _CONTROL.search(text):
                raise _Impossible("control characters cannot be sent to a switch: leave them out")
        queue, interface = wish.arguments.get("queue", ""), wish.arguments.get("interface", "")
        group = self._group(queue)
        logins = {
            phone: login
            for phone, at, login in self._floor.people.posts(AgentId(wish.target))
            if interface in ("", phone) and (not group or at in ("", group))
        }
        if not logins:
            raise _Impossible(
                f"{wish.target} is not logged on at any phone here{f' for {queue}' if queue else ''}"
            )
        return [(phone, self._set_state(phone, login, group, state)) for phone, login in logins.items()]

    def _group(self, queue: str) -> str:
        if not queue:
            return ""
        for group, name in self._floor.groups.items():
            if self._directory.queue(name) == QueueId(queue):
                return group
        raise _Impossible(f"no ACD group of this switch is {queue}: add it to the source's `groups`")

    def _set_state(self, phone: str, login: str, group: str, state: str) -> bytes:
        natives = self._floor.natives
        body = [leaf("device", natives.get(phone, phone)), leaf("requestedAgentState", state)]
        if login:
            body.append(leaf("agentID", login))
        if group:
            body.append(leaf("group", natives.get(group, group)))
        return document("SetAgentState", *body, namespace=self.namespace)
