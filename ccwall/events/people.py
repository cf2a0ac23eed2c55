"""Facts about agents, as the sources tell them."""

from ccwall.events.base import AgentId, ContactId, DeviceId, Event, QueueId


class AgentEvent(Event, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``agent`` is a roster id when the roster knows the person, else ``source/state-interface``."""

    agent: AgentId


class AgentLoggedOn(
    AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.logged_on", gc=False
):
    """The agent is a member of at least one queue."""

    name: str = ""
    device: DeviceId | None = None


class AgentLoggedOff(AgentEvent, frozen=True, kw_only=True, tag="agent.logged_off", gc=False):
    """The agent is a member of no queue any more."""


class AgentReady(AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.ready", gc=False):
    """May be given contacts; of one queue when ``queue`` is said, else of all. ``interface``: by which membership."""

    queue: QueueId | None = None
    interface: str = ""


class AgentNotReady(
    AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.not_ready", gc=False
):
    """May not be given contacts. ``reason`` is the raw code; ``automatic``: the source did it, not a person."""

    queue: QueueId | None = None
    interface: str = ""
    reason: str = ""
    automatic: bool = False


class AgentBusy(AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.busy", gc=False):
    """Engaged, with a contact or with something no queue gave."""

    contact: ContactId | None = None


class AgentWorkingAfterCall(
    AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.working_after_call", gc=False
):
    """Wrap-up. ``until`` is when it ends by itself; None: until another state is told."""

    contact: ContactId | None = None
    until: float | None = None


class AgentMembershipChanged(
    AgentEvent, frozen=True, kw_only=True, omit_defaults=True, tag="agent.membership_changed", gc=False
):
    """The agent joined (``member``) or left a queue, or was renamed or re-weighted in it."""

    queue: QueueId
    member: bool
    name: str = ""
    interface: str = ""
    penalty: int = 0
    static: bool = False


Fact = (
    AgentLoggedOn
    | AgentLoggedOff
    | AgentReady
    | AgentNotReady
    | AgentBusy
    | AgentWorkingAfterCall
    | AgentMembershipChanged
)
