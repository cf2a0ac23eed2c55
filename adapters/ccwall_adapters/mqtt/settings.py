"""The configuration keys of one MQTT source, beside `name`, `type`, `url` and `tls_ca`."""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from . import pointer, said, topic

MOST_KEPT_SECONDS = 604_800.0
_PLACE = re.compile(r"\{([^{}]*)\}")


class Map(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[source.map]]`: what a value in the messages of some topics says.

    `key` is the name of the thing that says it: text with `{1}` for what the first wildcard of `topic` stood for, `{2}` for the
    second, `{/pointer}` for a value in the payload. `pointer` is where in the payload the value stands, `at` where its time.
    `values` translates: what is not in the table, if there is one, says nothing. `full`: the number that means a whole.
    """

    topic: str
    fact: said.What
    key: str = ""
    pointer: str = ""
    at: str = ""
    values: dict[str, bool | float | str] = {}
    full: float = 100.0

    def __post_init__(self) -> None:
        if wrong := topic.trouble(self.topic):
            raise ValueError(f"topic: {wrong}")
        for name, text in (("pointer", self.pointer), ("at", self.at)):
            try:
                pointer.parsed(text)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        self._check_key()
        if self.full <= 0.0:
            raise ValueError("full: must be above 0")
        for value, meaning in self.values.items():
            if said.read(self.fact, meaning, self.full) is None:
                raise ValueError(
                    f"values: {value[:40]} must mean {said.wanted(self.fact)}, not {str(meaning)[:40]!r}"
                )

    def _check_key(self) -> None:
        wildcards = topic.Filter(self.topic).wildcards
        if not self.key and not wildcards:
            raise ValueError('key: is missing; the topic has no "+" that could be it')
        for place in _PLACE.findall(self.key):
            if place.startswith("/"):
                try:
                    pointer.parsed(place)
                except ValueError as error:
                    raise ValueError(f"key: {error}") from None
            elif not place.isdigit() or not 1 <= int(place) <= wildcards:
                raise ValueError(
                    f"key: {{{place[:20]}}} must be {{1}} to {{{wildcards}}}, the wildcards of the topic, or {{/pointer}}"
                    if wildcards
                    else f"key: {{{place[:20]}}} must be a {{/pointer}}; the topic has no wildcard"
                )


class MqttSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Durations are seconds (`"1h"` in TOML).

    `client_id` must be nobody else's at the broker. `session_expiry`: how long the broker is to keep for us what comes while
    we are away. `cloudevents`: filters of topics that bring CloudEvents. `preset` reads the topics of a known product under
    `base`; `contact` says what a closed contact means for its seat, and `actions` what the presses of its buttons are for.
    """

    username: str = ""
    password: str = ""
    client_id: str = ""
    version: Literal["3.1.1", "5"] = "5"
    qos: Literal[0, 1] = 1
    session_expiry: float = 3600.0
    cloudevents: tuple[str, ...] = ("ccwall/in/#",)
    preset: Literal["", "zigbee2mqtt"] = ""
    base: str = "zigbee2mqtt"
    contact: Literal["occupied", "vacant"] = "occupied"
    actions: dict[str, str] = {}
    map: tuple[Map, ...] = ()

    def __post_init__(self) -> None:
        for each in self.cloudevents:
            if wrong := topic.trouble(each):
                raise ValueError(f'cloudevents: "{each[:60]}" {wrong}')
        if topic.trouble(self.base) or topic.Filter(self.base).wildcards:
            raise ValueError(f'base: "{self.base[:60]}" must be a topic without wildcards')
        if not 0.0 <= self.session_expiry <= MOST_KEPT_SECONDS:
            raise ValueError("session_expiry: must be at most 7d")
        if self.password and not self.username:
            raise ValueError("username: is missing; a password without one means nothing")


def places(key: str) -> Mapping[str, str]:
    """What stands in braces in a key, as it is written and bare."""
    return {f"{{{place}}}": place for place in _PLACE.findall(key)}
