"""Calls for help on the floor (F13): who needs a lead, who went there, and how it ended."""

from typing import TYPE_CHECKING, Literal

import msgspec

from ccwall.engine.desk.deeds import Deed, Tree, filled, forget, team_of, who_shown
from ccwall.engine.desk.who import Who
from ccwall.events import AgentId, AnyEvent, Envelope, HelpEnded, HelpId, HelpRequested, HelpTaken, SeatId

if TYPE_CHECKING:
    from ccwall.engine.state import State

LIMIT = 60.0
"""Seconds within which somebody is to go there (F13)."""
KEPT_FOR = 12 * 3600.0
MOST = 500
MOST_HELPERS = 8

State_ = Literal["open", "taken", "ended"]


class Call(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """One call. ``by`` is who asked for somebody else; None: they themselves, or their button."""

    id: HelpId
    agent: AgentId
    asked: float
    team: str = ""
    seat: SeatId | None = None
    topic: str = ""
    via: str = "page"
    contact: str = ""
    by: Who | None = None
    taken: list[Deed] = []
    ended: Deed | None = None

    @property
    def state(self) -> State_:
        return "ended" if self.ended is not None else "taken" if self.taken else "open"


FACTS: tuple[type[AnyEvent], ...] = (HelpRequested, HelpTaken, HelpEnded)


def reduce(state: "State", envelope: Envelope, at: float) -> None:
    calls, event, by = state.desk.help, envelope.event, Who.of(envelope.actor)
    match event:
        case HelpRequested() if event.help_id not in calls:
            card = state.policy.agents.get(event.agent)
            themselves = envelope.actor is not None and envelope.actor.agent == event.agent
            calls[event.help_id] = Call(
                id=event.help_id,
                agent=event.agent,
                asked=at,
                team=team_of(state, event.agent),
                seat=event.seat or (None if card is None else card.seat),
                topic=event.topic,
                via=event.via,
                contact=event.contact,
                by=None if themselves else by,
            )
        case HelpTaken() if (call := calls.get(event.help_id)) is not None and call.ended is None:
            if len(call.taken) < MOST_HELPERS and all(each.by != by for each in call.taken):
                call.taken = [*call.taken, Deed(at=at, by=by)]
        case HelpEnded() if (call := calls.get(event.help_id)) is not None and call.ended is None:
            call.ended = Deed(at=at, what=event.how, by=by, note=event.note)
        case _:
            pass
    forget(calls, _over, at - KEPT_FOR, MOST)


def _over(call: Call) -> float | None:
    return None if call.ended is None else call.ended.at


def shown(state: "State", now: float) -> dict[str, object]:
    return {
        "help": {id: _shown(call) for id, call in state.desk.help.items()},
        "help_limit": LIMIT,
    }


def _shown(call: Call) -> Tree:
    end = call.ended
    return filled(
        agent=call.agent,
        team=call.team,
        seat=call.seat,
        topic=call.topic,
        state=call.state,
        asked=call.asked,
        via=call.via,
        contact=call.contact,
        asked_by=None if call.by is None else who_shown(call.by),
        taken=[each.shown() for each in call.taken],
        ended=None if end is None else end.at,
        how=None if end is None else end.what,
        ended_by=None if end is None or end.by is None else who_shown(end.by),
        note=None if end is None else end.note,
    )
