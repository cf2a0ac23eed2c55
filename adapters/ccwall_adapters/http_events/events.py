"""CloudEvents 1.0 over HTTP: binary, structured or a batch; the HTTP protocol binding, 1.0.2, and the WebHook specification.

What is in them are ccwall's own facts: `ccwall.wire.cloudevents`.
"""

from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

from ccwall.adapter import Directory, Mode
from ccwall.events import AnyEvent
from ccwall.wire import cloudevents
from ccwall.wire.cloudevents import CloudEvent, CloudFacts

from .requests import HttpSession, Refusal, Request, Told, let_in

TOLD_OF = 10
"""Mistakes of one request that are said."""


class EventsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`token`: what the sender must say (`Authorization: Bearer …`)."""

    token: str


class EventsSession(HttpSession):
    """See the module."""

    product = "CloudEvents"
    limits = ("queues", "conversations", "devices")

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        super().__init__(mode)
        self._settings = cast(EventsSettings, settings)
        self._facts = CloudFacts(directory)

    def recall(self, took: Mapping[str, Sequence[str]]) -> None:
        self._facts.recall(took)

    def understand(self, request: Request, now: float) -> Told:
        if self._mode == "live":
            let_in(request, self._settings.token)
        facts: list[AnyEvent] = []
        mistakes: list[str] = []
        for event in _events(request):
            try:
                taken = self._facts.take(event, now)
            except ValueError as error:
                self.count("refused:event")
                mistakes.append(f"event {event.id[:60]!r} of {event.source[:60]!r}: {error}")
                continue
            self.count(event.type.removeprefix(cloudevents.PREFIX)[:64] if taken else "again")
            facts += taken
        if not mistakes:
            return Told(facts)
        more = "" if len(mistakes) <= TOLD_OF else f"; and {len(mistakes) - TOLD_OF} more"
        said = "; ".join(mistakes[:TOLD_OF]) + more + ". What else was in the request is taken."
        return Told(facts, 422, said.encode(), "text/plain; charset=utf-8")


def _events(request: Request) -> Sequence[CloudEvent]:
    """The events of a request, or Refusal."""
    kind = cloudevents.media_type(request.headers.get("content-type", ""))
    attributes = cloudevents.http_attributes(request.headers)
    try:
        if kind == cloudevents.BATCH:
            return cloudevents.batch(request.body)
        if kind == cloudevents.STRUCTURED:
            return [cloudevents.structured(request.body)]
        if cloudevents.is_binary(attributes):
            return [cloudevents.binary(attributes, kind, request.body)]
    except ValueError as error:
        raise Refusal(400, f"This is no CloudEvent 1.0: {error}.") from None
    raise Refusal(
        415,
        f"A CloudEvent comes as {cloudevents.STRUCTURED}, as {cloudevents.BATCH}, or with its attributes in headers ce-id, "
        "ce-source, ce-type and ce-specversion.",
    )
