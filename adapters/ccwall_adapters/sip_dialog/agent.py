"""Our user agent: who we are and where, what we ask, how we prove ourselves, what we answer."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec

from ccwall.errors import AuthRejected
from ccwall.wire.parcel import pack

from . import digest
from .message import Header, Message, answer, request
from .settings import SipSettings
from .transactions import Answers, Done, Questions, parameters_of_via

MOST_CHALLENGES = 4
"""Of one question: a server that always finds our nonce stale is not asked for ever."""
MAX_FORWARDS = "70"
_HOST = re.compile(r"\[?([0-9A-Fa-f:.]{2,45})\]?")
_CHALLENGES = {401: ("www-authenticate", "Authorization"), 407: ("proxy-authenticate", "Proxy-Authorization")}


class Question(msgspec.Struct):
    """What is asked of one dialog, or outside of any. `cseq` counts on with every try."""

    method: str
    uri: str
    local: str
    remote: str
    call_id: str
    cseq: int = 0
    routes: Sequence[str] = ()
    headers: Sequence[Header] = ()


class UserAgent:
    """Writes nothing when it only watches (`live` False)."""

    def __init__(self, settings: SipSettings, *, live: bool) -> None:
        self._settings, self._live = settings, live
        self.questions = Questions(self._send)
        self._answers = Answers()
        self._outgoing = bytearray()
        self._scheme, self._local, self._peer = "tcp", "localhost:5060", "localhost:5060"
        self._reached = self._local
        self.moved = False
        """The far end sees us at another address than before."""
        self._challenges: dict[str, digest.Challenge] = {}
        self.trusted = False
        """Somebody was let in on this connection."""
        self.product = ""
        self._seed = b""
        self._made = 0

    # ── where and who ──

    def located(self, scheme: str, local: str, peer: str) -> None:
        self._scheme, self._local, self._peer = scheme, local, peer

    def at_pace(self, rate: float) -> None:
        self.questions.at_pace(rate)

    def open(self, now: float) -> None:
        """A connection begins: nothing of the last one holds, but what was learned of the far end's name."""
        told = f"{self._settings.secret}\0{self._settings.username}\0{self._local}\0{now!r}"
        self._seed = hashlib.sha256(self._seed + told.encode("utf-8", "replace")).digest()
        self._outgoing.clear()
        self._answers.clear()
        self._challenges.clear()
        self.questions.clear()
        self.questions.reliable = self._scheme != "udp"
        self._reached = self._settings.contact or self._local
        self.trusted = self.moved = False

    @property
    def domain(self) -> str:
        return self._settings.domain or _host(self._peer)

    @property
    def address(self) -> str:
        """Our own, as others write to it."""
        return f"sip:{quote(self._settings.username, safe=_SAFE)}@{self.domain}"

    @property
    def contact(self) -> str:
        transport = "" if self._scheme == "udp" else f";transport={self._scheme}"
        return f"<sip:{quote(self._settings.username, safe=_SAFE)}@{self._reached}{transport}>"

    def token(self, length: int = 24) -> str:
        """Nobody who does not know the secret guesses it."""
        self._made += 1
        return hashlib.sha256(self._seed + self._made.to_bytes(8, "big")).hexdigest()[:length]

    # ── asking ──

    def ask(self, question: Question, now: float, done: Done) -> None:
        if self._live:
            self._ask(question, now, done, frozenset(), 0)

    def ping(self, question: Question, now: float) -> None:
        """Whatever is answered, somebody lives there."""
        if self._live:
            branch, wire = self._written(question, {})
            self.questions.ask(branch, question.method, wire, now, lambda heard, _: self._learn(heard))

    def _ask(
        self, question: Question, now: float, done: Done, proved: frozenset[str], challenged: int
    ) -> None:
        """`proved`: the headers whose proof answers a challenge to this very question."""
        branch, wire = self._written(question, self._challenges)
        said = bool(self._challenges)

        def heard(message: Message | None, now: float) -> None:
            self._learn(message)
            if message is not None and message.status in _CHALLENGES:
                self._challenged(message, question, now, done, proved, challenged)
                return
            self.trusted = self.trusted or (said and message is not None)
            done(message, now)

        self.questions.ask(branch, question.method, wire, now, heard)

    def _written(self, question: Question, challenges: Mapping[str, digest.Challenge]) -> tuple[str, bytes]:
        """Its branch, and its bytes."""
        question.cseq += 1
        branch = "z9hG4bK" + self.token()
        headers: list[Header] = [
            ("Via", f"SIP/2.0/{self._scheme.upper()} {self._local};branch={branch};rport"),
            ("Max-Forwards", MAX_FORWARDS),
            *(("Route", route) for route in question.routes),
            ("From", question.local),
            ("To", question.remote),
            ("Call-ID", question.call_id),
            ("CSeq", f"{question.cseq} {question.method}"),
            ("Contact", self.contact),
            ("User-Agent", "ccwall"),
            *question.headers,
            *((name, self._proof(challenge, question)) for name, challenge in challenges.items()),
        ]
        return branch, request(question.method, question.uri, headers)

    def _proof(self, challenge: digest.Challenge, question: Question) -> str:
        settings = self._settings
        return digest.credentials(
            challenge, question.method, question.uri, settings.username, settings.secret, self.token(16)
        )

    def _challenged(
        self,
        message: Message,
        question: Question,
        now: float,
        done: Done,
        proved: frozenset[str],
        challenged: int,
    ) -> None:
        told, answers = _CHALLENGES[message.status]
        lines = message.headers.get(told, ())
        challenge = next(
            (found for line in lines if (found := digest.challenge(line, answers)) is not None), None
        )
        if challenge is None:
            raise AuthRejected(
                f"the far end asks for a proof that ccwall does not know ({(lines or ['none'])[0][:80]!r}); "
                "it knows Digest with MD5 or SHA-256 and qop auth. Change that there"
            )
        refused = answers in proved and not challenge.stale
        if not refused and self._settings.secret and challenged < MOST_CHALLENGES:
            self._challenges[answers] = challenge
            self._ask(question, now, done, proved | {answers}, challenged + 1)
        elif self.trusted:
            done(message, now)
        else:
            raise AuthRejected(
                f"the far end refuses the user {self._settings.username!r} in the realm {challenge.realm[:80]!r}. "
                "Check username and secret, and that this user may subscribe"
            )

    def _learn(self, message: Message | None) -> None:
        """Where the far end sees us (RFC 3581), and what it calls itself."""
        if message is None:
            return
        self.product = self.product or message.get("server") or message.get("user-agent")
        if self._settings.contact:
            return
        seen = parameters_of_via(message)
        host, port = seen.get("received", ""), seen.get("rport", "")
        found = _HOST.fullmatch(host)
        known_host, _, known_port = self._local.rpartition(":")
        if found:
            known_host = f"[{found[1]}]" if ":" in found[1] else found[1]
        if port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536:
            known_port = port
        reached = f"{known_host}:{known_port}"
        self.moved = self.moved or (reached != self._reached)
        self._reached = reached

    # ── answering ──

    def answered_before(self, message: Message) -> bool:
        """The same request again gets the same answer again."""
        before = self._answers.again(message) if self._live else None
        if before is not None:
            self._send(before)
        return before is not None

    def answer(self, message: Message, status: int, reason: str, extra: Sequence[Header] = ()) -> None:
        if self._live:
            wire = answer(message, status, reason, tag=self.token(16), extra=extra)
            self._answers.give(message, wire)
            self._send(wire)

    # ── the way out ──

    def _send(self, wire: bytes) -> None:
        if self._live:
            self._outgoing += pack({}, wire) if self._scheme == "udp" else wire

    def outgoing(self) -> bytes:
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data


_SAFE = "-_.!~*'()&=+$,;?/"
"""What RFC 3261 25.1 lets stand in a user part."""


def _host(place: str) -> str:
    return place.rpartition(":")[0] or place
