"""Asterisk's own service levels beside ours in explain, on recordings of a genuine Asterisk."""

from typing import Any

import pytest

from ccwall.engine.explain import Question
from ccwall.engine.scope import Scope
from tests.integration.captured import MOMENTS, QUEUES, played

DIFFERENT = {
    ("a-midshift", "consult"): ("ServicelevelPerf", "ServicelevelPerf2"),
    ("a-midshift", "promo"): ("Completed",),
}
"""Two waits that had begun before we came are not to be known; a member was removed during a call, which Asterisk then never
counted."""
RESET_UNSEEN = {"g-resetstats"}
"""Its counters were reset while the link was up, and nothing tells of that until the next list."""


def told(scenario: str, queue: str) -> dict[str, Any]:
    performance = played(scenario).performance
    engine, now = performance.engine, performance.now
    scope = Scope("queue", f"{performance.staged.source}/{queue}")
    asked = Question(metric="service_level", scope=scope, window=engine.window("today", now))
    listed = engine.explain(asked, now).told["declared"]
    assert isinstance(listed, list)
    (found,) = listed
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("scenario", sorted(set(MOMENTS) - RESET_UNSEEN))
@pytest.mark.parametrize("queue", QUEUES)
def test_its_figures_are_reproduced_beside_ours(scenario: str, queue: str) -> None:
    found = told(scenario, queue)
    ours = {name: figure["value"] for name, figure in found["ours"].items()}
    different = tuple(name for name in ours if ours[name] != found["figures"][name])
    assert different == DIFFERENT.get((scenario, queue), ())


@pytest.mark.parametrize("queue", QUEUES)
def test_a_reset_that_nobody_told_of_shows_as_counted_less(queue: str) -> None:
    assert "counted_less" in told("g-resetstats", queue)["why"]
