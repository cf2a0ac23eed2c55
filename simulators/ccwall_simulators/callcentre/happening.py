"""What happens on the simulated floor, told by the model to whoever dresses it in a protocol.

Neutral words, no vendor's. `t` is epoch seconds. `call` is the model's own key of one party's call ("c17"), the same over
all queues the call visits; `agent` the model's key of a person ("a3"); `interface` the address by which a queue rings the
person ("PJSIP/1003", "Local/1012@from-queue"); `device` the phone itself ("PJSIP/1003").
A *visit* is one stay of a call in one queue: `visit` counts the visits of the whole floor.
"""

from typing import Literal

import msgspec

HowRingEnded = Literal["answered", "no_answer", "busy", "cancelled"]
Cause = Literal["timeout", "key", "empty", "withdrawn"]
By = Literal["caller", "agent", "transfer"]


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    t: float


# ── a call ──


class CallArrived(Happening, frozen=True):
    """The call reached the number in front of the queues."""

    call: str
    number: str
    name: str


class CallQueued(Happening, frozen=True):
    """It entered a queue. `transferred_by` is the agent who passed it there, if one did."""

    call: str
    visit: int
    queue: str
    position: int
    count: int
    priority: int = 0
    transferred_by: str = ""


class CallRefused(Happening, frozen=True):
    """The queue did not take it: full, or nobody to serve it."""

    call: str
    queue: str
    cause: Literal["full", "empty"]


class AgentRung(Happening, frozen=True):
    """A member is offered the call."""

    call: str
    visit: int
    queue: str
    agent: str
    interface: str


class RingEnded(Happening, frozen=True):
    """The offer is over. `ring` seconds it rang; 0 with `busy`. `cancelled`: answered elsewhere, or the caller left."""

    call: str
    visit: int
    queue: str
    agent: str
    interface: str
    how: HowRingEnded
    ring: float


class CallAnswered(Happening, frozen=True):
    """Follows the RingEnded(answered) of the same instant; losers of a ringall are cancelled just before."""

    call: str
    visit: int
    queue: str
    agent: str
    interface: str
    wait: float
    ring: float
    count: int
    """still waiting in the queue"""


class CallHeld(Happening, frozen=True):
    call: str
    agent: str


class CallRetrieved(Happening, frozen=True):
    call: str
    agent: str


class CallTransferred(Happening, frozen=True):
    """Told just before the CallCompleted(by="transfer"). `to` is a queue's name or an extension."""

    call: str
    agent: str
    kind: Literal["blind", "attended"]
    to: str
    to_queue: bool


class CallCompleted(Happening, frozen=True):
    """The agent's part of the conversation is over."""

    call: str
    visit: int
    queue: str
    agent: str
    interface: str
    by: By
    wait: float
    talk: float


class CallAbandoned(Happening, frozen=True):
    """The caller hung up in the queue."""

    call: str
    visit: int
    queue: str
    wait: float
    position: int
    count: int


class CallFlowedOut(Happening, frozen=True):
    """The caller left the queue unanswered and is still on the line: on to another queue (CallQueued follows), or out."""

    call: str
    visit: int
    queue: str
    cause: Cause
    wait: float
    position: int
    count: int


class CallEnded(Happening, frozen=True):
    """The caller's channel is gone; always the last word on a call."""

    call: str


# ── people ──


class PauseChanged(Happening, frozen=True):
    """One membership was paused or resumed; `automatic`: the ACD did it after a ring that was not answered."""

    queue: str
    agent: str
    interface: str
    paused: bool
    reason: str = ""
    automatic: bool = False


class MemberAdded(Happening, frozen=True):
    """A dynamic member. `device` is what the ACD watches (see contract.Member)."""

    queue: str
    agent: str
    interface: str
    name: str
    penalty: int = 0
    paused: bool = False
    device: str = ""


class MemberRemoved(Happening, frozen=True):
    queue: str
    agent: str
    interface: str
    name: str


class PersonMoved(Happening, frozen=True):
    """Somebody came to the desk or went from it, logged on or off. No ACD knows of it: what the senses on a desk see.

    `on_break`: away, or at other work, by a pause of their own. Told once of everybody when the floor opens."""

    agent: str
    at_desk: bool
    on_shift: bool
    on_break: bool


class DeviceChanged(Happening, frozen=True):
    """A phone's state. Told right after whatever caused it."""

    device: str
    agent: str
    state: Literal["idle", "ringing", "in_use", "ringing_in_use", "unavailable"]


class SideCallBegan(Happening, frozen=True):
    """The agent is on a call that no queue gave. `call` is that call's own key ("s7").

    In an attended transfer into a queue it is this call that is queued (CallQueued.transferred_by): CallHeld of the caller,
    SideCallBegan, CallQueued, … CallAnswered, and when the caller is put through, all at one instant: CallTransferred and
    CallCompleted(transfer) of the caller, CallCompleted(caller) of the agent's own call, SideCallEnded, the agent's phone
    idle. The other agent's phone stays in use until the CallEnded of the caller, no queue's conversation any more.
    SideCallEnded is its last word: there is no CallEnded of it.
    """

    call: str
    agent: str
    device: str
    number: str


class SideCallEnded(Happening, frozen=True):
    call: str
    agent: str
    device: str


AnyHappening = (
    CallArrived
    | CallQueued
    | CallRefused
    | AgentRung
    | RingEnded
    | CallAnswered
    | CallHeld
    | CallRetrieved
    | CallTransferred
    | CallCompleted
    | CallAbandoned
    | CallFlowedOut
    | CallEnded
    | PauseChanged
    | MemberAdded
    | MemberRemoved
    | PersonMoved
    | DeviceChanged
    | SideCallBegan
    | SideCallEnded
)
