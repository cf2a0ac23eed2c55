"""Apprise, the real one, to a server of ours; and what is said where it is not installed."""

import json
from typing import Any

import msgspec
import pytest

from ccwall.clock import ManualClock
from ccwall.delivery import BY_TYPE, Ok, Retry, others
from ccwall_simulators.robots import Phone, Response, Robots, WebhookEnd
from tests.delivery.making import NOW, channel, note

# It looks at all its hundred services at once, and some of those import what Python will drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


async def test_apprise_tells_and_says_when_it_could_not() -> None:
    end = WebhookEnd(Phone())
    async with Robots([end], ManualClock(NOW).now) as there:
        made = channel("apprise", url=f"json://127.0.0.1:{there.port}/hook")
        assert isinstance(await made.send([note(severity="critical")]), Ok)
        ((_, body),) = end.seen
        told = json.loads(body)
        assert "最久等待过长" in told["title"]
        assert told["type"] == "failure"
        end.says = Response(status=500)
        assert isinstance(await made.send([note()]), Retry)


def test_where_apprise_is_not_installed_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> Any:
        return None

    monkeypatch.setattr(others, "find_spec", nothing)
    with pytest.raises(msgspec.ValidationError, match=r"pip install 'ccwall\[apprise\]'"):
        msgspec.convert({"url": "json://localhost"}, BY_TYPE["apprise"].settings)


def test_an_address_apprise_does_not_know_is_a_mistake() -> None:
    with pytest.raises(msgspec.ValidationError, match="url"):
        msgspec.convert({"url": "nothing://x"}, BY_TYPE["apprise"].settings)
