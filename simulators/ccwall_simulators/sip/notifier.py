"""A SIP server's side of RFC 6665, sans I/O: it challenges, grants, notifies, and forgets when it is told to.

Times are real seconds; the phones live by the floor's.
"""

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from random import Random
from typing import Literal, Protocol

import msgspec

from ccwall_adapters.sip_dialog import digest
from ccwall_adapters.sip_dialog.documents import (
    DIALOG_INFO,
    PIDF,
    Dialog,
    DialogInfo,
    write_dialog_info,
    write_presence,
)
from ccwall_adapters.sip_dialog.message import Header, Message, address, answer, parse, request
from ccwall_adapters.sip_dialog.transactions import (
    GIVEN_UP_AFTER,
    T1,
    T2,
    Answers,
    branch_of,
    parameters_of_via,
    tag_of,
)
from ccwall_adapters.sip_dialog.uri import aor

from .behaviour import Behaviour
from .phones import Handset

Client = Hashable
PRODUCT = "simulated SIP server"
_BUSY: tuple[str, ...] = ("on-the-phone",)


class Switchboard(Protocol):
    """Phones by user; None for one that nobody knows."""

    def __getitem__(self, user: str) -> Handset | None: ...


class Subscriber(msgspec.Struct):
    """One dialog of a client. `told`: the calls it was told of, by id."""

    client: Client
    reliable: bool
    event: str
    user: str
    call_id: str
    own: str
    theirs: str
    target: str
    ends: float
    cseq: int = 0
    version: int = -1
    told: dict[str, Dialog] = {}


class _Sent(msgspec.Struct):
    """A NOTIFY that was not answered yet."""

    subscriber: Subscriber
    wire: bytes
    ends: float
    again: float
    interval: float = T1


class Notifier:
    """`outgoing` gives what it says, and to whom. `address` is where it is reached."""

    def __init__(
        self,
        phones: Switchboard,
        username: str,
        secret: str,
        domain: str,
        *,
        address: str = "127.0.0.1:5060",
        behaviour: Behaviour | None = None,
    ) -> None:
        self.phones = phones
        self.address = address
        self.behaviour = Behaviour() if behaviour is None else behaviour
        self._username, self._secret, self._domain = username, secret, domain
        self._chance = Random(f"{self.behaviour.seed} notifier")
        self._out: list[tuple[Client, bytes]] = []
        self.subscribers: dict[str, Subscriber] = {}
        self._sent: dict[str, _Sent] = {}
        self._answers = Answers()
        self.counts: Counter[str] = Counter()
        """Requests that were answered and how, of both sides: "SUBSCRIBE 401"."""

    # ── in and out ──

    def receive(self, wire: bytes, client: Client, now: float, *, reliable: bool = False) -> None:
        """One message. What is no SIP is not answered."""
        try:
            message = parse(wire)
        except ValueError:
            return
        if not message.method:
            self._answered(message)
            return
        before = self._answers.again(message)
        if before is not None:
            self._out.append((client, before))
            return
        self._asked(message, client, now, reliable)

    def outgoing(self) -> list[tuple[Client, bytes]]:
        said, self._out = self._out, []
        return said

    def gone(self, client: Client) -> None:
        """A connection ended."""
        for subscriber in [one for one in self.subscribers.values() if one.client == client]:
            self._forget(subscriber)

    def tick(self, now: float) -> None:
        """NOTIFYs again, subscriptions that end, phones that changed are told by `tell`."""
        for branch, sent in list(self._sent.items()):
            if now >= sent.ends:
                del self._sent[branch]
                self._forget(sent.subscriber)
            elif now >= sent.again and not sent.subscriber.reliable:
                sent.interval = min(2 * sent.interval, T2)
                sent.again = now + sent.interval
                self._out.append((sent.subscriber.client, sent.wire))
        for subscriber in [one for one in self.subscribers.values() if now >= one.ends]:
            self.terminate(subscriber, "timeout", now)

    # ── what may be done to it ──

    def tell(self, users: set[str], now: float) -> None:
        """These phones have changed."""
        for subscriber in list(self.subscribers.values()):
            if subscriber.user in users:
                self._notify(subscriber, now)

    def restart(self, now: float, *, clean: bool) -> None:
        """Every subscription is forgotten; `clean` says so."""
        if clean:
            for subscriber in list(self.subscribers.values()):
                self.terminate(subscriber, "deactivated", now)
        self.subscribers.clear()
        self._sent.clear()
        self._answers.clear()

    def terminate(self, subscriber: Subscriber, reason: str, now: float, retry_after: int = 0) -> None:
        after = f";retry-after={retry_after}" if retry_after else ""
        self._send(subscriber, f"terminated;reason={reason}{after}", "", b"", now)
        self.subscribers.pop(subscriber.call_id, None)

    def forge(self, subscriber: Subscriber, kind: Literal["call_id", "tag", "own_tag"]) -> None:
        """A NOTIFY as somebody would write it who does not know the dialog: this phone is busy."""
        busy = (Dialog("forged", "confirmed", "recipient"),)
        body = write_dialog_info(DialogInfo(subscriber.version + 1, True, "sip:nobody@invalid", busy))
        false = msgspec.structs.replace(subscriber, cseq=subscriber.cseq + 1000)
        if kind == "call_id":
            false.call_id = self._token()
        elif kind == "tag":
            false.own = self._token()
        else:
            false.theirs = f"<sip:wall@invalid>;tag={self._token()}"
        _, wire = self._wire(false, "active;expires=600", DIALOG_INFO, body)
        self._out.append((false.client, wire))

    # ── requests ──

    def _asked(self, message: Message, client: Client, now: float, reliable: bool) -> None:
        if message.method == "OPTIONS":
            self._answer(message, client, 200, "OK", [("Allow", "OPTIONS, SUBSCRIBE"), ("Server", PRODUCT)])
        elif message.method != "SUBSCRIBE":
            self._answer(message, client, 405, "Method Not Allowed")
        elif not self._proved(message, now):
            self._challenge(message, client, now)
        elif tag_of(message.get("to")):
            self._refresh(message, client, now)
        else:
            self._subscribe(message, client, now, reliable)

    def _subscribe(self, message: Message, client: Client, now: float, reliable: bool) -> None:
        user = aor(message.uri).partition("@")[0]
        event = message.get("event").partition(";")[0]
        behaviour = self.behaviour
        status = behaviour.refuses.get(user, 404 if self.phones[user] is None else 0)
        if event not in behaviour.events:
            self._answer(message, client, 489, "Bad Event", [("Allow-Events", ", ".join(behaviour.events))])
        elif status:
            extra = [("Retry-After", "7")] if status in (480, 503) else []
            self._answer(message, client, status, "No", extra)
        elif 0 < (message.number("expires") or 0) < behaviour.min_expires:
            self._answer(
                message, client, 423, "Interval Too Brief", [("Min-Expires", str(behaviour.min_expires))]
            )
        else:
            self._take(message, client, now, reliable, event, user)

    def _take(
        self, message: Message, client: Client, now: float, reliable: bool, event: str, user: str
    ) -> None:
        contact = message.listed("contact")
        subscriber = Subscriber(
            client=client,
            reliable=reliable,
            event=event,
            user=user,
            call_id=message.get("call-id"),
            own=self._token(),
            theirs=message.get("from"),
            target=address(contact[0])[0] if contact else "",
            ends=now + self._granted(message),
        )
        self.subscribers[subscriber.call_id] = subscriber
        if self.behaviour.notifies_first:
            self._notify(subscriber, now, full=True)
        self._grant(message, subscriber)
        if not self.behaviour.notifies_first:
            self._notify(subscriber, now, full=True)

    def _refresh(self, message: Message, client: Client, now: float) -> None:
        subscriber = self.subscribers.get(message.get("call-id"))
        if subscriber is None or tag_of(message.get("to")) != subscriber.own:
            self._answer(message, client, 481, "Subscription Does Not Exist")
            return
        subscriber.client, subscriber.ends = client, now + self._granted(message)
        self._grant(message, subscriber)
        if message.number("expires") == 0:
            self.terminate(subscriber, "timeout", now)
        else:
            self._notify(subscriber, now, full=True)

    def _granted(self, message: Message) -> int:
        asked = message.number("expires")
        return min(3600 if asked is None else asked, self.behaviour.longest)

    def _grant(self, message: Message, subscriber: Subscriber) -> None:
        headers = [
            ("Expires", str(self._granted(message))),
            ("Contact", f"<sip:{self.address}>"),
            ("Server", PRODUCT),
        ]
        self._answer(message, subscriber.client, 200, "OK", headers, subscriber.own)

    def _answer(
        self,
        message: Message,
        client: Client,
        status: int,
        reason: str,
        extra: Sequence[Header] = (),
        tag: str = "",
    ) -> None:
        self.counts[f"{message.method} {status}"] += 1
        via = message.headers.get("via", [""])[0]
        if "rport" in parameters_of_via(message) and isinstance(client, tuple):  # RFC 3581
            seen = via.replace(";rport", f";received={client[0]};rport={client[1]}", 1)
            message.headers["via"] = [seen, *message.headers["via"][1:]]
            wire = answer(message, status, reason, tag=tag or self._token(), extra=extra)
            message.headers["via"][0] = via
        else:
            wire = answer(message, status, reason, tag=tag or self._token(), extra=extra)
        self._answers.give(message, wire)
        self._out.append((client, wire))

    # ── who may ──

    def _proved(self, message: Message, now: float) -> bool:
        if not self._secret:
            return True
        said = digest.fields(message.get("proxy-authorization" if self.behaviour.proxy else "authorization"))
        if said is None or said.get("username") != self._username or self._is_stale(said, now):
            return False
        challenge = digest.Challenge(
            answers="",
            realm=self._domain,
            nonce=said["nonce"],
            algorithm=self.behaviour.algorithm,
            qop=self.behaviour.qop,
        )
        count = int(said.get("nc", "0"), 16) if said.get("nc", "0").isalnum() else 0
        wanted = digest.proof(
            challenge,
            message.method,
            said.get("uri", ""),
            self._username,
            self._secret,
            count=count,
            cnonce=said.get("cnonce", ""),
        )
        return said.get("response") == wanted

    def _is_stale(self, said: dict[str, str], now: float) -> bool:
        made, _, proof = said.get("nonce", "").partition("-")
        return (
            proof != self._sealed(made)
            or not made.isdigit()
            or now - int(made) / 1000.0 > self.behaviour.nonce_lasts
        )

    def _sealed(self, made: str) -> str:
        return hashlib.sha256(f"{made}{self._secret}".encode()).hexdigest()[:16]

    def _challenge(self, message: Message, client: Client, now: float) -> None:
        behaviour, made = self.behaviour, str(int(now * 1000))
        told = [
            f'realm="{self._domain}"',
            f'nonce="{made}-{self._sealed(made)}"',
            f"algorithm={behaviour.algorithm}",
        ]
        told += [f'qop="{behaviour.qop}"'] if behaviour.qop else []
        said = digest.fields(message.get("proxy-authorization" if behaviour.proxy else "authorization"))
        told += ["stale=true"] if said is not None and self._is_stale(said, now) else []
        name, status = ("Proxy-Authenticate", 407) if behaviour.proxy else ("WWW-Authenticate", 401)
        self._answer(message, client, status, "Unauthorized", [(name, "Digest " + ", ".join(told))])

    # ── NOTIFY ──

    def _notify(self, subscriber: Subscriber, now: float, *, full: bool = False) -> None:
        phone = self.phones[subscriber.user]
        if phone is None:
            self.terminate(subscriber, "noresource", now)
            return
        state = f"active;expires={max(0, int(subscriber.ends - now))}"
        if subscriber.event == "presence":
            activities = _BUSY if phone.engaged else ()
            body = write_presence(f"sip:{subscriber.user}@{self._domain}", phone.registered, activities)
            self._send(subscriber, state, PIDF, body, now)
            return
        subscriber.version += 1
        body = self._dialog_info(subscriber, phone, full or not self.behaviour.partial)
        if not full and self._chance.random() * 100 < self.behaviour.leaves_out:
            return
        self._send(subscriber, state, DIALOG_INFO, body, now)

    def _dialog_info(self, subscriber: Subscriber, phone: Handset, full: bool) -> bytes:
        dialogs = {dialog.id: dialog for dialog in phone.dialogs()}
        told = list(dialogs.values())
        if not full:
            ended = [Dialog(id, "terminated") for id in subscriber.told if id not in dialogs]
            told = ended + [dialog for id, dialog in dialogs.items() if subscriber.told.get(id) != dialog]
        subscriber.told = dialogs
        return write_dialog_info(
            DialogInfo(subscriber.version, full, f"sip:{subscriber.user}@{self._domain}", tuple(told))
        )

    def _send(self, subscriber: Subscriber, state: str, kind: str, body: bytes, now: float) -> None:
        branch, wire = self._wire(subscriber, state, kind, body)
        self._sent[branch] = _Sent(subscriber, wire, now + GIVEN_UP_AFTER, now + T1)
        self._out.append((subscriber.client, wire))

    def _wire(self, subscriber: Subscriber, state: str, kind: str, body: bytes) -> tuple[str, bytes]:
        subscriber.cseq += 1
        branch = "z9hG4bK" + self._token()
        transport = "TCP" if subscriber.reliable else "UDP"
        headers: list[Header] = [
            ("Via", f"SIP/2.0/{transport} {self.address};branch={branch}"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:{subscriber.user}@{self._domain}>;tag={subscriber.own}"),
            ("To", subscriber.theirs),
            ("Call-ID", subscriber.call_id),
            ("CSeq", f"{subscriber.cseq} NOTIFY"),
            ("Contact", f"<sip:{self.address}>"),
            ("Event", subscriber.event),
            ("Subscription-State", state),
        ]
        if body:
            headers.append(("Content-Type", kind))
        return branch, request("NOTIFY", subscriber.target, headers, body)

    def _answered(self, message: Message) -> None:
        sent = self._sent.pop(branch_of(message), None) if message.status >= 200 else None
        if message.status >= 200:
            self.counts[f"NOTIFY {message.status}"] += 1
        if sent is not None and message.status >= 300:
            self._forget(sent.subscriber)

    def _forget(self, subscriber: Subscriber) -> None:
        if self.subscribers.get(subscriber.call_id) is subscriber:
            del self.subscribers[subscriber.call_id]

    def _token(self) -> str:
        return f"{self._chance.getrandbits(64):016x}"
