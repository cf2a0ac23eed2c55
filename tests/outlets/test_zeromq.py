"""One ccwall feeds another over ZeroMQ: the same numbers at both ends, and a loss on the way is a gap that heals."""

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
import zmq
import zmq.asyncio

from ccwall.clock import SystemClock
from ccwall.config import SITE, Config
from ccwall.config import read as read_config
from ccwall.directory import ConfiguredDirectory
from ccwall.engine import Engine
from ccwall.events import (
    AgentNotReady,
    AnyEvent,
    CallLogged,
    ContactAnswered,
    ContactQueued,
    ContactReleased,
    DeviceHeadset,
    SourceGap,
    SourceId,
    SourceResyncFinished,
)
from ccwall.intake import Intake
from ccwall.mirror import Mirror
from ccwall.outlets.contract import BY_TYPE
from ccwall.outlets.feed import HouseFeed
from ccwall.outlets.masked import masked
from ccwall.outlets.standing import Standing
from ccwall.outlets.zeromq import Settings
from ccwall.supervise import Supervisor
from ccwall.transcript import read
from ccwall.transport import Address, connect
from ccwall_adapters.asterisk_ami import AmiSession, AmiSettings
from ccwall_adapters.zeromq import ADAPTER, ZeromqSettings
from tests.transport.test_zmq import CLIENT, SERVER, STRANGER, free_port

CAPTURE = Path(__file__).parents[1] / "captures" / "asterisk" / "b-steady" / "ami.wire.ndjson.gz"
PBX, SHANGHAI = SourceId("pbx1"), SourceId("shanghai")
COUNTED = ("offered", "answered", "abandoned", "short", "lost", "refused", "waiting", "talking", "asa", "aht")


def captured() -> list[AnyEvent]:
    """A genuine quarter of an hour of a PBX, as facts."""
    facts: list[AnyEvent] = []
    session = AmiSession(AmiSettings(username="", secret=""), ConfiguredDirectory(PBX, Config()), "observe")
    with read(CAPTURE) as transcript:
        for record in transcript:
            if record.kind == "rx":
                facts += session.receive(record.body, record.t)
            elif record.kind == "tx":
                session.sent(record.body, record.t)
            elif record.event == "connect":
                facts += session.open(record.t)
    return facts


FACTS = captured()
START = FACTS[-1].at + 1


def address(port: int) -> Address:
    return Address(scheme="zmq", host="127.0.0.1", port=port)


class Site:
    """A house with an outlet: facts go in by `tell`."""

    def __init__(self, port: int, **settings: object) -> None:
        self.clock = SystemClock(start=START)
        self.engine = Engine(SITE)
        self.board = Mirror()
        self.feed = HouseFeed(self.clock, self._board, SITE, "UTC")
        self.intake = Intake(SITE, self.engine.apply, self.feed.put)
        chosen = Settings(**{"resync_every": 0.3, "board_every": 0.1, **settings})  # type: ignore[arg-type]
        self.outlet = BY_TYPE["zeromq"].outlet("sh", address(port), chosen, self.feed)

    def _board(self) -> dict[str, object]:
        self.board.apply(self.engine.changes(self.clock.now()))
        return self.board.root

    async def run(self) -> None:
        await self.outlet.run()

    def tell(self, facts: Sequence[AnyEvent]) -> None:
        for fact in facts:
            self.intake.take(PBX, [fact], fact.at)


class Office:
    """Another ccwall that reads it."""

    def __init__(self, port: int, **settings: object) -> None:
        self.engine = Engine(SITE)
        self.facts: list[AnyEvent] = []
        intake = Intake(SITE, self.engine.apply)
        chosen = ZeromqSettings(**settings)  # type: ignore[arg-type]

        def emit(events: Sequence[AnyEvent], now: float) -> None:
            self.facts += events
            intake.take(SHANGHAI, events, now)

        self.session = ADAPTER.session(chosen, ConfiguredDirectory(SHANGHAI, Config()), "live")
        self.supervisor = Supervisor(
            SHANGHAI,
            self.session,
            lambda: connect(address(port), ADAPTER.dial(chosen, "shanghai")),
            emit,
            SystemClock(start=START),
        )

    async def run(self) -> None:
        await self.supervisor.run()

    def has(self, kind: type[AnyEvent], count: int = 1) -> bool:
        return sum(isinstance(fact, kind) for fact in self.facts) >= count


def numbers(engine: Engine) -> dict[str, dict[str, object]]:
    queues = engine.summary(START + 60)["queues"]
    assert isinstance(queues, dict)
    return {name.rpartition("/")[2]: {key: told[key] for key in COUNTED} for name, told in queues.items()}


@asynccontextmanager
async def running(*parts: "Site | Office | Leak") -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part.run()) for part in parts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(what: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not what():  # noqa: ASYNC110 - real sockets ring no bell for a test
            await asyncio.sleep(0.01)


class Leak:
    """Between publisher and reader: hands everything on, but for what it is told to lose."""

    def __init__(self, publisher: int, reader: int) -> None:
        self._publisher, self._reader = publisher, reader
        self.lose = 0
        self.lost = 0

    async def run(self) -> None:
        context = zmq.asyncio.Context()
        inside, outside = context.socket(zmq.SUB), context.socket(zmq.PUB)
        try:
            for each in (inside, outside):
                each.set_hwm(
                    0
                )  # on a busy machine a thousand messages are soon on their way: it loses what it is told to
            inside.subscribe(b"")
            inside.connect(f"tcp://127.0.0.1:{self._publisher}")
            outside.bind(f"tcp://127.0.0.1:{self._reader}")
            while True:
                frames = await inside.recv_multipart()
                if self.lose:
                    self.lose -= 1
                    self.lost += 1
                else:
                    await outside.send_multipart(frames)
        finally:
            context.destroy(0)


async def test_another_ccwall_comes_to_the_same_numbers() -> None:
    port = free_port()
    site, office = Site(port), Office(port, topics=("ccwall.facts",))
    async with running(site, office):
        await until(lambda: office.session.state == "live")
        site.tell(FACTS)
        await until(lambda: numbers(office.engine) == numbers(site.engine))
    assert numbers(site.engine)["consult"]["answered"]
    assert not office.has(SourceGap)


async def test_who_comes_in_mid_day_learns_who_waits_and_talks() -> None:
    port = free_port()
    site, office = Site(port), Office(port, topics=("ccwall.facts",))
    middle = len(FACTS) // 2
    async with running(site):
        site.tell(FACTS[:middle])
        await until(lambda: site.outlet.vitals()["state"] == "live")
        async with running(office):
            await until(lambda: office.session.state == "live")
            seen, truth = numbers(office.engine), numbers(site.engine)
    for queue in truth:
        for gauge in ("waiting", "talking"):
            assert seen.get(queue, {}).get(gauge, 0) == truth[queue][gauge], (queue, gauge)
    assert sum(int(str(each["talking"])) for each in truth.values())


async def test_a_loss_becomes_a_gap_and_then_heals() -> None:
    port, behind = free_port(), free_port()
    site, office, leak = (
        Site(port, resync_every=2.0),
        Office(behind, topics=("ccwall.facts",)),
        Leak(port, behind),
    )
    third = len(FACTS) // 3
    async with running(site, office, leak):
        await until(lambda: office.session.state == "live")
        site.tell(FACTS[:third])
        await until(lambda: numbers(office.engine) == numbers(site.engine))
        leak.lose = 40
        site.tell(FACTS[third : 2 * third])
        await until(lambda: office.has(SourceGap))
        site.tell(FACTS[2 * third :])
        await until(lambda: office.session.state == "live" and numbers(office.engine) == numbers(site.engine))
    assert leak.lost == 40
    assert office.has(SourceResyncFinished, 2)


async def test_a_reader_that_was_away_misses_nothing_of_the_last_minute() -> None:
    port = free_port()
    site, office = Site(port), Office(port, topics=("ccwall.facts",))
    third = len(FACTS) // 3
    async with running(site):
        async with running(office):
            await until(lambda: office.session.state == "live")
            site.tell(FACTS[:third])
            await until(lambda: numbers(office.engine) == numbers(site.engine))
        site.tell(FACTS[third:])
        async with running(office):
            await until(lambda: office.session.state == "live")
            await until(lambda: numbers(office.engine) == numbers(site.engine))


async def told(
    port: int, topic: bytes, enough: Callable[[list[dict[str, object]]], bool]
) -> list[dict[str, object]]:
    """What a plain reader hears, decoded."""
    context = zmq.asyncio.Context()
    socket = context.socket(zmq.SUB)
    socket.subscribe(topic)
    socket.connect(f"tcp://127.0.0.1:{port}")
    heard: list[dict[str, object]] = []
    try:
        async with asyncio.timeout(30):
            while not enough(heard):
                _, body = await socket.recv_multipart()
                heard.append(msgspec.json.decode(body))
    finally:
        context.destroy(0)
    return heard


async def test_the_board_comes_whole_and_then_as_patches_that_fit() -> None:
    port = free_port()
    site = Site(port, snapshot_every=0.3)
    async with running(site):
        reading = asyncio.create_task(
            told(
                port,
                b"ccwall.board",
                lambda heard: sum(each["type"] == "board.snapshot" for each in heard) >= 3,
            )
        )
        for place in range(0, len(FACTS), 20):
            site.tell(FACTS[place : place + 20])
            await asyncio.sleep(0.01)
        heard = await reading
    numbers_heard = [int(str(each["n"])) for each in heard]
    assert numbers_heard == list(range(numbers_heard[0], numbers_heard[0] + len(heard)))
    board, seq = Mirror(), None
    for each in heard:
        if each["type"] == "board.patch" and seq is not None:
            assert each["base"] == seq
            change = msgspec.convert({"set": each["set"], "delete": each["del"]}, Patch)
            board.apply(change)
            seq = each["seq"]
        elif each["type"] == "board.snapshot":
            if seq is not None:
                assert board.root == each["board"]
                assert seq == each["seq"]
            board.root = msgspec.convert(each["board"], dict[str, object])
            seq = each["seq"]
    assert board.root["queues"]


class Patch(msgspec.Struct):
    set: list[tuple[tuple[str, ...], object]]
    delete: list[tuple[str, ...]]


async def test_callers_are_masked_unless_told_otherwise() -> None:
    fact = ContactQueued(at=START, contact="c1", queue="q1", caller="13800001111", caller_name="王芳")  # type: ignore[arg-type]
    port = free_port()
    site = Site(port)
    async with running(site):
        reading = asyncio.create_task(
            told(port, b"ccwall.facts", lambda heard: any(each["type"] == "contact.queued" for each in heard))
        )
        site.tell([fact])
        heard = await reading
    (queued, *_) = [each for each in heard if each["type"] == "contact.queued"]
    assert queued["caller"] == "138****1111"
    assert queued["caller_name"] == "****"
    assert masked(fact, "full") == fact
    assert masked(fact, "none") == msgspec.structs.replace(fact, caller="", caller_name="")
    record = CallLogged(
        at=START, call="1", number="13800001111", name="王芳", raw="… 13800001111 …", extension="101"
    )
    shown = masked(record, "masked")
    assert isinstance(shown, CallLogged)
    assert (shown.number, shown.name, shown.raw, shown.extension) == ("138****1111", "****", "", "101")


async def test_only_readers_of_the_list_are_let_in() -> None:
    port = free_port()
    site = Site(port, secret=SERVER[1], allowed={"office": CLIENT[0]})
    keys = {"server_key": SERVER[0], "topics": ("ccwall.facts",)}
    known = Office(port, secret=CLIENT[1], **keys)
    stranger = Office(port, secret=STRANGER[1], **keys)
    async with running(site, known, stranger):
        await until(lambda: known.session.state == "live")
        await until(lambda: stranger.supervisor.health.condition == "refused")
    assert "server_key" in stranger.supervisor.health.error


async def test_a_port_that_is_taken_is_said_and_tried_again() -> None:
    port = free_port()
    first, second = Site(port), Site(port)
    async with running(first):
        await until(lambda: first.outlet.vitals()["state"] == "live")
        async with running(second):
            await until(lambda: second.outlet.vitals()["state"] == "down")
    assert "in use" in str(second.outlet.vitals()["detail"]).lower()


@pytest.mark.parametrize("page", ["outlets.md", "adapters/zeromq.md"])
def test_the_examples_and_keys_of_the_documentation_are_right(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    text = text[text.index("## ZeroMQ" if page == "outlets.md" else "# ") :]
    example, *_ = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    config = read_config(tomllib.loads(example), page, observe=True)
    assert [*(each.type for each in config.outlets), *(each.type for each in config.sources)] == ["zeromq"]
    for key in (Settings if page == "outlets.md" else ZeromqSettings).__struct_fields__:
        assert f"`{key}`" in text, key


def test_beyond_this_machine_a_publisher_needs_keys() -> None:
    with pytest.raises(ValueError, match="nobody is in the list"):
        Settings(secret=SERVER[1])


def standing(facts: Sequence[AnyEvent]) -> list[AnyEvent]:
    found = Standing()
    for fact in facts:
        found.heard(PBX, fact)
    return [fact for _, fact in found.facts()]


def test_what_stands_tells_an_engine_what_the_whole_day_told_another() -> None:
    """At every hundredth fact of a genuine capture: who waits, who talks, and what everybody does."""
    for place in range(50, len(FACTS), 100):
        whole, late = Engine(SITE), Engine(SITE)
        for engine, facts in ((whole, FACTS[:place]), (late, standing(FACTS[:place]))):
            intake = Intake(SITE, engine.apply)
            intake.take(PBX, facts, FACTS[place].at)
        assert _now(late) == _now(whole), place


def _now(engine: Engine) -> dict[str, object]:
    queues = engine.summary(START)["queues"]
    assert isinstance(queues, dict)
    gauges = {name: (told["waiting"], told["talking"]) for name, told in queues.items()}
    return {"queues": gauges}


def test_what_is_over_does_not_stand() -> None:
    def at(kind: type[AnyEvent], **said: object) -> AnyEvent:
        made: AnyEvent = kind(at=1.0, **said)  # type: ignore[arg-type]
        return made

    queued = at(ContactQueued, contact="c1", queue="q")
    answered = at(ContactAnswered, contact="c1", queue="q", agent="a")
    released = at(ContactReleased, contact="c1", queue="q", agent="a")
    assert standing([queued, answered]) == [queued, answered]
    assert standing([queued, answered, released]) == []
    paused = at(AgentNotReady, agent="a", reason="lunch")
    assert standing([paused, at(AgentNotReady, agent="a", reason="training")]) != [paused]
    docked = DeviceHeadset(at=1.0, device="d", docked=True)  # type: ignore[arg-type]
    battery = DeviceHeadset(at=9.0, device="d", battery=0.5)  # type: ignore[arg-type]
    assert standing([docked, battery]) == [docked, battery]
