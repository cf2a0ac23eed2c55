"""A short round of fuzzing for each adapter, and that the fuzzer finds what it is to find."""

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from ccwall.adapter import Session
from ccwall.events import AnyEvent
from tests.adapters.http_events import fuzz as genuine
from tests.fuzz import __main__ as fuzzer

NAMES = sorted(path.parent.name for path in fuzzer.ADAPTERS.glob("*/fuzz.py"))
PACKAGES = Path(__file__).parents[2] / "adapters" / "ccwall_adapters"
SECONDS = 0.5


@pytest.mark.parametrize("name", NAMES)
def test_mutated_wire_gives_facts_or_the_documented_error(name: str) -> None:
    assert fuzzer.run(name, SECONDS / 60, seed=1)


def test_every_adapter_is_fuzzed() -> None:
    packages = {path.name for path in PACKAGES.iterdir() if (path / "__init__.py").exists()}
    assert packages - set(NAMES) == set()


def test_a_session_that_raises_something_else_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Fragile:
        def __init__(self, session: Session) -> None:
            self._session = session

        def __getattr__(self, name: str) -> object:
            return getattr(self._session, name)

        def receive(self, data: bytes, now: float) -> Sequence[AnyEvent]:
            if b"\xff" in data:
                raise IndexError("beyond the end")
            return self._session.receive(data, now)

    fake = ModuleType("tests.adapters.fragile.fuzz")
    fake.__dict__.update(make=lambda: Fragile(genuine.make()), SEEDS=genuine.SEEDS, PACKAGE="http_events")
    monkeypatch.setitem(sys.modules, fake.__name__, fake)
    assert not fuzzer.run("fragile", SECONDS / 60, seed=1)
    assert "IndexError at" in capsys.readouterr().out
