"""A state written down and read again is the same state, and goes on as if nothing had been."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.engine import Engine, dump
from ccwall.engine.state import State
from tests.engine.journal import NOON, Floor, abandoned, connected, fact, flowed_out, queued, replayed
from tests.engine.test_laws import Step, journal, journals


@given(journals)
def test_what_is_restored_dumps_the_same(drawn: list[Step]) -> None:
    whole = replayed(journal(drawn)).dump()
    assert Engine.restore(whole).dump() == whole


@given(journals, st.integers(0, 60))
def test_a_restored_engine_goes_on_like_the_one_it_was(drawn: list[Step], cut: int) -> None:
    facts = journal(drawn)
    restored = Engine.restore(replayed(facts[:cut]).dump())
    for envelope in facts[cut:]:
        restored.apply(envelope)
    whole = replayed(facts)
    assert restored.dump() == whole.dump()
    now = facts[-1].received + 10 if facts else NOON
    assert restored.board(now) == whole.board(now)


def test_a_restored_engine_takes_nothing_out_of_steps_that_are_over_either() -> None:
    floor = Floor().say(queued(NOON), abandoned(NOON + 1, cause="unknown"))
    restored = Engine.restore(floor.engine.dump())
    late = fact(flowed_out(NOON + 1), 4, received=NOON + 3800)
    floor.hear(late)
    restored.apply(late)
    assert restored.dump() == floor.engine.dump()


def test_a_restored_engine_knows_the_longest_waits() -> None:
    floor = Floor().say(queued(NOON), queued(NOON, "b"), abandoned(NOON + 30, "b"))
    floor.say(abandoned(NOON + 40, cause="unknown"))
    restored = Engine.restore(floor.engine.dump())
    revised = fact(flowed_out(NOON + 40), 6)
    floor.hear(revised)
    restored.apply(revised)
    assert restored.dump() == floor.engine.dump()


def test_a_restored_engine_shows_everything_at_first() -> None:
    floor = Floor()
    floor.say(*connected(NOON), queued(NOON + 1))
    floor.engine.changes(NOON + 2)
    assert Engine.restore(floor.engine.dump()).changes(NOON + 2).set


def test_every_field_of_the_state_has_a_type_to_be_read_by() -> None:
    assert set(State.KEPT) <= set(dump._types)
    assert set(State.__slots__) - set(State.KEPT) == {
        "decided",
        "dirty",
        "risen",
        "shift",
        "sitters",
        "suspects",
    }


@pytest.mark.parametrize(
    "junk", [b"", b"junk", msgspec.msgpack.encode({"seq": 1}), msgspec.msgpack.encode([1, 2])]
)
def test_what_is_no_dump_is_refused(junk: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own words
        Engine.restore(junk)


def test_a_dump_of_another_shape_has_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump.shape()
    monkeypatch.setattr(dump, "MEANING", dump.MEANING + 1)
    assert dump.shape() != before
    monkeypatch.undo()
    monkeypatch.setattr(dump, "_Kept", msgspec.defstruct("Kept", [("seq", int)]))
    assert dump.shape() != before
