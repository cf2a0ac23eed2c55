"""What a stretch of manager wire is made of: which kinds of message, with which headers in which order, and of what shape
their values are. The same is asked of the genuine captures and of the simulator."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from ccwall.transcript import read

CAPTURES = Path(__file__).parents[2] / "captures" / "asterisk"
STAMPED = "h-timestamp-chanvars"
"""The capture with timestampevents, systemname and channelvars: another vocabulary."""

SHAPES = (
    ("empty", r""),
    ("unknown", r"<unknown>|unknown"),
    ("uniqueid", r"(pbx1-)?\d{10}\.\d+"),
    ("seconds", r"\d{10}\.\d{6}"),
    ("instant", r"\d{10}"),
    ("int", r"\d+"),
    ("float", r"\d+\.\d+"),
    ("hexadecimal", r"0x[0-9a-f]+"),
    ("uuid", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("channel", r"(PJSIP|Local)/.+-[0-9a-f]{8}(;[12])?"),
    ("interface", r"(PJSIP|Local)/.+"),
    ("time", r"\d\d:\d\d:\d\d"),
    ("date", r"\d{4}-\d\d-\d\d"),
    ("moment", r"\d{4}-\d\d-\d\dT.*\+0000"),
    ("address", r"IPV4/TCP/.*"),
    ("text", r".*"),
)
_SHAPES = [(name, re.compile(pattern, re.DOTALL)) for name, pattern in SHAPES]
NUMBERS = frozenset({"instant", "int"})
_WORDS = (
    "BridgeCreator BridgeName BridgeTechnology BridgeType BridgeVideoSourceMode CID-CallingPres Cause Cause-txt "
    "ChannelState ChannelStateDesc Class DestType DialStatus Direction EventList EventVersion "
    "IsExternal Language LocalOptimization Membership Module MusicClass Paused PeerStatus "
    "Privilege Result Ringinuse Service Severity Shutdown Restart State "
    "Success SystemName TechCause Wrapuptime "
)
WORDS = frozenset(_WORDS.split())
"""Headers whose very values are a vocabulary; with any prefix (Dest…, Orig…)."""


PARTY = re.compile(
    r"^(Dest|(Orig|Second)?Transferer|Transferee|TransferTarget|Orig|Second|LocalOne|LocalTwo|Source)(?=[A-Z])"
)
"""Of whom a header speaks."""


@cache
def shape_of(value: str) -> str:
    return next(name for name, pattern in _SHAPES if pattern.fullmatch(value))


@cache
def bare(header: str) -> str:
    """The word it is, without the party it speaks of."""
    if header in WORDS:
        return header
    return next((word for word in WORDS if header.endswith(word) and header[0].isupper()), header)


Form = tuple[str, ...]


class Vocabulary:
    """`forms`: the orders of headers of each kind; `shapes`: of each header of each kind; `words`: what stands in each
    header that has only so many."""

    def __init__(self) -> None:
        self.forms: dict[str, set[Form]] = defaultdict(set)
        self._values: dict[tuple[str, str], set[str]] = defaultdict(set)

    def learn(self, blocks: Iterable[bytes]) -> "Vocabulary":
        for block in blocks:
            self._learn(headers_of(block))
        return self

    def shapes_of_headers(self) -> dict[str, set[str]]:
        """Of each header by its bare word, in whatever kind and of whatever party."""
        found: dict[str, set[str]] = defaultdict(set)
        for (_, name), shapes in self.shapes.items():
            found[PARTY.sub("", name)] |= shapes
        return found

    def _learn(self, headers: list[tuple[str, str]]) -> None:
        kind = kind_of(headers)
        self.forms[kind].add(_single(tuple(name for name, _ in headers)))
        for name, value in headers:
            self._values[kind, name].add(value)

    @property
    def shapes(self) -> dict[tuple[str, str], set[str]]:
        return {place: set(map(shape_of, values)) for place, values in self._values.items()}

    @property
    def words(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for (_, name), values in self._values.items():
            if bare(name) in WORDS:
                found[bare(name)] |= values
        return found


def _single(names: Form) -> Form:
    """Repeated headers once: how many ChanVariables or lines of output there are is no question of form."""
    return tuple(name for place, name in enumerate(names) if not place or name != names[place - 1])


def headers_of(block: bytes) -> list[tuple[str, str]]:
    pairs = (line.partition(":") for line in block.decode().split("\r\n"))
    return [(name, value.removeprefix(" ")) for name, colon, value in pairs if colon]


def kind_of(headers: list[tuple[str, str]]) -> str:
    """``Event X``, ``Item X`` of a list, or ``Response X`` with what tells one response from another."""
    (key, value), known = headers[0], dict(headers)
    if key == "Event":
        return f"{'Item' if 'ActionID' in known and 'Privilege' not in known else 'Event'} {value}"
    telling = known.get("Message", next((name for name, _ in headers[1:] if name != "ActionID"), ""))
    return f"{key} {value}: {re.sub(r':.*|[.]$', '', telling)}"


def blocks_of(wire: bytes) -> list[bytes]:
    """The messages of one whole connection."""
    wire = re.sub(rb"\AAsterisk Call Manager/[^\r]*\r\n", b"", wire)
    return [block.lstrip(b"\r\n") for block in wire.split(b"\r\n\r\n") if block.strip()]


def connections(capture: Path) -> Iterator[bytes]:
    """What each connection of a capture received."""
    wires: dict[int, bytearray] = {}
    with read(capture) as transcript:
        for record in transcript:
            if record.kind == "rx":
                wires.setdefault(record.conn, bytearray()).extend(record.body)
    yield from map(bytes, wires.values())


def captures(*, stamped: bool = False) -> list[Path]:
    found = sorted(CAPTURES.glob("*/ami*.wire.ndjson.gz"))
    return [path for path in found if (path.parent.name == STAMPED) == stamped]


@cache
def genuine_blocks(*, stamped: bool = False) -> tuple[tuple[bytes, ...], ...]:
    """Of every connection."""
    return tuple(
        tuple(blocks_of(wire)) for capture in captures(stamped=stamped) for wire in connections(capture)
    )


@cache
def genuine(*, stamped: bool = False) -> Vocabulary:
    vocabulary = Vocabulary()
    for blocks in genuine_blocks(stamped=stamped):
        vocabulary.learn(blocks)
    return vocabulary
