"""Where senses disagree, each on a scenario with two simulators: an Asterisk that says the one, and a headset, a bus of seat
sensors or a SIP server that says the other. To the second, in simulated time, as screens have it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ccwall.events import SourceId
from tests.integration.scene import (
    LOOK,
    OTHER,
    PBX,
    PBX_AT,
    Scene,
    moved,
    with_headset,
    with_phone,
    with_seat,
)
from tests.integration.world import START
from tests.simulators.asterisk.script import queued

# ── the contradictions ──


@dataclass(frozen=True)
class Disagreement:
    """`begins` and `ends` make it happen; each is over, for the other sense, within `takes` seconds. `limit` is for how long
    it must last."""

    scene: Callable[[], Scene]
    begins: Callable[[Scene], object]
    ends: Callable[[Scene], object]
    limit: float
    takes: float = LOOK
    before: Callable[[Scene], object] = lambda _scene: None


def bye(scene: Scene) -> None:
    """Both hang up; of that the Asterisk's client is told nothing."""
    scene.exchange.deaf = True
    scene.hung_up()
    scene.phone(main="")


def talks(scene: Scene) -> None:
    scene.call()

    def answers() -> None:
        scene.phone(main="d1")

    asyncio.get_running_loop().call_later(4.0, answers)


KINDS: Mapping[str, Disagreement] = {
    "ready_docked": Disagreement(
        with_headset,
        lambda scene: scene.headset().set(docked=True),
        lambda scene: scene.headset().set(docked=False),
        limit=30.0,
    ),
    "ready_vacant": Disagreement(
        with_seat,
        lambda scene: scene.happens(moved(scene.t, here=False)),
        lambda scene: scene.happens(moved(scene.t, here=True)),
        limit=30.0,
        takes=7.0,
    ),
    "ready_unreachable": Disagreement(
        with_phone,
        lambda scene: scene.phone(registered=False),
        lambda scene: scene.phone(registered=True),
        limit=5.0,
    ),
    "idle_talking": Disagreement(
        with_phone,
        lambda scene: scene.phone(sides={"s1": None}),
        lambda scene: scene.phone(sides={}),
        limit=10.0,
    ),
    "call_ended": Disagreement(
        with_phone, bye, lambda scene: scene.phone(main="d2"), limit=10.0, before=talks
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
Script = Callable[[Scene], Coroutine[Any, Any, None]]


async def settle(scene: Scene, of: Disagreement) -> None:
    """Both are heard, and agree."""
    await asyncio.sleep(12.0)
    of.before(scene)
    await asyncio.sleep(30.0)
    assert scene.state_of(PBX) == scene.state_of(OTHER) == "live"
    assert scene.conflicts == []
    assert {each["source"] for each in scene.anna["senses"]} == {PBX, OTHER}


def on_scene(kind: str, script: Callable[[Scene, Disagreement], Coroutine[Any, Any, None]]) -> None:
    of = KINDS[kind]
    scene = of.scene()

    async def play() -> None:
        await settle(scene, of)
        await script(scene, of)

    scene.play(play())


@every_kind
def test_it_is_shown_when_it_has_lasted_and_gone_when_it_is_over(kind: str) -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        of.begins(scene)
        began = scene.now
        await asyncio.sleep(of.limit - LOOK)
        assert scene.conflicts == []
        await asyncio.sleep(of.takes + LOOK)
        assert scene.conflicts == [(kind, [PBX, OTHER])]
        assert began <= scene.since <= began + of.takes
        await asyncio.sleep(60.0)
        assert scene.conflicts == [(kind, [PBX, OTHER])]
        of.ends(scene)
        await asyncio.sleep(of.takes)
        assert scene.conflicts == []
        await asyncio.sleep(2 * of.limit)
        assert scene.conflicts == []

    on_scene(kind, script)


@every_kind
def test_what_is_over_before_its_time_is_never_shown(kind: str) -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        of.begins(scene)
        await asyncio.sleep(max(of.takes, of.limit - of.takes - LOOK))
        assert scene.conflicts == []
        of.ends(scene)
        for _ in range(int(2 * of.limit)):
            await asyncio.sleep(1.0)
            assert scene.conflicts == []

    on_scene(kind, script)


@every_kind
@pytest.mark.parametrize("away", [PBX, OTHER])
def test_who_is_away_contradicts_nobody(kind: str, away: SourceId) -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        of.begins(scene)
        await asyncio.sleep(of.limit + of.takes)
        assert scene.conflicts == [(kind, [PBX, OTHER])]
        scene.kill(PBX_AT if away == PBX else scene.at, 100.0)
        await asyncio.sleep(3.0)
        assert scene.conflicts == []
        assert all(each.get("stale") for each in scene.senses("anna", away))
        await asyncio.sleep(60.0)
        assert scene.conflicts == []

    on_scene(kind, script)


@every_kind
def test_who_was_away_from_the_beginning_contradicts_nobody(kind: str) -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        scene.kill(scene.at, 100.0)
        await asyncio.sleep(3.0)
        of.begins(scene)
        await asyncio.sleep(2 * of.limit + of.takes)
        assert scene.conflicts == []

    on_scene(kind, script)


def test_a_call_that_is_over_on_the_phone_alone_becomes_a_ghost_counted_apart_and_she_is_free() -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        assert scene.anna["state"] == "talking"
        began = scene.now
        of.begins(scene)
        await asyncio.sleep(119.0)
        assert scene.anna["state"] == "talking"
        assert scene.conflicts == [("call_ended", [PBX, OTHER])]
        await asyncio.sleep(2.0)
        scene.phone("1002", main="d9")  # the engine's time goes on with what is told, and so do its ghosts
        await asyncio.sleep(LOOK)
        assert scene.board["floor"]["ghosts"] == 1
        (visit,) = scene.house.engine.contacts()
        assert (visit.outcome, visit.end) == ("answered", "lost")
        assert visit.ended == pytest.approx(START + began, abs=LOOK)
        assert scene.anna["state"] != "talking"
        assert scene.conflicts == []

    on_scene("call_ended", script)


def test_without_the_other_sense_nobody_is_a_ghost() -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        scene.kill(scene.at, 1000.0)
        await asyncio.sleep(3.0)
        of.begins(scene)
        await asyncio.sleep(300.0)
        scene.exchange.deaf = False
        scene.happens(*queued(scene.t + 1.0, call="c2", visit=2))
        await asyncio.sleep(3.0)
        assert scene.board["floor"].get("ghosts", 0) == 0
        assert scene.anna["state"] == "talking"

    on_scene("call_ended", script)


def test_a_phone_that_was_never_heard_to_hang_up_makes_no_ghost() -> None:
    async def script(scene: Scene, of: Disagreement) -> None:
        scene.kill(scene.at, 10.0)
        await asyncio.sleep(3.0)
        of.begins(scene)
        await asyncio.sleep(300.0)
        assert scene.state_of(OTHER) == "live"
        scene.phone("1002", main="d9")
        await asyncio.sleep(1.0)
        assert scene.board["floor"].get("ghosts", 0) == 0
        assert scene.anna["state"] == "talking"

    on_scene("call_ended", script)


def test_what_the_acd_tells_again_is_true_again() -> None:
    """The wire to the Asterisk comes back, and its lists say that the call is over: no ghost is needed."""

    async def script(scene: Scene, of: Disagreement) -> None:
        of.begins(scene)
        await asyncio.sleep(20.0)
        assert scene.conflicts == [("call_ended", [PBX, OTHER])]
        scene.exchange.deaf = False
        scene.fault(PBX_AT, "reset")
        await asyncio.sleep(15.0)
        assert scene.conflicts == []
        assert scene.anna["state"] == "ready"
        assert scene.board["floor"].get("ghosts", 0) == 0

    on_scene("call_ended", script)
