"""What is known of one person: memberships, phones, conversations, and the counts of the day.

Everything here is changed by the reducers and by nobody else.
"""

import msgspec

from ccwall.engine.day import Frame
from ccwall.engine.diary import Diary, Said
from ccwall.events import AgentId, ContactId, DeviceId, PhoneState, QueueId, SourceId


class Membership(msgspec.Struct, kw_only=True, gc=False):
    """One agent in one queue by one interface. ``queue`` "" stands for a source that knows agents but no members.

    ``since`` begins the not-ready period, ``told`` is when its reason was last said.
    """

    source: SourceId
    queue: QueueId
    interface: str
    epoch: int
    ready_epoch: int = 0
    not_ready: bool = False
    since: float = 0.0
    told: float = 0.0
    reason: str = ""
    automatic: bool = False


class Phone(msgspec.Struct, kw_only=True, gc=False):
    source: SourceId
    state: PhoneState
    since: float
    epoch: int


class Wrap(msgspec.Struct, kw_only=True, gc=False):
    """Work after a call; ``until`` None lasts until another state is told."""

    source: SourceId
    since: float
    until: float | None
    contact: ContactId | None
    epoch: int


class Engaged(msgspec.Struct, kw_only=True, gc=False):
    """The source says the agent is busy."""

    source: SourceId
    since: float
    epoch: int
    told: float = 0.0
    """when it last said so"""


class Conversation(msgspec.Struct, kw_only=True, gc=False):
    """``since`` begins the present leg of it: the answer, the last hold or the last retrieval."""

    answered: float
    since: float
    held: bool = False


class AgentDay(msgspec.Struct, kw_only=True, gc=False):
    """One person's own counts of one business day. Durations are whole milliseconds.

    ``states`` is the finished time in each state (`Spell`), ``intervals`` the same by start of interval; ``talk`` is
    without ``hold``. The longest are of finished ones: a conversation from its answer to its end, and a single hold.
    ``first_on`` and ``last_on`` are the first and the last instant of that day at which the person is known to have been
    logged on, of the finished time.
    """

    answered: int = 0
    handled: int = 0
    talk: int = 0
    hold: int = 0
    wrap: int = 0
    transferred: int = 0
    missed: int = 0
    declined: int = 0
    outbound: int = 0
    """attempts that this person was connected to"""
    longest_talk: int = 0
    longest_hold: int = 0
    first_on: float | None = None
    last_on: float | None = None
    states: dict[str, int] = {}
    intervals: dict[int, dict[str, int]] = {}
    ratings: int = 0
    satisfied: int = 0
    diary: Diary = msgspec.field(default_factory=Diary)


OFF = "off"


class Spell(msgspec.Struct, frozen=True, gc=False):
    """What a person does since ``since`` (epoch milliseconds) and is not booked yet.

    ``state`` is as shown: not ready is split by its kind, and ``off`` is no time at all. Wrap-up that ends by itself ends
    at ``until``, and ``then`` is what comes after it. ``reason``: the words for not being ready. ``source`` is the one whose absence makes it stand still.
    """

    state: str = OFF
    since: int = 0
    source: SourceId | None = None
    until: int | None = None
    then: str = ""
    reason: str = ""


class Agent(msgspec.Struct, kw_only=True, gc=False):
    """One person. ``state`` and ``since`` are as resolved after the last fact; wrap-up may have run out since.

    ``spell`` is the same for the books of time: it begins where the time booked ends.
    """

    id: AgentId
    name: str = ""
    source: SourceId | None = None
    memberships: list[Membership] = []
    phones: dict[DeviceId, Phone] = {}
    faults: dict[DeviceId, str] = {}
    gear: dict[DeviceId, None] = {}
    """devices that are not the ACD's own: `State.gear` has them"""
    calls: dict[ContactId, Conversation] = {}
    ringing: dict[ContactId, float] = {}
    wrap: Wrap | None = None
    engaged: Engaged | None = None
    not_ready_since: float | None = None
    state: str = OFF
    since: float | None = None
    spell: Spell = Spell()
    days: dict[int, AgentDay] = {}
    heard: dict[str, Said] = {}
    """by device or source of the seat, what the senses below the ACD said today"""

    def last_not_ready(self) -> Membership | None:
        """The membership whose reason was told last; None when the person is ready in all."""
        paused = [m for m in self.memberships if m.not_ready]
        return max(paused, key=_told) if paused else None

    def not_ready_in(self) -> set[QueueId]:
        """Queues that may give this person nothing, by any interface."""
        open_in = {m.queue for m in self.memberships if not m.not_ready}
        return {m.queue for m in self.memberships if m.not_ready and m.queue} - open_in


def _told(membership: Membership) -> float:
    return membership.told


def kept_time(days: dict[int, AgentDay], frame: Frame) -> dict[int, AgentDay]:
    """What no contact can tell again, under other days or intervals: time and log-on.

    The time of an interval goes where that interval began: of longer ones into shorter it keeps its grain.
    """
    kept: dict[int, AgentDay] = {}
    for start, old in sorted(days.items()):
        for interval, spent in sorted(old.intervals.items()):
            began = max(interval, start)
            key = frame.day_of(began)
            if key is not None:
                day = kept.setdefault(key, AgentDay())
                into = day.intervals.setdefault(frame.interval_of(began), {})
                for status, length in spent.items():
                    into[status] = into.get(status, 0) + length
                    day.states[status] = day.states.get(status, 0) + length
        for began_at, ended, status, reason in old.diary.spells():
            border = min(max(began_at, frame.end * 1000), ended)  # of two days, if it is in the midst of it
            for key, first, last in (
                (frame.start, max(began_at, frame.start * 1000), border),
                (frame.end, border, ended),
            ):
                if first < last:
                    kept.setdefault(key, AgentDay()).diary.write(status, first, last, reason)
        _keep_log_on(kept, frame.end if start >= frame.end else frame.start, old)
    return kept


def _keep_log_on(kept: dict[int, AgentDay], key: int, old: AgentDay) -> None:
    if old.first_on is not None and old.last_on is not None and old.last_on > key:
        day, first = kept.setdefault(key, AgentDay()), max(old.first_on, float(key))
        day.first_on = first if day.first_on is None else min(first, day.first_on)
        day.last_on = max(old.last_on, day.last_on or 0.0)
