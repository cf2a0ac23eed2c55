"""Every source on its real wire, in a whole house with its journal: it dies, which is seen; it returns, and all is right again.

How many seconds that may take is tested to the second in simulated time (`test_every_source_breaks`); here three times as
many, for machines that are busy.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ccwall.config import Config, read
from ccwall.events import (
    DeviceSeen,
    SourceDown,
    SourceGap,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceUp,
)
from tests.history.desk import kept
from tests.integration.test_restart import Life, life
from tests.integration.wire import Wire
from tests.integration.wires import WIRES, mqtt
from tests.integration.world import VARIABLE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals, and a broker of Debian's"),
]
SLACK = 3
NOTICED, SILENT, HEALED = 3.5 * SLACK, 10.0 * SLACK, 15.0 * SLACK


def config(wire: Wire, folder: Path) -> Config:
    return read({**wire.rest, "source": [{"name": "src", **wire.source}]}, str(folder / "ccwall.toml"))


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """Where the far end has its files."""
    folder = tmp_path / "far"
    folder.mkdir()
    return folder


def state(here: Life) -> str:
    return str(here.board["sources"]["src"]["state"])


async def within(seconds: float, here: Life, true: Callable[[], bool], what: Callable[[], object]) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"not within {seconds:g} s: {what()}; {here.house.supervisors[0].health}")


async def right(here: Life, wire: Wire) -> None:
    """Live, and all as it is there."""

    def true() -> bool:
        return state(here) == "live" and wire.told(here.board) == wire.truth()

    await within(
        HEALED, here, true, lambda: f"(told, true) {wire.told(here.board)} {wire.truth()}, {state(here)}"
    )


def is_away(here: Life, wire: Wire) -> bool:
    """Not live; of a PC, which has no state of its own, that what it said holds no more."""
    return state(here) != "live" if wire.marks else wire.told(here.board) == {"says": "disconnected"}


OF_ITSELF = (SourceUp, SourceDown, SourceGap, SourceResyncStarted, SourceResyncFinished, DeviceSeen)


async def says_more(here: Life, wire: Wire, folder: Path, since: int) -> None:
    """Of a line that tells only what happens: some of that, after so many facts. A telephone that rings on says it once."""

    def happened() -> bool:
        return any(
            each.seq > since and each.source == "src" and not isinstance(each.event, OF_ITSELF)
            for each in kept(folder)
        )

    if not wire.truth():
        await within(HEALED, here, happened, lambda: state(here))


@pytest.mark.parametrize("name", WIRES)
async def test_it_dies_and_that_is_seen_and_it_returns_and_all_is_right(
    name: str, far: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "secret")
    async with WIRES[name](far) as wire, life(config(wire, tmp_path)) as here:
        await right(here, wire)
        await says_more(here, wire, tmp_path / "journal", 0)
        await wire.dies()
        await within(NOTICED, here, lambda: is_away(here, wire), lambda: state(here))
        since = here.house.intake.seq
        await wire.returns()
        await right(here, wire)
        await says_more(here, wire, tmp_path / "journal", since)
        marked = [stretch for stretch in here.board["incomplete"] if stretch[0] == "src"]
        assert bool(marked) == wire.marks
        await here.opened.journal.wait(here.house.intake.seq)
    told = [type(each.event) for each in kept(tmp_path / "journal")]
    assert SourceResyncFinished in told
    assert (SourceDown in told) == wire.marks


async def test_a_broker_that_hangs_is_seen_within_ten_seconds_and_right_when_it_goes_on(
    far: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one silence that the link notices and not the session: nothing of it is in simulated time."""
    monkeypatch.setenv(VARIABLE, "secret")
    async with mqtt(far) as wire, life(config(wire, tmp_path)) as here:
        await right(here, wire)
        assert wire.freezes is not None
        assert wire.thaws is not None
        wire.freezes()
        await within(SILENT, here, lambda: state(here) != "live", lambda: state(here))
        assert state(here) == "silent"
        wire.thaws()
        await right(here, wire)
