"""The same floor, seed and deeds give the same bytes, however time is cut."""

import hashlib
import random

import pytest

from ccwall_adapters.asterisk_ami.frame import encode
from ccwall_simulators.asterisk import PLAIN, STAMPED, AsteriskPbx, Variant
from ccwall_simulators.asterisk.connection import AmiConnection
from ccwall_simulators.callcentre import CallCentre, load_scenario

START = 1_795_312_800.0
SMALL = load_scenario("small_floor")
MINUTE = 60.0


def heard(steps: list[float], *, seed: int = 3, variant: Variant = PLAIN) -> bytes:
    """All that a client hears in ten minutes; every minute it asks for everything, and twice the exchange suffers."""
    pbx = AsteriskPbx(CallCentre(SMALL, seed, START), start=START, seed=seed, variant=variant)
    wire = bytearray()
    client = log_in(pbx)
    for minute in range(10):
        for step in [*(START + MINUTE * (minute + part) for part in steps), START + MINUTE * (minute + 1)]:
            pbx.advance(step)
            wire += client.outgoing()
        for action in ("QueueStatus", "CoreShowChannels", "DeviceStateList", "QueueSummary"):
            client.receive(encode({"Action": action, "ActionID": f"{minute}"}))
        if minute == 4:
            pbx.flood(200)
            pbx.reload()
        if minute == 6:
            pbx.restart(7.3, clean=True)
        if minute == 7:
            wire += client.outgoing()
            client = log_in(pbx)
    return bytes(wire + client.outgoing())


def log_in(pbx: AsteriskPbx) -> AmiConnection:
    client = pbx.connect()
    client.receive(encode({"Action": "Login", "Username": "ccwall", "Secret": "secret"}))
    return client


@pytest.mark.parametrize("variant", [PLAIN, STAMPED], ids=["plain", "stamped"])
def test_the_bytes_do_not_depend_on_how_time_is_cut(variant: Variant) -> None:
    whole = heard([], variant=variant)
    assert len(whole) > 500_000
    dice = random.Random(1)
    for _ in range(3):
        assert heard(sorted(dice.random() for _ in range(50)), variant=variant) == whole


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    one, again, other = (hashlib.sha256(heard([0.5], seed=seed)).digest() for seed in (5, 5, 6))
    assert one == again != other


def test_a_flood_is_as_long_as_was_asked_and_changes_nothing() -> None:
    pbx = AsteriskPbx(CallCentre(SMALL, 1, START), start=START)
    client = log_in(pbx)
    pbx.advance(START + MINUTE)
    before = lists(pbx, client)
    pbx.flood(1234)
    assert client.outgoing().count(b"\r\n\r\n") == 1234
    assert lists(pbx, client) == before


def lists(pbx: AsteriskPbx, client: AmiConnection) -> bytes:
    client.outgoing()
    for action in ("QueueStatus", "CoreShowChannels", "DeviceStateList"):
        client.receive(encode({"Action": action}))
    return client.outgoing()


def test_the_mirror_of_the_queues_is_the_floor_itself() -> None:
    """The exchange keeps its queues by happenings alone; at any instant they are the floor's."""
    floor = CallCentre(SMALL, 8, START)
    pbx = AsteriskPbx(floor, start=START)
    for minute in range(1, 120):
        pbx.advance(START + 30.0 * minute)
        if minute == 40:
            pbx.reload()
        if minute == 60:
            pbx.restart(20.0, clean=False)
            continue  # the floor has forgotten at once; the exchange when it is back
        told = {state.name: state for state in floor.queues()}
        for name, queue in pbx.acd.queues.items():
            members = {(m.interface, m.name, m.paused, m.penalty) for m in queue.members.values()}
            assert members == {(m.interface, m.name, m.paused, m.penalty) for m in told[name].members}
            assert [entry.visit for entry in queue.waiting] == [one.visit for one in told[name].waiting]
