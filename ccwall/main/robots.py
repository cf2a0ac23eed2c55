"""The group robots of the demonstration: alerts go out for real, to far ends on this machine."""

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from ccwall.clock import SystemClock
from ccwall.config import Config, read
from ccwall_simulators.robots import DingTalkRobot, FeishuRobot, Phone, Robots, WeComRobot


@asynccontextmanager
async def told_by_robots(config: Config) -> AsyncIterator[Config]:
    """The configuration with a channel to each of them, for as long as they answer."""
    phone = Phone()
    async with Robots(
        [WeComRobot(phone), DingTalkRobot(phone), FeishuRobot(phone)], SystemClock().now
    ) as robots:
        channels = read(tomllib.loads(robots.configuration()), "robots").channels
        alerts = msgspec.structs.replace(config.alerts, channels=tuple(each.name for each in channels))
        yield msgspec.structs.replace(config, channels=channels, alerts=alerts)
