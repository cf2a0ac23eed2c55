"""What was asked and what is awaited: the Event Socket answers in order, and its answers do not say to what."""

import re
from collections import deque
from typing import Literal, NamedTuple

Kind = Literal[
    "auth", "events", "status", "queues", "agents", "tiers", "members", "channels", "command", "other"
]

MOST_AWAITED = 100_000
"""Questions without an answer; a session asks one for each queue."""

LONGEST_LINE = 4096
"""Characters of a subscription that are looked at; all events together have half of it."""

_WORD = re.compile(r"'([^']*)'|\"([^\"]*)\"|(\S+)")
_LISTS: dict[tuple[str, ...], Kind] = {
    ("queue", "list"): "queues",
    ("agent", "list"): "agents",
    ("tier", "list"): "tiers",
    ("queue", "list", "members"): "members",
}
_PLAINLY = {" ".join(words): kind for words, kind in _LISTS.items()}
"""As they are nearly always written."""


class Question(NamedTuple):
    """One command. `by_api` is how it is answered; `argument` the queue of a list, whose command it was, or the line that
    asks for events."""

    kind: Kind
    by_api: bool = False
    argument: str = ""


def question(line: str) -> Question:
    """What a command line asks.

    >>> question("api callcenter_config queue list members 'first aid'")
    Question(kind='members', by_api=True, argument='first aid')
    >>> question("api callcenter_config agent list nosuch"), question("event plain ALL").kind
    (Question(kind='other', by_api=True, argument=''), 'events')
    """
    verb, _, rest = line.strip().partition(" ")
    if verb != "api":
        if verb in _EVENTS:
            return Question("events", argument=line.strip()[:LONGEST_LINE])
        return Question("auth" if verb in ("auth", "userauth") else "other")
    name, _, arguments = rest.strip().partition(" ")
    if not name:
        return Question("other")  # answered as if it were no api at all
    return Question(*_api(name, arguments.strip()))


_EVENTS = frozenset({"event", "nixevent", "noevents"})


def _api(name: str, arguments: str) -> tuple[Kind, bool, str]:
    if name == "status":
        return "status", True, ""
    if name == "show" and arguments == "channels as json":
        return "channels", True, ""
    if name == "callcenter_config":
        kind, queue = listing(arguments)
        return kind, True, queue
    return "other", True, ""


def listing(arguments: str) -> tuple[Kind, str]:
    """Which list the arguments of `callcenter_config` ask for; a list of one agent is not the truth of all."""
    if arguments in _PLAINLY:
        return _PLAINLY[arguments], ""
    words = ["".join(found) for found in _WORD.findall(arguments)]
    if tuple(words) in _LISTS:
        return _LISTS[tuple(words)], ""
    if len(words) == 4 and tuple(words[:3]) == ("queue", "list", "members"):
        return "members", words[3]
    return "other", ""


class Questions:
    """In order of asking."""

    def __init__(self) -> None:
        self._awaited: deque[Question] = deque(maxlen=MOST_AWAITED)

    def __len__(self) -> int:
        return len(self._awaited)

    def asked(self, one: Question) -> None:
        self._awaited.append(one)

    def answered(self, *, by_api: bool) -> Question | None:
        """What this answers. Those before it that are answered otherwise never will be: the recording began later."""
        while self._awaited:
            one = self._awaited.popleft()
            if one.by_api == by_api:
                return one
        return None

    def clear(self) -> None:
        self._awaited.clear()
