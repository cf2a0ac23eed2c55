"""Since when somebody is away from the desk."""

from ccwall.config import HOUSE
from ccwall.engine.desk.presence import Presence
from ccwall.events import AnyEvent, BreakBegan, BreakEnded, BreakId
from tests.engine.journal import (
    ANNA,
    Floor,
    answered,
    fold,
    member,
    not_ready,
    phone,
    queued,
    ready,
    released,
    resync,
)
from tests.engine.journal import NOON as T


def presence(floor: Floor, now: float) -> Presence:
    return floor.engine.presences(now)[ANNA]


def found(at: float, *more: AnyEvent) -> Floor:
    """As the first resync finds her."""
    return Floor().say(*resync(at, member(at), phone(at), *more))


def test_who_is_found_away_has_been_away_since_the_source_says_so() -> None:
    floor = found(T, not_ready(T - 1000, "lunch"))
    assert floor.agent(T + 60, "since") == T - 1000
    assert presence(floor, T + 60).since == T - 1000


def test_who_comes_on_with_an_old_pause_has_been_away_since_then() -> None:
    floor = Floor().say(*resync(T), member(T + 50), phone(T + 50), not_ready(T - 1000, "lunch"))
    assert presence(floor, T + 60).since == T + 50


def test_who_pauses_in_a_call_leaves_after_it() -> None:
    floor = found(T).say(queued(T + 5), answered(T + 9), not_ready(T + 20, "lunch"), released(T + 80))
    assert presence(floor, T + 90).since == T + 80


def test_another_resync_moves_nothing() -> None:
    floor = found(T).say(queued(T + 5), answered(T + 9), not_ready(T + 20, "lunch"), released(T + 80))
    floor.say(*resync(T + 100, member(T + 100), phone(T + 100), not_ready(T + 20, "lunch")))
    assert presence(floor, T + 110).since == T + 80


def test_a_second_absence_begins_by_itself() -> None:
    floor = found(T, not_ready(T - 1000, "lunch")).say(ready(T + 30), not_ready(T + 90, "lunch"))
    assert presence(floor, T + 100).since == T + 90


def test_the_limit_of_an_absence_is_what_was_granted_and_follows_it_at_once() -> None:
    id = BreakId("b1")
    floor = found(T, not_ready(T + 10, "short"))
    shown: dict[str, object] = {}

    def limit(at: float) -> object:
        fold(shown, floor.engine.changes(at))
        agents = shown["agents"]
        assert isinstance(agents, dict)
        return agents[ANNA].get("limit")

    shown |= floor.engine.board(T + 20)
    assert limit(T + 20) == 600.0
    floor.say(BreakBegan(at=T + 20, break_id=id, agent=ANNA, kind="short", lasts=1500.0), source=HOUSE)
    assert limit(T + 21) == 1500.0
    floor.say(BreakEnded(at=T + 30, break_id=id, how="back"), source=HOUSE)
    assert limit(T + 31) == 600.0
