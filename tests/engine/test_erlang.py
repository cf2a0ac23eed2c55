"""Erlang B, C and A: published vectors, a second form, and what must hold for any numbers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall.engine.erlang import VARIANTS, agents_needed, erlang_a, erlang_b, erlang_c
from ccwall.events import Variant
from tests.engine.birth_and_death import Chain, chain

HALF_HOUR = 1800

# (id, calls per second, AHT, T, n, P_w, SL, ASA, occupancy)
C = [
    ("C1", 100 / 1800, 180, 20, 14, 0.174132, 0.888350, 7.8359, 0.7143),
    ("C2", 100 / 1800, 180, 20, 13, 0.285270, 0.795595, 17.1162, 0.7692),
    ("C3", 100 / 1800, 180, 20, 11, 0.682118, 0.389614, 122.7813, 0.9091),
    ("C4", 360 / 1800, 240, 15, 55, 0.238701, 0.845883, 8.1840, 0.8727),
    ("C5", 250 / 1800, 210, 20, 34, 0.293020, 0.815080, 12.7312, 0.8578),
    ("C6", 250 / 1800, 210, 20, 30, 0.827987, 0.235186, 208.6527, 0.9722),
    ("C7", 250 / 1800, 210, 20, 36, 0.159056, 0.917031, 4.8881, 0.8102),
    ("C8", 48 / 60, 60, 20, 50, 0.694456, 0.643455, 20.8337, 0.9600),
    ("C9", 1 / 2, 1, 1, 1, 0.5, 1 - 0.5 * math.exp(-0.5), 1, 0.5),
    ("C10", 1, 1, 1, 2, 1 / 3, 1 - math.exp(-1) / 3, 1 / 3, 0.5),
    ("C11", 20 / 1800, 300, 30, 6, 0.148217, 0.886477, 16.6744, 0.5556),
    ("C12", 1200 / 1800, 300, 20, 210, 0.375615, 0.807153, 11.2684, 0.9524),
]

# (id, rate, AHT, patience, n, T, P_w, P_ab, ASA, ASA served, SL offered, answered, positive, ignored, occupancy, L_q)
# fmt: off
A = [
    ("A1", 48 / 60, 60, 120, 50, 20, 0.467774, 0.030912, 3.7095, 3.6159, 0.943019, 0.973100, 0.972864, 0.972030, 0.930324, 2.9676),
    ("A2", 100 / 1800, 180, 300, 14, 20, 0.145260, 0.013984, 4.1951, 3.8785, 0.916792, 0.929794, 0.923956, 0.923407, 0.704297, 0.2331),
    ("A3", 100 / 1800, 180, 300, 13, 20, 0.225797, 0.024963, 7.4890, 6.9140, 0.858178, 0.880149, 0.869806, 0.868275, 0.750028, 0.4161),
    ("A4", 100 / 1800, 180, 180, 10, 20, 0.542070, 0.125110, 22.5198, 20.6898, 0.586980, 0.670919, 0.636881, 0.617809, 0.874890, 1.2511),
    ("A5", 102, 1, 1, 100, 0.1, 0.591719, 0.049918, 0.0499, 0.0490, 0.758777, 0.798644, 0.797068, 0.788988, 0.969084, 5.0916),
    ("A6", 250 / 1800, 210, 180, 32, 20, 0.313279, 0.038158, 6.8684, 6.3935, 0.838272, 0.871527, 0.862406, 0.859003, 0.876679, 0.9539),
    ("A7", 100 / 1800, 180, 120, 9, 20, 0.613307, 0.192156, 23.0587, 20.9427, 0.524066, 0.648722, 0.607131, 0.571541, 0.897604, 1.2810),
]
# fmt: on

TARGETS = [
    (100 / 1800, 180, 20, 0.80, 14),
    (100 / 1800, 180, 20, 0.90, 15),
    (100 / 1800, 180, 20, 0.95, 16),
    (250 / 1800, 210, 20, 0.80, 34),
    (360 / 1800, 240, 15, 0.80, 55),
    (48 / 60, 60, 20, 0.80, 52),
    (20 / 1800, 300, 30, 0.90, 7),
    (1200 / 1800, 300, 20, 0.80, 210),
]

PROBABILITY = 1e-6
SECONDS = 1e-3
PRINTED = 6e-5
"""of what the tables print with four digits"""


@pytest.mark.parametrize(("rate", "aht", "threshold", "n", "p", "sl", "asa", "rho"), [row[1:] for row in C])
def test_erlang_c_vectors(
    rate: float, aht: float, threshold: float, n: int, p: float, sl: float, asa: float, rho: float
) -> None:
    steady = erlang_c(rate, aht, n, threshold)
    assert steady.waiting == pytest.approx(p, abs=PROBABILITY)
    assert steady.service_level == pytest.approx(sl, abs=PROBABILITY)
    assert steady.asa == pytest.approx(asa, abs=SECONDS)
    assert steady.occupancy == pytest.approx(rho, abs=PRINTED)


def test_erlang_c_ninth_decile_and_queue_of_c8() -> None:
    steady = erlang_c(48 / 60, 60, 50, 20)
    assert steady.quantile(0.9) == pytest.approx(58.139, abs=SECONDS)
    assert steady.queue == pytest.approx(16.667, abs=SECONDS)


@pytest.mark.parametrize(("rate", "aht", "threshold", "target", "n"), TARGETS)
def test_agents_for_a_target(rate: float, aht: float, threshold: float, target: float, n: int) -> None:
    assert agents_needed(rate, aht, threshold, target) == n


@pytest.mark.parametrize("n", [9, 10])
def test_without_enough_agents_erlang_c_waits_for_ever(n: int) -> None:
    steady = erlang_c(100 / 1800, 180, n, 20)
    assert (steady.waiting, steady.service_level, steady.asa, steady.queue) == (1, 0, math.inf, math.inf)
    assert steady.quantile(0.5) == math.inf


@pytest.mark.parametrize("row", A, ids=[row[0] for row in A])
def test_erlang_a_vectors(row: tuple[str, float, float, float, int, float, float]) -> None:
    _, rate, aht, patience, n, threshold, *expected = row
    queue = erlang_a(rate, aht, patience, n, threshold)
    probabilities = [queue.waiting, queue.abandoning]
    probabilities += [queue.levels[v] for v in ("offered", "answered", "abandon_positive", "abandon_ignored")]
    printed = [*expected[:2], *expected[4:8]]
    assert probabilities == pytest.approx(printed, abs=PROBABILITY)
    assert queue.occupancy == pytest.approx(expected[8], abs=PROBABILITY)
    assert [queue.asa, queue.asa_served] == pytest.approx(expected[2:4], abs=SECONDS)
    assert queue.queue == pytest.approx(expected[9], abs=PRINTED)
    assert queue.levels["offered_less_short"] == queue.levels["offered"]  # nobody is short when S is 0


@pytest.mark.parametrize(
    ("rate", "aht", "patience", "n"), [(100 / 1800, 180, 300, 13), (250 / 1800, 210, 180, 32)]
)
def test_agents_for_80_percent_of_offered_with_patience(
    rate: float, aht: float, patience: float, n: int
) -> None:
    assert agents_needed(rate, aht, 20, 0.8, variant="offered", patience=patience) == n


@pytest.mark.parametrize(("load", "n"), [(10.0, 10), (0.5, 1), (48.0, 50), (300.0, 280), (4900.0, 5000)])
def test_with_patience_like_handle_time_the_number_present_is_poisson(load: float, n: int) -> None:
    tail = math.fsum(
        math.exp(k * math.log(load) - load - math.lgamma(k + 1))
        for k in range(n, n + 40 * math.isqrt(n) + 200)
    )
    assert erlang_a(load / 180, 180, 180, n, 20).waiting == pytest.approx(tail, abs=1e-9)


def compare(rate: float, aht: float, patience: float, n: int, threshold: float, short: float) -> None:
    queue = erlang_a(rate, aht, patience, n, threshold, short)
    other = chain(rate, aht, patience, n, threshold, short)
    mine = Chain(
        waiting=queue.waiting,
        abandoning=queue.abandoning,
        asa=queue.asa,
        asa_served=queue.asa_served,
        queue=queue.queue,
        occupancy=queue.occupancy,
        offered=queue.levels["offered"],
        answered=queue.levels["answered"],
        offered_less_short=queue.levels["offered_less_short"],
        abandon_ignored=queue.levels["abandon_ignored"],
        abandon_positive=queue.levels["abandon_positive"],
    )
    assert mine == pytest.approx(other, abs=1e-6, rel=1e-6)


@pytest.mark.parametrize("row", A, ids=[row[0] for row in A])
@pytest.mark.parametrize("short", [0.0, 5.0])
def test_the_birth_death_chain_says_the_same(
    row: tuple[str, float, float, float, int, float], short: float
) -> None:
    _, rate, aht, patience, n, threshold, *_ = row
    compare(rate, aht, patience, n, threshold, min(short, threshold / 2))


@given(
    n=st.integers(1, 30),
    load=st.floats(0.05, 3),
    aht=st.floats(1, 600),
    endurance=st.floats(0.05, 5),
    turns=st.floats(0, 3),
    part=st.floats(0, 1),
)
@settings(max_examples=60)
def test_the_birth_death_chain_says_the_same_anywhere(
    n: int, load: float, aht: float, endurance: float, turns: float, part: float
) -> None:
    threshold = turns * aht / n
    compare(load * n / aht, aht, endurance * aht, n, threshold, part * threshold)


RATES = st.floats(math.log(1e-9), math.log(500)).map(math.exp)
LOADS = st.floats(math.log(1e-6), math.log(5000)).map(math.exp)
PATIENCE = st.floats(0, math.log(36_000)).map(math.exp)
AGENTS = st.integers(1, 5000)
SPANS = st.floats(0, 3600)
HAIR = 1e-9


@given(rate=RATES, load=LOADS, patience=PATIENCE, n=AGENTS, threshold=SPANS, short=SPANS)
@settings(max_examples=300)
def test_whatever_the_size_shares_are_shares_and_variants_in_order(
    rate: float, load: float, patience: float, n: int, threshold: float, short: float
) -> None:
    aht = load / rate
    queue = erlang_a(rate, aht, patience, n, threshold, short)
    shares = [queue.waiting, queue.abandoning, queue.occupancy, *queue.levels.values()]
    assert all(0 <= share <= 1 for share in shares)
    assert all(0 <= wait < math.inf for wait in (queue.asa, queue.asa_served, queue.queue))
    level = queue.levels
    assert level["answered"] >= level["abandon_ignored"] - HAIR
    assert level["abandon_positive"] >= level["abandon_ignored"] - HAIR
    assert level["abandon_ignored"] >= level["offered"] - HAIR
    assert level["offered_less_short"] >= level["offered"] - HAIR
    if short <= threshold:
        assert level["abandon_ignored"] >= level["offered_less_short"] - HAIR
    steady = erlang_c(rate, aht, n, threshold)
    assert 0 <= erlang_b(load, n) <= steady.waiting <= 1
    assert 0 <= steady.service_level <= 1
    assert 0 <= steady.occupancy <= 1


@given(rate=RATES, load=LOADS, patience=PATIENCE, n=AGENTS, threshold=SPANS, more=st.integers(1, 50))
@settings(max_examples=200)
def test_more_agents_serve_better(
    rate: float, load: float, patience: float, n: int, threshold: float, more: int
) -> None:
    aht = load / rate
    few, many = (erlang_a(rate, aht, patience, agents, threshold, 5) for agents in (n, n + more))
    assert many.waiting <= few.waiting + HAIR
    assert many.abandoning <= few.abandoning + HAIR
    assert many.asa <= few.asa * (1 + HAIR) + HAIR
    assert all(many.levels[variant] >= few.levels[variant] - HAIR for variant in VARIANTS)
    one, other = (erlang_c(rate, aht, agents, threshold) for agents in (n, n + more))
    assert other.waiting <= one.waiting + HAIR
    assert other.service_level >= one.service_level - HAIR


@given(rate=RATES, load=LOADS, patience=PATIENCE, n=AGENTS, threshold=SPANS, more=st.floats(1.0, 2.0))
@settings(max_examples=200)
def test_more_calls_are_served_worse(
    rate: float, load: float, patience: float, n: int, threshold: float, more: float
) -> None:
    aht = load / rate
    few, many = (erlang_a(calls, aht, patience, n, threshold, 5) for calls in (rate, rate * more))
    assert many.waiting >= few.waiting - HAIR
    assert many.abandoning >= few.abandoning - HAIR
    assert all(many.levels[variant] <= few.levels[variant] + HAIR for variant in VARIANTS)
    one, other = (erlang_c(calls, aht, n, threshold) for calls in (rate, rate * more))
    assert other.service_level <= one.service_level + HAIR
    assert erlang_b(load * more, n) >= erlang_b(load, n) - HAIR


@given(load=st.floats(0.01, 0.98), n=st.integers(1, 500), aht=st.floats(1, 3600), threshold=SPANS)
def test_with_endless_patience_erlang_a_is_erlang_c(
    load: float, n: int, aht: float, threshold: float
) -> None:
    rate = load * n / aht
    steady = erlang_c(rate, aht, n, threshold)
    queue = erlang_a(rate, aht, 1e9 * aht, n, threshold, 5)
    assert queue.waiting == pytest.approx(steady.waiting, abs=1e-5)
    assert queue.asa == pytest.approx(steady.asa, rel=1e-4, abs=1e-6)
    assert all(level == pytest.approx(steady.service_level, abs=1e-5) for level in queue.levels.values())


@given(
    rate=RATES,
    load=st.floats(math.log(1e-3), math.log(500)).map(math.exp),
    patience=st.none() | PATIENCE,
    threshold=SPANS,
    target=st.floats(0, 0.99),
    variant=st.sampled_from(VARIANTS),
)
def test_agents_needed_is_enough_and_one_fewer_is_not(
    rate: float, load: float, patience: float | None, threshold: float, target: float, variant: Variant
) -> None:
    aht = load / rate

    def level(n: int) -> float:
        if patience is None:
            return erlang_c(rate, aht, n, threshold).service_level
        return erlang_a(rate, aht, patience, n, threshold, 5).levels[variant]

    n = agents_needed(rate, aht, threshold, target, variant=variant, patience=patience, short=5)
    assert n >= 1
    assert level(n) >= target - HAIR
    # Erlang C has no answer for an unstable queue, so it is never asked for fewer.
    assert n == 1 or level(n - 1) < target + HAIR or (patience is None and n - 1 <= rate * aht)


@given(load=st.floats(1e-6, 200), n=st.integers(0, 300))
def test_erlang_b_is_its_recursion(load: float, n: int) -> None:
    blocked = 1.0
    for k in range(1, n + 1):
        blocked = load * blocked / (k + load * blocked)
    assert erlang_b(load, n) == pytest.approx(blocked, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.inf, math.nan])
def test_what_is_no_number_of_calls_or_seconds_is_refused_by_name(wrong: float) -> None:
    with pytest.raises(ValueError, match="erlang_b: load must be a finite number of erlangs above 0"):
        erlang_b(wrong, 3)
    with pytest.raises(
        ValueError, match="erlang_c: rate must be a finite number of calls per second above 0"
    ):
        erlang_c(wrong, 180, 14, 20)
    with pytest.raises(ValueError, match="erlang_a: patience must be a finite number of seconds above 0"):
        erlang_a(0.1, 180, wrong, 14, 20)
    with pytest.raises(ValueError, match="agents_needed: aht must be a finite number of seconds above 0"):
        agents_needed(0.1, wrong, 20, 0.8)


def test_other_nonsense_is_refused_with_what_to_write_instead() -> None:
    with pytest.raises(ValueError, match="n must be a whole number of agents, 1 or more, not 0"):
        erlang_c(0.1, 180, 0, 20)
    with pytest.raises(ValueError, match="threshold must be a finite number of seconds, 0 or more, not -1"):
        erlang_a(0.1, 180, 180, 3, -1)
    with pytest.raises(ValueError, match=r"the target must be from 0 to 1, not 80; write 0\.8 for 80 %"):
        agents_needed(0.1, 180, 20, 80)
    with pytest.raises(ValueError, match="no service level 'fast'; there are answered, offered"):
        agents_needed(0.1, 180, 20, 0.8, variant="fast")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"write 0\.9 for 90 %"):
        erlang_c(0.1, 180, 30, 20).quantile(90)
