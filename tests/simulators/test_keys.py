"""Keys come one by one, and the terminal is left as it was found, whatever ends us."""

import signal
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("no terminals of that kind there", allow_module_level=True)

from ccwall_simulators import keys
from tests.simulators.terminal import terminal

LISTENS = """
import asyncio, sys
from ccwall_simulators import keys

def press(key):
    if key == "!":
        asyncio.get_running_loop().call_soon(sys.exit, 3)
    print("pressed", key, flush=True)

async def listen():
    with keys.pressed(0, press):
        print("ready", flush=True)
        await asyncio.Event().wait()

print(keys.available(0), flush=True)
asyncio.run(listen())
"""


async def test_keys_are_heard_without_enter_and_not_echoed() -> None:
    async with terminal(LISTENS) as one:
        await one.shows("ready")
        assert not one.is_as_usual
        one.press("k")
        await one.shows("pressed k")
        assert one.shown.split() == ["True", "ready", "pressed", "k"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT, signal.SIGHUP])
async def test_the_terminal_is_as_usual_after_a_signal(number: signal.Signals) -> None:
    async with terminal(LISTENS) as one:
        await one.shows("ready")
        one.child.send_signal(number)
        assert await one.ended() != 0
        assert one.is_as_usual


async def test_the_terminal_is_as_usual_after_a_bug() -> None:
    async with terminal(LISTENS) as one:
        await one.shows("ready")
        one.press("!")
        assert await one.ended() == 3
        assert one.is_as_usual


async def test_ctrl_c_is_a_signal_still() -> None:
    async with terminal(LISTENS) as one:
        await one.shows("ready")
        one.press("\x03")
        assert await one.ended() != 0
        assert one.is_as_usual


def test_a_pipe_has_no_keys(tmp_path: object) -> None:
    with open("/dev/null") as nothing:  # noqa: PTH123  # no path of ours
        assert not keys.available(nothing.fileno())
