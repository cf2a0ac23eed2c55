"""The generic suite, and what is this adapter's own."""

import pytest
from ccwall_example import Settings, TerminalSession

from ccwall.adapter import Directory, Mode, Session
from ccwall.errors import LinkSilent
from ccwall.testing import NOW, PlainDirectory, SessionContract, Step

WIRE = b"HELLO 2\r\nIN 1003\r\nBREAK 1004 lunch\r\nEND\r\nOUT 1003\r\nIN 1004\r\n\xff\xfe what\r\nPONG\r\n"


class TestContract(SessionContract):
    wire = (Step("open"), Step("rx", WIRE))
    greeting = b"HELLO 2\n"

    def session(self, mode: Mode = "observe", directory: Directory | None = None) -> Session:
        return TerminalSession(Settings(), directory or PlainDirectory(), mode)


def test_who_is_there_and_who_is_on_a_break() -> None:
    session = TerminalSession(Settings(lunch="meal"), PlainDirectory(), "live")
    facts = [*session.open(NOW), *session.receive(WIRE, NOW)]
    assert session.outgoing() == b"STATE\n"
    assert [type(fact).__name__ for fact in facts] == [
        "SourceUp",
        "SourceResyncStarted",
        "AgentLoggedOn",
        "AgentReady",
        "AgentLoggedOn",
        "AgentNotReady",
        "SourceResyncFinished",
        "AgentLoggedOff",
        "AgentLoggedOn",
        "AgentReady",
    ]
    assert session.counts["unknown:\ufffd\ufffd"] == 1


def test_a_silent_terminal_is_asked_and_then_given_up() -> None:
    session = TerminalSession(Settings(), PlainDirectory(), "live")
    session.open(NOW)
    session.receive(b"HELLO 2\nEND\n", NOW)
    session.outgoing()
    session.tick(NOW + 3.0)
    assert session.outgoing() == b"PING\n"
    with pytest.raises(LinkSilent):
        session.tick(NOW + 9.6)
