"""Questions and their answers over a way that loses, doubles and reorders (RFC 3261 17.1.2, 17.2.2).

A question that got no answer is asked again at T1, 2 T1, 4 T1 … at most every T2, and given up after 64 T1; over a stream it
is asked once. Our answer to a request is kept, so that the same request again gets the same answer and does nothing.
Times are real seconds.
"""

from collections.abc import Callable

import msgspec

from ccwall.wire.memory import Recent

from .message import Message, address, parameters, split

T1, T2 = 0.5, 4.0
GIVEN_UP_AFTER = 64 * T1
MOST_ANSWERS = 4096
"""Answers kept: at a hundred requests a second, those of the 32 s in which one may come again."""

Done = Callable[[Message | None, float], None]
"""With the final answer, or None when none came; and now."""


class _Question(msgspec.Struct):
    method: str
    wire: bytes
    done: Done
    ends: float
    again: float
    interval: float


class Questions:
    """Our client transactions; none but non-INVITE ones."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._open: dict[str, _Question] = {}
        self._rate = 1.0
        self.reliable = False

    def at_pace(self, rate: float) -> None:
        self._rate = rate

    def clear(self) -> None:
        self._open.clear()

    def __len__(self) -> int:
        return len(self._open)

    def ask(self, branch: str, method: str, wire: bytes, now: float, done: Done) -> None:
        """`wire` has `branch` in its Via."""
        self._open[branch] = _Question(
            method, wire, done, now + GIVEN_UP_AFTER * self._rate, now + T1 * self._rate, T1
        )
        self._send(wire)

    def answered(self, message: Message, now: float) -> bool:
        """False when nobody asked, or it was answered before."""
        branch = branch_of(message)
        question = self._open.get(branch)
        if question is None or message.cseq[1] != question.method:
            return False
        if message.status < 200:
            question.interval = T2
            return True
        del self._open[branch]
        question.done(message, now)
        return True

    def tick(self, now: float) -> None:
        for branch, question in list(self._open.items()):
            if now >= question.ends:
                del self._open[branch]
                question.done(None, now)
            elif now >= question.again and not self.reliable:
                question.interval = min(2 * question.interval, T2)
                question.again = now + question.interval * self._rate
                self._send(question.wire)


class Answers:
    """Our server transactions."""

    def __init__(self) -> None:
        self._given: Recent[tuple[str, str, str, str], bytes] = Recent(MOST_ANSWERS)

    def again(self, request: Message) -> bytes | None:
        """What was answered when it came first."""
        return self._given.get(_key(request))

    def give(self, request: Message, wire: bytes) -> None:
        self._given[_key(request)] = wire

    def clear(self) -> None:
        self._given.clear()


def _key(request: Message) -> tuple[str, str, str, str]:
    via = split(request.get("via"), ",")
    return (via[0] if via else "", request.get("call-id"), request.get("cseq"), request.get("from"))


def branch_of(message: Message) -> str:
    """Of the topmost Via: of a response, ours."""
    return parameters_of_via(message).get("branch", "")


def parameters_of_via(message: Message) -> dict[str, str]:
    topmost = split(message.get("via"), ",")
    return parameters(topmost[0].partition(";")[2]) if topmost else {}


def tag_of(header: str) -> str:
    return address(header)[1].get("tag", "")
