"""Written-out cases: a folder of bytes and the facts they must give. A bug report becomes one more folder.

`wire.txt` is what a switch sent on one connection, one message a paragraph, by its invoke id and XML, all at one instant;
`settings.json` the source's keys. They were written by hand, after ECMA-269's sequences and what vendors publish; `facts.jsonl`
is what must come of it.
"""

import re
from pathlib import Path

import msgspec
import pytest

from ccwall_adapters.csta_xml import CstaSession, CstaSettings
from ccwall_adapters.csta_xml.frame import framed
from tests.adapters.contract import NOW, PlainDirectory, encoded

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
_MESSAGE = re.compile(r"^(\d{4}) (<.*?)(?=^\d{4} <|\Z)", re.DOTALL | re.MULTILINE)


def wire(case: Path) -> bytes:
    text = (case / "wire.txt").read_text(encoding="utf-8")
    return b"".join(framed(int(invoke), xml.strip().encode()) for invoke, xml in _MESSAGE.findall(text))


def decoded(case: Path) -> list[bytes]:
    """The facts of one connection, until nothing more comes of it."""
    settings = msgspec.json.decode((case / "settings.json").read_bytes(), type=CstaSettings)
    session = CstaSession(settings, PlainDirectory(), "observe")
    facts = [*session.open(NOW), *session.receive(wire(case), NOW)]
    for seconds in (3, 6, 9):
        facts += session.tick(NOW + seconds)
    return encoded([*facts, *session.close(NOW + 9)])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gives_its_facts(case: Path) -> None:
    wanted = (case / "facts.jsonl").read_bytes().splitlines()
    assert decoded(case) == wanted


def test_every_message_of_a_case_is_read() -> None:
    for case in CASES:
        text = (case / "wire.txt").read_text(encoding="utf-8")
        assert len(_MESSAGE.findall(text)) == text.count("monitorCrossRefID>") / 2 > 0
