"""People's own words in an act: bounded, of one line or several, and without what a screen or a far end would stumble over."""

import unicodedata
from collections.abc import Mapping

from ccwall.events import AgentId, Principal
from ccwall.floor.wish import Mistaken, NotThere, Roster, may_see
from ccwall.sheet import LANGUAGES

_UNWRITABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of what follows them: a name could make a screen say something else."""


def plain(where: str, text: str, limit: int, *, needed: bool = False, lines: bool = False) -> str:
    """The text without blanks around it; Mistaken when it is too long, empty though needed, or not to be written.

    >>> plain("reason", " 午餐 ", 20)
    '午餐'
    """
    text = text.strip()
    if needed and not text:
        raise Mistaken(where, "is missing")
    if len(text) > limit:
        raise Mistaken(where, f"has {len(text)} characters; at most {limit} are allowed")
    for position, sign in enumerate(text, 1):
        if lines and sign == "\n":
            continue
        if unicodedata.category(sign) in _UNWRITABLE or sign in _TURNING:
            raise Mistaken(
                where, f"has the control character U+{ord(sign):04X} at place {position}: leave it out"
            )
    return text


def texts(where: str, told: Mapping[str, str], limit: int, *, needed: bool = True) -> dict[str, str]:
    """By language; one of them at least."""
    found: dict[str, str] = {}
    for language, text in told.items():
        if language not in LANGUAGES:
            raise Mistaken(f"{where}.{language[:20]}", f"must be one of {', '.join(LANGUAGES)}")
        if said := plain(f"{where}.{language}", text, limit, lines=True):
            found[language] = said
    if needed and not found:
        raise Mistaken(where, "is missing: say it in one language at least")
    return found


def seen_agent(roster: Roster, principal: Principal, agent: str) -> AgentId:
    """Somebody of the floor whom this person may see; NotThere for everybody else."""
    id = AgentId(agent)
    own = principal.agent is not None and principal.agent == id
    if roster.memberships(id) is None or not (
        own or (principal.role != "agent" and may_see(roster, principal, id))
    ):
        raise NotThere(f"There is no agent {agent!r} here.")
    return id
