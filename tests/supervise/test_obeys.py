"""Which sources can be asked for something: nothing is sent to one that only tells."""

import pytest

from ccwall.adapter import Listens
from ccwall.clock import ManualClock
from ccwall.wire.line_session import LineSession
from ccwall_adapters.asterisk_ami.session import AmiSession
from ccwall_adapters.csta_xml.session import CstaSession
from ccwall_adapters.edge.session import EdgeSession
from ccwall_adapters.freeswitch_esl.session import EslSession
from ccwall_adapters.http_events.requests import HttpSession
from ccwall_adapters.mqtt.session import MqttSession
from ccwall_adapters.sip_dialog.session import SipSession
from ccwall_adapters.zeromq.session import ZeromqSession
from tests.supervise.far_end import FarEnd, ObedientSession


class TellingSession(ObedientSession):
    only_listens = True


@pytest.mark.parametrize("session", [AmiSession, EslSession, CstaSession])
def test_a_switch_obeys(session: type) -> None:
    assert not hasattr(session, "only_listens")


@pytest.mark.parametrize(
    "session", [EdgeSession, HttpSession, LineSession, MqttSession, SipSession, ZeromqSession]
)
def test_who_only_tells_says_so(session: type) -> None:
    assert session.only_listens is True  # type: ignore[attr-defined]  # that is what is asked


def test_the_supervisor_passes_it_on() -> None:
    assert FarEnd(ManualClock()).supervisor.obeys
    telling = FarEnd(ManualClock(), session=TellingSession())
    assert isinstance(telling.session, Listens)
    assert not telling.supervisor.obeys
