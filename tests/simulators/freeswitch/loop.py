"""The whole circle in one process and in simulated time: floor, FreeSWITCH, wire, adapter, engine."""

from collections.abc import Iterator
from typing import Literal

from ccwall.engine.engine import Engine
from ccwall.engine.visits import Contact
from ccwall.events import SiteId, SourceId
from ccwall.intake import Intake
from ccwall_adapters.freeswitch_esl import EslSession, EslSettings
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.far_end import Connection
from ccwall_simulators.freeswitch import PLAIN, FreeSwitchPbx, Variant
from ccwall_simulators.freeswitch.names import queue_name
from ccwall_simulators.freeswitch.truth import Visit
from tests.adapters.contract import PlainDirectory

START = 1_795_312_800.0
SOURCE = SourceId("src")
STEP = 0.25
"""Seconds between two looks at the wire: nothing is known more exactly than that."""


class Loop:
    """Lives in steps; `connect` and `disconnect` are the link's, everything else the floor's."""

    def __init__(
        self,
        seed: int,
        *,
        scenario: str = "small_floor",
        variant: Variant = PLAIN,
        form: Literal["json", "plain"] = "json",
    ) -> None:
        self.floor = CallCentre(load_scenario(scenario), seed=seed, start=START)
        self.pbx = FreeSwitchPbx(self.floor, start=START, seed=seed, variant=variant)
        settings = EslSettings(password="ClueCon", format=form)
        self.session = EslSession(settings, PlainDirectory(wrap_up=5.0), "live")
        self.engine = Engine(SiteId("site"))
        self.intake = Intake(SiteId("site"), self.engine.apply)
        self.client: Connection | None = None

    @property
    def now(self) -> float:
        return self.pbx.now

    def connect(self) -> None:
        self.joined(self.pbx.connect())

    def joined(self, client: Connection) -> None:
        self.client = client
        self.intake.take(SOURCE, self.session.open(self.now), self.now)
        self._carry()

    def disconnect(self, reason: str = "eof") -> None:
        if self.client is not None:
            self.client.close()
            self.client = None
            self.intake.take(SOURCE, self.session.close(self.now, reason), self.now)

    def restart(self, down: float, *, clean: bool) -> None:
        """The switch goes down, and the wall comes back as soon as it can."""
        self.pbx.restart(down, clean=clean)
        self._carry()
        self.disconnect()
        while not self.pbx.is_up:
            self.pbx.advance(self.now + STEP)
        self.connect()

    def live(self, seconds: float, step: float = STEP) -> Iterator[float]:
        """After every step, what time it is."""
        start, end, steps = self.now, self.now + seconds, 0
        while self.now < end:
            steps += 1
            self.pbx.advance(min(end, start + steps * step))
            self._carry()
            yield self.now

    def pass_time(self, seconds: float) -> None:
        for _ in self.live(seconds):
            pass

    def _carry(self) -> None:
        """Bytes both ways until nobody has more to say."""
        now = self.now
        while self.client is not None:
            heard = self.client.outgoing()
            facts = [*self.session.receive(heard, now), *self.session.tick(now)] if heard else []
            if not heard:
                facts = list(self.session.tick(now))
            self.intake.take(SOURCE, facts, now)
            asked = self.session.outgoing()
            self.client.receive(asked)
            if self.client.closed and not asked:
                self.intake.take(SOURCE, self.session.receive(self.client.outgoing(), now), now)
                self.disconnect()
            elif not heard and not asked:
                return


def differences(loop: Loop, *, since: float = 0.0) -> list[str]:
    """Every visit that was alive after `since`, one by one against the floor's truth; nothing may be invented."""
    told: dict[tuple[str, str], list[Contact]] = {}
    for contact in loop.engine.contacts():
        told.setdefault((contact.call, contact.queue.removeprefix("src/")), []).append(contact)
    found = []
    for visit in loop.pbx.visits():
        known = told.get((visit.call, visit.queue), [])
        if visit.ended is not None and visit.ended <= since:
            continue
        wrong = compare(visit, known.pop(0)) if known else "it is missing"
        if wrong:
            found.append(f"{wrong}: {visit}")
    return found + [f"invented: {contact}" for rest in told.values() for contact in rest]


def compare(visit: Visit, contact: Contact) -> str:
    """What differs, if anything does. Waits to a second; one that a list told is cut to seconds by it."""
    slack = 1.0 + STEP * contact.inferred
    waits = visit.outcome not in ("open", "lost") and contact.wait_known
    differs = {
        "outcome": visit.outcome != contact.outcome,
        "cause": visit.outcome == "flowed_out" and visit.cause != contact.cause,
        "agent": bool(visit.agent) and visit.agent != contact.member,
        "caller": visit.caller != contact.caller,
        "wait": waits and not near(visit.wait, contact.wait, slack),
        "ended": not near(visit.ended, contact.ended, 1.0),
    }
    return ", ".join(
        f"{what} is {getattr(contact, 'member' if what == 'agent' else what)}"
        for what, wrong in differs.items()
        if wrong
    )


def near(one: float | None, other: float | None, slack: float) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= slack


def gauges_of_floor(loop: Loop) -> dict[str, tuple[int, int]]:
    """(waiting, talking) of every queue, in truth."""
    talking = [one.queue for one in loop.floor.talking()]
    return {
        queue_name(queue.name): (len(queue.waiting), talking.count(queue.name))
        for queue in loop.floor.queues()
    }


def gauges_of_board(loop: Loop) -> dict[str, tuple[int, int]]:
    """(waiting, talking) of every queue, on the wall."""
    queues = loop.engine.board(loop.now)["queues"]
    assert isinstance(queues, dict)
    return {name.removeprefix("src/"): (told["waiting"], told["talking"]) for name, told in queues.items()}
