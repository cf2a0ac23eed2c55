"""How the web shows a visit, and what else can stand behind a number: a refused call, a ring, an outbound attempt."""

from ccwall.access.sight import MASK, mask
from ccwall.engine.explain import Outbound, Refusal, Ring, Thing
from ccwall.engine.visits import Attempt, Contact
from ccwall.mirror import Tree


def card(visit: Contact, full: bool, *, incomplete: bool = False) -> Tree:
    """A visit as the web shows it; what has no value is absent. `full`: with the caller's number and name."""
    told: Tree = {
        "id": visit.id,
        "source": visit.source,
        "queue": visit.queue,
        "queue_name": visit.queue_name,
        "call": visit.call,
        "caller": visit.caller if full else mask(visit.caller),
        "caller_name": visit.caller_name if full else (MASK if visit.caller_name else ""),
        "queued": visit.queued,
        "outcome": visit.outcome,
        "cause": visit.cause,
        "answered": visit.answered,
        "ended": visit.ended,
        "end": visit.end,
        "wait": visit.wait,
        "declared_wait": visit.declared_wait,
        "talk": visit.talk,
        "agent": visit.agent,
        "agent_name": visit.agent_name,
        "member": visit.member,
        "interface": visit.interface,
        "inferred": visit.inferred,
        "incomplete": incomplete or None,
    }
    return {key: value for key, value in told.items() if value is not None and value != ""}


def behind(thing: Thing, full: bool, *, incomplete: bool = False) -> Tree:
    """The card of anything that a number counts. What is no visit has the outcome `refused` or that of an attempt; a ring
    is the card of its visit, with whose phone it was and when it stopped."""
    if isinstance(thing, Refusal):
        return {
            "id": thing.id,
            "queue": thing.queue,
            "queued": thing.queued,
            "outcome": "refused",
            "cause": thing.cause,
        }
    if isinstance(thing, Ring):
        of_another = ("agent_name", "member", "interface")
        visit = card(thing.contact, full, incomplete=incomplete)
        visit = {key: value for key, value in visit.items() if key not in of_another}
        return visit | {"id": thing.id, "agent": thing.agent, "rang": thing.queued}
    if isinstance(thing, Outbound):
        return _attempt(thing.attempt, thing.queued)
    return card(thing, full, incomplete=incomplete)


def _attempt(attempt: Attempt, at: float) -> Tree:
    moments = (("connected", attempt.connected), ("dialled", attempt.dialled), ("planned", attempt.planned))
    reached = next((name for name, moment in moments if moment is not None), "planned")
    told: Tree = {
        "id": attempt.id,
        "source": attempt.source,
        "queue": attempt.queue,
        "queued": at,
        "outcome": attempt.outcome or reached,
        "cause": attempt.cause,
        "answered": attempt.connected,
        "ended": attempt.ended,
        "talk": attempt.talk,
        "agent": attempt.agent,
    }
    return {key: value for key, value in told.items() if value is not None and value != ""}


def visit_of(thing: Thing) -> Contact | None:
    """The visit that it is, or belongs to."""
    return thing.contact if isinstance(thing, Ring) else thing if isinstance(thing, Contact) else None
