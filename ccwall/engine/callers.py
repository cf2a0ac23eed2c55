"""Who called before, and who was passed on: for each caller the calls of the last 24 hours, as far as they are remembered."""

from ccwall.engine.room import MOST_CONTACTS
from ccwall.engine.state import State
from ccwall.engine.visits import Contact

DAY = 86_400.0

MOST_CALLS = 10
"""Of one caller, the last: a trunk that hides its callers behind one number is not remembered without bound."""

MOST_PASSED_ON = 5_000
"""Calls; one that is passed on more than so many others ago is over."""

NOBODY = frozenset(
    ("", "unknown", "<unknown>", "anonymous", "restricted", "private", "withheld", "unavailable")
)
"""What sources write where there is no number."""


def earlier_calls(state: State, c: Contact) -> int:
    """How many other calls of this caller queued in the 24 hours before; from now on this one is known, too."""
    caller = c.caller.strip().casefold()
    if caller in NOBODY:
        return 0
    own, queued, earlier = c.call or c.id, c.queued, 0
    calls = state.callers.pop(caller, None)
    if calls is None:
        calls = {}
    else:
        calls.pop(own, None)
        begin = queued - DAY
        for at in calls.values():
            if begin < at < queued:
                earlier += 1
        if len(calls) >= MOST_CALLS:
            del calls[next(iter(calls))]
    calls[own] = queued
    state.callers[caller] = calls  # who called last is at the end
    _forget(state)
    return earlier


def count_transfer(state: State, c: Contact) -> None:
    """The party is passed on: whoever takes the call next is told how often it was."""
    call = c.call or c.id
    times = state.passed_on.pop(call, 0)
    state.passed_on[call] = times + 1  # passed on last is at the end
    if len(state.passed_on) > MOST_PASSED_ON:
        del state.passed_on[next(iter(state.passed_on))]


def _forget(state: State) -> None:
    """Those who called last more than a day ago, and who is beyond the bound."""
    callers = state.callers
    while callers:
        first, calls = next(iter(callers.items()))
        if len(callers) <= MOST_CONTACTS and next(reversed(calls.values())) > state.now - DAY:
            return
        del callers[first]
