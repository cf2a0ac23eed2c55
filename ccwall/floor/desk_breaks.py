"""Acts about breaks: asked for by a person, decided by a lead (docs/acts.md)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from ccwall.engine.day import zone_of
from ccwall.engine.desk.breaks import WAITING, Break
from ccwall.engine.desk.who import Who
from ccwall.events import (
    AgentId,
    BreakCalledBack,
    BreakCarriedOut,
    BreakGranted,
    BreakId,
    BreakPostponed,
    BreakRefused,
    BreakRequested,
    BreakWithdrawn,
    CommandId,
    Obstacle,
    Principal,
)
from ccwall.floor.acts import EVERYBODY, LEADS, Act, Bench, Tree
from ccwall.floor.against import Wish, against, wish_of
from ccwall.floor.carrying import Carried, pause, resume
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere
from ccwall.floor.words import plain, seen_agent

SHORTEST, LONGEST = 60.0, 4 * 3600.0
AHEAD = 12 * 3600.0
TEXT = 200

Id = Annotated[str, Meta(min_length=1, max_length=256)]
Text = Annotated[str, Meta(max_length=TEXT)]
Seconds = Annotated[float, Meta(ge=SHORTEST, le=LONGEST)]
Instant = Annotated[float, Meta(gt=0, le=4_102_444_800.0)]


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``agent`` left out: oneself. ``lasts``: as long as the kind usually does. ``begins``: not before."""

    kind: Annotated[str, Meta(min_length=1, max_length=64)]
    agent: Annotated[str, Meta(max_length=256)] = ""
    lasts: Seconds | None = None
    begins: Instant | None = None
    note: Text = ""


class Grant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``anyway``: although cap, minimum or budget are against it."""

    break_id: Id
    lasts: Seconds | None = None
    anyway: bool = False
    note: Text = ""


class Refuse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    break_id: Id
    reason: Text


class Postpone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    break_id: Id
    begins: Instant
    reason: Text = ""


class Withdraw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    break_id: Id
    reason: Text = ""


class End(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``resume``: make them ready at the PBX, too."""

    break_id: Id
    resume: bool = False
    note: Text = ""


def request(bench: Bench, principal: Principal, asked: Asked) -> Tree:
    engine, now = bench.engine, bench.now
    agent = _for_whom(bench, principal, asked.agent)
    card = engine.break_policy.known.get(asked.kind)
    if card is None:
        raise Mistaken("arguments.kind", f"must be one of {', '.join(engine.break_policy.known)}")
    if asked.begins is not None and not now - 60.0 <= asked.begins <= now + AHEAD:
        raise Mistaken("arguments.begins", "must lie within the next 12 hours")
    if engine.is_off(agent):
        raise NotNow(f"{agent} is signed off.", done="off")
    if (known := engine.breaks.wanted(agent)) is not None:
        raise NotNow(f"{agent} waits for an answer, or may leave, already.", done="asked", at=known.requested)
    running = engine.breaks.running(agent)
    if running is not None and running.kind == asked.kind:
        raise NotNow(f"{agent} is away already.", done="away", at=running.began or now)
    lasts = card.lasts if asked.lasts is None else asked.lasts
    stands = against(engine, Wish(agent=agent, kind=asked.kind, lasts=lasts, begins=asked.begins), now)
    id = BreakId(bench.fresh())
    wish = BreakRequested(
        at=now,
        break_id=id,
        agent=agent,
        kind=asked.kind,
        lasts=lasts,
        begins=asked.begins,
        via="page" if agent == principal.agent else "other",
        note=plain("arguments.note", asked.note, TEXT),
    )
    bench.take(principal, wish)
    return {"break_id": id, "against": [obstacle_told(each) for each in stands]}


def grant(bench: Bench, principal: Principal, asked: Grant) -> Tree:
    """May leave now. Where the PBX takes commands, it pauses them; a call in hand is finished before."""
    item = _waiting(bench, principal, asked.break_id)
    engine, now = bench.engine, bench.now
    lasts = item.lasts if asked.lasts is None else asked.lasts
    note = plain("arguments.note", asked.note, TEXT)
    if engine.is_off(item.agent):
        raise NotNow(f"{item.agent} is signed off.", done="off")
    begins = now if item.begins is None or item.state == "postponed" else max(now, item.begins)
    wish = msgspec.structs.replace(wish_of(item), lasts=lasts, begins=begins)
    stands = () if asked.anyway and begins <= now else against(engine, wish, now)
    if stands and not asked.anyway:
        zone = engine.policy.zone
        raise NotNow("; ".join(_sentence(each, zone) for each in stands), done="against")
    carried = Carried()
    if begins <= now and engine.break_policy.carry_out:
        carried = pause(engine, bench.commands, principal, item.agent, item.kind)
    first = carried.commands[0] if carried.commands else None
    despite = tuple(each.key for each in stands if each.scope)
    granted = BreakGranted(
        at=now, break_id=item.id, begins=begins, lasts=lasts, command=first, note=note, despite=despite
    )
    bench.take(principal, granted, *_others(item.id, now, carried.commands[1:]))
    return _carried(carried)


def refuse(bench: Bench, principal: Principal, asked: Refuse) -> Tree:
    reason = plain("arguments.reason", asked.reason, TEXT, needed=True)
    item = _waiting(bench, principal, asked.break_id)
    bench.take(principal, BreakRefused(at=bench.now, break_id=item.id, reason=reason))
    return {}


def postpone(bench: Bench, principal: Principal, asked: Postpone) -> Tree:
    reason = plain("arguments.reason", asked.reason, TEXT)
    item = _waiting(bench, principal, asked.break_id)
    if not bench.now < asked.begins <= bench.now + AHEAD:
        raise Mistaken("arguments.begins", "must lie within the next 12 hours")
    bench.take(principal, BreakPostponed(at=bench.now, break_id=item.id, begins=asked.begins, reason=reason))
    return {}


def withdraw(bench: Bench, principal: Principal, asked: Withdraw) -> Tree:
    """One's own wish; or a lead takes back what was granted, with a reason."""
    item = _seen(bench, principal, asked.break_id)
    own = principal.agent is not None and principal.agent == item.agent
    if not own and principal.role not in LEADS:
        raise NotThere("There is no such break here.")
    if item.state not in WAITING and item.state != "granted":
        raise _late(item)
    reason = plain("arguments.reason", asked.reason, TEXT, needed=not own)
    bench.take(principal, BreakWithdrawn(at=bench.now, break_id=item.id, reason=reason))
    if item.errands and not own:
        back = resume(bench.engine, bench.commands, principal, item.agent)
        bench.take(
            principal, *_others(item.id, bench.now, back.commands, "resume")
        ) if back.commands else None
        return _carried(back)
    return {}


def end(bench: Bench, principal: Principal, asked: End) -> Tree:
    """Call somebody back. The break is over when they are ready again, as the PBX tells."""
    item = _seen(bench, principal, asked.break_id)
    if item.state != "running":
        raise _late(item)
    note = plain("arguments.note", asked.note, TEXT)
    carried = Carried()
    if asked.resume:
        carried = resume(bench.engine, bench.commands, principal, item.agent)
        if not carried.commands:
            raise NotNow(carried.why or f"{item.agent} is ready already.", done="against")
    elif item.called is not None:
        raise NotNow(
            f"{item.agent} is called back already.", **_who(item.caller), done="called", at=item.called
        )
    bench.take(
        principal,
        BreakCalledBack(at=bench.now, break_id=item.id, note=note),
        *_others(item.id, bench.now, carried.commands, "resume"),
    )
    return _carried(carried)


# ── what must hold ─────────────────────────────────────────────────────────────────────────────────────────────────


def _for_whom(bench: Bench, principal: Principal, agent: str) -> AgentId:
    if not agent and principal.agent is None:
        raise Mistaken("arguments.agent", "is missing: you are nobody on the roster")
    wanted = AgentId(agent) if agent else principal.agent or AgentId("")
    if wanted != principal.agent and principal.role not in LEADS:
        raise Forbidden(f"The role {principal.role} may ask for itself alone.")
    return in_scope(bench, principal, wanted)


def in_scope(bench: Bench, principal: Principal, agent: AgentId) -> AgentId:
    """Somebody of one's teams and of one's queues, or oneself."""
    seen = seen_agent(bench.engine, principal, agent)
    if principal.agent != seen and principal.queues is not None:
        posts = bench.engine.memberships(seen) or ()
        if not any(post.queue in principal.queues for post in posts):
            raise NotThere(f"There is no agent {agent!r} here.")
    return seen


def _seen(bench: Bench, principal: Principal, id: str) -> Break:
    item = bench.engine.breaks.items.get(BreakId(id))
    if item is None:
        raise NotThere("There is no such break here.")
    try:
        in_scope(bench, principal, item.agent)
    except NotThere as error:
        raise NotThere("There is no such break here.") from error
    return item


def _waiting(bench: Bench, principal: Principal, id: str) -> Break:
    item = _seen(bench, principal, id)
    if principal.agent == item.agent and principal.role == "lead":
        raise Forbidden("Your own break is another lead's to decide.")
    if item.state not in WAITING:
        raise _late(item)
    return item


def _late(item: Break) -> NotNow:
    """Somebody, or the person themselves, was faster."""
    who = _who(item.by if item.decided is not None else None)
    when = item.decided if who else (item.ended or item.began or item.requested)
    by = f" by {who['by']}" if who else ""
    return NotNow(f"It was {item.state}{by} already.", **who, done=item.state, at=when or item.requested)


def _who(who: Who | None) -> dict[str, str]:
    return {"by": who.name or who.id} if who is not None else {}


def _sentence(one: Obstacle, zone: str) -> str:
    have, limit, where = f"{one.have:g}", f"{one.limit:g}", f" in {one.scope}" if one.scope else ""
    match one.what:
        case "cap":
            return f"{have} would be away{where}, and {limit} may be"
        case "load":
            return f"{have} would be away{where}, and by load {limit} may be now: {one.queue} would miss its target"
        case "minimum":
            return f"{have} would be left{where}, and {limit} must be"
        case "quota_times":
            return f"it would be the {have}. time, of {limit} {_of(one, zone)}"
        case _:
            return f"{one.have / 60:.0f} of {one.limit / 60:.0f} minutes {_of(one, zone)} would be used"


def _of(one: Obstacle, zone: str) -> str:
    """Whose budget it is.

    >>> _of(Obstacle(what="quota_times", have=2, limit=1, begins=32_400.0, ends=64_800.0), "UTC")
    'of this shift 09:00-18:00'
    """
    if one.begins is None or one.ends is None:
        return "of the day"
    begins, ends = (datetime.fromtimestamp(at, zone_of(zone)) for at in (one.begins, one.ends))
    return f"of this shift {begins:%H:%M}-{ends:%H:%M}"


def obstacle_told(one: Obstacle) -> Tree:
    """As ``against`` lists it; what has no value is absent."""
    told: Tree = msgspec.to_builtins(one)
    return told


def _others(
    id: BreakId, now: float, commands: Sequence[CommandId], purpose: str = "pause"
) -> list[BreakCarriedOut]:
    return [
        BreakCarriedOut(
            at=now, break_id=id, command=each, purpose="resume" if purpose == "resume" else "pause"
        )
        for each in commands
    ]


def _carried(carried: Carried) -> Tree:
    told: Tree = {"commands": list(carried.commands)}
    return told | {"why": carried.why} if carried.why else told


ACTS: tuple[Act, ...] = (
    Act(name="break.request", takes=Asked, may=EVERYBODY, do=request),
    Act(name="break.grant", takes=Grant, may=LEADS, do=grant),
    Act(name="break.refuse", takes=Refuse, may=LEADS, do=refuse),
    Act(name="break.postpone", takes=Postpone, may=LEADS, do=postpone),
    Act(name="break.withdraw", takes=Withdraw, may=EVERYBODY, do=withdraw),
    Act(name="break.end", takes=End, may=LEADS, do=end),
)
