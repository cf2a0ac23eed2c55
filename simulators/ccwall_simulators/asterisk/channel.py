"""Channels and bridges, and the block of headers by which every event describes them."""

from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from .speaker import lines
from .variant import Variant

DOWN, RING, RINGING, UP = 0, 4, 5, 6
STATES = {DOWN: "Down", RING: "Ring", RINGING: "Ringing", UP: "Up"}
UNKNOWN = "<unknown>"

_ESCAPED = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_ESCAPED |= {character: "\\" + character for character in "\\'\"?"}
_ESCAPES = str.maketrans(_ESCAPED)


def escape(text: str) -> str:
    """Names are C-escaped in channel events, and nowhere else (asterisk-notes 31)."""
    return text.translate(_ESCAPES)


@dataclass(slots=True, eq=False, kw_only=True)
class Channel:
    """One channel as it is now. Write its fields by `change`: the blocks are kept until something changes."""

    name: str
    uid: str
    linked: str
    created: float
    state: int = DOWN
    number: str = UNKNOWN
    caller: str = UNKNOWN
    line: str = UNKNOWN
    line_name: str = UNKNOWN
    context: str = ""
    exten: str = ""
    priority: int = 1
    application: str = ""
    arguments: str = ""
    bridge: "Bridge | None" = None
    shown: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    _blocks: dict[str, bytes] = field(default_factory=dict)

    def change(self, **fields: str | int) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self._blocks.clear()

    def set_variable(self, name: str, value: str) -> None:
        """Inherited (`__`) or not, it is shown by its bare name if channelvars says so."""
        bare = name.lstrip("_")
        if bare in self.shown:
            self.variables[bare] = value
            self._blocks.clear()

    def block(self, prefix: str = "") -> bytes:
        known = self._blocks.get(prefix)
        if known is None:
            known = self._blocks[prefix] = self._write(prefix)
        return known

    def _write(self, prefix: str) -> bytes:
        shown = ((f"{prefix}ChanVariable", f"{name}={self.variables.get(name, '')}") for name in self.shown)
        return lines(
            (f"{prefix}Channel", self.name),
            (f"{prefix}ChannelState", str(self.state)),
            (f"{prefix}ChannelStateDesc", STATES[self.state]),
            (f"{prefix}CallerIDNum", self.number),
            (f"{prefix}CallerIDName", escape(self.caller)),
            (f"{prefix}ConnectedLineNum", self.line),
            (f"{prefix}ConnectedLineName", escape(self.line_name)),
            (f"{prefix}Language", "en"),
            (f"{prefix}AccountCode", ""),
            (f"{prefix}Context", self.context),
            (f"{prefix}Exten", self.exten),
            (f"{prefix}Priority", str(self.priority)),
            (f"{prefix}Uniqueid", self.uid),
            (f"{prefix}Linkedid", self.linked),
            *shown,
        )


@dataclass(slots=True, eq=False)
class Bridge:
    """`BridgeNumChannels` is the number after the event it stands in."""

    uid: str
    inside: list["Channel"] = field(default_factory=list)

    def join(self, channel: "Channel") -> None:
        """All who talk together get the Linkedid of the oldest."""
        self.inside.append(channel)
        channel.bridge = self
        oldest = min((one.linked for one in self.inside), key=_age)
        for one in self.inside:
            if one.linked != oldest:
                one.change(linked=oldest)

    def leave(self, channel: "Channel") -> None:
        self.inside.remove(channel)
        channel.bridge = None

    def block(self, prefix: str = "") -> bytes:
        return lines(
            (f"{prefix}BridgeUniqueid", self.uid),
            (f"{prefix}BridgeType", "basic"),
            (f"{prefix}BridgeTechnology", "simple_bridge"),
            (f"{prefix}BridgeCreator", UNKNOWN),
            (f"{prefix}BridgeName", UNKNOWN),
            (f"{prefix}BridgeNumChannels", str(len(self.inside))),
            (f"{prefix}BridgeVideoSourceMode", "none"),
        )


def _age(uid: str) -> tuple[int, int]:
    """``1795307413.23``, ``pbx1-1795307413.23``."""
    second, _, number = uid.rpartition("-")[2].partition(".")
    return int(second), int(number)


class Numbers:
    """Names and ids. All counters begin again when the process does, so names come again; Uniqueids begin with the
    second in which they were given and do not (asterisk-notes 36)."""

    def __init__(self, variant: Variant, seed: int) -> None:
        self._prefix = f"{variant.system_name}-" if variant.system_name else ""
        self._dice = Random(seed)
        self._uids = self._phones = self._locals = 0

    def restart(self) -> None:
        self._uids = self._phones = self._locals = 0

    def uid(self, t: float) -> str:
        self._uids += 1
        return f"{self._prefix}{int(t)}.{self._uids - 1}"

    def phone(self, device: str) -> str:
        self._phones += 1
        return f"{device}-{self._phones - 1:08x}"

    def local(self, base: str) -> str:
        """Without the ``;1`` or ``;2``."""
        self._locals += 1
        return f"{base}-{self._locals - 1:08x}"

    def uuid(self) -> str:
        return str(UUID(int=self._dice.getrandbits(128), version=4))

    def hexadecimal(self, digits: int) -> str:
        return f"{self._dice.getrandbits(4 * digits):0{digits}x}"

    def challenge(self) -> str:
        return str(self._dice.randrange(10**8, 2**31))
