"""The books written anew: something that decides what is counted where was configured otherwise."""

from ccwall.engine.books import (
    book_all,
    book_rang,
    book_refusal,
    book_unseen,
    team_of,
)
from ccwall.engine.day import MINUTE
from ccwall.engine.outbound import attempt_team, book_attempt
from ccwall.engine.persons import kept_time
from ccwall.engine.state import State
from ccwall.engine.windows import Books, Bucket, reach
from ccwall.events import Policy, QueueCard


def counts_differ(before: Policy, after: Policy) -> bool:
    """Whether anything changed that decides what is counted where."""
    return _measure(before) != _measure(after)


def _measure(policy: Policy) -> object:
    cards = {name: _card(card) for name, card in policy.queues.items()}
    teams = {name: card.team for name, card in policy.agents.items() if card.team}
    return policy.zone, policy.day_starts, policy.interval, _card(policy.default), cards, teams


def _card(card: QueueCard) -> object:
    return card.threshold, card.short, card.team


def rebook(state: State) -> None:
    """From the visits, refusals, findings and attempts in memory: these, and nothing else, are in the books."""
    queues = {id: (queue.events, queue.cohorts) for id, queue in state.queues.items()}
    teams = {id: (team.events, team.cohorts) for id, team in state.teams.items()}
    for queue in state.queues.values():
        queue.events, queue.cohorts = Books(), Books()
    state.teams, state.decided = {}, {}
    for agent in state.agents.values():
        agent.days = kept_time(agent.days, state.frame)
    for contact in state.contacts.values():
        queue = state.queues[contact.queue]
        contact.team = team_of(state, queue, contact)
        book_all(state, queue, contact, 1)
        for rang in contact.rang:
            book_rang(state, queue, rang)
    for name, at, cause in state.refused.values():
        book_refusal(state, state.queues[name], at, cause)
    for told in state.unseen:
        book_unseen(state, told)
    for attempt in state.attempts.values():
        attempt.team = attempt_team(state, attempt)
        book_attempt(state, attempt)
    for id, queue in state.queues.items():
        _take_over_marks(state, queues[id], (queue.events, queue.cohorts))
    for which, team in state.teams.items():
        _take_over_marks(state, teams.get(which, (Books(), Books())), (team.events, team.cohorts))
    state.dirty.everything = True


def _take_over_marks(state: State, before: tuple[Books, Books], after: tuple[Books, Books]) -> None:
    """Written anew is not told late: what was revised stays so, and nothing else becomes it."""
    for old, new in zip(before, after, strict=True):
        for kept in (new.days, new.intervals, new.minutes, new.fine):
            for bucket in kept.values():
                bucket.revised = 0
        for minute, told in old.minutes.items():
            if told.revised:
                for bucket in reach(new, minute, minute + MINUTE, state.frame):
                    bucket.revised += told.revised
        for start, told in old.fine.items():
            if told.revised:
                new.fine.setdefault(start, Bucket()).revised = told.revised
