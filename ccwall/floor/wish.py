"""Is this a wish that may be granted? Who may wish for what, of whom, in which words: one table, no I/O."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from ccwall.errors import CcwallError
from ccwall.events import AgentId, Principal, QueueId, Role, SourceId

MAY_COMMAND: frozenset[Role] = frozenset({"manager", "operations", "supervisor", "lead"})
REASON_LIMIT = 200
TEXT_LIMIT = 256
"""Characters of a target or an argument."""
PENALTY_DIGITS = 4

_UNWRITABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of characters, and whatever else a line-based far end may take for the end of a line."""


class Objection(CcwallError):
    """A wish is not taken; nothing has happened, nothing is recorded."""


class Forbidden(Objection):
    """This role may not command."""


class NotThere(Objection):
    """Nobody and nothing of this id, or nothing this person may see: which of both is not told."""


class Mistaken(Objection):
    """The wish itself is wrong, in the field `where`."""

    def __init__(self, where: str, what: str) -> None:
        self.where = where
        super().__init__(what)


class NotNow(Objection):
    """A good wish that the floor, as it is, cannot grant. ``more``: for pages that say it in another language: `done`
    (taken, ended, granted, …), `by` (a name) and `at` where somebody was faster."""

    def __init__(self, what: str, **more: str | float) -> None:
        self.more = more
        super().__init__(what)


class TooMany(Objection):
    """Too often, or too many without an end; `wait` real seconds."""

    def __init__(self, what: str, wait: float) -> None:
        self.wait = wait
        super().__init__(what)


class NotRecording(Objection):
    """What cannot be recorded is not done."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Which arguments a command takes, and whether it wants a reason."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    reason: bool = False


RULES: Mapping[str, Rule] = {
    "agent.pause": Rule(optional=frozenset({"queue", "source"}), reason=True),
    "agent.resume": Rule(optional=frozenset({"queue", "source"})),
    "queue.add_member": Rule(
        required=frozenset({"queue"}), optional=frozenset({"source", "penalty", "interface"})
    ),
    "queue.remove_member": Rule(required=frozenset({"queue"}), optional=frozenset({"source", "interface"})),
}


class Post(Protocol):
    """One membership of somebody."""

    @property
    def source(self) -> SourceId: ...
    @property
    def queue(self) -> QueueId: ...


class Roster(Protocol):
    """The little that must be known of the floor."""

    def memberships(self, agent: AgentId) -> Sequence[Post] | None: ...
    def queue_source(self, queue: QueueId) -> SourceId | None: ...
    def team(self, agent: AgentId) -> str: ...


Interfaces = Callable[[AgentId, SourceId], Sequence[str]]
"""Where somebody can be called, by configuration."""


def consider(
    roster: Roster,
    interfaces: Interfaces,
    principal: Principal,
    name: str,
    target: str,
    arguments: Mapping[str, str],
    reason: str,
) -> dict[str, str]:
    """The arguments, with the source the wish goes to; raises an Objection."""
    if principal.role not in MAY_COMMAND:
        raise Forbidden(f"The role {principal.role} may not command.")
    rule = RULES.get(name)
    if rule is None:
        raise Mistaken("name", f"must be one of {', '.join(RULES)}")
    _read(rule, target, arguments, reason)
    agent = AgentId(target)
    posts = roster.memberships(agent)
    if posts is None or not may_see(roster, principal, agent):
        raise NotThere(f"There is no agent {target!r} here.")
    queue = QueueId(arguments["queue"]) if "queue" in arguments else None
    if queue is not None and (roster.queue_source(queue) is None or not _in(queue, principal.queues)):
        raise NotThere(f"There is no queue {queue!r} here.")
    source = _source(roster, queue, posts, arguments.get("source"), target)
    there = [post for post in posts if post.source == source]
    filled = {**arguments, "source": source}
    if name == "queue.add_member":
        known = interfaces(agent, source)
        if "interface" not in filled and not there and len(known) == 1:
            filled["interface"] = known[0]
    else:
        _touches(principal, there, queue, target)
    return filled


def may_see(roster: Roster, principal: Principal, agent: AgentId) -> bool:
    return principal.teams is None or roster.team(agent) in principal.teams


def _in(queue: QueueId, scope: tuple[QueueId, ...] | None) -> bool:
    return scope is None or queue in scope


def _read(rule: Rule, target: str, arguments: Mapping[str, str], reason: str) -> None:
    """Every word, before anything is made of it."""
    allowed = rule.required | rule.optional
    for key in arguments:
        if key not in allowed:
            raise Mistaken("arguments", f"{key!r} is unknown here: {', '.join(sorted(allowed))} may be given")
    for key in sorted(rule.required):
        if not arguments.get(key):
            raise Mistaken(f"arguments.{key}", "is missing")
    _text("target", target, TEXT_LIMIT)
    _text("reason", reason, REASON_LIMIT)
    for key, value in arguments.items():
        _text(f"arguments.{key}", value, TEXT_LIMIT)
        if not value:
            raise Mistaken(f"arguments.{key}", "is empty: give it a value or leave it out")
    if rule.reason and not reason.strip():
        raise Mistaken("reason", "is missing: the agent and everybody who looks at the wall is told why")
    penalty = arguments.get("penalty", "0")
    if not (penalty.isascii() and penalty.isdigit()) or len(penalty) > PENALTY_DIGITS:
        raise Mistaken("arguments.penalty", "must be a whole number from 0 to 9999")


def _text(where: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise Mistaken(where, f"has {len(text)} characters; at most {limit} are allowed")
    for position, sign in enumerate(text, 1):
        if unicodedata.category(sign) in _UNWRITABLE:
            raise Mistaken(
                where, f"has the control character U+{ord(sign):04X} at place {position}: leave it out"
            )


def _source(
    roster: Roster, queue: QueueId | None, posts: Sequence[Post], wanted: str | None, target: str
) -> SourceId:
    """Who is asked: the source of the queue, or the only one where the agent serves any."""
    if queue is not None:
        source = roster.queue_source(queue)
        possible = [] if source is None else [source]
    else:
        possible = sorted({post.source for post in posts})
        if not possible:
            raise NotNow(f"{target} is signed in to no queue.")
    if wanted is not None and wanted not in possible:
        raise Mistaken("arguments.source", f"must be {' or '.join(possible)}, or left out")
    if wanted is None and len(possible) > 1:
        text = f"is missing: {target} serves queues of {' and '.join(possible)}; say which one, and ask twice for both"
        raise Mistaken("arguments.source", text)
    return SourceId(wanted or possible[0])


def _touches(principal: Principal, there: Sequence[Post], queue: QueueId | None, target: str) -> None:
    """The memberships a wish is about exist, and all are in the scope of who wishes."""
    touched = [post for post in there if queue in (None, post.queue)]
    if not touched:
        raise NotNow(f"{target} is no member of {queue}.")
    if not all(_in(post.queue, principal.queues) for post in touched):
        text = f"is missing: {target} serves queues, too, that are not yours; name one of yours"
        raise Mistaken("arguments.queue", text)
