"""Acts about help: who needs a lead, who goes there, and when it is over (F13)."""

from typing import Annotated, Literal

from msgspec import Meta

from ccwall.engine.desk.helping import Call
from ccwall.events import AgentId, HelpEnded, HelpId, HelpRequested, HelpTaken, Principal
from ccwall.floor.acts import EVERYBODY, LEADS, Act, Bench, Tree
from ccwall.floor.deeds import NOTE, WORD, Args, Id, Note, Word, faster, not_there, sees_agent
from ccwall.floor.wish import Forbidden, Mistaken, NotNow
from ccwall.floor.words import plain, seen_agent


class Request(Args, frozen=True, kw_only=True):
    """``agent``: for whom; oneself without it. ``contact``: the conversation it is about."""

    topic: Word = ""
    agent: Annotated[str, Meta(max_length=256)] = ""
    contact: Annotated[str, Meta(max_length=256)] = ""


class Take(Args, frozen=True, kw_only=True):
    """``join``: also when somebody is there already."""

    help: Id
    join: bool = False


class End(Args, frozen=True, kw_only=True):
    help: Id
    how: Literal["helped", "withdrawn", "passed_on"] = "helped"
    note: Note = ""


def request(bench: Bench, principal: Principal, asked: Request) -> Tree:
    """Asked again while it goes on, it is the same call."""
    topic, contact = plain("topic", asked.topic, WORD), plain("contact", asked.contact, 256)
    agent = seen_agent(bench.engine, principal, asked.agent) if asked.agent else principal.agent
    if not agent:
        raise Mistaken("agent", "is missing: you are nobody on the floor yourself")
    known = next((c for c in bench.engine.desk.help.values() if c.agent == agent and c.ended is None), None)
    if known is not None:
        return {"help": known.id, "asked": known.asked}
    id = HelpId(bench.fresh())
    bench.take(
        principal,
        HelpRequested(at=bench.now, help_id=id, agent=AgentId(agent), topic=topic, contact=contact),
    )
    return {"help": id, "asked": bench.now}


def take(bench: Bench, principal: Principal, asked: Take) -> Tree:
    call = _seen(bench, principal, asked.help)
    if call.ended is not None:
        raise faster("This call", call.ended, "ended")
    if call.agent == principal.agent:
        raise NotNow("This is your own call: somebody else must come.")
    if any(each.by is not None and each.by.id == principal.id for each in call.taken):
        return {"help": call.id}
    if call.taken and not asked.join:
        raise faster("This call", call.taken[0], "taken")
    bench.take(principal, HelpTaken(at=bench.now, help_id=call.id))
    return {"help": call.id}


def end(bench: Bench, principal: Principal, asked: End) -> Tree:
    call = _seen(bench, principal, asked.help)
    note = plain("note", asked.note, NOTE)
    if principal.role not in LEADS and asked.how != "withdrawn":
        raise Forbidden("You may withdraw your own call; that it helped, a lead says.")
    if call.ended is not None:
        raise faster("This call", call.ended, "ended")
    bench.take(principal, HelpEnded(at=bench.now, help_id=call.id, how=asked.how, note=note))
    return {"help": call.id}


def _seen(bench: Bench, principal: Principal, id: str) -> Call:
    call = bench.engine.desk.help.get(HelpId(id))
    if call is None or not sees_agent(bench.engine, principal, call.agent, call.team):
        raise not_there("call for help", id)
    return call


ACTS: tuple[Act, ...] = (
    Act(name="help.request", takes=Request, may=EVERYBODY, do=request),
    Act(name="help.take", takes=Take, may=LEADS, do=take),
    Act(name="help.end", takes=End, may=LEADS | {"agent"}, do=end),
)
