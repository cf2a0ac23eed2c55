"""What a fuzzer mutates: genuine stretches of both forms of events, of lists and of goodbyes."""

from collections.abc import Sequence

from ccwall_adapters.freeswitch_esl import EslSession
from ccwall_adapters.freeswitch_esl.wire import AUTH_REQUEST
from tests.adapters.contract import NOW, PlainDirectory
from tests.adapters.freeswitch_esl.pbx import ACCEPTED, CAPTURES, SETTINGS, first_bytes, steps

_LIVE = (
    "smoke/esl",
    "smoke/esl-json",
    "loopback/esl-json",
    "protocol/api-forms",
    "protocol/switch-format",
    "protocol/xml",
)
_LOGIN = len(AUTH_REQUEST + ACCEPTED)
_QUESTIONS = (
    b"event json CHANNEL_HOLD CUSTOM callcenter::info\n\napi status\n\napi callcenter_config queue list\n\n"
    b"api callcenter_config agent list\n\napi callcenter_config tier list\n\n"
    b"api callcenter_config queue list members consult\n\napi show channels as json\n\n"
)


def make() -> EslSession:
    """An observer whose client has just asked for everything."""
    session = EslSession(SETTINGS, PlainDirectory(wrap_up=5.0), "observe")
    session.open(NOW)
    session.receive(AUTH_REQUEST + ACCEPTED, NOW)
    for _ in range(20):
        session.sent(_QUESTIONS, NOW)
    return session


SEEDS: Sequence[bytes] = [
    b"".join(step.data for step in steps(CAPTURES / f"{name}.wire.ndjson.gz") if step.kind == "rx")[
        _LOGIN:60_000
    ]
    for name in _LIVE
] + [
    b"".join(
        step.data
        for step in first_bytes(CAPTURES / "midshift" / "esl.wire.ndjson.gz", 30_000)
        if step.kind == "rx"
    )[_LOGIN:]
]
"""Behind the login."""
