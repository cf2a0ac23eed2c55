"""The events of a queue about one call: joined, offered, bridged, ended."""

from .leg import Leg
from .rows import SYSTEM, Agent, Member
from .speaker import Place, Speaker

_FILE, _AGENT, _MEMBER = "mod_callcenter.c", "outbound_agent_thread_run", "callcenter_function"
JOINED = Place(_FILE, _MEMBER, 3113)
OFFERED = Place(_FILE, _AGENT, 1717)
BRIDGED = Place(_FILE, _AGENT, 1934)
UNBRIDGED = Place(_FILE, _AGENT, 2062)
TERMINATED = Place(_FILE, _AGENT, 2098)
FAILED = Place(_FILE, _AGENT, 2200)
CANCELLED = Place(_FILE, _MEMBER, 3274)

Pairs = list[tuple[str, str]]


def _member(member: Member, session: str = "") -> Pairs:
    return [
        ("CC-Member-UUID", member.uuid),
        ("CC-Member-Session-UUID", session or member.session),
        ("CC-Member-CID-Name", member.name),
        ("CC-Member-CID-Number", member.number),
    ]


def joined(speaker: Speaker, leg: Leg, member: Member, *, resumed: bool) -> None:
    action = "member-queue-resume" if resumed else "member-queue-start"
    told = [("CC-Queue", member.queue), ("CC-Action", action), *_member(member)]
    speaker.custom(JOINED, told, leg, "join")


def offered(speaker: Speaker, agent: Agent, member: Member) -> None:
    speaker.custom(
        OFFERED,
        [
            ("CC-Queue", member.queue),
            ("CC-Action", "agent-offering"),
            ("CC-Agent", agent.name),
            ("CC-Agent-Type", "callback"),
            ("CC-Agent-System", SYSTEM),
            *_member(member),
        ],
    )


def failed(speaker: Speaker, agent: Agent, member: Member, cause: str, called: int, now: int) -> None:
    speaker.custom(
        FAILED,
        [
            ("CC-Queue", member.queue),
            ("CC-Action", "bridge-agent-fail"),
            ("CC-Hangup-Cause", cause),
            ("CC-Agent", agent.name),
            ("CC-Agent-System", SYSTEM),
            ("CC-Agent-Called-Time", str(called)),
            ("CC-Agent-Aborted-Time", str(now)),
            *_member(member),
            ("CC-Member-Joined-Time", str(member.joined)),
        ],
    )


def bridge_begun(speaker: Speaker, leg: Leg, agent: Agent, member: Member, called: int) -> None:
    """Said of the agent's leg, as soon as it has answered."""
    told = [
        ("CC-Queue", member.queue),
        ("CC-Action", "bridge-agent-start"),
        ("CC-Agent", agent.name),
        ("CC-Agent-System", SYSTEM),
        ("CC-Agent-UUID", leg.uuid),
        ("CC-Agent-Called-Time", str(called)),
        ("CC-Agent-Answered-Time", str(leg.answered // 1_000_000)),
        ("CC-Member-Joined-Time", str(member.joined)),
        *_member(member),
    ]
    speaker.custom(BRIDGED, told, leg, "start")


def bridge_ended(
    speaker: Speaker,
    leg: Leg,
    moment: str,
    agent: Agent,
    member: Member,
    called: int,
    *,
    bridged: bool,
    now: int,
) -> None:
    """Said of the agent's leg, some hundredths after it is gone."""
    told = [
        ("CC-Queue", member.queue),
        ("CC-Action", "bridge-agent-end"),
        ("CC-Hangup-Cause", "SUCCESS"),
        ("CC-Agent", agent.name),
        ("CC-Agent-System", SYSTEM),
        ("CC-Agent-UUID", leg.uuid),
        ("CC-Agent-Bridged", "true" if bridged else "false"),
        ("CC-Agent-Called-Time", str(called)),
        ("CC-Agent-Answered-Time", str(leg.answered // 1_000_000)),
        ("CC-Member-Joined-Time", str(member.joined)),
        ("CC-Bridge-Terminated-Time", str(now)),
        *_member(member),
    ]
    speaker.custom(UNBRIDGED, told, leg, moment)


def terminated(
    speaker: Speaker, caller: Leg, moment: str, leg: Leg, agent: Agent, member: Member, called: int, now: int
) -> None:
    """The end of a conversation, said of the caller's leg. CC-Hangup-Cause is how the agent's leg came to be."""
    told = [
        ("CC-Queue", member.queue),
        ("CC-Action", "member-queue-end"),
        ("CC-Hangup-Cause", "SUCCESS"),
        ("CC-Cause", "Terminated"),
        ("CC-Agent", agent.name),
        ("CC-Agent-System", SYSTEM),
        ("CC-Agent-UUID", leg.uuid),
        ("CC-Agent-Called-Time", str(called)),
        ("CC-Agent-Answered-Time", str(leg.answered // 1_000_000)),
        ("CC-Member-Leaving-Time", str(now)),
        ("CC-Member-Joined-Time", str(member.joined)),
        *_member(member),
    ]
    speaker.custom(TERMINATED, told, caller, moment)


def cancelled(speaker: Speaker, caller: Leg, moment: str, member: Member, reason: str, now: int) -> None:
    """The end without an agent, whatever the reason. Of one who came back, the latest time of joining."""
    told = [
        ("CC-Queue", member.queue),
        ("CC-Action", "member-queue-end"),
        ("CC-Member-Leaving-Time", str(now)),
        ("CC-Member-Joined-Time", str(member.latest)),
        ("CC-Cause", "Cancel"),
        ("CC-Cancel-Reason", reason),
        *_member(member),
    ]
    speaker.custom(CANCELLED, told, caller, moment)
