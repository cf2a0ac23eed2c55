"""The sensors of a floor on a broker."""

import asyncio
from collections.abc import Callable

import aiomqtt

from .sensors import Lights, Message, Sensors

STEP = 0.25
"""Real seconds between two looks at the floor."""
AGAIN = 1.0
"""Seconds until a broker that is away is tried again."""


class Bus:
    """`run` for ever: publishes what `sensors` say as the floor's time `now` goes on, and lets `lights` listen. A broker that
    went away is found again; what was said meanwhile is lost, as it is with such sensors, and then all is said anew."""

    def __init__(
        self,
        port: int,
        sensors: Sensors,
        now: Callable[[], float],
        lights: Lights | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self._host, self._port, self._sensors, self._now, self._lights = host, port, sensors, now, lights
        self.published = 0

    async def run(self) -> None:
        while True:
            try:
                await self._publish()
            except aiomqtt.MqttError:
                _stop_if_told()
                await asyncio.sleep(AGAIN)

    async def _publish(self) -> None:
        will = self._sensors.will()
        client = aiomqtt.Client(
            self._host,
            self._port,
            identifier="zigbee2mqtt",
            will=aiomqtt.Will(will.topic, will.payload, qos=1, retain=True),
            keepalive=10,
            timeout=5,
        )
        async with client:
            if self._lights is not None:
                await client.subscribe(self._lights.filter, qos=1)
            listening = asyncio.create_task(self._listen(client), name="busylights")
            try:
                self._sensors.advance(self._now())
                await self._say(client, self._sensors.everything())
                while not listening.done():
                    _stop_if_told()
                    await self._say(client, list(self._sensors.advance(self._now())))
                    await asyncio.sleep(STEP)
                listening.result()
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _say(self, client: aiomqtt.Client, messages: list[Message]) -> None:
        for message in messages:
            await client.publish(message.topic, message.payload, qos=1, retain=message.retain)
            self.published += 1

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if self._lights is not None and isinstance(message.payload, bytes):
                self._lights.hear(message.topic.value, message.payload)


def _stop_if_told() -> None:
    """Python 3.11's wait_for, in which the client waits for the broker, forgets a cancellation that comes with the answer."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
