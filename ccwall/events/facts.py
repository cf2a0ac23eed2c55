"""Any fact, and the envelope it comes in."""

import msgspec

from ccwall.events import (
    alerts,
    breaks,
    cases,
    commands,
    contacts,
    devices,
    duty,
    moves,
    notices,
    people,
    policy,
    rota,
    sources,
)
from ccwall.events.base import SCHEMA_VERSION, Principal, SiteId, SourceId

AnyEvent = (
    contacts.Fact
    | people.Fact
    | devices.Fact
    | sources.Fact
    | policy.Fact
    | commands.Fact
    | alerts.Fact
    | breaks.Fact
    | moves.Fact
    | duty.Fact
    | notices.Fact
    | cases.Fact
    | rota.Fact
)


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact as it enters the house. ``seq`` orders state; ``id`` comes from the fact itself, so a replay is idempotent.

    ``received`` is our clock at intake. ``actor`` is the person who did it, if a person did.
    """

    seq: int
    id: str
    source: SourceId
    site: SiteId
    received: float
    event: AnyEvent
    v: int = msgspec.field(default_factory=lambda: SCHEMA_VERSION)  # a plain default would not be written
    actor: Principal | None = None
