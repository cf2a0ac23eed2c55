"""The application session (ECMA-354): begun, kept from expiring, or done without."""

from ccwall.wire.xml import Element

from .asking import Asking, Question
from .reading import LONGEST_ID
from .settings import CstaSettings
from .writing import SESSION_NAMESPACE, document, leaf, tag

SHORTEST = 2.0
"""Seconds between two renewals, however short a session the switch grants."""


class Login:
    """`is_over` once the switch lets us ask: with a session, or because there are none."""

    def __init__(self, settings: CstaSettings, asking: Asking, namespace: str) -> None:
        self._settings, self._asking, self._namespace = settings, asking, namespace
        self._session = ""
        self._lasts = self._renewed = 0.0
        self.is_over = False

    def begin(self, now: float, *, live: bool) -> None:
        """A connection begins; somebody has to say something."""
        self._session, self._lasts = "", 0.0
        self.is_over = not (live and self._settings.session)
        if not live:
            return
        if self.is_over:
            xml = document("RequestSystemStatus", namespace=self._namespace)
            self._asking.ask(Question("status", "", xml), now, urgent=True)
        else:
            self._asking.ask(Question("session", "", self._start()), now, urgent=True)

    def observed(self) -> None:
        """The recorded client asks for a session."""
        self.is_over = False

    def granted(self, answer: Element, now: float) -> None:
        """A session begins, or goes on."""
        self._session = answer.within("sessionID")[:LONGEST_ID] or self._session
        told = answer.within("actualSessionDuration")
        self._lasts = float(told) if told.isdecimal() and len(told) < 8 else self._settings.session
        self._renewed, self.is_over = now, True

    def none(self) -> None:
        """The switch has no sessions."""
        self._lasts, self.is_over = 0.0, True

    def renew(self, now: float, rate: float) -> None:
        """In good time: after half of what was granted."""
        if not self._session or not self._lasts:
            return
        if now - self._renewed >= max(SHORTEST, self._lasts / 2) * rate:
            self._renewed = now
            self._asking.ask(Question("renew", "", self._reset()), now, urgent=True)

    def _start(self) -> bytes:
        return document(
            "StartApplicationSession",
            tag("applicationInfo", leaf("applicationID", self._settings.application)),
            tag("requestedProtocolVersions", leaf("protocolVersion", self._namespace)),
            leaf("requestedSessionDuration", f"{self._settings.session:.0f}"),
            namespace=SESSION_NAMESPACE,
        )

    def _reset(self) -> bytes:
        return document(
            "ResetApplicationSessionTimer",
            leaf("sessionID", self._session),
            leaf("requestedSessionDuration", f"{self._settings.session:.0f}"),
            namespace=SESSION_NAMESPACE,
        )
