"""What a scenario's TOML file says, as frozen Structs; `reading.py` reads it, simulators/README.md describes it.

Rates are per minute or per hour as their names say, shares are fractions of 1, durations seconds.
"""

from itertools import pairwise
from typing import Literal

import msgspec

from .duration import DAY, Duration, TimeOfDay

Strategy = Literal["ringall", "leastrecent", "fewestcalls", "rrmemory", "random", "linear"]
FaultName = Literal[
    "cut",
    "reset",
    "half_open",
    "slow",
    "split",
    "garbage",
    "silence",
    "restart",
    "kill",
    "reload",
    "reset_statistics",
    "flood",
    "heal",
]
Product = Literal["asterisk", "freeswitch", "csta"]
Names = dict[str, str]
"""By language: zh-CN, zh-TW, en. Under "" a name for all of them."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of the file."""


class FloorPart(Part, frozen=True):
    """`start` is the time of day at which a demonstration begins; `warm` how long the floor has lived by then."""

    name: Names = msgspec.field(default_factory=lambda: {"": "Simulated floor"})
    zone: str = "Asia/Shanghai"
    start: TimeOfDay = TimeOfDay(36000)
    warm: Duration = Duration(600)
    requalify: Duration = Duration(15)
    """after a restart the exchange has found every phone again within this"""


class Wall(Part, frozen=True):
    """What the configuration made of a scenario says of its queues; `[queue.wall]` for one of them."""

    threshold: Duration = Duration(20)
    short: Duration = Duration(5)
    service_level_target: float = 0.8
    answer_rate_target: float = 0.9
    longest_wait_limit: Duration = Duration(60)
    waiting_limit: int = 6


class Callers(Part, frozen=True):
    """Who calls, and how they bear it. `patience` is the mean of a Weibull distribution with shape `patience_shape`."""

    patience: Duration = Duration(120)
    patience_shape: float = 1.3
    short: float = 0.05
    """share that hangs up within a few seconds"""
    greeting: Duration = Duration(4)
    """mean time in front of the queue"""
    redial: float = 0.35
    """share of those who were not served that calls again"""
    redial_after: Duration = Duration(180)
    hostile: float = 0.12
    """share with a name made to break programs"""
    unnamed: float = 0.35
    international: float = 0.03
    landline: float = 0.2
    withheld: float = 0.04
    vip: float = 0.05
    """share that enters with a priority"""


class Handling(Part, frozen=True):
    """What agents do with phones and callers. Shares are of rings, or of answered calls."""

    answer: Duration = Duration(4)
    """mean time from ring to answer"""
    unheard: float = 0.02
    """share of rings that a present agent lets ring out"""
    rejected: float = 0.005
    hold: float = 0.15
    hold_length: Duration = Duration(25)
    blind: float = 0.04
    attended: float = 0.04
    to_queue: float = 0.3
    """share of transfers that go into a queue"""
    to_colleague: float = 0.3
    caller_ends: float = 0.65
    after_call: float = 0.05
    """share of calls after which the agent pauses for the paper work"""
    after_call_length: Duration = Duration(45)
    after_call_reason: str = "after-call work"
    own_calls_per_hour: float = 1.0
    own_call_length: Duration = Duration(70)
    walk_offs_per_hour: float = 0.15
    """leaving the desk without a word to the ACD"""
    walk_off_length: Duration = Duration(120)
    notices: Duration = Duration(30)
    """mean time until somebody paused by the ACD notices"""
    moves_per_hour: float = 0.0
    """how often, on the whole floor, a lead lends somebody to another queue"""
    withdrawals_per_hour: float = 0.0


class LinePart(Part, frozen=True):
    """A business line: what the configuration calls it. Queues name it by `id`."""

    id: str
    title: Names = {}


class QueuePart(Part, frozen=True):
    """One queue. `calls_per_minute` arrive where its `profile` is 1."""

    name: str
    title: Names = {}
    line: str = ""
    calls_per_minute: float = 0.0
    profile: str = ""
    strategy: Strategy = "leastrecent"
    timeout: Duration = Duration(15)
    retry: Duration = Duration(5)
    wrap_up: Duration = Duration(0)
    weight: int = 0
    capacity: int = 0
    """0: no limit"""
    service_level: Duration = Duration(20)
    join_empty: bool = True
    leave_when_empty: bool = False
    autopause: Literal["no", "yes", "all"] = "no"
    ring_in_use: bool = False
    longest_wait: Duration = Duration(0)
    """0: no limit; then the caller goes to `overflow`, or is sent away"""
    overflow: str = ""
    again: float = 0.0
    """share of those who waited too long that chooses to wait in the same queue again"""
    key: float = 0.0
    """share of callers who press the key to leave a message once they have waited for a while"""
    key_to: str = ""
    talk: Duration = Duration(120)
    talk_spread: float = 0.6
    """standard deviation divided by mean"""
    patience: Duration = Duration(0)
    """0: as the callers' own"""
    wall: Wall | None = None


class Membership(Part, frozen=True):
    """One agent in one queue. `interface` empty: the agent's phone. `watches`: whose state the ACD looks at.

    `dynamic`: joined when the shift begins, left when it ends.
    """

    queue: str
    penalty: int = 0
    interface: str = ""
    watches: Literal["phone", "channel"] = "phone"
    dynamic: bool = False


class AgentPart(Part, frozen=True):
    """One person. `queues` and `joins` are short for static and dynamic memberships by the phone: queue = penalty."""

    id: str
    name: Names = {}
    native: str = ""
    """what the switch calls them; the Chinese name if empty"""
    team: str = ""
    seat: str = ""
    phone: str = ""
    """PJSIP/<id> if empty"""
    queues: dict[str, int] = {}
    joins: dict[str, int] = {}
    members: tuple[Membership, ...] = ()
    shift: str = ""
    """empty: always there"""
    pace: float = 1.0
    """0.8 talks a fifth shorter than the queue's average"""
    extension: str = ""


class Crowd(Part, frozen=True):
    """So many agents with names of our own, ids counted from `first`."""

    count: int
    first: int
    team: str = ""
    queues: dict[str, int] = {}
    joins: dict[str, int] = {}
    shift: str = ""


class Shift(Part, frozen=True):
    name: str
    begin: TimeOfDay
    end: TimeOfDay
    late: Duration = Duration(120)
    """they come and go up to this much earlier or later"""


class Break(Part, frozen=True):
    """Either in `waves` one after another from `at`, or now and then: `every` on average.

    `kind` is what the wall makes of it; each agent always gives the same one of `reasons`.
    """

    reasons: tuple[str, ...]
    kind: Literal["break", "meal", "breather", "training", "away"] = "break"
    at: TimeOfDay | None = None
    waves: int = 1
    every: Duration = Duration(0)
    length: Duration = Duration(600)
    share: float = 1.0
    """of the agents concerned"""
    teams: tuple[str, ...] = ()


class WalkOut(Part, frozen=True):
    """Many leave at once: `how` they do it tells whether the ACD knows."""

    at: TimeOfDay
    share: float = 0.7
    length: Duration = Duration(600)
    how: Literal["pause", "silently", "log_off"] = "pause"
    reason: str = "team meeting"


class Fault(Part, frozen=True):
    """Something the simulator does to itself; `name` is one of the practice panel's."""

    at: TimeOfDay
    name: FaultName
    seconds: Duration = Duration(0)


class Scenario(Part, frozen=True):
    """A whole floor. `profile`: by name, points of a day [time, level] between which the level goes straight."""

    key: str = "scenario"
    title: Names = {}
    floor: FloorPart = FloorPart()
    wall: Wall = Wall()
    callers: Callers = Callers()
    handling: Handling = Handling()
    profile: dict[str, tuple[tuple[TimeOfDay, float], ...]] = {}
    line: tuple[LinePart, ...] = ()
    queue: tuple[QueuePart, ...] = ()
    agent: tuple[AgentPart, ...] = ()
    crowd: tuple[Crowd, ...] = ()
    shift: tuple[Shift, ...] = ()
    breaks: tuple[Break, ...] = ()
    walk_out: tuple[WalkOut, ...] = ()
    fault: tuple[Fault, ...] = ()

    def agents(self) -> tuple[AgentPart, ...]:
        """Everybody, the crowds too, in the order of the file; ids, phones and names filled in."""
        from .names import filled_in

        return filled_in(self)

    def level(self, profile: str, time: float) -> float:
        """How lively a profile is at this many seconds after midnight; 1 without one.

        >>> noon = ((TimeOfDay(0), 0.0), (TimeOfDay(43200), 1.0))
        >>> Scenario(profile={"noon": noon}).level("noon", 21600.0)
        0.5
        """
        points = self.profile.get(profile, ())
        if not points:
            return 1.0
        time %= DAY
        if time <= points[0][0]:
            return points[0][1]
        for (since, low), (until, high) in pairwise(points):
            if time <= until:
                return low + (high - low) * (time - since) / (until - since)
        return points[-1][1]

    def configuration(
        self,
        *,
        source: str = "pbx1",
        url: str = "tcp://127.0.0.1:5038",
        own: str = "",
        product: Product = "asterisk",
    ) -> str:
        """The TOML of a ccwall configuration for this floor behind a product. `own`: more lines of TOML for the source
        (username, secret)."""
        from .configuration import configuration

        return configuration(self, source=source, url=url, own=own, product=product)

    def source(
        self, *, source: str = "pbx1", url: str = "tcp://127.0.0.1:5038", own: str = "", product: Product
    ) -> str:
        """Of that configuration the `[[source]]` alone."""
        from .configuration import source_lines

        return "\n".join(source_lines(self, source=source, url=url, own=own, product=product))
