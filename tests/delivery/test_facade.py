"""From a configuration to a telephone that rings, and what a page may show."""

import asyncio
import tomllib
from pathlib import Path

import msgspec

from ccwall.clock import SystemClock
from ccwall.config import read
from ccwall.delivery import Failed, Ok, Retry
from ccwall.delivery.facade import FILE, Delivery, answered
from ccwall.delivery.rows import Delivered
from ccwall_simulators.robots import DingTalkRobot, FeishuRobot, Phone, Robot, Robots, WebhookEnd, WeComRobot
from tests.delivery.making import WANG, note

KEY = "693a91f6-7a0c-4bc4-97a0-0ec2sifa5aaa"


async def test_a_house_delivers_what_its_configuration_says(tmp_path: Path) -> None:
    clock, phone = SystemClock(), Phone()
    wecom, dingtalk = WeComRobot(phone, KEY), DingTalkRobot(phone)
    over: list[Delivered] = []
    both = asyncio.Event()

    def told(each: Delivered) -> None:
        over.append(each)
        if len(over) == 2:
            both.set()

    async with Robots([wecom, dingtalk], clock.now) as there:
        text = f"""
            [[channel]]
            name = "leads"
            type = "wecom"
            url = "{there.url(wecom)}"
            [[channel]]
            name = "supervisors"
            type = "dingtalk"
            language = "zh-TW"
            url = "{there.url(dingtalk)}"
            severities = ["critical"]
            """
        config = read(tomllib.loads(text), "ccwall.toml")
        house = Delivery(config.channels, tmp_path / FILE, clock, zone="Asia/Shanghai", told=told)
        tasks = [asyncio.create_task(work, name=name) for name, work in house.jobs()]
        house.stand("critical")
        now = clock.now()
        assert await house.put(note("1", at=now, since=now, mentions=(WANG,)), ["leads", "supervisors"]) == [
            "leads"
        ]
        assert await house.put(note("2", "critical", at=now, since=now), ["supervisors"]) == ["supervisors"]
        async with asyncio.timeout(20):
            await both.wait()
            assert await house.test("leads") == Ok("ok")
        assert {each.robot for each in phone.messages} == {"wecom", "dingtalk"}
        assert [each.state for each in await house.entries()] == ["sent"] * 3
        vitals = house.vitals()
        assert {name: told["state"] for name, told in vitals.items()} == {
            "leads": "live",
            "supervisors": "live",
        }
        shown = msgspec.json.encode(await house.page()).decode()
        told_page = msgspec.json.decode(shown)
        assert [(each["name"], each["sent"], each["state"]) for each in told_page["channels"]] == [
            ("leads", 1, "live"),
            ("supervisors", 1, "live"),
        ]
        assert [(each["kind"], each["severity"], len(each["tries"])) for each in told_page["entries"]] == [
            ("test", "info", 1),
            ("fired", "critical", 1),
            ("fired", "breach", 1),
        ]
        assert KEY not in shown
        assert WANG.phone not in shown
        assert str(there.port) not in shown
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await house.close()


def test_what_a_test_came_to_is_said_in_the_far_ends_words() -> None:
    assert [answered(each) for each in (Ok("ok"), Failed("no"), Retry("later"))] == [
        {"outcome": "ok", "said": "ok"},
        {"outcome": "failed", "said": "no"},
        {"outcome": "retry", "said": "later"},
    ]


async def test_the_practice_robots_say_how_they_are_configured() -> None:
    phone = Phone()
    ends: list[Robot] = [WeComRobot(phone), DingTalkRobot(phone), FeishuRobot(phone), WebhookEnd(phone)]
    clock = SystemClock()
    async with Robots(ends, clock.now) as there:
        config = read(tomllib.loads(there.configuration()), "practice.toml")
        house = Delivery(config.channels, None, clock)
        assert [type(await house.test(each.name)) for each in house.channels()] == [Ok] * 4
        await house.close()
    assert phone.count == 4


async def test_a_house_without_channels_has_nothing_to_do(tmp_path: Path) -> None:
    house = Delivery((), None, SystemClock())
    assert house.jobs() == []
    assert await house.put(note(), ["leads"]) == []
    assert (house.channels(), house.vitals(), await house.entries()) == ([], {}, [])
    await house.close()
