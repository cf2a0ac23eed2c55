"""What is said to be behind a bad number: only what was heard may speak."""

from typing import Any

import pytest

from ccwall.alerts.hints import hints

NOW = 1_795_348_800.0


def board(*, hour: int, quarter: int, heard: float | None, of: int = 60) -> dict[str, Any]:
    """One queue; ``heard``: seconds of the last hour in which somebody listened."""
    outlook = {"capacity": 4.0}
    if heard is not None:
        outlook |= {"rate": round(of / heard, 6), "rate_n": of}
    queue = {"rolling": {"15": {"offered": quarter}, "60": {"offered": hour}}, "outlook": outlook}
    return {"queues": {"q": queue, "empty": {"outlook": {}}}, "day": {"starts": NOW - 40_000}}


def told(board: dict[str, Any]) -> tuple[tuple[str, ...], float | None]:
    codes, figures = hints(board, "queue", board["queues"]["q"], NOW)
    return codes, figures.get("rate_hour")


@pytest.mark.parametrize(
    ("hour", "quarter", "heard", "codes", "usual"),
    [
        (100, 40, 3600.0, ("volume",), 80.0),  # 160 an hour now, 80 in the 45 minutes before
        (100, 25, 3600.0, (), 100.0),
        # Began to listen 25 minutes ago: the 20 calls before were of 10 minutes, which say too little.
        (60, 40, 1500.0, (), None),
        (
            60,
            20,
            1800.0,
            (),
            160.0,
        ),  # began half an hour ago: 40 calls in the first half of it
        (60, 38, 2700.0, ("volume",), 44.0),
        (60, 40, None, (), None),  # nothing tells how long
    ],
)
def test_more_calls_than_usual_is_said_of_time_that_was_heard(
    hour: int, quarter: int, heard: float | None, codes: tuple[str, ...], usual: float | None
) -> None:
    found, rate = told(board(hour=hour, quarter=quarter, heard=heard))
    assert found == codes
    assert rate == (None if usual is None else pytest.approx(usual, rel=0.001))


def test_the_queue_that_is_known_best_tells_how_long_was_heard() -> None:
    scene = board(hour=100, quarter=40, heard=3600.0, of=600)
    scene["queues"]["seldom"] = {"outlook": {"rate": 0.0022, "rate_n": 2}}  # rounded, of few
    codes, rate = told(scene)
    assert codes == ("volume",)
    assert rate == pytest.approx(80.0, rel=0.001)
