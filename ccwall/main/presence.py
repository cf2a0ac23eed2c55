"""Who is there to be told: accounts with their roles and scopes, those who look at a page of late, and who is signed in on the floor."""

from collections.abc import Sequence

from ccwall.access.accounts import Accounts
from ccwall.alerts.ladder import Entry, Person, Roll
from ccwall.clock import Clock
from ccwall.engine import Engine

LATELY = 900.0
"""Real seconds since somebody's page asked for anything."""


def roll_of(accounts: Accounts, engine: Engine, clock: Clock) -> Roll:
    """``clock`` is the machine's."""

    def everybody() -> Sequence[Entry]:
        now = clock.now()
        here = {each.account for each in accounts.sessions() if now - each.used < LATELY}
        people = engine.shown.get("agents")
        floor = people if isinstance(people, dict) else {}
        found = []
        for account in accounts.all.values():
            if account.disabled:
                continue
            principal = accounts.principal(account)
            on_floor = floor.get(account.agent, {}).get("state", "off") != "off" if account.agent else False
            person = Person(
                id=account.id, name=account.name, agent=account.agent, there=account.id in here or on_floor
            )
            found.append(
                Entry(person=person, role=account.role, teams=principal.teams, queues=principal.queues)
            )
        return found

    return Roll(everybody)
