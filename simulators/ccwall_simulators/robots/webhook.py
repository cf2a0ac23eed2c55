"""Somebody's own program, checking as Standard Webhooks asks (github.com/standard-webhooks/standard-webhooks)."""

import base64
import hashlib
import hmac

from .http import Request, Response
from .phone import Message, Phone

PATH = "/hook"
TOLERANCE = 300.0
"""Seconds that a message's time may be off."""


class WebhookEnd:
    """``secret`` as `whsec_…`, empty for none. ``says``: what it answers to what is right."""

    kind = "webhook"

    def __init__(self, phone: Phone, secret: str = "") -> None:
        self._phone, self._secret = phone, secret
        self.says = Response(status=204)
        self.seen: list[tuple[str, bytes]] = []
        """ids and bodies, in order; of a test's length"""
        self.path = self.address = PATH

    def answer(self, request: Request, now: float) -> Response:
        if self._secret and not self._is_signed(request, now):
            return Response(status=401, body=b"signature")
        self.seen = [*self.seen[-500:], (request.headers.get("webhook-id", ""), request.body)]
        if 200 <= self.says.status < 300:
            self._phone.take(Message(at=now, robot="webhook", text=request.body.decode("utf-8", "replace")))
        return self.says

    def _is_signed(self, request: Request, now: float) -> bool:
        id, timestamp = (request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp"))
        if not timestamp.isdigit() or abs(int(timestamp) - now) > TOLERANCE:
            return False
        key = base64.b64decode(self._secret.removeprefix("whsec_"))
        signed = f"{id}.{timestamp}.".encode() + request.body
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        told = request.headers.get("webhook-signature", "").split(" ")
        return any(hmac.compare_digest(wanted, each) for each in told)
