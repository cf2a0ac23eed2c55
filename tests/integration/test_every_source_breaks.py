"""Every source on its bad day, in simulated time: what is promised in seconds holds to the second, whatever chance does.

The table of what was tried against what is docs/adapters/README.md.
"""

import asyncio

import pytest

from ccwall.spool import ROOM
from tests.integration.bus_ends import MQTT
from tests.integration.ends import ASTERISK, CSTA, FREESWITCH
from tests.integration.line_ends import HEADSET, MODEM, SMDR, WHOZZ
from tests.integration.phone_ends import SIP_TCP, SIP_UDP
from tests.integration.stage import Bench, Stage, on_stage, overrun
from tests.integration.stream_ends import EDGE, ZEROMQ
from tests.integration.world import START

BENCHES = {
    "asterisk": ASTERISK,
    "freeswitch": FREESWITCH,
    "csta": CSTA,
    "sip over udp": SIP_UDP,
    "sip over tcp": SIP_TCP,
    "mqtt": MQTT,
    "zeromq": ZEROMQ,
    "edge": EDGE,
    "headset": HEADSET,
    "whozz": WHOZZ,
    "modem": MODEM,
    "smdr": SMDR,
}
SETTLED = 15.0
every = pytest.mark.parametrize("bench", BENCHES.values(), ids=BENCHES)
asking = pytest.mark.parametrize(
    "bench",
    [bench for bench in BENCHES.values() if bench.asks],
    ids=[name for name, bench in BENCHES.items() if bench.asks],
)
locked = pytest.mark.parametrize(
    "bench",
    [bench for bench in BENCHES.values() if bench.stranger],
    ids=[name for name, bench in BENCHES.items() if bench.stranger],
)


silent = pytest.mark.parametrize(
    "bench",
    [bench for bench in BENCHES.values() if not bench.asks],
    ids=[name for name, bench in BENCHES.items() if not bench.asks],
)


@locked
def test_who_does_not_let_us_in_is_red_with_words_and_tried_again_after_five_minutes(bench: Bench) -> None:
    async def script(stage: Stage) -> None:
        await asyncio.sleep(10.0)
        source = stage.board["sources"]["src"]
        assert source["state"] == "refused"
        assert bench.why in source["detail"]
        assert 'secret"' not in source["detail"]
        await stage.beside_is_told()
        await asyncio.sleep(285.0)
        assert len(stage.tries[stage.where]) == 1
        await asyncio.sleep(10.0)
        assert len(stage.tries[stage.where]) == 2

    assert bench.stranger is not None
    on_stage(bench, script, bench.stranger(START))


@every
@pytest.mark.parametrize("how", ["cut", "reset"])
def test_a_link_that_ends_is_seen_within_three_seconds_marked_and_healed(bench: Bench, how: str) -> None:
    async def script(stage: Stage) -> None:
        await stage.right(SETTLED)
        began = stage.now
        stage.fault(stage.where, "cut" if how == "cut" else "reset")
        await stage.beside_is_told()
        await stage.right()
        assert stage.left_live(began) <= 3.0
        assert stage.marks(began)

    on_stage(bench, script)


@every
def test_a_far_end_that_is_killed_is_seen_at_once_and_right_within_15_s_of_its_return(bench: Bench) -> None:
    async def script(stage: Stage) -> None:
        await stage.right(SETTLED)
        began = stage.now
        stage.kill(stage.where, 40.0)
        await stage.beside_is_told()
        await asyncio.sleep(began + 39.9 - stage.now)
        assert stage.state != "live"
        assert not stage.says_something()
        await stage.right()
        assert stage.left_live(began) <= bench.notices_kill
        assert bench.shows or stage.marks(began, began + 40.0)

    on_stage(bench, script)


@asking
def test_a_half_open_link_is_seen_within_ten_seconds_and_right_within_15_s_of_healing(bench: Bench) -> None:
    async def script(stage: Stage) -> None:
        await stage.right(SETTLED)
        began = stage.now
        stage.fault(stage.where, "half_open", 25.0)
        await stage.beside_is_told()
        await asyncio.sleep(began + 25.0 - stage.now)
        assert stage.state != "live"
        await stage.right()
        assert stage.left_live(began) <= bench.notices_silence
        assert bench.shows or stage.marks(began)

    on_stage(bench, script)


@silent
def test_what_has_nothing_to_say_is_not_silent(bench: Bench) -> None:
    async def script(stage: Stage) -> None:
        await stage.right(SETTLED)
        began = stage.now
        stage.held = stage.end
        await asyncio.sleep(120.0)
        assert stage.left_live(began) == float("inf")

    on_stage(bench, script)


@asking
def test_a_way_that_was_dark_for_long_is_right_15_s_after_at_the_worst_of_moments(bench: Bench) -> None:
    """Just when the longest of all pauses has begun."""

    async def script(stage: Stage) -> None:
        await stage.right(SETTLED)
        began = stage.now
        stage.darken(stage.where, 1000.0)
        await asyncio.sleep(300.0)
        await stage.beside_is_told()
        if bench.shows is None:
            await stage.begins_to_wait()
        stage.lighten(stage.where)
        await stage.right()
        assert stage.left_live(began) <= bench.notices_silence

    on_stage(bench, script)


@every
def test_more_than_anybody_can_take_is_bounded_and_marked(bench: Bench) -> None:
    async def script(stage: Stage) -> None:
        await stage.right(SETTLED)
        began = stage.now
        stage.flood(overrun())
        await stage.beside_is_told()
        await stage.right()
        assert stage.largest <= ROOM
        assert bench.kept_up or stage.marks(began)

    on_stage(bench, script)


@every
def test_a_megabyte_of_needless_words_at_once_is_kept_up_with(bench: Bench) -> None:
    async def script(stage: Stage) -> None:
        await stage.right(SETTLED)
        began = stage.now
        stage.flood(1_000_000)
        await stage.beside_is_told()
        await stage.right()
        assert not stage.marks(began)

    on_stage(bench, script)


@every
def test_a_slow_peer_that_gives_single_bytes_is_no_dead_one(bench: Bench) -> None:
    async def script(stage: Stage) -> None:
        stage.piece = 1
        stage.fault(stage.where, "slow", 20.0)
        await asyncio.sleep(20.0)
        stage.link(stage.where).most = 100
        await stage.beside_is_told()
        await stage.right()
        assert {state for _, state in stage.states} <= {"connecting", "resync", "live"}

    on_stage(bench, script)
