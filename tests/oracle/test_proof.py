"""Engine and oracle agree, seed by seed."""

import pytest

from tests.oracle.regressions import FOUND
from tests.oracle.report import stretch
from tests.oracle.seeds import KINDS, run, trial

SEEDS = 204
PARTS = 12


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS // PARTS))
def test_engine_and_oracle_agree(first: int) -> None:
    report = stretch(range(first, first + SEEDS // PARTS), thorough=False)
    assert report.wrong == {}
    assert report.comparisons > 100_000


@pytest.mark.parametrize("seed", FOUND, ids=[f"{seed}-{what}" for seed, what in FOUND.items()])
def test_what_was_once_found_stays_mended(seed: int) -> None:
    assert [str(mismatch) for mismatch in run(seed).mismatches] == []


@pytest.mark.parametrize("seed", range(len(KINDS)))
def test_a_seed_tells_the_same_story_every_time(seed: int) -> None:
    assert trial(seed) == trial(seed)
