"""Sources that come over HTTP, to ccwall's own web: CloudEvents, Twilio TaskRouter, Amazon Connect. docs/adapters/http.md."""

from ccwall.adapter import Adapter

from .amazon import ConnectSession, ConnectSettings
from .events import EventsSession, EventsSettings
from .twilio import TwilioSession, TwilioSettings

__all__ = ["CLOUD_EVENTS", "CONNECT", "TASK_ROUTER"]

_AT_THE_INLET = ("inlet",)

CLOUD_EVENTS = Adapter(
    name="cloudevents-http",
    protocol="cloudevents-http",
    port=0,
    settings=EventsSettings,
    session=EventsSession,
    schemes=_AT_THE_INLET,
    url="inlet://",
)
TASK_ROUTER = Adapter(
    name="twilio-taskrouter",
    protocol="twilio-taskrouter",
    port=0,
    settings=TwilioSettings,
    session=TwilioSession,
    schemes=_AT_THE_INLET,
    url="inlet://",
)
CONNECT = Adapter(
    name="amazon-connect",
    protocol="amazon-connect",
    port=0,
    settings=ConnectSettings,
    session=ConnectSession,
    schemes=_AT_THE_INLET,
    url="inlet://",
)
