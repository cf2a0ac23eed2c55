"""What may befall devices on serial lines."""

import random
from collections.abc import Callable, Mapping

from ccwall_simulators.breaking import Doing, Faulty, Pace, Unknown

from .pseudo import OnPty

NOISE = 200
"""Bytes of one burst, at most."""


def serial_lines(product: str, lines: Mapping[str, OnPty], pace: Pace, seed: int) -> Faulty:
    """`lines` by name: each fault hits the next one that it can hit."""
    chance = random.Random(f"{seed} serial")
    turn = 0

    def next_of(names: list[str]) -> str:
        nonlocal turn
        if not names:
            raise Unknown("there is none left that is plugged in and well; plug them in first")
        turn += 1
        return names[turn % len(names)]

    def plugged() -> list[str]:
        return [name for name, line in lines.items() if line.plugged]

    def unplug(_: float) -> str:
        name = next_of(plugged())
        lines[name].unplug()
        return name

    def plug(_: float = 0.0) -> None:
        for line in lines.values():
            line.plug()

    def noise(_: float) -> str:
        name = next_of(plugged())
        lines[name].send(chance.randbytes(chance.randint(1, NOISE)))
        return name

    def wrong_speed(_: float) -> str:
        name = next_of([name for name in plugged() if lines[name].garble is None])
        replug(lines[name], lambda data: b"".join(chance.randbytes(2) for _ in data))
        return name

    def right_speed() -> None:
        for line in lines.values():
            if line.garble is not None:
                replug(line, None)

    def replug(line: OnPty, garble: Callable[[bytes], bytes] | None) -> None:
        """Out and in again: it begins at the other speed."""
        line.unplug()
        line.garble = garble
        line.plug()

    doings = (
        Doing("unplug", "u", "device", unplug, 20.0, plug),
        Doing("plug", "p", "device", plug),
        Doing("noise", "n", "link", noise),
        Doing("wrong_speed", "s", "link", wrong_speed, 20.0, right_speed),
    )
    return Faulty(product, doings, pace, is_up=lambda: len(plugged()) == len(lines))
