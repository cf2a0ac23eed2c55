"""One client of the Event Socket: its password, its subscriptions, and the bytes in both directions, all of them bounded."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ccwall_adapters.freeswitch_esl import wire
from ccwall_adapters.freeswitch_esl.wire import Command, Format, ProtocolError

from .events import NAMES
from .speaker import Event
from .variant import Variant

LONGEST_COMMAND = 64 * 1024
"""Bytes of a command's body."""
QUEUE = 100_000
"""Events a listener may leave unread (MAX_QUEUE_LEN of mod_event_socket); what comes then is lost."""
LOST_AT_MOST = 500
"""Losses (MAX_MISSED) after which the listener is killed."""
UNREAD = 256 * 1024 * 1024
"""Bytes a client may leave unread, whatever they are."""


class Desk(Protocol):
    """Who runs the API commands of a client that is let in."""

    def api(self, command: str) -> str: ...
    def job(self, command: str, wanted: str) -> str:
        """Run it behind the scenes; the job's id."""
        ...

    def forget(self, client: "EslConnection") -> None: ...


class EslConnection:
    """See `far_end.Connection`."""

    def __init__(self, desk: Desk, variant: Variant, password: str) -> None:
        self._desk, self._password = desk, password
        self._commands = wire.CommandLines(LONGEST_COMMAND)
        self._out = bytearray()
        self._form: Format = "plain"
        self._names: set[str] = set()
        self._subclasses: set[str] = set()
        self._filters: list[tuple[str, str]] = []
        self._let_in = self._closed = False
        self._unread = self._lost = 0
        self._answers: Mapping[str, Callable[[Command, Sequence[str]], None]] = {
            "event": self._event,
            "nixevent": self._nixevent,
            "noevents": self._noevents,
            "filter": self._filter,
            "api": self._api,
            "bgapi": self._bgapi,
            "log": lambda command, words: self._reply(f"+OK log level {(words or ['debug'])[0]} [7]"),
            "nolog": lambda command, words: self._reply("+OK no longer logging"),
            "linger": lambda command, words: self._reply("-ERR not controlling a session"),
            "myevents": lambda command, words: self._reply("-ERR not controlling a session"),
        }
        if variant.denied:
            self._write(wire.rude_rejection())
            self._closed = True
        else:
            self._write(wire.AUTH_REQUEST)

    # ── the contract ──

    @property
    def closed(self) -> bool:
        return self._closed

    def receive(self, data: bytes) -> None:
        if self._closed:
            return
        try:
            commands = self._commands.feed(data)
        except ProtocolError:
            self.hang_up()
            return
        for command in commands:
            if not self._closed:
                self._obey(command)

    def outgoing(self) -> bytes:
        data = bytes(self._out)
        self._out.clear()
        self._unread = 0
        return data

    def close(self) -> None:
        self._out.clear()
        self.hang_up()

    # ── what the switch does with it ──

    def wants(self, name: str, subclass: str) -> bool:
        """ALL, or the event's name; of CUSTOM ones only the subclasses that were asked for."""
        if "ALL" in self._names:
            return True
        return name in self._names and (not subclass or subclass in self._subclasses)

    def hear(self, event: Event) -> None:
        if self._closed or (self._filters and not self._passes(event)):
            return
        if self._unread >= QUEUE:
            self._lose()
            return
        self._unread += 1
        self._write(event.wire(self._form))

    def say_goodbye(self, text: str) -> None:
        """Its last words to this client."""
        self._write(wire.disconnect_notice(text))
        self.hang_up()

    def hang_up(self) -> None:
        if not self._closed:
            self._closed = True
            self._commands.clear()
            self._desk.forget(self)

    def _lose(self) -> None:
        self._lost += 1
        if self._lost > LOST_AT_MOST:
            self.say_goodbye(wire.LOST_EVENTS)

    def _passes(self, event: Event) -> bool:
        """One that matches is enough; one that matches and begins with ``-`` forbids it."""
        told = dict(event.pairs())
        passes = False
        for name, wanted in self._filters:
            text = wanted.lstrip("+- ")
            negative = wanted[: len(wanted) - len(text)].rstrip().endswith("-")
            if name not in told or told[name].lower() != text.lower():
                continue
            if negative:
                return False
            passes = True
        return passes

    def _write(self, data: bytes) -> None:
        if self._closed:
            return
        self._out += data
        if len(self._out) > UNREAD:
            self._out.clear()
            self.hang_up()

    def _reply(self, text: str, *more: tuple[str, str]) -> None:
        self._write(wire.command_reply(text, *more))

    # ── commands ──

    def _obey(self, command: Command) -> None:
        word, _, rest = command.line.partition(" ")
        word = word.lower()
        if word in {"exit", "..."}:
            self._reply("+OK bye")
            self.say_goodbye(wire.GOODBYE)
        elif not self._let_in:
            self._authenticate(word, rest.strip())
        elif word in {"auth", "userauth"}:
            self._reply("-ERR command not found")
        elif word in self._answers:
            self._answers[word](command, rest.split())
        else:
            self._reply("-ERR command not found")

    def _authenticate(self, word: str, password: str) -> None:
        if word == "auth" and password == self._password:
            self._let_in = True
            self._reply("+OK accepted")
        elif word in {"auth", "userauth"}:
            self._reply("-ERR invalid")
            self.say_goodbye(wire.GOODBYE)
        else:
            self._reply("-ERR command not found")

    def _event(self, command: Command, words: Sequence[str]) -> None:
        """Subscriptions add up; the format is the socket's, so the last one is that of everything."""
        form = self._form
        if words and words[0].lower() in {"plain", "json", "xml"}:
            if words[0].lower() == "xml":
                self._reply("-ERR events are written in plain or json here, not in xml")
                return
            form = "json" if words[0].lower() == "json" else "plain"
            words = words[1:]
        names, subclasses = _understood(words)
        self._form = form
        if not names:
            self._reply("-ERR no keywords supplied")
            return
        self._names |= names
        self._subclasses |= subclasses
        self._reply(f"+OK event listener enabled {form}")

    def _nixevent(self, command: Command, words: Sequence[str]) -> None:
        names, subclasses = _understood(words)
        if not names:
            self._reply("-ERR no keywords supplied")
            return
        if "ALL" in names:
            self._names.clear()
        elif "ALL" in self._names:
            self._names = {*NAMES, *self._names} - {"ALL"}
        self._subclasses -= subclasses
        self._names -= names - ({"CUSTOM"} if subclasses and self._subclasses else set())
        self._reply("+OK events nixed")

    def _noevents(self, command: Command, words: Sequence[str]) -> None:
        self._names.clear()
        self._subclasses.clear()
        self._reply("+OK no longer listening for events")

    def _filter(self, command: Command, words: Sequence[str]) -> None:
        if words[:1] == ["delete"]:
            name, wanted = " ".join(words[1:2]), " ".join(words[2:])
            self._filters = [each for each in self._filters if each[0] != name or wanted not in ("", each[1])]
            self._reply(f"+OK filter deleted. [{name}]=[{wanted}]")
        elif len(words) < 2:
            self._reply("-ERR invalid syntax")
        else:
            name, wanted = words[0], " ".join(words[1:])
            self._filters.append((name, wanted))
            self._reply(f"+OK filter added. [{name}]=[{wanted}]")

    def _api(self, command: Command, words: Sequence[str]) -> None:
        if not words:
            self._reply("-ERR command not found")
            return
        self._write(wire.api_response(self._desk.api(command.line.partition(" ")[2].strip())))

    def _bgapi(self, command: Command, words: Sequence[str]) -> None:
        if not words:
            self._reply("-ERR command not found")
            return
        wanted = next((value for name, value in command.headers if name == "Job-UUID"), "")
        job = self._desk.job(command.line.partition(" ")[2].strip(), wanted)
        self._reply(f"+OK Job-UUID: {job}", ("Job-UUID", job))


def _understood(words: Sequence[str]) -> tuple[set[str], set[str]]:
    """Names of events, and of CUSTOM's subclasses: after the word CUSTOM every word is taken for one of those."""
    names: set[str] = set()
    subclasses: set[str] = set()
    for word in words:
        if "CUSTOM" in names:
            subclasses.add(word)
        elif word.upper() in NAMES:
            names.add(word.upper())
    return names, subclasses
