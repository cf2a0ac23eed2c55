"""Facts about the sources, and about the journal of the house itself."""

from typing import Literal

from ccwall.events.base import Event

# ── source.* (the envelope says which) ────────────────────────────────────────────────────────────────────────────────


class SourceUp(Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.up", gc=False):
    """The link is open and logged in. ``product`` is what the far end calls itself."""

    product: str = ""


class SourceDown(Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.down", gc=False):
    """The link is gone. ``reason`` is a code a catalogue translates; ``detail`` the words of the far end or the OS.

    ``house``: nothing is wrong with the source; ccwall itself was not running.
    """

    reason: Literal[
        "eof", "reset", "refused", "silent", "rejected", "protocol", "failed", "closed", "restart", "house"
    ]
    detail: str = ""


class SourceGap(Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.gap", gc=False):
    """Facts between ``since`` and ``at`` may be missing although the link was up."""

    since: float
    reason: str = ""


class SourceResyncStarted(Event, frozen=True, kw_only=True, tag="source.resync_started", gc=False):
    """From here on, facts confirm what is still true."""


class SourceResyncFinished(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.resync_finished", gc=False
):
    """Everything that is true has been said; what was not confirmed is gone.

    ``limits`` names what this source cannot tell, as codes: ``abandon_cause`` (timeouts look like abandons),
    ``queues`` (members and waiting callers could not be listed),
    ``conversations`` (calls in conversation could not be listed), ``devices`` (no phone states). The engine adds
    ``too_many``: more was told than is remembered.
    """

    limits: tuple[str, ...] = ()


class SourceLimited(Event, frozen=True, kw_only=True, tag="source.limited", gc=False):
    """The source has shown that it cannot tell something; `limit` as in `SourceResyncFinished.limits`.

    Holds until the next resync.
    """

    limit: str


class SourceTook(Event, frozen=True, kw_only=True, omit_defaults=True, tag="source.took", gc=False):
    """What the sender of ``stream`` called ``mark`` is taken in: said again, it is not taken twice.

    ``upto``: and so is all it said before; such a stream has one mark, the last. Comes after the facts it speaks of, in
    the same breath.
    """

    stream: str
    mark: str
    upto: bool = False


# ── recording.* (of the house itself) ─────────────────────────────────────────────────────────────────────────────────


class RecordingStopped(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="recording.stopped", gc=False
):
    """The journal takes nothing more (disk full, error): what happens from here on would be lost by a restart."""

    reason: Literal["full", "error", "slow"]
    detail: str = ""


class RecordingResumed(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="recording.resumed", gc=False
):
    """The journal is whole again; ``missing`` facts are not in it, and a snapshot of the state stands in for them."""

    missing: int = 0


Fact = (
    SourceUp
    | SourceDown
    | SourceGap
    | SourceResyncStarted
    | SourceResyncFinished
    | SourceLimited
    | SourceTook
    | RecordingStopped
    | RecordingResumed
)
