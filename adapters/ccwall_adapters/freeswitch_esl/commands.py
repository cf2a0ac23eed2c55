"""What people want of a FreeSWITCH: `callcenter_config agent set status`, `tier add`, `tier del`, and what it answers.

A status is the person's, in all queues at once, and has no reason. Answers come in the order of the questions; the events
that follow are facts of the floor and say nothing about who caused them.
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

from .agents import Agent, Agents

ANSWER_WITHIN = 10.0
"""Real seconds after which nobody can say whether it happened. A later answer is still believed."""
MOST_PENDING = 200
"""Wishes under way at once."""
REMEMBERED = 2000
"""Wishes that were taken; the same one again is not heard."""

ON_BREAK = "On Break"
"""The status of every pause, whatever its reason."""
_UNSAYABLE = re.compile(r"[\x00-\x1f\x7f'\"\\|]")
"""FreeSWITCH parts arguments by blanks and quotes, and its lists by bars; none of it can be escaped."""

Ask = Callable[[str, str], None]
"""(arguments of `callcenter_config`, whose they are)"""


class _Impossible(Exception):
    """The wish cannot be put into a command; says why, and what to do."""


@dataclass(slots=True)
class _Wish:
    """A wish under way. `awaited` are the commands without an answer yet."""

    id: CommandId
    sent: float
    awaited: int = 0
    done: int = 0
    errors: list[str] = field(default_factory=list)
    given_up: bool = False


class Commands:
    """The commands of one session; facts are appended to `out`."""

    def __init__(self, agents: Agents, directory: Directory, out: list[AnyEvent], ask: Ask) -> None:
        self._agents, self._directory, self._out, self._ask = agents, directory, out, ask
        self._under_way: OrderedDict[CommandId, _Wish] = OrderedDict()
        self._taken: Recent[CommandId, None] = Recent(REMEMBERED)

    def take(self, wish: CommandRequested, now: float) -> None:
        """Send its commands, or refuse it. The same wish again is not heard: nothing is ever sent twice."""
        if wish.command_id in self._taken:
            return
        self._taken[wish.command_id] = None
        try:
            commands = self._commands(wish)
            if len(self._under_way) >= MOST_PENDING:
                raise _Impossible(f"{MOST_PENDING} commands already wait for an answer: try again later")
        except _Impossible as why:
            self._out.append(CommandRefused(at=now, command_id=wish.command_id, detail=str(why)))
            return
        self._under_way[wish.command_id] = _Wish(wish.command_id, now, len(commands))
        for command in commands:
            self._ask(command, wish.command_id)
        shown = ON_BREAK if wish.name == "agent.pause" else None
        self._out.append(CommandSent(at=now, command_id=wish.command_id, shown=shown))

    def answer(self, whose: str, text: str, now: float) -> None:
        """``+OK``, or ``-ERR`` and why not."""
        wish = self._under_way.get(CommandId(whose))
        if wish is None:
            return
        wish.awaited -= 1
        said = text.strip()
        if said.startswith("+OK"):
            wish.done += 1
        else:
            wish.errors.append(_advice(said))
        if wish.awaited == 0:
            self._end(wish, now)

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

    def _end(self, wish: _Wish, now: float) -> None:
        del self._under_way[wish.id]
        if not wish.errors:
            self._out.append(CommandConfirmed(at=now, command_id=wish.id))
            return
        told = "; ".join(dict.fromkeys(wish.errors))
        if wish.done:
            told += f". {wish.done} of {wish.done + len(wish.errors)} were done all the same."
        self._out.append(CommandRefused(at=now, command_id=wish.id, detail=told))

    # ── from a wish to commands ──

    def _commands(self, wish: CommandRequested) -> Sequence[str]:
        """Raises _Impossible."""
        make = _MAKERS.get(wish.name)
        if make is None:
            raise _Impossible(f"a FreeSWITCH cannot do {wish.name!r}")
        return list(make(self, wish))

    def _set_status(self, wish: CommandRequested) -> Iterator[str]:
        status = ON_BREAK if wish.name == "agent.pause" else "Available"
        queue = wish.arguments.get("queue", "")
        for agent in self._persons(wish):
            others = [name for name in agent.tiers if self._directory.queue(name) != queue]
            if queue and others:
                raise _Impossible(
                    f"FreeSWITCH knows one status for all queues of an agent, and {agent.name} serves "
                    f"{', '.join(others)}, too: wish it without a queue"
                )
            if status == "Available" and not agent.is_on:
                raise _Impossible(f"{agent.name} is logged out: only they can log in")
            yield f"agent set status {_quoted(agent.name)} '{status}'"

    def _add(self, wish: CommandRequested) -> Iterator[str]:
        queue = self._queue(wish)
        persons = self._persons(wish)
        if len(persons) > 1:
            names = ", ".join(agent.name for agent in persons)
            raise _Impossible(f"{wish.target} is {names} there: say which one as the interface")
        level = int(wish.arguments.get("penalty") or 1)
        yield f"tier add {_quoted(queue)} {_quoted(persons[0].name)} {max(1, level)} 1"

    def _remove(self, wish: CommandRequested) -> Iterator[str]:
        queue = self._queue(wish)
        there = [agent for agent in self._persons(wish) if queue in agent.tiers]
        if not there:
            raise _Impossible(f"{wish.target} has no tier in {queue}")
        for agent in there:
            yield f"tier del {_quoted(queue)} {_quoted(agent.name)}"

    def _queue(self, wish: CommandRequested) -> str:
        queue = QueueId(wish.arguments.get("queue", ""))
        name = self._agents.native(queue)
        if name is None:
            raise _Impossible(f"FreeSWITCH has told of no queue {queue!r}")
        return name

    def _persons(self, wish: CommandRequested) -> Sequence[Agent]:
        """What FreeSWITCH calls the person, at least one."""
        wanted = wish.arguments.get("interface", "")
        found = [agent for agent in self._agents.named(AgentId(wish.target)) if wanted in ("", agent.name)]
        if not found:
            known = f"{wanted!r} is no agent of {wish.target}" if wanted else f"{wish.target} is no agent"
            raise _Impossible(f"{known} in FreeSWITCH: see 'callcenter_config agent list'")
        return found


def _quoted(name: str) -> str:
    """An argument as FreeSWITCH takes it for one.

    >>> _quoted("1001@pbx.example"), _quoted("first aid")
    ('1001@pbx.example', "'first aid'")
    """
    if _UNSAYABLE.search(name):
        raise _Impossible(f"{name!r} has characters that cannot be sent to FreeSWITCH")
    return f"'{name}'" if " " in name or not name else name


def _advice(said: str) -> str:
    """FreeSWITCH's own words, and what to do where they do not say it."""
    if "Command not found" in said:
        return f"FreeSWITCH says {said!r}: mod_callcenter is not loaded"
    return f"FreeSWITCH says {(said or 'nothing')[:200]!r}"


_MAKERS: Mapping[str, Callable[[Commands, CommandRequested], Iterator[str]]] = {
    "agent.pause": Commands._set_status,
    "agent.resume": Commands._set_status,
    "queue.add_member": Commands._add,
    "queue.remove_member": Commands._remove,
}
