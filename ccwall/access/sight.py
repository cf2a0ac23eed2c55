"""What a role may see of people who call. Scopes (queues, teams) are in ccwall.mirror and ccwall.api."""

from ccwall.events import Principal, Role

SEE_CALLERS: frozenset[Role] = frozenset({"system", "manager", "operations", "supervisor", "complaints"})
STAFF: frozenset[Role] = frozenset({"system", "manager", "operations", "supervisor"})
"""Who may see how the house itself is: addresses, and the far ends' own words."""
LIST_CONTACTS: frozenset[Role] = SEE_CALLERS | {"lead", "quality"}

MASK = "****"
SHOWN_FIRST, SHOWN_LAST = 3, 4
HIDDEN_AT_LEAST = 4
"""A number with fewer digits between what is shown could be found by trying: it is hidden whole."""


def may_see_callers(principal: Principal) -> bool:
    return principal.role in SEE_CALLERS


def is_staff(principal: Principal) -> bool:
    return principal.role in STAFF


def may_list_contacts(principal: Principal) -> bool:
    return principal.role in LIST_CONTACTS


def mask(number: str) -> str:
    """A caller's number for those who must not see it; the length does not show either.

    >>> mask("79123454034"), mask("+8613812345678"), mask("84951234"), mask("")
    ('791****4034', '+86****5678', '****', '')
    """
    if not number:
        return ""
    digits = number.removeprefix("+")
    telling = digits.isascii() and digits.isdigit()
    if not telling or len(number) < SHOWN_FIRST + HIDDEN_AT_LEAST + SHOWN_LAST:
        return MASK
    return number[:SHOWN_FIRST] + MASK + number[-SHOWN_LAST:]


def may_list_people(principal: Principal) -> bool:
    """What each person has done with the shift: for the staff, and for leads about their own."""
    return is_staff(principal) or principal.role == "lead"


def may_explain(principal: Principal, kind: str, id: str, team: str = "") -> bool:
    """Whether the numbers of a scope are in sight, as they are on the board; `team`: of the person, when that is the scope.

    >>> lead = Principal(id="wu", role="lead", teams=("north",))
    >>> [may_explain(lead, *scope) for scope in (("team", "north"), ("agent", "li", "north"), ("team", "south"), ("floor", ""))]
    [True, True, False, True]
    >>> li = Principal(id="li", role="agent", teams=("north",), agent="7")
    >>> [may_explain(li, *scope) for scope in (("team", "north"), ("agent", "7"), ("agent", "8", "north"), ("floor", ""))]
    [True, True, False, False]
    """
    queues, teams = principal.queues, principal.teams
    if principal.role == "agent":
        return id == principal.agent if kind == "agent" else kind == "team" and id in (teams or ())
    if kind == "queue":
        return queues is None or id in queues
    if kind in ("team", "agent"):
        return queues is None and (teams is None or (id if kind == "team" else team) in teams)
    return queues is None
