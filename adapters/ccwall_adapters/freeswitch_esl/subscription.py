"""Which events a client asked for, and what it will never hear.

After the word CUSTOM every further word is the name of a subclass (mod_event_socket.c 2500-2545): `event plain CUSTOM
callcenter::info CHANNEL_HOLD` is answered with +OK, and no CHANNEL_HOLD ever comes (trap 11). Subscriptions add up.
"""

from collections.abc import Sequence

from .vocabulary import EVENTS

WANTED = (
    "CHANNEL_CREATE",
    "CHANNEL_ANSWER",
    "CHANNEL_BRIDGE",
    "CHANNEL_HOLD",
    "CHANNEL_UNHOLD",
    "CHANNEL_HANGUP_COMPLETE",
    "HEARTBEAT",
)
SUBCLASS = "callcenter::info"
_LOSES = {
    "CHANNEL_HOLD": "holds",
    "CHANNEL_UNHOLD": "holds",
    "CHANNEL_HANGUP_COMPLETE": "who hung up first",
    "CHANNEL_CREATE": "states of phones",
    "CHANNEL_ANSWER": "states of phones",
}


class Subscription:
    """What one client will hear."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._names: set[str] = set()
        self._subclasses: set[str] = set()
        self._misplaced: set[str] = set()
        self._form = ""
        self._asked = False

    def take(self, line: str) -> None:
        """One `event`, `nixevent` or `noevents` that FreeSWITCH has taken."""
        verb, *words = line.split()
        self._asked = True
        if verb == "noevents":
            for names in (self._names, self._subclasses, self._misplaced):
                names.clear()
            return
        if words and words[0] in ("plain", "json", "xml"):
            form = words.pop(0)
            self._form = form if verb == "event" else self._form
        names, subclasses = _parted(words)
        if verb == "nixevent":
            self._names -= names
            self._subclasses -= subclasses
            return
        self._names |= names
        self._subclasses |= subclasses
        self._misplaced |= subclasses & EVENTS

    def complaints(self) -> Sequence[str]:
        """What this client cannot tell, in words; empty when it hears all that is wanted."""
        if not self._asked:
            return ()
        if self._form == "xml":
            return ("anything (events were asked for as XML; ccwall reads plain and JSON)",)
        if "ALL" in self._names:
            return ()
        if SUBCLASS not in self._subclasses and not ("CUSTOM" in self._names and not self._subclasses):
            return (
                f"visits of queues ({SUBCLASS} is not subscribed: add CUSTOM {SUBCLASS} as the last words)",
            )
        missing = [name for name in _LOSES if name not in self._names]
        if not missing:
            return ()
        lost = ", ".join(dict.fromkeys(_LOSES[name] for name in missing))
        if misplaced := [name for name in WANTED if name in self._misplaced and name not in self._names]:
            why = (
                f"{', '.join(misplaced)} stand after CUSTOM, where FreeSWITCH takes them for names of subclasses: "
                "put CUSTOM last"
            )
        else:
            why = f"{', '.join(missing)} are not subscribed"
        return (f"{lost} ({why})",)


def _parted(words: Sequence[str]) -> tuple[set[str], set[str]]:
    """Events before the word CUSTOM, subclasses after it."""
    upper = [word.upper() for word in words]
    if "CUSTOM" not in upper:
        return set(upper), set()
    at = upper.index("CUSTOM")
    return {*upper[:at], "CUSTOM"}, set(words[at + 1 :])
