"""Same floor, seed and calls of its methods: same bytes, in whatever steps it advances."""

import random

from tests.simulators.freeswitch.script import START, client, switch

LONG = 600.0


def lived(steps: list[float], seed: int = 1) -> bytes:
    pbx = switch(seed)
    connection = client(pbx, "event plain ALL")
    data = bytearray()
    for to in steps:
        pbx.advance(START + to)
        data += connection.outgoing()
    return bytes(data)


def test_in_one_step_in_many_and_in_odd_ones() -> None:
    chance = random.Random(3)
    odd = sorted(chance.uniform(0.0, LONG) for _ in range(200))
    once = lived([LONG])
    assert len(once) > 1_000_000
    assert lived([*odd, LONG]) == once


def test_another_seed_is_another_day() -> None:
    assert lived([LONG / 4], seed=2) != lived([LONG / 4], seed=1)
