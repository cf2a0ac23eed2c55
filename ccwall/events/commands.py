"""Wishes that a source is to carry out, and what became of them."""

from typing import Literal

import msgspec

from ccwall.events.base import CommandId, Event


class CommandEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One wish to change the world; the envelope's ``actor`` wanted it."""

    command_id: CommandId


class CommandRequested(
    CommandEvent, frozen=True, kw_only=True, omit_defaults=True, tag="command.requested", gc=False
):
    """Somebody asked. ``name`` is imperative (``agent.pause``)."""

    name: str
    target: str
    arguments: dict[str, str] = msgspec.field(default_factory=dict)
    reason: str = ""


class CommandSent(CommandEvent, frozen=True, kw_only=True, omit_defaults=True, tag="command.sent", gc=False):
    """It left for the source. ``shown``: the only reason this source can show for it, whatever was wished; None: it keeps
    reasons."""

    shown: str | None = None


class CommandConfirmed(
    CommandEvent, frozen=True, kw_only=True, omit_defaults=True, tag="command.confirmed", gc=False
):
    """The source did it: by its own answer, or, when that was lost, as its next snapshot shows."""

    by: Literal["answer", "snapshot"] = "answer"


class CommandRefused(
    CommandEvent, frozen=True, kw_only=True, omit_defaults=True, tag="command.refused", gc=False
):
    """The source said no."""

    detail: str = ""


class CommandUnknown(CommandEvent, frozen=True, kw_only=True, tag="command.unknown", gc=False):
    """Nobody can say whether it happened; a re-snapshot will."""


Fact = CommandRequested | CommandSent | CommandConfirmed | CommandRefused | CommandUnknown
