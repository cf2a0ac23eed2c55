"""What people want of an Asterisk: QueuePause, QueueAdd and QueueRemove, and what Asterisk answers to each.

One wish may be several actions, because Asterisk pauses interfaces and people wish for persons: an agent with two
interfaces is paused at both. The wish is confirmed when all its actions succeeded. Answers are known by ActionID alone;
the QueueMemberPause events that follow are facts of the floor and say nothing about who caused them.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
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

from .frame import Message, encode
from .members import Member, Members

ANSWER_WITHIN = 10.0
"""Real seconds after which nobody can say whether it happened. A later answer is still believed."""
MOST_PENDING = 200
"""Wishes under way at once; of those that were given up, the oldest are forgotten for new ones."""
REMEMBERED = 2000
"""Wishes that were taken; the same one again is not heard."""
REASON_BYTES = 79
"""`char reason_paused[80]` in app_queue.c; Asterisk would cut in the middle of a character."""

_SEPARATORS = str.maketrans(",;|", "   ")
"""They part fields in queue_log and in astdb: a member paused for `a, b` comes back broken after a restart (note 30)."""
_INTERFACE = re.compile(r"[A-Za-z0-9]+/[A-Za-z0-9_.@+:/-]{1,100}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Headers = dict[str, str]


class _Impossible(Exception):
    """The wish cannot be put into actions; says why, and what to do."""


@dataclass(slots=True)
class _Wish:
    """A wish under way. ``asked`` are the interfaces whose answers are awaited, by ActionID."""

    id: CommandId
    sent: float
    asked: dict[str, str]
    done: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    given_up: bool = False


class Commands:
    """The commands of one session; facts are appended to `out`, actions to `outgoing`."""

    def __init__(
        self, members: Members, directory: Directory, username: str, out: list[AnyEvent], outgoing: bytearray
    ) -> None:
        self._members, self._directory, self._username = members, directory, username
        self._out, self._outgoing = out, outgoing
        self._under_way: OrderedDict[CommandId, _Wish] = OrderedDict()
        self._answers: dict[str, _Wish] = {}
        self._taken: Recent[CommandId, None] = Recent(REMEMBERED)

    def take(self, wish: CommandRequested, now: float) -> None:
        """Write its actions, or refuse it. The same wish again is not heard: nothing is ever sent twice."""
        if wish.command_id in self._taken:
            return
        self._taken[wish.command_id] = None
        try:
            actions = self._actions(wish)
            self._make_room()
        except _Impossible as why:
            self._out.append(CommandRefused(at=now, command_id=wish.command_id, detail=str(why)))
            return
        known = _Wish(wish.command_id, now, {})
        for number, (action, headers) in enumerate(actions, 1):
            action_id = f"ccwall-{wish.command_id}-{number}"
            known.asked[action_id] = headers["Interface"]
            self._answers[action_id] = known
            self._outgoing += encode({"Action": action, "ActionID": action_id, **headers})
        self._under_way[known.id] = known
        self._out.append(CommandSent(at=now, command_id=known.id))

    def response(self, message: Message, now: float) -> bool:
        """An answer to one of our actions; False when it is to something else."""
        action_id = message.get(b"ActionID")
        wish = self._answers.pop(action_id, None)
        if wish is None:
            return False
        interface = wish.asked.pop(action_id)
        if message.get(b"Response") == "Success":
            wish.done.append(interface)
        else:
            wish.errors[interface] = message.get(b"Message") or "Error"
        if not wish.asked:
            self._end(wish, now)
        return True

    def tick(self, now: float, within: float) -> None:
        """Give up what has not been answered for so many seconds; late answers are still heard."""
        for wish in self._under_way.values():
            if not wish.given_up and now - wish.sent >= within:
                wish.given_up = True
                self._out.append(CommandUnknown(at=now, command_id=wish.id))

    def link_lost(self, now: float) -> None:
        """No answer can come any more."""
        for wish in self._under_way.values():
            if not wish.given_up:
                self._out.append(CommandUnknown(at=now, command_id=wish.id))
        self._under_way.clear()
        self._answers.clear()

    # ── the end of one ──

    def _end(self, wish: _Wish, now: float) -> None:
        del self._under_way[wish.id]
        if not wish.errors:
            self._out.append(CommandConfirmed(at=now, command_id=wish.id))
            return
        told = "; ".join(f"{interface}: {self._advice(text)}" for interface, text in wish.errors.items())
        if wish.done:
            told += f". Done all the same for {', '.join(wish.done)}."
        self._out.append(CommandRefused(at=now, command_id=wish.id, detail=told))

    def _advice(self, text: str) -> str:
        """Asterisk's own words, and what to do where they do not say it."""
        if text == "Permission denied":
            return (
                f"Asterisk says {text!r}. Add 'agent' to the write line of the manager user {self._username!r} in "
                "manager.conf (write = reporting,agent) and run 'manager reload'"
            )
        return f"Asterisk says {text!r}"

    def _make_room(self) -> None:
        if len(self._under_way) < MOST_PENDING:
            return
        oldest = next((wish for wish in self._under_way.values() if wish.given_up), None)
        if oldest is None:
            raise _Impossible(f"{MOST_PENDING} commands already wait for Asterisk's answer: try again later")
        del self._under_way[oldest.id]
        for action_id in oldest.asked:
            del self._answers[action_id]

    # ── from a wish to actions ──

    def _actions(self, wish: CommandRequested) -> Sequence[tuple[str, Headers]]:
        """Raises _Impossible."""
        make = _MAKERS.get(wish.name)
        if make is None:
            raise _Impossible(f"an Asterisk cannot do {wish.name!r}")
        for text in (wish.target, wish.reason, *wish.arguments.values()):
            if _CONTROL.search(text):
                raise _Impossible("control characters cannot be sent to Asterisk: leave them out")
        return list(make(self, wish))

    def _pause(self, wish: CommandRequested) -> Iterator[tuple[str, Headers]]:
        paused = "true" if wish.name == "agent.pause" else "false"
        members = self._memberships(wish)
        queue = {"Queue": members[0].queue} if wish.arguments.get("queue") else {}
        reason = {"Reason": reason_for(wish.reason)} if wish.reason else {}
        for interface in dict.fromkeys(member.interface for member in members):
            yield "QueuePause", {"Interface": interface, "Paused": paused, **queue, **reason}

    def _remove(self, wish: CommandRequested) -> Iterator[tuple[str, Headers]]:
        for member in self._memberships(wish):
            yield "QueueRemove", {"Queue": member.queue, "Interface": member.interface}

    def _add(self, wish: CommandRequested) -> Iterator[tuple[str, Headers]]:
        queue = QueueId(wish.arguments.get("queue", ""))
        name = self._members.native(queue)
        if name is None:
            raise _Impossible(f"Asterisk has told of no queue {queue!r}")
        agent = AgentId(wish.target)
        elsewhere = self._members.of(agent)
        interface = self._interface(wish, agent, elsewhere)
        headers = {"Queue": name, "Interface": interface}
        if penalty := wish.arguments.get("penalty", ""):
            headers["Penalty"] = penalty
        if (known := next(iter(elsewhere), None)) is not None and known.name.translate(
            _SEPARATORS
        ) == known.name:
            headers["MemberName"] = known.name
        if (same := next((m for m in elsewhere if m.interface == interface), None)) is not None:
            headers["StateInterface"] = same.state_interface
        yield "QueueAdd", headers

    def _interface(self, wish: CommandRequested, agent: AgentId, elsewhere: Sequence[Member]) -> str:
        """Where the agent is to be called. Only an interface that is known to be this person's: a member is dialled by
        every caller, and `Local/…` can be anything in the dialplan."""
        interface = wish.arguments.get("interface", "")
        if not interface:
            known = sorted({member.interface for member in elsewhere})
            if len(known) != 1:
                which = f"has {', '.join(known)}" if known else "is in no queue now"
                raise _Impossible(f"{agent} {which}: say the interface (for example PJSIP/1001)")
            return known[0]
        if _INTERFACE.fullmatch(interface) is None:
            raise _Impossible(
                f"{interface!r} is no interface; one looks like PJSIP/1001 or Local/1001@agents/n"
            )
        if self._members.agent(interface) != agent:
            raise _Impossible(
                f"{interface} is not known to be {agent}'s: add it to the interfaces of the [[agent]]"
            )
        return interface

    def _memberships(self, wish: CommandRequested) -> Sequence[Member]:
        """Those the wish speaks of, at least one."""
        queue, interface = wish.arguments.get("queue", ""), wish.arguments.get("interface", "")
        found = [
            member
            for member in self._members.of(AgentId(wish.target))
            if (not queue or self._directory.queue(member.queue) == queue)
            and interface in ("", member.interface)
        ]
        if not found:
            raise _Impossible(f"{wish.target} is no member of {queue or 'any queue'} here")
        return found


def reason_for(reason: str) -> str:
    """A reason as Asterisk can keep it: no separators, at most 79 bytes of UTF-8, no character cut.

    >>> reason_for("lunch, then\\ttraining|b"), len(reason_for("休" * 40).encode())
    ('lunch  then\\ttraining b', 78)
    """
    return reason.translate(_SEPARATORS).encode()[:REASON_BYTES].decode("utf-8", "ignore")


_MAKERS: Mapping[str, Callable[[Commands, CommandRequested], Iterator[tuple[str, Headers]]]] = {
    "agent.pause": Commands._pause,
    "agent.resume": Commands._pause,
    "queue.add_member": Commands._add,
    "queue.remove_member": Commands._remove,
}
