"""One subscription to one event package of one phone (RFC 6665): begun, answered, notified, refreshed, lost, begun again.

    waiting ──begin──▶ asking ──2xx──▶ active ──refresh before its end──▶ active
       ▲                  │ refused        │ 481, terminated, ended
       └──────────────────┴────────────────┘

A NOTIFY may come before the answer to its SUBSCRIBE, and makes the dialog then. The first tag that notifies wins; of a
request that was forked the others are told that there is no such subscription.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from .agent import Question, UserAgent
from .documents import DIALOG_INFO, MOST_DIALOGS, PIDF, DialogInfo, dialog_info, presence
from .message import Header, Message, address, clean, parameters
from .phones import Phone
from .transactions import GIVEN_UP_AFTER, tag_of

Package = Literal["dialog", "presence"]
ACCEPTS: Mapping[str, str] = {"dialog": DIALOG_INFO, "presence": PIDF}

GRACE = 5.0
"""Seconds for which the last word stands while a subscription is begun again at once."""
PATIENCE = 300.0
"""Seconds until somebody who said no is asked again."""
FIRST_PAUSE = 5.0
NOT_AGAIN_BEFORE = 1.0
"""Seconds between two questions for the whole state of one phone."""
MARGIN = 40.0
"""Seconds before its end at which a subscription is refreshed: a refresh over UDP may take 32."""
LONGEST, SHORTEST = 86_400.0, 1.0
YOUNG = 5.0
"""Seconds: what ends younger is not begun again at once, or a far end that ends everything is hammered."""

_ENDED_BY = frozenset({404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604})
"""RFC 6665 4.1.2.2: with these a refresh ends its subscription; with any other it lasts as long as was granted."""
_NO = frozenset(
    {400, 401, 403, 404, 405, 406, 407, 410, 415, 416, 420, 484, 485, 488, 489, 501, 600, 603, 604, 606}
)
"""Asked again at once, they say the same."""

Verdict = tuple[int, str, Sequence[Header]]
"""Status, reason and headers of an answer."""
ACCEPTED: Verdict = (200, "OK", ())
NO_SUCH: Verdict = (481, "Subscription Does Not Exist", ())


class Terms(msgspec.Struct, frozen=True):
    """What holds for all subscriptions of a source. `rate` floor seconds are a real one."""

    expires: float
    rate: float = 1.0


class Subscription:
    """`due`: waiting, when it is to be begun; active, when it is to be refreshed."""

    def __init__(self, phone: Phone, package: Package, uri: str, agent: UserAgent, terms: Terms) -> None:
        self.phone, self.package, self._uri = phone, package, uri
        self._agent, self._terms = agent, terms
        self.terms_asked = terms.expires
        self.restarted: Callable[[], None] = _nothing
        """Called when the far end turns out to have forgotten it."""
        self.reset(0.0)

    def at_pace(self, terms: Terms) -> None:
        self._terms = terms

    def reset(self, now: float) -> None:
        """A connection begins."""
        self.state: Literal["waiting", "asking", "active"] = "waiting"
        self.due = now
        self.settled = self.failed = False
        self.failures = 0
        self.question = Question("SUBSCRIBE", self._uri, "", "", "")
        self.local_tag = self.remote_tag = ""
        self._remote_cseq = -1
        self._version: int | None = None
        self.in_flight = self._again = self._asked_for_full = False
        self.asked_at = self._ends = 0.0
        self._granted_at: float | None = None
        self._wanted_at = math.inf
        self._notify_by: float | None = None
        self.unknown_at: float | None = None

    @property
    def call_id(self) -> str:
        return self.question.call_id

    # ── asking ──

    def begin(self, now: float) -> None:
        """Outside of any dialog."""
        agent = self._agent
        self.local_tag, self.remote_tag = agent.token(16), ""
        self.take_up(agent.token(32), self.local_tag, now)
        self.question = Question(
            "SUBSCRIBE",
            self._uri,
            f"<{agent.address}>;tag={self.local_tag}",
            f"<{self._uri}>",
            self.question.call_id,
            headers=self._wants(self.terms_asked),
        )
        self._ask(now)

    def take_up(self, call_id: str, local_tag: str, now: float) -> None:
        """A new dialog begins, ours or one that is watched."""
        self.question.call_id, self.local_tag, self.remote_tag = call_id, local_tag, ""
        self.state, self._granted_at = "asking", None
        self._remote_cseq, self._version, self._asked_for_full = -1, None, False
        self.in_flight = self._again = False
        self._notify_by = None
        self._ends = now + self.terms_asked * self._terms.rate

    def refresh(self, now: float) -> None:
        """In its dialog; the far end answers with its whole state as well."""
        if self.in_flight:
            self._again = True
            return
        self.question.headers = self._wants(self.terms_asked)
        self._ask(now)

    def _wants(self, expires: float) -> Sequence[Header]:
        return (
            ("Event", self.package),
            ("Accept", ACCEPTS[self.package]),
            ("Expires", f"{expires:.0f}"),
        )

    def _ask(self, now: float) -> None:
        self.in_flight, self._again, self.asked_at = True, False, now
        self._wanted_at = math.inf
        self.due = now + (GIVEN_UP_AFTER + 1.0) * self._terms.rate
        call_id = self.call_id

        def heard(message: Message | None, now: float) -> None:
            if call_id == self.call_id:
                self.answered(message, now)

        self._agent.ask(self.question, now, heard)

    # ── answers ──

    def answered(self, message: Message | None, now: float) -> None:
        """None: nobody answered."""
        self.in_flight = False
        if self.state == "waiting":
            return
        status = 408 if message is None else message.status
        if message is not None and 200 <= status < 300:
            self._granted(message, now)
        elif message is not None and status == 423:
            self._too_brief(message, now)
        elif self.state == "active" and status not in _ENDED_BY:
            self._refresh_failed(message, now)
        else:
            self._refused(message, status, now)

    def _granted(self, message: Message, now: float) -> None:
        granted = message.number("expires")
        if self.state == "asking":
            self._granted_at = now
        self.state, self.failed = "active", False
        if not self.remote_tag:
            self._dialog(message, message.get("to"), list(reversed(message.listed("record-route"))))
        elif tag_of(message.get("to")) == self.remote_tag:
            self._target(message)
        self._lasts(self.terms_asked if granted is None else float(granted), now)
        if self._version is None and not self.settled:
            self._notify_by = now + GIVEN_UP_AFTER * self._terms.rate
        if self._again:
            self.want(now)

    def _dialog(self, message: Message, remote: str, routes: Sequence[str]) -> None:
        self.question.remote, self.question.routes = remote, routes
        self._target(message)

    def _target(self, message: Message) -> None:
        contact = message.listed("contact")
        if contact and (uri := address(contact[0])[0]).lower().startswith(("sip:", "sips:")):
            self.question.uri = uri

    def _lasts(self, seconds: float, now: float) -> None:
        seconds = min(max(seconds, SHORTEST), LONGEST)
        before = seconds - max(seconds / 2, seconds - MARGIN)
        self._ends = now + seconds * self._terms.rate
        self.due = min(self._ends - before * self._terms.rate, self._wanted_at)

    def _too_brief(self, message: Message, now: float) -> None:
        """RFC 6665 4.1.2.1: for as long as the far end wants, once."""
        least = message.number("min-expires") or 0
        if not self.terms_asked < least <= LONGEST:
            self._refused(message, 423, now)
            return
        self.terms_asked = float(least)
        self.refresh(now)

    def _refresh_failed(self, message: Message | None, now: float) -> None:
        """What was granted still holds; try again before it ends."""
        pause = _retry_after(message) or FIRST_PAUSE
        self.due = min(now + pause * self._terms.rate, self._ends)
        if now >= self._ends:
            self.lost(now, "the subscription ended and could not be renewed", 0.0)

    def _refused(self, message: Message | None, status: int, now: float) -> None:
        if status == 481 and self.state == "active":
            self.restarted()
            self.lost(now, "", 0.0)
            return
        words = "no answer" if message is None else f"{status} {clean(message.reason, 80)}".strip()
        if status == 489:
            words += f" (it has no event package {self.package})"
        pause = self._pause(now)
        if status in _NO or status < 400:
            pause = PATIENCE
        if status == 404:
            self.phone.gone(now)
        self.lost(now, f"cannot be watched: {words}", _retry_after(message) or pause)

    # ── NOTIFY ──

    def notified(self, message: Message, now: float) -> Verdict:
        """Of this Call-ID and of our tag; anything else is told that there is no such subscription."""
        tag = tag_of(message.get("from"))
        if not tag or (self.remote_tag and tag != self.remote_tag) or self.state == "waiting":
            return NO_SUCH
        if message.get("event").partition(";")[0].strip().lower() != self.package:
            return 489, "Bad Event", [("Allow-Events", self.package)]
        said, _, rest = message.get("subscription-state").partition(";")
        if not said:
            return 400, "Missing Subscription-State", ()
        kind = message.get("content-type").partition(";")[0].strip().lower()
        if message.body and kind != ACCEPTS[self.package]:
            return 415, "Unsupported Media Type", [("Accept", ACCEPTS[self.package])]
        number = message.cseq[0]
        # A late one is older than what is known. 500, as RFC 3261 12.2.2 has it, would end the subscription (RFC 6665 4.2.2).
        if number <= self._remote_cseq:
            return ACCEPTED
        try:
            document = self._read(message.body)
        except ValueError as error:
            self.lost(now, f"cannot be understood: {error}", self._pause(now))
            return 400, "Bad Body", ()
        if not self.remote_tag:
            self.remote_tag = tag
            if tag_of(self.question.remote) == tag:
                self._target(message)
            else:
                self._dialog(message, message.get("from"), message.listed("record-route"))
        else:
            self._target(message)
        self._remote_cseq = number
        self._state(said.strip().lower(), parameters(rest) if rest else {}, document, now)
        return ACCEPTED

    def _read(self, body: bytes) -> Callable[[float], None]:
        """What to do with it, if it is well-formed."""
        if not body.strip():
            return self._nothing_said
        if self.package == "presence":
            said = presence(body)

            def tell(now: float) -> None:
                self._version, self.settled = 0, True
                self.phone.presence(said, now)

            return tell
        info = dialog_info(body)
        return lambda now: self._dialogs(info, now)

    def _state(
        self, said: str, details: Mapping[str, str], document: Callable[[float], None], now: float
    ) -> None:
        if said == "terminated":
            self._terminated(details, document, now)
            return
        self._notify_by = None
        told = _seconds(details.get("expires", "")) if self.state == "active" else None
        if told is not None and now + told * self._terms.rate < self._ends:
            self._lasts(told, now)
        if said == "pending":
            self.settled = True
            self.phone.tell_unknown(now)
            self.phone.fault(self.package, "waits for somebody to allow that it is watched", now)
            return
        self.unknown_at = None
        document(now)
        self.phone.fault(self.package, "", now)

    def _nothing_said(self, now: float) -> None:
        self.settled = True
        if self.package == "dialog":
            self.phone.nothing_of_dialogs(now)
        else:
            self.phone.presence(None, now)

    def _dialogs(self, info: DialogInfo, now: float) -> None:
        """RFC 4235 4.1: a partial one counts on from the last; after a gap the whole is asked for."""
        version = self._version
        if not info.full:
            if version is None and not self._asked_for_full:
                self._want_full(now)
                return
            if version is not None and info.version != version + 1:
                self._want_full(now)
                if info.version <= version:
                    return
        self._asked_for_full = self._asked_for_full and not info.full
        self._version, self.settled = info.version, True
        self.phone.dialogs(info, now)
        if self.phone.crowded > MOST_DIALOGS:
            self.lost(now, f"says it has more than {MOST_DIALOGS} calls", PATIENCE)

    def _want_full(self, now: float) -> None:
        self._asked_for_full = True
        if self.in_flight:
            self._again = True
        else:
            self.want(max(now, self.asked_at + NOT_AGAIN_BEFORE * self._terms.rate))

    def want(self, at: float) -> None:
        """Refresh it then, whenever it ends."""
        self._wanted_at = min(self._wanted_at, at)
        self.due = min(self.due, at)

    def _terminated(self, details: Mapping[str, str], document: Callable[[float], None], now: float) -> None:
        """RFC 6665 4.1.3."""
        reason = details.get("reason", "").lower()
        after = _seconds(details.get("retry-after", ""))
        if reason == "noresource":
            self.phone.gone(now)
            self.lost(now, "is unknown to the far end (noresource)", after or PATIENCE)
        elif reason == "rejected":
            self.lost(now, "may not be watched (rejected)", PATIENCE)
        elif reason == "invariant":
            document(now)
            self.state, self.due, self.settled = "waiting", now + LONGEST * self._terms.rate, True
        elif reason in ("deactivated", "timeout"):
            self.lost(now, "", 0.0)
        else:
            pause = self._pause(now)
            words = f"is no longer told of ({clean(reason, 40)})" if reason else "is no longer told of"
            self.lost(now, words, after or pause)

    # ── the end ──

    def _has_lived(self, now: float) -> bool:
        return self._granted_at is not None and now - self._granted_at >= YOUNG * self._terms.rate

    def _pause(self, now: float) -> float:
        """Twice as long every time that it did not live for long."""
        self.failures = 1 if self._has_lived(now) else self.failures + 1
        return min(FIRST_PAUSE * 2.0 ** min(self.failures - 1, 10), PATIENCE)

    def lost(self, now: float, words: str, again: float) -> None:
        """Begin again after so many seconds; without `words`, it ended in the usual course of things."""
        if not words and not self._has_lived(now):
            again = self._pause(now)
            words = "ends as soon as it is begun" if self.failures > 2 else ""
        self.state, self.due = "waiting", now + again * self._terms.rate
        self._notify_by, self.in_flight, self._again = None, False, False
        if words:
            self.failed = self.settled = True
            self.phone.fault(self.package, words, now)
        if again > 0.0:
            self.unknown_at = None
            self.phone.lost(self.package, now)
        elif self.unknown_at is None:
            self.unknown_at = now + GRACE * self._terms.rate

    def tick(self, now: float) -> None:
        if self.unknown_at is not None and now >= self.unknown_at:
            self.unknown_at = None
            self.phone.lost(self.package, now)
        if self._notify_by is not None and now >= self._notify_by:
            self.lost(now, "is accepted and then never told of", self._pause(now))
        elif self.state == "active" and now >= self._ends and not self.in_flight:
            self.lost(now, "", 0.0)


def _nothing() -> None:
    return None


def _retry_after(message: Message | None) -> float | None:
    found = None if message is None else message.number("retry-after")
    return None if found is None else min(max(float(found), 1.0), 3600.0)


def _seconds(text: str) -> float | None:
    return (
        min(max(float(text), 0.0), LONGEST) if text.isascii() and text.isdigit() and len(text) < 11 else None
    )
