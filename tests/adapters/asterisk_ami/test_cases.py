"""Recorded cases: a folder of bytes and the facts they must give. A bug report becomes one more folder.

`wire.bin` is what Asterisk sent on one connection, `events.jsonl` the facts, all at one instant. The cases `asterisk-13`
to `asterisk-20` are the same three calls with the headers those releases write.
"""

from pathlib import Path

import pytest

from ccwall_adapters.asterisk_ami import AmiSession
from tests.adapters.asterisk_ami.pbx import SETTINGS
from tests.adapters.contract import NOW, PlainDirectory, encoded

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def decoded(wire: bytes) -> list[bytes]:
    """The facts of one connection, until nothing more comes of it."""
    session = AmiSession(SETTINGS, PlainDirectory(wrap_up=5.0), "observe")
    facts = [*session.open(NOW), *session.receive(wire, NOW), *session.tick(NOW + 2), *session.close(NOW + 2)]
    return encoded(facts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_case_gives_its_facts(case: Path) -> None:
    wanted = (case / "events.jsonl").read_bytes().splitlines()
    assert decoded((case / "wire.bin").read_bytes()) == wanted


def test_all_releases_tell_the_same_story() -> None:
    """The same calls, whatever the headers: kinds and order of the facts agree."""
    stories = set()
    for case in CASES:
        if case.name.startswith("asterisk-"):
            lines = (case / "events.jsonl").read_bytes().splitlines()
            stories.add(tuple(line.split(b'"')[3] for line in lines))
    assert len(stories) == 1
