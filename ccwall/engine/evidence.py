"""What the senses below the ACD say: phones, what lies on desks, seats. Each source's last word, with its age.

Everything here is changed by the reducers of `ccwall.engine.senses` and by nobody else. A word of a source that is away is
stale: it is shown as such, and contradicts nobody.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.events import AgentId, DeviceId, PhoneState, SeatId, Sense, SourceId

if TYPE_CHECKING:
    from ccwall.engine.persons import Agent
    from ccwall.engine.state import State

ORDER: dict[Sense, int] = {"acd": 0, "phone": 1, "desk": 2, "seat": 3, "none": 4}
"""Best first: of two senses that know a person, the first is believed."""

SAYS: dict[PhoneState, str] = {
    "unknown": "unknown",
    "idle": "idle",
    "in_use": "in_use",
    "busy": "in_use",
    "ringing_in_use": "in_use",
    "on_hold": "on_hold",
    "ringing": "ringing",
    "unavailable": "unavailable",
    "invalid": "unavailable",
}
"""What a phone says, in the words of the board."""
OF_LINE = {"in_use": "off_hook", "on_hold": "off_hook", "unavailable": "disconnected"}
"""The same of a line on the desk."""
USED = frozenset({"in_use", "on_hold"})
LAID_DOWN = frozenset({"docked", "removed", "disconnected"})
"""Who is said to be so hears nobody."""


class Word(msgspec.Struct, kw_only=True, gc=False):
    """``since`` is when it began to say so, or when it was first heard if ``age_known`` is False. ``hung_up``: it was heard to end
    a conversation then."""

    says: str
    since: float
    age_known: bool = True
    hung_up: bool = False
    epoch: int = 0


class Gear(msgspec.Struct, kw_only=True, gc=False):
    """A device that is not the ACD's own: a phone heard by SIP, a headset, a line. ``agent``: whose it is, as told or configured.

    ``line`` is its word as a phone, ``wear`` as a headset, made of the last of what it said of itself.
    """

    source: SourceId
    sense: Sense
    epoch: int = 0
    kind: str = ""
    name: str = ""
    agent: AgentId | None = None
    line: Word | None = None
    wear: Word | None = None
    docked: bool | None = None
    worn: bool | None = None
    connected: bool | None = None
    fault: str = ""


class Sitting(msgspec.Struct, kw_only=True, gc=False):
    """One source's word on one seat: occupied, vacant, or empty when it said neither. ``gone_since``: what watches the seat is
    gone since then, and its word counts for nothing."""

    says: str = ""
    since: float = 0.0
    told: float = 0.0
    age_known: bool = True
    epoch: int = 0
    gone_since: float | None = None


class Heard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One word as it is shown, and weighed."""

    source: SourceId
    sense: Sense
    says: str
    device: DeviceId | None = None
    since: float | None = None
    age_known: bool = True
    hung_up: bool = False
    stale: bool = False
    fault: str = ""
    of: Literal["acd", "line", "wear", "seat"] = "acd"


def is_away(state: "State", source: SourceId) -> bool:
    """Whether nobody hears it now: from its loss on, until it has told all again."""
    known = state.sources.get(source)
    return known is not None and known.down_since is not None


def worn(gear: Gear) -> str:
    """What a headset comes to; empty when it did not say where it is."""
    if gear.connected is False:
        return "disconnected"
    if gear.docked:
        return "docked"
    if gear.worn is not None:
        return "worn" if gear.worn else "removed"
    return "" if gear.docked is None else "undocked"


def heard_of(state: "State", agent: "Agent") -> list[Heard]:
    """What the senses below the ACD say of a person, best first."""
    found: list[Heard] = []
    for device in agent.gear:
        if (gear := state.gear.get(device)) is not None:
            found.extend(_of_gear(state, device, gear))
    card = state.policy.agents.get(agent.id)
    if card is not None and card.seat is not None:
        found.extend(_of_seat(state, card.seat))
    found.sort(key=_place)
    return found


def _of_gear(state: "State", device: DeviceId, gear: Gear) -> Iterator[Heard]:
    stale, line, wear = is_away(state, gear.source), gear.line, gear.wear
    if line is not None:
        says = OF_LINE.get(line.says, line.says) if gear.sense == "desk" else line.says
        yield Heard(
            source=gear.source,
            sense=gear.sense,
            says=says,
            device=device,
            since=line.since,
            age_known=line.age_known,
            hung_up=line.hung_up,
            stale=stale,
            fault=gear.fault,
            of="line",
        )
    if wear is not None:
        yield Heard(
            source=gear.source,
            sense="desk",
            says=wear.says,
            device=device,
            since=wear.since,
            age_known=wear.age_known,
            stale=stale,
            fault=gear.fault,
            of="wear",
        )


def _of_seat(state: "State", seat: SeatId) -> Iterator[Heard]:
    for source, sitting in state.seats.get(seat, {}).items():
        gone = sitting.gone_since is not None
        if gone or sitting.says:
            yield Heard(
                source=source,
                sense="seat",
                says="sensor_gone" if gone else sitting.says,
                since=sitting.gone_since if gone else sitting.since,
                age_known=gone or sitting.age_known,
                stale=is_away(state, source),
                of="seat",
            )


def _place(heard: Heard) -> tuple[int, str, str, str]:
    return ORDER[heard.sense], heard.source, heard.device or "", heard.of


Phones = Literal["in_use", "idle", "ringing", "unavailable"]


class Phone(msgspec.Struct, frozen=True, gc=False):
    """What all phones of a person come to, by the best sense that hears one. ``since`` when that began; its age is known when that
    of each of them is. ``hung_up``: one of them was heard to end a conversation."""

    says: Phones
    since: float
    age_known: bool
    hung_up: bool
    sources: tuple[SourceId, ...]


def phone_of(heard: Iterable[Heard], *, stale: bool = False) -> Phone | None:
    """None when no living sense (nor a ``stale`` one, if wanted) knows a phone of theirs, or none says what it does."""
    lines = [h for h in heard if h.of == "line" and (stale or not h.stale) and h.says != "unknown"]
    best = [each for each in lines if each.sense == "phone"] or lines
    used = [each for each in best if each.says in USED or each.says == "off_hook"]
    if used:
        return _together("in_use", used, min)
    ringing = [each for each in best if each.says == "ringing"]
    if ringing:
        return _together("ringing", ringing, min)
    if any(each.says == "idle" for each in best):
        return _together("idle", best, max)
    return _together("unavailable", best, max) if best else None


def _together(says: Phones, heard: list[Heard], pick: Callable[[Iterable[float]], float]) -> Phone:
    return Phone(
        says,
        pick([each.since or 0.0 for each in heard]),
        all(each.age_known for each in heard),
        any(each.hung_up for each in heard),
        tuple(sorted({each.source for each in heard})),
    )


def by_senses(heard: list[Heard]) -> tuple[str, float | None]:
    """The state of a person of whom no ACD tells, and since when: that of the phone. Ready means that it is free."""
    phone = phone_of(heard, stale=True)
    if any(each.fault for each in heard if each.of == "line"):
        return "fault", None
    if phone is None or phone.says == "unavailable":
        return ("unknown", None) if heard else ("off", None)
    return {"in_use": "busy", "idle": "ready", "ringing": "ringing"}[phone.says], phone.since
