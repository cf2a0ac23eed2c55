"""Bugs that somebody may well make, to be planted one at a time: the comparison has to catch each of them.

A bug is a change of one or two lines of the engine (`tests.oracle.mutate`). Whoever rewrites such a line says here how it is
got wrong now.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache

from tests.oracle.mutate import plant
from tests.oracle.seeds import run

FAULTS: dict[str, Callable[[], ExitStack]] = {
    # ── waits, T and S ────────────────────────────────────────────────────────────────────────────────────────────
    "a wait of exactly T is late": plant(
        ("books:_count_answer", "wait <= threshold", "wait < threshold"),
    ),
    "an abandon at exactly S is short": plant(
        ("books:_count_abandon", "wait < short", "wait <= short"),
    ),
    "short abandons counted as abandoned": plant(
        ("books:_count_abandon", "if wait < short:", "if False:"),
    ),
    "ring time left out of the wait": plant(
        ("contacts:_decide", "max(0.0, at - c.queued)", "max(0.0, min([at, *(b for b, _ in c.rung.values())]) - c.queued)"),
    ),
    "a wait nobody knows is in the service level": plant(
        ("contacts:_decide", "if c.wait_known and c.exit_known else None", "if True else None"),
    ),
    "S of another formula counts who waited exactly S": plant(
        ("numbers:_shorter", " - bucket.abandon_edges.get(seconds, 0)", ""),
    ),
    "a formula's own T ignored": plant(
        ("numbers:tally", "if own is None or own.threshold is None:", "if True:"),
    ),
    "percentile off by one": plant(
        ("metrics:nearest_rank", "if rank <= 0:", "if rank < 0:"),
    ),
    "abandons in the speed of answer": plant(
        ("numbers:seconds_of", "counted.wait / 1000", "(counted.wait + counted.abandon_wait) / 1000"),
    ),
    # ── outcomes ──────────────────────────────────────────────────────────────────────────────────────────────────
    "timeout counted as abandon": plant(
        ("books:book_outcome", 'c.outcome == "abandoned":', 'c.outcome == "abandoned" or c.cause == "timeout":'),
    ),
    "lost counted as abandoned": plant(
        ("contacts:lose", '"lost", left, cause=cause', '"abandoned", left, cause="hangup"'),
    ),
    "callback counted as abandon": plant(
        ("books:_count_leaving", "bucket.callbacks += n\n", "bucket.abandoned += n\n"),
    ),
    "error counted as flow-out": plant(
        ("books:_count_leaving", 'cause == "error"', 'cause == "no such cause"'),
    ),
    "the first word on the cause is the last": plant(
        ("contacts:_decide", "<= RANK[c.outcome, c.outcome", "<= 9 * RANK[c.outcome, c.outcome"),
    ),
    "what an outage hid is lost at its end": plant(
        ("sources:_drop_unconfirmed", "source.down_since is None else source.down_since", "True else 0.0"),
    ),
    "what a resync did not confirm goes on": plant(
        ("sources:_drop_unconfirmed", "open_one.epoch != source.epoch", "False"),
    ),
    "refused calls in offered": plant(
        ("books:book_refusal", "bucket.refused = more(bucket.refused, cause, 1)", "bucket.refused = more(bucket.refused, cause, 1); bucket.offered += 1"),
    ),
    # ── the same told again, and late ─────────────────────────────────────────────────────────────────────────────
    "a refusal told twice counts twice": plant(
        ("contacts:refused", "if event.contact in state.refused:", "if False:"),
    ),
    "an unanswered ring told twice counts twice": plant(
        ("contacts:not_answered", "if undecided:", "if True:"),
    ),
    "an outbound attempt told twice counts twice": plant(
        ("outbound:dialled", "if attempt.dialled is None:", "if True:"),
    ),
    "a late fact is counted when it is heard": plant(
        ("windows:gather", "second = int(at)", "second = int(max(at, now - 60.0))"),
    ),
    "facts happen when they are heard": plant(
        ("reduce:reduce", "event.at if 0.0 <= event.at <= received + AHEAD else received", "received"),
    ),
    "a longest wait that was taken back stays": plant(
        ("books:book_outcome", "lower(state, queue, team, c, at, millis(c.wait))", "None"),
    ),
    # ── windows, days, bases ──────────────────────────────────────────────────────────────────────────────────────
    "W_T missing": plant(
        ("measure:measure", "if is_undecided else 0,", "if False else 0,"),
    ),
    "W_T counts who waits exactly T": plant(
        ("state:Queue.overdue", "bisect_left(self.line, now - self._limit(threshold), key=_queued)", "bisect_left(self.line, now - self._limit(threshold) + 0.001, key=_queued)"),
    ),
    "cohort and event swapped": plant(
        ("measure:measure", 'counted = happened if basis == "event"', 'counted = happened if basis == "cohort"'),
    ),
    "answer rate of two different crowds": plant(
        ("numbers:rates_of", "arrived.answered, arrived.offered)),\n        \"lost", "counted.answered, counted.offered)),\n        \"lost"),
    ),
    "rolling window one step too long": plant(
        ("windows:Books.between", "range(last, end, FINE)", "range(last, end + FINE, FINE)"),
    ),
    "rolling windows begin anew at midnight": plant(
        ("windows:Books.close_before", "(self.minutes, frame.start - FINE_KEPT)", "(self.minutes, frame.start)"),
    ),
    "every day has 24 hours": plant(
        ("day:frame_at", "end=_start_of(today + timedelta(days=1), tz, day_starts)", "end=_start_of(today, tz, day_starts) + 86_400"),
    ),
    "the repeated hour of an autumn night counted with the first": plant(
        ("windows:reach", "step - step % frame.length\n", "step - step % frame.length\n    if frame.end - frame.start == 90_000 and 10_800 <= interval - frame.start < 14_400:\n        interval -= 3600\n"),
    ),
    "the business day always begins at midnight": plant(
        ("day:_start_of", "min(max(hour, 0), 23)", "0"),
    ),
    "midnight drops who waits": plant(
        ("reduce:_open_day", "    start = state.frame.start\n", "    start = state.frame.start\n    for c in list(state.contacts.values()):\n        contacts.lose(state, c, float(start)) if c.is_waiting else None\n"),
    ),
    "time over midnight is all of the new day": plant(
        ("spells:_book", "min(end, border) - max(start, first)\n", "min(end, border) - start\n"),
    ),
    # ── sums ──────────────────────────────────────────────────────────────────────────────────────────────────────
    "mean of the queues' means": plant(
        ("measure:measure", "    shown = variant_of(state, scope)\n", "    means = [m for b in sums if (m := seconds_of(b)['asa']) is not None]\n    numbers['asa'] = sum(means) / len(means) if means else None\n    shown = variant_of(state, scope)\n"),
    ),
    "all sources stand at one site": plant(
        ("measure:site_of", "policy.places.get(queue.source, policy.site)", "policy.site"),
    ),
    "a contact changes its team without its arrival": plant(
        ("books:settle_team", "for name, n in ((c.team, -1), (team, 1)):", "for name, n in ():"),
    ),
    "flow-outs always counted": plant(
        ("numbers:tally", 'if card.flow_outs == "count" else 0', "if True else 0"),
    ),
    "removed callbacks left out": plant(
        ("numbers:tally", 'card.callbacks == "removed"', "False"),
    ),
    # ── conversations ─────────────────────────────────────────────────────────────────────────────────────────────
    "hold counted twice": plant(
        ("books:book_handling", "n * (whole - hold), n * hold", "n * whole, n * hold"),
    ),
    "wrap-up cut short is not restated": plant(
        ("agents:cut_wrap", "book_wrap(state, wrap.contact, max(0.0, end - wrap.since))", "None"),
    ),
    "conversations lost from sight are handled": plant(
        ("contacts:_finish", 'unknown = end == "lost" or', "unknown = False and"),
    ),
    "who did not pick up is to blame": plant(
        ("contacts:_cancel", '("cancelled", at, agents)', '("missed", at, agents)'),
    ),
    "a rejected call is a missed one": plant(
        ("contacts:not_answered", '"missed" if event.ring_time > 0 else "declined"', '"missed"'),
    ),
    "an outbound conversation is two": plant(
        ("outbound:_book_talk", "bucket.conversed += 1", "bucket.conversed += 2"),
    ),
    # ── ratings ───────────────────────────────────────────────────────────────────────────────────────────────────
    "three of five is satisfied": plant(
        ("metrics:is_satisfied", "5 * score >= 4 * best", "5 * score >= 3 * best"),
    ),
    "the second box of five is not satisfied": plant(
        ("metrics:is_satisfied", "5 * score >= 4 * best", "score / best > 0.8"),
    ),
    "who rates twice counts twice": plant(
        ("contacts:rated", "book_rating(state, queue, contact, -1)", "None"),
    ),
    "the first rating counts": plant(
        ("contacts:rated", "before is not None and (at < before", "before is not None and (True or at < before"),
    ),
    "a rating that is told again is the last one": plant(
        ("contacts:rated", "at < before or ", ""),
    ),
    "scores that cannot be are ratings": plant(
        ("contacts:rated", "not 0.0 <= event.score <= event.best < math.inf or event.best == 0.0", "False"),
    ),
    "a rating counts when the conversation ended": plant(
        ("books:book_rating", "team.events), c.rated,", "team.events), c.ended or c.rated,"),
    ),
    "a rating before the answer stays with the queue's team": plant(
        ("books:settle_team", "if c.rated is not None:", "if False:"),
    ),
    "a rating before the answer is nobody's": plant(
        ("contacts:_name_agent", "book_own_rating(state, c, 1)", "None"),
    ),
    "writing the books anew forgets the ratings": plant(
        ("books:book_all", "book_rating(state, queue, c, n)", "None"),
    ),
    # ── callers ───────────────────────────────────────────────────────────────────────────────────────────────────
    "the second visit of one call is a repeat": plant(
        ("callers:earlier_calls", "calls.pop(own, None)", "pass"),
    ),
    "nobody's number calls again and again": plant(
        ("callers:earlier_calls", "if caller in NOBODY:", "if not caller:"),
    ),
    "numbers are compared as they are written": plant(
        ("callers:earlier_calls", "c.caller.strip().casefold()", "c.caller"),
    ),
    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────────
    "a person in two queues is two persons": plant(
        ("people:share", "(head, UNIT if able else 0)", "(head, UNIT * len(places) if able else 0)"),
    ),
    "occupancy with breaks in it": plant(
        ("shift:occupancy", 'handling + states.get("ready", 0)', "sum(states.values())"),
    ),
    "wrap-up lasts until the next fact": plant(
        ("spells:turn", "if before.until is not None and before.until <= instant:", "if False:"),
    ),
    "time is not split at the border of an interval": plant(
        ("spells:_book_day", "border = min(end, start - start % step + step)", "border = end"),
    ),
    "a break that is asked for in a conversation shows at once": plant(
        ("agents:resolve", "if agent.calls:", "if agent.calls and agent.not_ready_since is None:"),
    ),
    # ── configuration and snapshots ───────────────────────────────────────────────────────────────────────────────
    "another threshold restates nothing": plant(
        ("rebook:counts_differ", "return _measure(before) != _measure(after)", "return before.zone != after.zone"),
    ),
    "writing the books anew forgets who was refused": plant(
        ("rebook:rebook", "in state.refused.values():", "in ():"),
    ),
    "writing the books anew forgets the attempts": plant(
        ("rebook:rebook", "for attempt in state.attempts.values():", "for attempt in ():"),
    ),
    "writing the books anew forgets who did not answer": plant(
        ("rebook:rebook", "for rang in contact.rang:", "for rang in ():"),
    ),
    "a snapshot forgets who called": plant(
        ("dump:undumped", "    recount(state)\n", "    state.callers = {}\n    recount(state)\n"),
    ),
    "a snapshot forgets what people did": plant(
        ("dump:undumped", "    recount(state)\n", "    for agent in state.agents.values():\n        agent.days = {}\n    recount(state)\n"),
    ),
    "time goes on while nobody hears": plant(
        ("state:State.known_at", "min(now, known.down_since)", "now"),
    ),
}  # fmt: skip

SHOWN_BY = {
    "a wait of exactly T is late": 10,
    "S of another formula counts who waited exactly S": 4,
    "timeout counted as abandon": 10,
    "callback counted as abandon": 4,
    "what an outage hid is lost at its end": 10,
    "what a resync did not confirm goes on": 10,
    "a refusal told twice counts twice": 19,
    "a longest wait that was taken back stays": 13,
    "the repeated hour of an autumn night counted with the first": 28,
    "removed callbacks left out": 6,
    "conversations lost from sight are handled": 10,
    "a rejected call is a missed one": 4,
    "wrap-up lasts until the next fact": 7,
    "a rating that is told again is the last one": 19,
    "a rating before the answer is nobody's": 22,
    "writing the books anew forgets the ratings": 8,
    "another threshold restates nothing": 6,
    "writing the books anew forgets who was refused": 9,
    "writing the books anew forgets the attempts": 10,
    "writing the books anew forgets who did not answer": 9,
    "time goes on while nobody hears": 17,
}
"""A seed that showed it, where the first few do not: tried before all others."""

MOST_SEEDS = 60
"""A bug that so many seeds do not show is not caught."""


@cache
def is_right(seed: int) -> bool:
    """Whether it is right without any bug: only then can it show one."""
    return not run(seed, patient=False).mismatches


def caught_by(name: str) -> int | None:
    """The seed that goes wrong with this bug in the engine, and only with it; None when none of the first does."""
    seeds: list[int] = [SHOWN_BY.get(name, 0), *range(MOST_SEEDS)]
    for seed in seeds:
        if is_right(seed):
            with FAULTS[name]():
                if run(seed, patient=False).mismatches:
                    return seed
    return None
