"""The accounts of a served wall, and the people of the demo whom anybody at its machine may be."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from ccwall.access.account_changes import create
from ccwall.access.account_file import ACCOUNTS, AccountFile
from ccwall.access.accounts import Accounts
from ccwall.access.model import Account, AccountRole
from ccwall.clock import Clock
from ccwall.config import Agent, Config
from ccwall.events import SYSTEM, AgentId

NO_PASSWORD = "none"
"""No hash of anything: nobody signs in with a password."""
PEOPLE = (("shen.lan", "沈岚 Shen Lan"), ("song.jia", "宋佳 Song Jia"), ("he.ping", "何平 He Ping"))
"""A manager, and the leads of two teams."""


def accounts(folder: Path | None, clock: Clock) -> Accounts:
    """Beside the journal; without one in memory, and gone with the process."""
    return Accounts(AccountFile(None if folder is None else folder / ACCOUNTS, clock.now), clock)


def personas(config: Config, clock: Clock) -> Accounts:
    """Of this floor: a manager, leads of its first two teams, and somebody of the first one who takes calls."""
    file = AccountFile(None, clock.now)
    people = list(_people(config, clock.now()))
    for each in people:
        file.change(partial(create, by=SYSTEM, account=each))
    return Accounts(file, clock, personas=tuple(each.id for each in people))


def _people(config: Config, now: float) -> Iterator[Account]:
    def one(id: str, name: str, role: AccountRole, team: str = "", agent: AgentId | None = None) -> Account:
        teams = (team,) if team else None
        account = Account(id=id, name=name, role=role, teams=teams, agent=agent, password=NO_PASSWORD)
        return msgspec.structs.replace(account, created=now, changed=now)

    teams = list(dict.fromkeys(each.card.team for each in config.agents if each.card.team))
    manager, *leads = PEOPLE
    yield one(*manager, "manager")
    for lead, team in zip(leads, teams, strict=False):
        yield one(*lead, "lead", team)
    if config.agents:
        first = config.agents[0]
        yield one(*_called(first), "agent", agent=first.id)


def _called(agent: Agent) -> tuple[str, str]:
    """Log-in and name."""
    names = agent.card.names
    told = dict.fromkeys(names[language] for language in ("zh-CN", "en", "") if language in names)
    latin = names.get("en", "").lower().replace(" ", ".")
    plain = latin.replace(".", "")
    return latin if plain.isascii() and plain.isalnum() else f"agent-{agent.id}", " ".join(told) or agent.id
