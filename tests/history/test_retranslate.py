"""A day's wire is translated again: equal where the adapter is the same, and mended where it is."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from ccwall import registry
from ccwall.clock import SystemClock
from ccwall.config import HOUSE, SITE, Config, load
from ccwall.directory import ConfiguredDirectory
from ccwall.errors import CcwallError, JournalError
from ccwall.events import (
    AnyEvent,
    CommandId,
    CommandRequested,
    CommandSent,
    ConfigApplied,
    ContactAbandoned,
    Policy,
    Principal,
    SourceDown,
    SourceId,
)
from ccwall.history import Habits, known_visits, open_folder, recording, store
from ccwall.history.opening import JOURNAL, WIRE
from ccwall.main.retranslate import retranslate
from ccwall.replay import Player
from ccwall.transcript import Record, read
from tests.engine.journal import ready
from tests.history.desk import Desk, folded, kept, rows_of, seqs

CAPTURE = Path(__file__).parents[1] / "captures" / "asterisk" / "b-steady" / "ami.wire.ndjson.gz"
PBX = SourceId("pbx1")
CONFIG = """
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://pbx.example"
username = "wall"
secret = { env = "NOT_NEEDED" }
"""
BOSS = Principal(id="u1", role="manager")
LATER = 3 * 86_400.0


@pytest.fixture(scope="module")
def records() -> list[Record]:
    with read(CAPTURE) as recording:
        return list(recording)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    file = tmp_path / "ccwall.toml"
    file.write_text(CONFIG)
    return load(file, observe=True)


def day_of(records: Sequence[Record]) -> "datetime":
    return datetime.fromtimestamp(records[0].t, UTC)


async def recorded(
    config: Config, records: Sequence[Record], *, deaf: tuple[type[AnyEvent], ...] = (), cut: int = 0
) -> None:
    """A ccwall on this wire whose adapter does not tell facts of some types; commanded once, and with a day after it.

    ``cut``: after so many records it is stopped and begun again.
    """
    folder = Path(config.file).parent / "journal"
    parts = [records[:cut], records[cut:]] if cut else [records]
    for number, part in enumerate(parts):
        opened = open_folder(folder, SystemClock(), SITE, Habits(), wire_days=10_000)
        async with recording(opened):
            here = Desk(opened)
            await _live(here, config, part, deaf, first=number == 0)
            if number == len(parts) - 1:
                here.take(
                    *(ready(records[-1].t + LATER + step) for step in range(5)), source=SourceId("other")
                )
            await here.journal.wait(here.intake.seq)


async def _live(
    here: Desk, config: Config, records: Sequence[Record], deaf: tuple[type[AnyEvent], ...], *, first: bool
) -> None:
    adapter = registry.adapters()["asterisk-ami"]
    session = adapter.session(config.sources[0].settings, ConfiguredDirectory(PBX, config), "observe")
    session.remember(known_visits(here.engine, PBX))
    wire = here.opened.wire
    assert wire is not None
    tap = wire.tap(PBX, adapter.protocol)
    start = records[0].t
    here.intake.take(HOUSE, [ConfigApplied(at=start, hash="", policy=Policy())], start)
    if not first:
        here.intake.take(PBX, [SourceDown(at=start - 1, reason="house")], start)

    def emit(events: Sequence[AnyEvent], now: float) -> None:
        here.intake.take(PBX, [event for event in events if not isinstance(event, deaf)], now)

    player = Player(session, emit)
    for number, record in enumerate(records):
        if number == len(records) // 2:
            now = record.t - 1e-5
            wish = CommandRequested(at=now, command_id=CommandId("k1"), name="agent.pause", target="a1")
            here.intake.take(HOUSE, [wish], now, BOSS)
            here.intake.take(PBX, [CommandSent(at=now, command_id=CommandId("k1"))], now)
        if record.kind == "rx":
            tap.received(record.t, record.conn, record.body)
        elif record.kind == "tx":
            tap.sent(record.t, record.conn, record.body)
        else:
            tap.event(record.t, record.conn, record.event)
        player.play(record)
    player.advance(records[-1].t + 0.5)


def told(config: Config, records: Sequence[Record], *, write: bool = False) -> list[str]:
    lines: list[str] = []
    retranslate(config, day_of(records).date(), write=write, say=lines.append)
    return lines


async def test_by_the_same_adapter_nothing_differs(config: Config, records: list[Record]) -> None:
    await recorded(config, records)
    lines = told(config, records)
    assert "0 added, 0 removed, 0 changed" in lines[1]
    assert "numbers: none differs" in lines
    found = len(kept(Path(config.file).parent / "journal"))
    assert lines[0].startswith(f"pbx1: {found - 8} facts in the journal, {found - 8} from the wire")


async def test_a_restart_in_mid_day_makes_no_difference(config: Config, records: list[Record]) -> None:
    await recorded(config, records, cut=len(records) // 3)
    lines = told(config, records)
    assert "0 added, 0 removed, 0 changed" in lines[1], lines
    assert "numbers: none differs" in lines


async def test_a_mended_adapter_gives_what_the_old_one_did_not_tell(
    config: Config, records: list[Record]
) -> None:
    await recorded(config, records, deaf=(ContactAbandoned,))
    lines = told(config, records)
    assert "0 added, 0 removed" in lines[1]
    assert any("outcome lost → abandoned" in line or "outcome open → abandoned" in line for line in lines)
    assert any("abandoned 0 → " in line for line in lines)
    assert "nothing was written" in lines[-1]
    assert not [
        each
        for each in kept(Path(config.file).parent / "journal")
        if isinstance(each.event, ContactAbandoned)
    ]


async def test_what_is_written_is_the_day_as_it_should_have_been(
    config: Config, records: list[Record], tmp_path: Path
) -> None:
    folder = tmp_path / "journal"
    right = tmp_path / "right"
    right.mkdir()
    (right / "ccwall.toml").write_text(CONFIG)
    await recorded(load(right / "ccwall.toml", observe=True), records)
    await recorded(config, records, deaf=(ContactAbandoned,))
    old = kept(folder)
    assert "written" in told(config, records, write=True)[-1]
    new = kept(folder)
    assert [msgspec.structs.replace(each, seq=0) for each in new] == [
        msgspec.structs.replace(each, seq=0) for each in kept(right / "journal")
    ]
    assert seqs(folder) == list(range(1, len(new) + 1))
    superseded = rows_of(folder, "SELECT id FROM superseded ORDER BY seq")
    assert [id for (id,) in superseded] == [
        each.id for each in old if each.source == PBX and "Command" not in type(each.event).__name__
    ]
    assert "numbers: none differs" in told(config, records)
    opened = open_folder(folder, SystemClock(), SITE)
    opened.lock.release()
    assert opened.past.engine.dump() == folded(new).dump()


async def test_commands_and_other_sources_stay_where_they_were(config: Config, records: list[Record]) -> None:
    folder = Path(config.file).parent / "journal"
    await recorded(config, records, deaf=(ContactAbandoned,), cut=len(records) // 3)
    before = [each for each in kept(folder) if each.source != PBX or "Command" in type(each.event).__name__]
    told(config, records, write=True)
    after = [each for each in kept(folder) if each.source != PBX or "Command" in type(each.event).__name__]
    bare = [[msgspec.structs.replace(each, seq=0) for each in found] for found in (before, after)]
    assert bare[0] == bare[1]
    assert [each.actor for each in after if isinstance(each.event, CommandRequested)] == [BOSS, BOSS]
    assert [each.event.reason for each in kept(folder) if isinstance(each.event, SourceDown)].count(
        "house"
    ) == 1


async def test_what_happened_while_no_wire_was_kept_stays(config: Config, records: list[Record]) -> None:
    await recorded(config, records, deaf=(ContactAbandoned,))
    folder = Path(config.file).parent / "journal"
    before = kept(folder)
    with closing(sqlite3.connect(folder / WIRE)) as connection, connection:
        connection.execute("DELETE FROM block WHERE id > 2")
        (last,) = connection.execute("SELECT max(last) FROM block").fetchone()
    told(config, records, write=True)
    later = [each.event for each in before if each.received > last + 1]
    assert later
    assert [each.event for each in kept(folder)][-len(later) :] == later


async def test_nothing_is_written_beside_a_running_ccwall(config: Config, records: list[Record]) -> None:
    await recorded(config, records)
    opened = open_folder(Path(config.file).parent / "journal", SystemClock(), SITE)
    try:
        assert "numbers: none differs" in told(config, records)
        with pytest.raises(JournalError, match="another running ccwall"):
            told(config, records, write=True)
    finally:
        opened.lock.release()


async def test_a_day_without_wire_is_told(config: Config, records: list[Record]) -> None:
    await recorded(config, records)
    with pytest.raises(CcwallError, match="no wire of 2020-01-01"):
        retranslate(config, datetime(2020, 1, 1, tzinfo=UTC).date(), write=False, say=print)


async def test_if_the_disk_fails_in_the_midst_nothing_is_changed(
    config: Config, records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorded(config, records, deaf=(ContactAbandoned,))
    folder = Path(config.file).parent / "journal"
    before = kept(folder)

    def limited(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")
        return connection

    monkeypatch.setattr(store, "connect", limited)
    with pytest.raises(JournalError, match="full"):
        told(config, records, write=True)
    monkeypatch.undo()
    assert kept(folder) == before
    assert (folder / JOURNAL).exists()
