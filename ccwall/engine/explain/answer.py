"""Why a number of visits is what it is: its sides in words and figures, who is behind them, and who was left out and why.

The value shown is that of the books, as it is on the screens. The visits are counted again beside it, one by one:
`checked` says whether both agree, and `recounted` what came out when they do not.
"""

from collections.abc import Iterable

from ccwall.engine.explain.account import Account, account
from ccwall.engine.explain.ahead import behind
from ccwall.engine.explain.booked import booked
from ccwall.engine.explain.case import Found, sorted_out
from ccwall.engine.explain.declared import declared
from ccwall.engine.explain.doubt import doubts
from ccwall.engine.explain.formula import Formula, formula_of, service_level
from ccwall.engine.explain.gauges import BEGAN, GAUGES, age, longest
from ccwall.engine.explain.heading import heading
from ccwall.engine.explain.paging import Explanation, paged
from ccwall.engine.explain.parts import counting, figures
from ccwall.engine.explain.question import Mistaken, View
from ccwall.engine.explain.things import Thing, sorted_extra
from ccwall.engine.state import State
from ccwall.engine.visits import Contact


def of_visits(state: State, view: View) -> Explanation:
    """The explanation of a number that is made of visits, refused calls, rings at agents or outbound attempts."""
    key, counted = view.metric.key, counted_of(state, view)
    since = None
    if key in BEGAN:
        counted, since = longest(view, counted)
    value, is_kept = booked(state, view)
    told = heading(state, view, value if since is None else age(state, view, counted), counted)
    if since is not None:
        told["since"] = since
    told |= figures(state, view, counted)
    if theirs := declared(state, view):
        told["declared"] = theirs
    told |= doubts(state, view, counted)
    if is_kept:
        told["checked"] = value == counted.value
        if value != counted.value and counted.value is not None:
            told["recounted"] = counted.value
    elif counted.value is not None:
        told["value"] = counted.value
    return paged(state, view, counted, told)


def counted_of(state: State, view: View) -> Account:
    """What the number is made of; of an estimate, what it rests on."""
    formula = _formula(view)
    return account(formula, _found(state, view, formula))


def _formula(view: View) -> Formula:
    if view.metric.key == "service_level":
        return service_level(view.variant, *counting(view))
    key = behind(view.metric.key) if view.metric.kind == "outlook" else view.metric.key
    formula = GAUGES.get(key) or formula_of(key)
    if formula is None:
        raise Mistaken("metric", f"{view.metric.key} is not explained")
    return formula


def _found(state: State, view: View, formula: Formula) -> Found[Thing]:
    contacts: Iterable[Contact] = state.contacts.values()
    if view.agent is not None:
        mine = view.agent.id
        contacts = (c for c in contacts if c.agent == mine)
    visits = sorted_out(contacts, view.limits, formula.sorter, view.team)
    found: Found[Thing] = {case: [*things] for case, things in visits.items()}
    for case, things in sorted_extra(state, view, formula.extra).items():
        found.setdefault(case, []).extend(things)
    return found
