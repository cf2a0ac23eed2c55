"""The whole circle in one process and in simulated time: floor, switch, wire, adapter, engine."""

from collections.abc import Iterator

from ccwall.adapter import Known
from ccwall.engine.engine import Engine
from ccwall.engine.visits import Contact
from ccwall.events import AnyEvent, SiteId, SourceId
from ccwall.intake import Intake
from ccwall_adapters.csta_xml import CstaSession, CstaSettings
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.csta import PLAIN, CstaSwitch, Variant
from ccwall_simulators.csta.switch import Seen
from ccwall_simulators.line import Line
from tests.adapters.contract import PlainDirectory

START = 1_795_312_800.0
SOURCE = SourceId("src")
STEP = 0.25
"""Seconds between two looks at the wire: nothing is known more exactly than that."""
CAUSES = {"empty": "no_agents"}
"""What the floor's causes are in CSTA."""


class Loop:
    """Lives in steps; `connect` and `disconnect` are the link's, everything else the floor's."""

    def __init__(
        self,
        seed: int,
        *,
        scenario: str = "small_floor",
        variant: Variant = PLAIN,
        settings: CstaSettings | None = None,
    ) -> None:
        self.seed = seed
        self.floor = CallCentre(load_scenario(scenario), seed=seed, start=START)
        self.switch = CstaSwitch(self.floor, start=START, seed=seed, variant=variant, pace=1.0)
        self.settings = settings or CstaSettings(
            devices=tuple(self.switch.phones),
            groups={number: queue for queue, number in self.switch.groups.items()},
            edition=variant.edition,
            session=variant.session,
        )
        self.session = self.new_session()
        self.engine = Engine(SiteId("site"))
        self.intake = Intake(SiteId("site"), self.engine.apply)
        self.facts: list[AnyEvent] = []
        self.line: Line | None = None
        self._lines = 0

    def new_session(self, remembered: list[Known] | None = None) -> CstaSession:
        session = CstaSession(self.settings, PlainDirectory(), "live")
        session.remember(remembered or [])
        return session

    @property
    def now(self) -> float:
        return self.switch.now

    def take(self, facts: list[AnyEvent]) -> None:
        self.facts += facts
        self.intake.take(SOURCE, facts, self.now)

    def connect(self) -> None:
        self._lines += 1
        self.line = Line(self.switch.connect(), seed=self.seed * 1000 + self._lines)
        self.take(self.session.open(self.now))
        self._carry()

    def known(self) -> list[Known]:
        """Today's visits as a journal would give them to a new session."""
        return [
            Known(contact=c.id, queue=c.queue, call=c.call, queued=c.queued, over=c.ended is not None)
            for c in self.engine.contacts()
        ]

    def disconnect(self, reason: str = "eof") -> None:
        if self.line is not None:
            self.line.close()
            self.line = None
            self.take(self.session.close(self.now, reason))

    def live(self, seconds: float, step: float = STEP) -> Iterator[float]:
        """After every step, what time it is."""
        start, end, steps = self.now, self.now + seconds, 0
        while self.now < end:
            steps += 1
            self.switch.advance(min(end, start + steps * step))
            self._carry()
            yield self.now

    def pass_time(self, seconds: float) -> None:
        for _ in self.live(seconds):
            pass

    def heard(self, data: bytes) -> None:
        """For whoever keeps the wire."""

    def asked(self, data: bytes) -> None:
        """For whoever keeps the wire."""

    def _carry(self) -> None:
        """Bytes both ways until nobody has more to say."""
        while self.line is not None:
            heard = self.line.to_client(self.now)
            if heard:
                self.heard(heard)
            self.take([*self.session.receive(heard, self.now), *self.session.tick(self.now)])
            asked = self.session.outgoing()
            if asked:
                self.asked(asked)
            self.line.from_client(asked, self.now)
            if self.line.ended and not heard:
                self.disconnect(self.line.ended)
            elif not heard and not asked:
                return


def differences(loop: Loop, *, since: float = 0.0) -> list[str]:
    """Every visit that was alive after `since`, one by one against the floor's truth; nothing may be invented."""
    told: dict[tuple[str, str], list[Contact]] = {}
    for contact in loop.engine.contacts():
        told.setdefault((contact.call, contact.queue.removeprefix("src/")), []).append(contact)
    found = []
    for seen in loop.switch.visits():
        visit = seen.visit
        known = told.get((seen.call, visit.queue), [])
        if visit.ended is not None and visit.ended <= since:
            continue
        wrong = compare(seen, known.pop(0)) if known else "it is missing"
        if wrong:
            found.append(f"{wrong}: {visit}")
    return found + [f"invented: {contact}" for rest in told.values() for contact in rest]


def compare(seen: Seen, contact: Contact, slack: float = 1.0) -> str:
    """What differs, if anything does. `slack`: seconds that the wire may have taken."""
    visit = seen.visit
    decided = visit.answered if visit.answered is not None else visit.ended
    waits = visit.outcome not in ("open", "lost") and contact.wait_known and decided is not None
    wait = decided - visit.queued if decided is not None else None
    cause = CAUSES.get(visit.cause, visit.cause)
    differs = {
        "outcome": visit.outcome != contact.outcome,
        "cause": visit.outcome == "flowed_out" and cause != contact.cause,
        "agent": bool(visit.agent) and f"src/{visit.agent}" != contact.agent,
        "caller": contact.caller not in ("", visit.caller),
        "wait": waits and not near(wait, contact.wait, slack),
        "ended": not near(visit.ended, contact.ended, slack),
    }
    return ", ".join(f"{what} is {getattr(contact, what)}" for what, wrong in differs.items() if wrong)


def near(one: float | None, other: float | None, slack: float) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= slack


def gauges_of_floor(loop: Loop) -> dict[str, tuple[int, int]]:
    """(waiting, talking) of every queue, in truth."""
    talking = [one.queue for one in loop.floor.talking()]
    return {queue.name: (len(queue.waiting), talking.count(queue.name)) for queue in loop.floor.queues()}


def gauges_of_board(loop: Loop) -> dict[str, tuple[int, int]]:
    """(waiting, talking) of every queue, on the wall."""
    queues = loop.engine.board(loop.now)["queues"]
    assert isinstance(queues, dict)
    return {name.removeprefix("src/"): (told["waiting"], told["talking"]) for name, told in queues.items()}
