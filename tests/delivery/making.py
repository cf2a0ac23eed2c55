"""Notes and channels for the tests of delivery."""

from collections.abc import Sequence
from typing import Any

import msgspec

from ccwall.clock import Clock, SystemClock
from ccwall.delivery import BY_TYPE, SEVERITIES, Channel, Configured, Note, Ok, Outcome, Person, Severity
from ccwall.delivery.contract import Limit, Setting
from ccwall.delivery.outbox import Line

NOW = 1_800_000_000.0
WANG = Person(
    name="王敏",
    phone="13800001111",
    wecom="wangmin",
    dingtalk="manager7",
    feishu="ou_7d8a",
    email="wang@example.org",
)


def note(key: str = "alert/1", severity: Severity = "breach", **other: Any) -> Note:
    told: dict[str, Any] = {
        "kind": "fired",
        "title": {"zh-CN": "最久等待过长", "en": "Longest wait too long"},
        "text": {"zh-CN": "排队 7 人，就绪 2 人", "en": "7 wait, 2 ready"},
        "todo": {"zh-CN": "请小休的同事回线", "en": "Call people back from breaks"},
        "scope": "客服热线",
        "value": "95 s",
        "threshold": "60 s",
        "at": NOW,
        "since": NOW - 30,
        "url": "https://wall.example/lead#1",
        **other,
    }
    return Note(key=key, severity=severity, **told)


def channel(kind: str, clock: Clock | None = None, language: str = "zh-CN", **settings: Any) -> Channel:
    made = BY_TYPE[kind]
    setting = Setting(
        name=f"my {kind}", language=language, zone="Asia/Shanghai", clock=clock or SystemClock()
    )
    return made.made(setting, msgspec.convert(settings, made.settings))


class Recorder:
    """A channel that remembers what it was told; ``answers`` first, then yes."""

    def __init__(self, *answers: Outcome, limits: Sequence[Limit] = (), most: int = 500) -> None:
        self.answers = list(answers)
        self.limits, self.most = tuple(limits), most
        self.told: list[list[str]] = []
        self.standing: list[Severity | None] = []

    async def send(self, notes: Sequence[Note]) -> Outcome:
        self.told.append([note.key for note in notes])
        return self.answers.pop(0) if self.answers else Ok("ok")

    async def stand(self, worst: Severity | None) -> Outcome:
        self.standing.append(worst)
        return Ok()

    async def close(self) -> None: ...

    @property
    def keys(self) -> list[str]:
        return [key for keys in self.told for key in keys]


def line(channel: Channel, name: str = "robot", **other: Any) -> Line:
    told: dict[str, Any] = {"severities": SEVERITIES, **other}
    return Line(Configured(name=name, type="wecom", settings=msgspec.Struct(), **told), channel, NOW)
