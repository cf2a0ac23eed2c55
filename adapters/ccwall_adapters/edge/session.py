"""Many edges over one router, sans I/O. The words are in `ccwall.wire.edge`; the contract is `ccwall.adapter.Session`.

    closed ──open──▶ snapshot ──every edge we know of is there, or 10 s──▶ live

An edge says everything until it has a receipt, and the link gives receipts for what is in the journal. So each fact
comes at least once, and by its number it is taken in once: `SourceTook` after each brings that over a restart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, cast

import msgspec

from ccwall.adapter import Directory, Known, Mode, State
from ccwall.events import (
    AgentId,
    AnyEvent,
    CommandRefused,
    CommandRequested,
    DeviceFault,
    DeviceHeadset,
    DeviceId,
    DevicePressed,
    DeviceSeen,
    DeviceStateChanged,
    QueueId,
    SeatId,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceTook,
    SourceUp,
)
from ccwall.wire import edge as wire
from ccwall.wire.foreign import Foreign
from ccwall.wire.parcel import Parcel, Parcels, pack

from .desk import OFF, RIGHT, Desk
from .settings import MOST_EDGES, EdgeSettings

GATHER = 10.0
"""Seconds after the start in which the edges that are known come back, before those that do not are said to be away."""
TWIN = 5.0
"""Seconds since its last word within which an edge lives: another one of its name is a second one."""
MOST_KINDS = 200
_OF_DEVICES = (DeviceFault, DeviceHeadset, DevicePressed, DeviceSeen, DeviceStateChanged)
_decode_fact = msgspec.json.Decoder(dict[str, object]).decode


class Place:
    """The directory as one edge sees it: its devices, calls and seats have its name before them."""

    def __init__(self, directory: Directory, edge: str) -> None:
        self._directory, self._edge = directory, edge

    def queue(self, name: str) -> QueueId:
        return self._directory.queue(name)

    def agent(self, *keys: str) -> AgentId:
        return self._directory.agent(*(f"{self._edge}/{key}" for key in keys), *keys)

    def person(self, *keys: str) -> AgentId | None:
        return self._directory.person(*(f"{self._edge}/{key}" for key in keys), *keys)

    def seat(self, key: str) -> SeatId:
        return self._directory.seat(f"{self._edge}/{key}")

    def own(self, key: str) -> str:
        return self._directory.own(f"{self._edge}/{key}")

    def wrap_up(self, queue: str) -> float:
        return self._directory.wrap_up(queue)


class EdgeSession:
    """See the module."""

    only_listens: Literal[True] = True

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        self._settings = cast(EdgeSettings, settings)
        self._directory, self._live, self._rate = directory, mode == "live", 1.0
        self._parcels = Parcels()
        self._desks: dict[str, Desk] = {}
        self._by_id: dict[str, Desk] = {}
        self._foreign: dict[str, Foreign] = {}
        self._counts: Counter[str] = Counter()
        self._state: State = "closed"
        self._opened = 0.0
        self._out = bytearray()
        self._facts: list[AnyEvent] = []
        for name in self._settings.edges:
            self._desk(name)

    # ── the contract ──

    @property
    def state(self) -> State:
        return self._state

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts

    def recall(self, took: Mapping[str, Sequence[str]]) -> None:
        for name, marks in took.items():
            series, colon, number = (marks[-1] if marks else "").rpartition(":")
            desk = self._desk(name)
            if colon and desk is not None and number.isdigit():
                desk.series, desk.upto, desk.recalled = series, int(number), True
                desk.said_down = True

    def open(self, now: float) -> list[AnyEvent]:
        self._parcels.clear()
        self._out.clear()
        self._by_id.clear()
        self._state, self._opened = "snapshot", now
        for desk in self._desks.values():
            desk.id, desk.settled = "", False
        return [SourceUp(at=now), SourceResyncStarted(at=now)]

    def at_pace(self, rate: float) -> None:
        self._rate = rate

    def remember(self, visits: Iterable[Known]) -> None:
        """Desks know no visits."""

    def sent(self, data: bytes, now: float) -> None:
        """What was answered follows from what was said."""

    def outgoing(self) -> bytes:
        out = bytes(self._out)
        self._out.clear()
        return out

    def command(self, wish: CommandRequested, now: float) -> list[AnyEvent]:
        return [CommandRefused(at=now, command_id=wish.command_id, detail="an edge takes no commands")]

    def receive(self, data: bytes, now: float) -> list[AnyEvent]:
        if self._state == "closed" or not data:
            return []
        for parcel in self._parcels.feed(data):
            if "link" in parcel.head:
                self._count(f"link {parcel.head['link']}")
            else:
                self._heard(parcel, now)
                self._gather(now)
        return self._told()

    def tick(self, now: float) -> list[AnyEvent]:
        if self._state == "closed":
            return []
        for desk in self._desks.values():
            if desk.heard is not None and now - desk.heard > self._settings.away_after * self._rate:
                self._away(desk, now)
        self._gather(now)
        return self._told()

    def skipped(self, since: float, now: float) -> list[AnyEvent]:
        self._parcels.clear()
        if self._state == "closed":
            return []
        return [SourceGap(at=now, since=since, reason="skipped")]

    def close(self, now: float, reason: str = "eof", detail: str = "") -> list[AnyEvent]:
        if self._state == "closed":
            return []
        self._state = "closed"
        self._parcels.clear()
        for desk in self._desks.values():
            desk.heard = None
        self._facts.append(
            msgspec.convert(
                {"type": "source.down", "at": now, "reason": reason, "detail": detail}, SourceDown
            )
        )
        return self._told()

    # ── words ──

    def _told(self) -> list[AnyEvent]:
        told, self._facts = self._facts, []
        return told

    def _heard(self, parcel: Parcel, now: float) -> None:
        id, user = str(parcel.head.get("id", "")), str(parcel.head.get("user", ""))
        try:
            word = wire.of_edge(parcel.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._count("unreadable", known=False)
            if "receipt" in parcel.head:  # its sender will forget it now
                desk = self._by_id.get(id)
                since = now if desk is None or desk.heard is None else desk.heard
                self._facts.append(
                    SourceGap(at=now, since=since, reason=f"unreadable words of {user or id}"[:200])
                )
            return
        self._count(type(word).__name__.lower())
        if isinstance(word, wire.Hello):
            self._hello(id, user, word, now)
            return
        here = self._by_id.get(id)
        if here is None or here.id != id:
            self._say(id, wire.Who())
            return
        self._of(here, id, word, now)

    def _of(self, desk: Desk, id: str, word: wire.FromEdge, now: float) -> None:
        """A word of an edge that has said hello."""
        if desk.away and not isinstance(word, wire.Bye):
            self._say(id, wire.Who())  # it was silent, not gone: it has to say again what stands
        if isinstance(word, wire.Facts):
            self._hear(desk, now, word.now)
            if word.series == desk.series:
                self._take(desk, word, now)
        elif isinstance(word, wire.Beat):
            self._hear(desk, now, word.now)
            self._say(id, wire.Beat())
        else:
            desk.heard = now
            self._by_id.pop(id, None)
            self._away(desk, now)

    def _hello(self, id: str, user: str, word: wire.Hello, now: float) -> None:
        name = user or word.edge
        desk = self._desk(name)
        if user and word.edge != user:
            self._refuse(
                id, f"this key is that of {user}, not of {word.edge[:100]}: check [edge] name, there and here"
            )
        elif self._settings.secret and not user:
            self._refuse(id, "nobody vouches for this key")
        elif desk is None:
            self._refuse(
                id,
                f"{MOST_EDGES} edges are here already: let a second source take the others, on a port of its own",
            )
        elif self._is_twin(desk, id, word, now):
            self._refuse(
                id,
                f"another edge speaks as {name}, or did {TWIN:g} s ago: each needs a name and a key of its own",
            )
        else:
            self._welcome(desk, id, word, now)

    def _is_twin(self, desk: Desk, id: str, word: wire.Hello, now: float) -> bool:
        lives = desk.heard is not None and now - desk.heard < TWIN * self._rate
        return lives and not desk.away and desk.id != id and desk.series != word.series

    def _welcome(self, desk: Desk, id: str, word: wire.Hello, now: float) -> None:
        if desk.series and desk.series != word.series:
            began = f"{desk.name} lost its spool and began a new one"
            self._facts.append(
                SourceGap(at=now, since=now if desk.heard is None else desk.heard, reason=began)
            )
        if desk.series != word.series:
            desk.series, desk.upto = word.series, 0
        self._by_id.pop(desk.id, None)
        desk.id, self._by_id[id] = id, desk
        self._hear(desk, now, word.now)
        if desk.away:
            desk.away = False
            device, agent = self._itself(desk)
            product = f"ccwall edge {word.version}"[:100]
            self._facts.append(
                DeviceSeen(at=now, device=device, kind="edge", name=desk.name, product=product, agent=agent)
            )
            if desk.said_away or desk.recalled:
                self._fault(desk, "edge_away", now, cleared=True)
            if desk.recalled:  # what was said before a restart of ours
                self._fault(desk, "clock_off", now, cleared=True)
            desk.said_away = desk.recalled = False
        self._say(id, wire.Welcome())

    def _refuse(self, id: str, why: str) -> None:
        self._count("refused")
        self._say(id, wire.Refused(why=why))

    # ── facts ──

    def _take(self, desk: Desk, word: wire.Facts, now: float) -> None:
        if word.n < 1:
            self._count("unreadable", known=False)
            return
        if word.n > desk.upto + 1 and desk.upto:
            lost = f"{word.n - desk.upto - 1} facts of {desk.name} are missing"
            self._facts.append(SourceGap(at=now, since=min(desk.heard or now, now), reason=lost))
        for number, told in enumerate(word.facts, word.n):
            if number <= desk.upto:
                self._count("again")
                continue
            self._fact(desk, told, now)
            desk.upto = number
            mark = f"{desk.series}:{number}"
            self._facts.append(SourceTook(at=now, stream=desk.name, mark=mark, upto=True))

    def _fact(self, desk: Desk, told: wire.Told, now: float) -> None:
        if not told.fact:
            desk.settled = True
            self._say_down(desk, now)
            return
        try:
            said = _decode_fact(told.fact)
            at = said.get("at")
            said["at"] = desk.corrected(float(at) if isinstance(at, int | float) else now, now)
            kind = str(said.pop("type", ""))
            if kind.startswith("source."):
                self._its_source(desk, told.source, kind, said, now)
                return
            event = self._place(desk.name).fact(kind, said, now)
        except (ValueError, RecursionError):
            self._count("refused fact", known=False)
            return
        if isinstance(event, _OF_DEVICES) and event.agent is None:
            keys = (str(said.get("device", "")), told.source)
            event = msgspec.structs.replace(event, agent=self._person(desk, *keys))
        self._facts += desk.told(told.source, event, now)
        self._facts.append(event)

    def _its_source(self, desk: Desk, source: str, kind: str, said: dict[str, object], now: float) -> None:
        """What becomes of its devices when one of an edge's own sources comes and goes."""
        at = cast(float, said["at"])
        if kind == "source.down":
            desk.down.add(source[:100])
            self._facts += desk.gone(at, source)
        elif kind == "source.resync_started":
            desk.doubt(source)
        elif kind == "source.resync_finished":
            desk.down.discard(source[:100])
            self._facts += desk.gone(at, source, unconfirmed=True)
        elif kind == "source.gap":
            since = said.get("since")
            begin = desk.corrected(float(since), now) if isinstance(since, int | float) else at
            reason = f"{desk.name}/{source}: {said.get('reason', '')}"[:200]
            self._facts.append(SourceGap(at=at, since=min(begin, at), reason=reason))
        if desk.settled:
            self._say_down(desk, at)

    def _say_down(self, desk: Desk, at: float) -> None:
        if bool(desk.down) != desk.said_down:
            desk.said_down = bool(desk.down)
            self._fault(desk, "source_down", at, cleared=not desk.down)

    # ── edges ──

    def _hear(self, desk: Desk, now: float, its: float) -> None:
        desk.hear(now, its)
        off = abs(desk.offset)
        if off > OFF * self._rate and not desk.clock_off:
            desk.clock_off = True
            self._fault(desk, "clock_off", now)
        elif off < RIGHT * self._rate and desk.clock_off:
            desk.clock_off = False
            self._fault(desk, "clock_off", now, cleared=True)

    def _away(self, desk: Desk, now: float) -> None:
        """It is silent, or said goodbye: what it said last holds no more."""
        if desk.away and desk.said_away:
            return
        desk.away = desk.said_away = True
        at = now if desk.heard is None else desk.heard
        desk.heard = None
        self._fault(desk, "edge_away", at)
        self._facts += desk.gone(at)

    def _gather(self, now: float) -> None:
        """After the start: until every edge that is known has said what stands, or long enough."""
        if self._state != "snapshot":
            return
        late = now - self._opened >= GATHER * self._rate
        if not late and any(not desk.settled for desk in self._desks.values()):
            return
        if not late and not self._desks:
            return
        self._state = "live"
        for desk in self._desks.values():
            if desk.heard is None:
                self._away(desk, now)
        self._facts.append(SourceResyncFinished(at=now))

    def _fault(self, desk: Desk, fault: str, at: float, *, cleared: bool = False) -> None:
        device, agent = self._itself(desk)
        self._facts.append(DeviceFault(at=at, device=device, fault=fault, agent=agent, cleared=cleared))

    def _itself(self, desk: Desk) -> tuple[DeviceId, AgentId | None]:
        return DeviceId(self._directory.own(desk.name)), self._person(desk)

    def _person(self, desk: Desk, *keys: str) -> AgentId | None:
        """Whose a device is: by its own key, by the edge's source it hangs at, or by the whole PC."""
        return self._directory.person(*(f"{desk.name}/{key}" for key in keys), desk.name)

    def _desk(self, name: str) -> Desk | None:
        desk = self._desks.get(name)
        if desk is None and name and len(name) <= wire.LONGEST_NAME and len(self._desks) < MOST_EDGES:
            desk = self._desks[name] = Desk(name)
        return desk

    def _place(self, edge: str) -> Foreign:
        found = self._foreign.get(edge)
        if found is None:
            found = self._foreign[edge] = Foreign(Place(self._directory, edge))
        return found

    def _say(self, id: str, word: wire.Word) -> None:
        if self._live:
            self._out += pack({"id": id}, wire.written(word))

    def _count(self, kind: str, known: bool = True) -> None:
        name = kind[:60] if known else f"unknown:{kind[:60]}"
        if name not in self._counts and len(self._counts) >= MOST_KINDS:
            name = "unknown:more"
        self._counts[name] += 1
