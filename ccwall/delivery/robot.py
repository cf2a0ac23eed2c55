"""What the robots of group chats have in common: an address with a secret in it, a signature, a message, and codes in answers.

Each of them is what is left: how its message looks, how it is signed, and what its codes mean.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence

import msgspec

from ccwall.clock import Clock
from ccwall.delivery.contract import MOST, Failed, Limit, Ok, Outcome, Retry, Setting, Stateless
from ccwall.delivery.note import Note
from ccwall.delivery.post import Answer, Post, glimpse, paused, refused, words_of
from ccwall.delivery.url import robot_url

LONGEST_KEYWORD = 50


class RobotSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``url``: the robot's address as the group gives it, with what lets us write there."""

    url: str
    proxy: str = ""
    tls_ca: str = ""

    def __post_init__(self) -> None:
        if self.url:  # a recording is read without it
            try:
                robot_url(self.url)
            except ValueError as error:
                raise ValueError(f"url: {error}") from None


class SignedSettings(RobotSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``secret``: of the signature, empty where it is not used; ``keyword`` stands in every message."""

    secret: str = ""
    keyword: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.keyword) > LONGEST_KEYWORD:
            raise ValueError(f"keyword: has at most {LONGEST_KEYWORD} letters")

    def signed(self, timestamp: str, signature: Callable[[str, str], str]) -> Mapping[str, str]:
        """What makes the robot believe us; nothing where it asks for none."""
        if not self.secret:
            return {}
        return {"timestamp": timestamp, "sign": signature(timestamp, self.secret)}


class Message(msgspec.Struct, frozen=True):
    """``left_out``: see `Ok`; ``query`` goes into the address."""

    body: Mapping[str, object]
    left_out: int = 0
    query: Mapping[str, str] = msgspec.field(default_factory=dict)


class Codes(msgspec.Struct, frozen=True, kw_only=True):
    """What a robot answers: JSON with a number under ``code``, 0 for success, and its words under ``words``.

    ``too_fast``: these wait ``pause`` seconds; ``too_many`` does when its words say so. ``busy``: these are tried again.
    All others are final, with ``advice`` on what to do.
    """

    code: str
    words: str
    too_fast: tuple[int, ...]
    pause: float
    busy: tuple[int, ...]
    advice: Mapping[int, str]
    too_many: int | None = None

    def outcome(self, answer: Answer | Retry, clock: Clock) -> Outcome:
        if isinstance(answer, Retry):
            return answer
        told = _tree(answer.body)
        number = told.get(self.code)
        if not isinstance(number, int) or isinstance(number, bool):
            return refused(answer, clock) or Retry(
                f"an answer that cannot be understood: {glimpse(answer.body)}"
            )
        text = words_of(str(told.get(self.words, "")))
        if number == 0:
            return Ok(text or "ok") if answer.status < 300 else Retry(f"HTTP {answer.status}: {text}")
        said = f"{number}: {text}"
        if number in self.too_fast or (number == self.too_many and "too many" in text.lower()):
            return Retry(said, self.pause)
        if number in self.busy:
            return paused(Retry(said), answer, clock)
        advice = self.advice.get(number, "")
        return Failed(said + (f" ({advice})" if advice else ""))


class Robot(Stateless, ABC):
    """A channel to one group; a kind of robot says its ``limits``, its ``codes`` and how its message looks."""

    limits: tuple[Limit, ...]
    codes: Codes
    most = MOST

    def __init__(self, setting: Setting, settings: RobotSettings) -> None:
        self._setting = setting
        self._post = Post(settings.url, proxy=settings.proxy, ca=settings.tls_ca)

    @abstractmethod
    def message(self, notes: Sequence[Note]) -> Message:
        """These notes, signed for this moment."""

    async def send(self, notes: Sequence[Note]) -> Outcome:
        told = self.message(notes)
        answer = await self._post(msgspec.json.encode(told.body), query=told.query)
        outcome = self.codes.outcome(answer, self._setting.clock)
        if told.left_out and isinstance(outcome, Ok):
            return msgspec.structs.replace(outcome, left_out=told.left_out)
        return outcome

    async def close(self) -> None:
        await self._post.close()


def is_phone(text: str) -> bool:
    """Digits, with a country's code before them or not: nothing a robot reads as a word like `@all`."""
    return text.isascii() and text.lstrip("+").replace("-", "").isdigit() and 5 <= len(text) <= 20


def _tree(body: bytes) -> Mapping[str, object]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}
