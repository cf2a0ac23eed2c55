"""How long a look of the alarms takes on a large floor: python benchmarks/alert_look.py [AGENTS] [QUEUES]

Every second one caller comes or goes in each fifth queue, and twenty people change state; the figures are of the looks alone, without
bringing the board up to date, which the screens need anyway.
"""

import random
import statistics
import sys
from time import perf_counter

import msgspec

from ccwall.alerts.pack import shipped
from ccwall.alerts.ruleset import Ruleset
from ccwall.alerts.watch import Memory, look
from ccwall.config import HOUSE, SITE
from ccwall.engine import Engine
from ccwall.events import AnyEvent, ConfigApplied, Policy, SourceId
from ccwall.intake import Intake

SECONDS = 120
START = 1_795_395_600.0


def main(agents: int, queues: int) -> None:
    chance, engine = random.Random(1), Engine(SITE)
    intake = Intake(SITE, engine.apply)
    pbx = SourceId("pbx1")

    def say(name: str, at: float, **words: object) -> None:
        fact: AnyEvent = msgspec.convert({"type": name, "at": at, **words}, AnyEvent)
        intake.take(pbx, [fact], at)

    intake.take(HOUSE, [ConfigApplied(at=START, hash="", policy=Policy(zone="Asia/Shanghai"))], START)
    for n in range(agents):
        who = {"agent": f"a{n}"}
        say("agent.logged_on", START, **who)
        say("agent.membership_changed", START, queue=f"pbx1/q{n % queues}", member=True, **who)
        say("device.state", START, device=f"pbx1/{n}", state="idle", **who)
    rules, memory, waiting = Ruleset(shipped(), "Asia/Shanghai"), Memory(), dict[str, str]()
    times, found, now = list[float](), 0, START
    for second in range(SECONDS):
        now = START + 10 + second
        for n in range(0, queues, 5):
            queue = f"pbx1/q{n}"
            contact = waiting.pop(queue, None)
            if contact is not None and chance.random() < 0.03:
                say("contact.abandoned", now, contact=contact, queue=queue)
            elif contact is None:
                waiting[queue] = f"c{n}-{second}"
                say("contact.queued", now, contact=waiting[queue], queue=queue)
            else:
                waiting[queue] = contact
        for n in chance.sample(range(agents), min(agents, 20)):
            pause = {"reason": "away"} if chance.random() < 0.5 else {}
            say("agent.not_ready" if pause else "agent.ready", now, agent=f"a{n}", **pause)
        engine.changes(now)
        while True:
            begin = perf_counter()
            looked = look(engine.shown, rules, engine.alerts, now, memory)
            times.append(perf_counter() - begin)
            if not looked.events:
                break
            found += len(looked.events)
            intake.take(HOUSE, looked.events, now)
    first, rest = times[0], sorted(times[1:])
    print(f"{agents} agents, {queues} queues, {len(rules.rules)} rules, {len(times)} looks, {found} facts")
    print(f"the first look {1000 * first:.1f} ms; then mean {1000 * statistics.mean(rest):.2f} ms, "
          f"99 of 100 below {1000 * rest[int(len(rest) * 0.99)]:.2f} ms, the longest {1000 * rest[-1]:.2f} ms")  # fmt: skip


if __name__ == "__main__":
    main(*(int(each) for each in (sys.argv[1:3] or ("1000", "50"))))
