"""All subscriptions of one source: begun at a pace, refreshed in time, each lost for itself alone.

A notifier that was restarted has forgotten them, and over UDP nobody says so. Therefore one of them, the one that was
looked at longest ago, is refreshed every few seconds; when it is answered 481, all are looked at.
"""

from collections.abc import Sequence

from ccwall.adapter import Directory
from ccwall.events import AnyEvent
from ccwall.wire.memory import Recent

from .agent import UserAgent
from .message import Message, address
from .phones import Phone
from .settings import SipSettings
from .subscription import ACCEPTS, NO_SUCH, Package, Subscription, Terms, Verdict
from .transactions import tag_of
from .uri import MOST_WATCHED, aor, watched

MOST_OPEN = 50
"""Questions without an answer yet; more are not asked."""
FIRST_ALONE = 4.0
"""Seconds for which the first question is alone: a wrong secret must be refused once, not fifty times."""
LOOK_EVERY = 5.0
"""Seconds between two looks at whether the far end still knows what was subscribed."""
SETTLED_WITHIN = 10.0
"""Seconds after the last was begun at which the others are not waited for any more."""


class Subscriptions:
    """`out` takes the facts."""

    def __init__(
        self,
        settings: SipSettings,
        directory: Directory,
        agent: UserAgent,
        out: list[AnyEvent],
        *,
        live: bool,
    ) -> None:
        self._settings, self._directory, self._agent, self._out = settings, directory, agent, out
        self._live = live
        self._terms = Terms(settings.expires)
        self._phones: dict[str, Phone] = {}
        self._all: dict[tuple[str, str], Subscription] = {}
        self._by_call: dict[str, Subscription] = {}
        self._seen: Recent[str, None] = Recent(4 * MOST_WATCHED)
        """Call-IDs of who only watches."""
        self._domain = ""
        self._budget = 0.0
        self._budgeted = self._begun = self._looked = 0.0
        self._first: float | None = None
        self._answered = self._is_up = False

    def at_pace(self, rate: float) -> None:
        self._terms = Terms(self._settings.expires, rate)
        for subscription in self._all.values():
            subscription.at_pace(self._terms)

    # ── a connection ──

    def open(self, now: float) -> None:
        if self._live and self._domain != self._agent.domain:
            self._domain = self._agent.domain
            self._all.clear()
            for name in watched(self._settings.watch):
                whose = name if "@" in name else f"{name}@{self._domain}"
                self._watch(name, whose, self._settings.events)
        self._by_call.clear()
        self._begun = self._budgeted = self._looked = now
        self._first = None
        self._budget, self._answered = 1.0, False
        self._is_up = False
        for phone in self._phones.values():
            phone.reset()
        for subscription in self._all.values():
            subscription.reset(now)

    def greet(self, now: float) -> None:
        """The source is up: every phone is told of."""
        self._is_up = True
        for phone in self._phones.values():
            phone.seen(now)

    def _watch(self, name: str, whose: str, packages: Sequence[Package]) -> Phone:
        phone = self._phones[name] = Phone(name, whose, self._directory, self._out)
        phone.by_dialogs = "dialog" in packages
        for package in packages:
            subscription = Subscription(phone, package, f"sip:{whose}", self._agent, self._terms)
            subscription.restarted = self._look_at_all
            self._all[(name, package)] = subscription
        return phone

    # ── time ──

    def tick(self, now: float) -> None:
        for subscription in self._all.values():
            subscription.tick(now)
        if self._live:
            self._look(now)
            self._do_what_is_due(now)

    def _do_what_is_due(self, now: float) -> None:
        pace, rate = self._settings.pace, self._terms.rate
        self._budget = min(self._budget + (now - self._budgeted) / rate * pace, float(max(1, pace // 2)))
        self._budgeted = now
        room = self._room(now) - sum(one.in_flight for one in self._all.values())
        for subscription in self._all.values():
            if self._budget < 1.0 or room <= 0:
                return
            if subscription.due > now or subscription.state == "asking" or subscription.in_flight:
                continue
            self._budget -= 1.0
            room -= 1
            if subscription.state == "waiting":
                self._by_call.pop(subscription.call_id, None)
                subscription.begin(now)
                self._begun = now
                self._first = now if self._first is None else self._first
                self._by_call[subscription.call_id] = subscription
            else:
                subscription.refresh(now)

    def _room(self, now: float) -> int:
        began = now if self._first is None else self._first
        alone = not self._answered and now - began < FIRST_ALONE * self._terms.rate
        return 1 if alone else MOST_OPEN

    def _look(self, now: float) -> None:
        if now - self._looked < LOOK_EVERY * self._terms.rate:
            return
        self._looked = now
        active = [one for one in self._all.values() if one.state == "active"]
        if active:
            longest_ago = min(active, key=lambda one: one.asked_at)
            longest_ago.want(now)

    def _look_at_all(self) -> None:
        for subscription in self._all.values():
            if subscription.state == "active" and subscription.asked_at < self._looked:
                subscription.want(self._looked)

    def moved(self) -> None:
        """We are seen at another address: every notifier is told it."""
        for subscription in self._all.values():
            if subscription.state == "active":
                subscription.want(self._looked)

    def ask_all_again(self, now: float) -> None:
        """For the whole state of each; what is told from here on confirms."""
        for subscription in self._all.values():
            subscription.settled = False
            subscription.want(now)

    # ── messages ──

    def notified(self, message: Message, now: float) -> Verdict:
        subscription = self._by_call.get(message.get("call-id"))
        if subscription is None or tag_of(message.get("to")) != subscription.local_tag:
            return NO_SUCH
        return subscription.notified(message, now)

    def heard(self) -> None:
        """A SUBSCRIBE was answered."""
        self._answered = True

    # ── who only watches ──

    def asked(self, message: Message, now: float) -> None:
        """The watched client subscribes: a new Call-ID is a new dialog. It may be asked again when it is long over."""
        event = message.get("event").partition(";")[0].strip().lower()
        call_id = message.get("call-id")
        if message.method != "SUBSCRIBE" or event not in ACCEPTS or tag_of(message.get("to")):
            return
        if call_id in self._seen:
            return
        self._seen[call_id] = None
        whose = aor(address(message.get("to"))[0])
        name = whose.partition("@")[0] if whose.endswith(f"@{self._home(message)}") else whose
        package: Package = "presence" if event == "presence" else "dialog"
        subscription = self._all.get((name, package))
        if subscription is None:
            if len(self._all) >= MOST_WATCHED:
                return
            known = name in self._phones
            packages = [
                each for each in ("dialog", "presence") if (name, each) in self._all or each == package
            ]
            if known:
                phone = self._phones[name]
                subscription = Subscription(phone, package, f"sip:{whose}", self._agent, self._terms)
                phone.by_dialogs = "dialog" in packages
                self._all[(name, package)] = subscription
            else:
                phone = self._watch(name, whose, (package,))
                if self._is_up:
                    phone.seen(now)
                subscription = self._all[(name, package)]
        self._by_call.pop(subscription.call_id, None)
        subscription.take_up(call_id, tag_of(message.get("from")), now)
        self._begun = now
        self._by_call[call_id] = subscription

    def _home(self, message: Message) -> str:
        """The domain of who asks: extensions are his neighbours."""
        return aor(address(message.get("from"))[0]).rpartition("@")[2]

    def answered(self, message: Message, now: float) -> None:
        """The far end answers the watched client."""
        subscription = self._by_call.get(message.get("call-id"))
        if subscription is not None and message.status >= 200 and message.status not in (401, 407, 423):
            subscription.answered(message, now)

    # ── all of it ──

    def settled(self, now: float) -> bool:
        """Whether each has been told of, or will not be for a while."""
        if self._live and any(
            one.state == "waiting" and not one.settled and one.due <= now for one in self._all.values()
        ):
            return False
        if all(one.settled for one in self._all.values()):
            return self._live or now - self._begun >= self._terms.rate
        return now - self._begun >= SETTLED_WITHIN * self._terms.rate

    def tell_unknown(self, now: float) -> None:
        for phone in self._phones.values():
            phone.tell_unknown(now)

    def retell(self, now: float) -> None:
        for phone in self._phones.values():
            phone.retell(now)

    @property
    def limits(self) -> tuple[str, ...]:
        """`devices` when any phone cannot be watched."""
        return ("devices",) if any(one.failed or not one.settled for one in self._all.values()) else ()
