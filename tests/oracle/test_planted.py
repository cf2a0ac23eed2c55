"""Every bug that was thought of is caught: planted in the engine, the comparison of a few seeds goes wrong."""

import pytest

from tests.oracle.faults import FAULTS, caught_by
from tests.oracle.mutate import changed


def test_there_are_many_of_them() -> None:
    assert len(FAULTS) >= 30


@pytest.mark.parametrize("name", FAULTS)
def test_the_comparison_catches(name: str) -> None:
    assert caught_by(name) is not None


def test_a_bug_is_gone_when_its_trial_is_over() -> None:
    from ccwall.engine.metrics import ratio

    with changed("metrics:ratio", "return part / whole", "return whole / part"):
        assert ratio(1, 2) == 2.0
    assert ratio(1, 2) == 0.5


def test_a_bug_that_finds_no_place_is_no_bug() -> None:
    with pytest.raises(LookupError, match="0 times"), changed("metrics:ratio", "no such words", ""):
        pass
