"""Reducers of ``source.*``: whether we hear the floor, what we missed, and what is still true after a resync."""

from ccwall.engine import senses
from ccwall.engine.agents import commit, confirm
from ccwall.engine.contacts import lose
from ccwall.engine.missed import miss, note_all, note_waiting
from ccwall.engine.outbound import lose_talk
from ccwall.engine.spells import recount
from ccwall.engine.state import Source, State, Stretch
from ccwall.engine.suspects import look_at_all
from ccwall.events import (
    SourceDown,
    SourceGap,
    SourceId,
    SourceLimited,
    SourceResyncFinished,
    SourceResyncStarted,
    SourceTook,
    SourceUp,
)

MOST_STREAMS, MOST_MARKS = 256, 4096
"""Of one source: senders, and marks of each that are remembered. The oldest are forgotten."""

STATE_OF: dict[str, str] = {
    "eof": "down",
    "reset": "down",
    "restart": "down",
    "closed": "down",
    "house": "down",
    "refused": "down",
    "rejected": "refused",
    "silent": "silent",
    "protocol": "failed",
    "failed": "failed",
}
"""The state of a source by the reason it went down."""


def up(state: State, source: SourceId, at: float, event: SourceUp) -> None:
    """Logged in. What it shows is not confirmed until its resync is over; only then is it live."""
    known = state.source(source, at, state="connecting")
    known.was_up = True
    known.product = event.product or known.product
    known.reason = known.detail = ""
    if known.state == "live":
        state.dirty.sources.add(source)
    else:
        _turn(state, known, "resync", at)


def down(state: State, source: SourceId, at: float, event: SourceDown) -> None:
    """The first word of an outage begins it; failed attempts afterwards only say more."""
    known = state.source(source, at, state="connecting")
    known.resyncing = False
    known.live_since = None
    known.reason, known.detail = event.reason, event.detail
    since = at if known.down_since is None else known.down_since
    _stand_still(state, known, since)
    _turn(state, known, STATE_OF[event.reason], since)
    if known.was_up and _open_stretch(state, source) is None:
        miss(state, Stretch(source=source, start=at))
        note_waiting(state, source)


def gap(state: State, source: SourceId, at: float, event: SourceGap) -> None:
    """Facts were missed while the link was up; a gap that touches the last stretch of this source widens it."""
    if event.since >= at:
        return
    last = next((s for s in reversed(state.stretches) if s.source == source), None)
    if last is not None and (last.end is None or last.end >= event.since) and last.start <= at:
        last.start = min(last.start, event.since)
        last.end = None if last.end is None else max(last.end, at)
        known = state.source(source, at)
        if last.end is None and known.down_since is not None:
            _stand_still(state, known, min(known.down_since, last.start))
    else:
        miss(state, Stretch(source=source, start=event.since, end=at))
    note_all(state)
    state.dirty.stretches = True


def resync_started(state: State, source: SourceId, at: float, event: SourceResyncStarted) -> None:
    """After an outage, or after a gap that reaches up to now: what was true before it is all we know until the end."""
    known = state.source(source, at, state="connecting")
    known.was_up = True
    _reopen_gap(state, known, at)
    known.epoch += 1
    known.resyncing = True
    _turn(state, known, "resync", at)


def resync_finished(state: State, source: SourceId, at: float, event: SourceResyncFinished) -> None:
    """All that is true has been said: the rest is lost, since the outage if there was one."""
    known = state.source(source, at, state="connecting")
    known.was_up = True
    _limit(state, known, event.limits, at)
    if known.resyncing:
        _drop_unconfirmed(state, known, at)
    known.resyncing = False
    _stand_still(state, known, None)
    look_at_all(state)
    if known.live_since is None:
        known.live_since = at
    if known.first_live is None:
        known.first_live = at
    _turn(state, known, "live", known.live_since)
    stretch = _open_stretch(state, source)
    if stretch is not None:
        stretch.end = at
        if stretch.end <= stretch.start:
            state.stretches.remove(stretch)
        state.dirty.stretches = True


def limited(state: State, source: SourceId, at: float, event: SourceLimited) -> None:
    """One more thing it cannot tell, until the next resync says which."""
    limit(state, source, event.limit, at)


def took(state: State, source: SourceId, at: float, event: SourceTook) -> None:
    """Remembered for the session that comes after a restart, in the order taken."""
    known = state.source(source, at)
    marks = known.took.pop(event.stream, [])
    known.took[event.stream] = marks
    if event.upto:
        marks.clear()
    marks.append(event.mark)
    del marks[:-MOST_MARKS]
    if len(known.took) > MOST_STREAMS:
        del known.took[next(iter(known.took))]


def limit(state: State, source: SourceId, name: str, at: float) -> None:
    known = state.source(source, at)
    if name not in known.limits:
        _limit(state, known, (*known.limits, name), at)


def _limit(state: State, source: Source, limits: tuple[str, ...], at: float) -> None:
    if limits == source.limits:
        return
    source.limits = limits
    state.dirty.sources.add(source.id)
    for agent in state.agents.values():  # without phones to be told, its own word on them is enough
        if agent.source == source.id:
            commit(state, agent, at)


def _drop_unconfirmed(state: State, source: Source, at: float) -> None:
    gone = at if source.down_since is None else source.down_since
    for queue in state.queues.values():
        for contact in [*queue.waiting, *queue.talking]:
            open_one = state.contacts[contact]
            if open_one.source == source.id and open_one.epoch != source.epoch:
                lose(state, open_one, gone)
    for attempt in state.attempts.values():
        if attempt.talking and attempt.source == source.id and attempt.epoch != source.epoch:
            lose_talk(state, attempt, gone)
    for agent in state.agents.values():
        confirm(state, agent, source.id, source.epoch, at)
    senses.confirm(state, source.id, source.epoch)


def _reopen_gap(state: State, source: Source, at: float) -> None:
    if source.down_since is not None:
        return
    mine = [s for s in state.stretches if s.source == source.id and s.end is not None and s.end >= at]
    for stretch in mine[-1:]:
        stretch.end = None
        _stand_still(state, source, stretch.start)
        note_waiting(state, source.id)
        state.dirty.stretches = True


def _stand_still(state: State, source: Source, since: float | None) -> None:
    """Nothing is known of it after ``since``; None: all is known again. Its people's time stands still with it."""
    if source.down_since != since:
        source.down_since = since
        if since is not None:
            recount(state)


def _turn(state: State, source: Source, to: str, since: float) -> None:
    source.state, source.since = to, since
    state.dirty.sources.add(source.id)


def _open_stretch(state: State, source: SourceId) -> Stretch | None:
    return next((s for s in state.stretches if s.source == source and s.end is None), None)
