"""What was configured, as frozen Structs, and what of it the engine may know."""

from typing import Literal

import msgspec

from ccwall.config.alerts import Alerting
from ccwall.delivery.contract import Configured
from ccwall.events import (
    AgentCard,
    AgentId,
    BreakPolicy,
    Calendar,
    DeviceId,
    LineCard,
    Policy,
    Promises,
    QueueCard,
    QueueId,
    SeatId,
    Sense,
    SiteId,
    SourceId,
)
from ccwall.floor.rota.table import Code
from ccwall.sheet import LANGUAGES
from ccwall.transport import Address

DAY = 86_400.0
SITE = SiteId("site")
HOUSE = SourceId("ccwall")
"""The source of what the house itself says: its configuration."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    names: dict[str, str] = {}
    zone: str = "UTC"
    day_starts: int = 0
    interval: int = 900
    calls_target: int = 70


class Web(msgspec.Struct, frozen=True, kw_only=True):
    """``token`` opens the wall as it hangs in the room, ``staff_token`` with callers' numbers. ``hosts`` are names of this server;
    ``embed`` are the origins whose pages boards may show, and ``frame_ancestors`` those whose pages may show the wall."""

    host: str = "127.0.0.1"
    port: int = 8800
    token: str = ""
    staff_token: str = ""
    hosts: tuple[str, ...] = ()
    tls_cert: str = ""
    tls_key: str = ""
    embed: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """``folder`` as it was written, see `journal_folder`; ``keep`` in seconds, ``wire_limit`` in bytes."""

    enabled: bool = True
    folder: str = "journal"
    keep: float = 400 * DAY
    wire_days: int = 3
    wire_limit: int = 2 * 1024 * 1024 * 1024


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """``settings`` is the adapter's own Struct; ``secrets`` are the values that must never be written anywhere.

    ``site`` is where it stands, empty for the site of this floor; ``sense`` how well it knows people; ``titles`` what
    people call it, by language.
    """

    name: SourceId
    type: str
    address: Address
    settings: msgspec.Struct
    site: str = ""
    sense: Sense = "acd"
    titles: dict[str, str] = {}
    secrets: tuple[str, ...] = ()


class Outlet(msgspec.Struct, frozen=True, kw_only=True):
    """Where ccwall tells others what it knows."""

    name: str
    type: str
    address: Address
    settings: msgspec.Struct
    secrets: tuple[str, ...] = ()


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """One business queue and the sources' queues it is made of."""

    id: QueueId
    natives: tuple[tuple[SourceId, str], ...]
    card: QueueCard
    wrap_up: float = 0.0


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    id: AgentId
    card: AgentCard
    interfaces: dict[SourceId, tuple[str, ...]] = {}


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A place, and by source the sensors that watch it."""

    id: SeatId
    sensors: dict[SourceId, tuple[str, ...]] = {}


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was configured; without arguments, what holds when nothing was."""

    file: str = ""
    site: Site = Site()
    web: Web = Web()
    journal: Journal = Journal()
    default: QueueCard = QueueCard()
    wrap_up: float = 0.0
    sources: tuple[Source, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    channels: tuple[Configured, ...] = ()
    alerts: Alerting = Alerting()
    queues: tuple[Queue, ...] = ()
    lines: dict[str, LineCard] = {}
    agents: tuple[Agent, ...] = ()
    roster: str = ""
    """the file that some of the agents are from"""
    seats: tuple[Seat, ...] = ()
    conflicts: dict[str, float] = {}
    not_ready: dict[str, str] = {}
    breaks: BreakPolicy = BreakPolicy()
    calendar: Calendar = Calendar()
    promises: Promises = Promises()
    shifts: dict[str, Code] = {}
    digest: str = ""


def policy(config: Config, mode: Literal["", "demo", "replay"] = "") -> Policy:
    """What of a configuration the engine may know: no address, no secret."""
    return Policy(
        site=SITE,
        mode=mode,
        names=config.site.names,
        zone=config.site.zone,
        day_starts=config.site.day_starts,
        interval=config.site.interval,
        calls_target=config.site.calls_target,
        default=config.default,
        queues={queue.id: queue.card for queue in config.queues},
        lines=_lines(config),
        agents={agent.id: agent.card for agent in config.agents},
        sources={source.name: source.type for source in config.sources},
        places={source.name: SiteId(source.site) for source in config.sources if source.site},
        not_ready_kinds=config.not_ready,
        breaks=config.breaks,
        titles={source.name: source.titles for source in config.sources if source.titles},
        senses={source.name: source.sense for source in config.sources},
        devices=_devices(config),
        limits=config.conflicts,
        calendar=config.calendar,
        promises=config.promises,
    )


def _devices(config: Config) -> dict[DeviceId, AgentId]:
    """Whose the devices of the senses below the ACD are."""
    senses = {source.name: source.sense for source in config.sources}
    return {
        DeviceId(f"{source}/{interface}"): agent.id
        for agent in config.agents
        for source, interfaces in agent.interfaces.items()
        if senses.get(source, "acd") != "acd"
        for interface in interfaces
    }


def _lines(config: Config) -> dict[str, LineCard]:
    """The lines that are described, and after them those that a queue only names."""
    lines = dict(config.lines)
    last = max((card.order for card in lines.values()), default=0)
    for queue in config.queues:
        if (name := queue.card.line) and name not in lines:
            last += 1
            lines[name] = line_card(config.default, dict.fromkeys(LANGUAGES, name), last)
    return lines


def line_card(default: QueueCard, names: dict[str, str], order: int) -> LineCard:
    """A line that is judged as the queues are."""
    return LineCard(
        names=names,
        order=order,
        service_level_target=default.service_level_target,
        answer_rate_target=default.answer_rate_target,
        satisfaction_target=default.satisfaction_target,
    )
