"""What is used of a budget goes by the shift where somebody is in one."""

import pytest

from ccwall.alerts.metrics import METRICS, quotas

KINDS = {"meal": {"quota_times": 1, "quota_seconds": 3600.0}, "short": {"quota_seconds": 1200.0}, "away": {}}


@pytest.mark.parametrize(
    ("used", "own", "share"),
    [
        ({"meal": [1, 1800.0]}, None, 1.0),
        ({"meal": [1, 1800.0]}, {"meal": {"quota_times": 1, "quota_seconds": 900.0}}, 2.0),
        ({"meal": [1, 1800.0], "short": [4, 600.0]}, {"meal": {"quota_times": 4}}, 0.5),
        ({"away": [9, 9000.0]}, {"meal": {"quota_times": 0}}, 0.0),
        ({"meal": [0, 60.0]}, {"meal": {"quota_times": 0, "quota_seconds": 0.0}}, 2.0),
        ({"meal": [0, 0.0]}, {"meal": {"quota_times": 0, "quota_seconds": 0.0}}, 0.0),
    ],
)
def test_the_share_of_a_budget(
    used: dict[str, list[float]], own: dict[str, object] | None, share: float
) -> None:
    desk: dict[str, object] = {"kinds": KINDS, "used": {"anna": used}}
    if own is not None:
        desk["budgets"] = {"anna": {"shift": "s", "quotas": own}}
    subject = quotas({"break_desk": desk})["anna"]
    assert METRICS["break.quota"].read(subject, (), 0.0).value == share
