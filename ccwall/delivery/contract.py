"""What a channel is, what it answers, and how channels of each type are made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

import msgspec

from ccwall.clock import Clock
from ccwall.delivery.note import SEVERITIES, Note, Severity

MOST = 500
"""Notes in one message, for who lists some of them and counts the rest."""
LONGEST_WORDS = 300
"""Characters of what a far end said that are kept."""


class Ok(msgspec.Struct, frozen=True):
    """It is there. ``said``: in the far end's words; ``left_out``: of the notes, worst first, so many at the end are only
    counted in the message."""

    said: str = ""
    left_out: int = 0


class Retry(msgspec.Struct, frozen=True):
    """Not now. ``after`` seconds: the far end, or its rules, say when; until then the whole channel waits."""

    why: str
    after: float = 0.0


class Failed(msgspec.Struct, frozen=True):
    """Never: the same again would be refused again. ``why`` says what a person has to do."""

    why: str


Outcome = Ok | Retry | Failed


class Limit(msgspec.Struct, frozen=True):
    """So many messages in any so many seconds."""

    messages: int
    seconds: float


class Channel(Protocol):
    """One far end. `send` tells these notes in one message, within a minute, and raises nothing but for a bug.

    ``most`` notes at a time. Several notes come only when the limits ask for it, or when they waited together.
    """

    @property
    def limits(self) -> tuple[Limit, ...]: ...
    @property
    def most(self) -> int: ...
    async def send(self, notes: Sequence[Note]) -> Outcome: ...
    async def stand(self, worst: Severity | None) -> Outcome:
        """Show the worst that nobody has taken on yet, for who can (a lamp); None: nothing is open."""
        ...

    async def close(self) -> None: ...


class Stateless:
    """For channels that only tell."""

    async def stand(self, worst: Severity | None) -> Outcome:
        return Ok()

    async def close(self) -> None: ...


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What every channel is given beside its own settings. ``clock`` is the machine's: far ends judge signatures by it."""

    name: str
    language: str
    zone: str
    clock: Clock


class Quiet(msgspec.Struct, frozen=True):
    """Seconds of the day from and to; over midnight when the second is smaller."""

    starts: int
    ends: int


class Configured(msgspec.Struct, frozen=True, kw_only=True):
    """One `[[channel]]`. ``secrets`` must never be written anywhere."""

    name: str
    type: str
    settings: msgspec.Struct
    language: str = "zh-CN"
    severities: tuple[Severity, ...] = SEVERITIES
    quiet: tuple[Quiet, ...] = ()
    secrets: tuple[str, ...] = ()


class ChannelType(msgspec.Struct, frozen=True, kw_only=True):
    """How channels of one type are made, of its own keys in `[[channel]]`, which ``settings`` are. ``credential``: its url lets
    whoever has it write to the group."""

    name: str
    settings: type[msgspec.Struct]
    made: Callable[[Setting, Any], Channel]
    credential: bool = False


class _Types(Mapping[str, ChannelType]):
    """By name; each is imported when somebody wants it."""

    _modules: Mapping[str, str] = {
        name: f"ccwall.delivery.{module}"
        for name, module in (
            ("wecom", "wecom"),
            ("dingtalk", "dingtalk"),
            ("feishu", "feishu"),
            ("webhook", "webhook"),
            ("smtp", "mail"),
            ("mqtt", "lamp"),
            ("apprise", "others"),
        )
    }

    def __getitem__(self, name: str) -> ChannelType:
        found: ChannelType = import_module(self._modules[name]).CHANNEL
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


BY_TYPE: Mapping[str, ChannelType] = _Types()
