"""The tables that `callcenter_config … list` and `show …` print."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .leg import Leg, stamp
from .rows import SYSTEM, Agent, Member, Queue, Tier
from .variant import Variant

QUEUES = [
    "name",
    "strategy",
    "moh_sound",
    "time_base_score",
    "tier_rules_apply",
    "tier_rule_wait_second",
    "tier_rule_wait_multiply_level",
    "tier_rule_no_agent_no_wait",
    "discard_abandoned_after",
    "abandoned_resume_allowed",
    "max_wait_time",
    "max_wait_time_with_no_agent",
    "max_wait_time_with_no_agent_time_reached",
    "record_template",
    "calls_answered",
    "calls_abandoned",
    "ring_progressively_delay",
    "skip_agents_with_external_calls",
    "agent_no_answer_status",
]
AGENTS = [
    "name",
    "instance_id",
    "uuid",
    "type",
    "contact",
    "status",
    "state",
    "max_no_answer",
    "wrap_up_time",
    "reject_delay_time",
    "busy_delay_time",
    "no_answer_delay_time",
    "last_bridge_start",
    "last_bridge_end",
    "last_offered_call",
    "last_status_change",
    "no_answer_count",
    "calls_answered",
    "talk_time",
    "ready_time",
    "external_calls_count",
]
TIERS = ["queue", "agent", "state", "level", "position"]
MEMBERS = [
    "queue",
    "instance_id",
    "uuid",
    "session_uuid",
    "cid_number",
    "cid_name",
    "system_epoch",
    "joined_epoch",
    "rejoined_epoch",
    "bridge_epoch",
    "abandoned_epoch",
    "base_score",
    "skill_score",
    "serving_agent",
    "serving_system",
    "state",
    "score",
]
CHANNELS = [
    "uuid",
    "direction",
    "created",
    "created_epoch",
    "name",
    "state",
    "cid_name",
    "cid_num",
    "ip_addr",
    "dest",
    "application",
    "application_data",
    "dialplan",
    "context",
    "read_codec",
    "read_rate",
    "read_bit_rate",
    "write_codec",
    "write_rate",
    "write_bit_rate",
    "secure",
    "hostname",
    "presence_id",
    "presence_data",
    "accountcode",
    "callstate",
    "callee_name",
    "callee_num",
    "callee_direction",
    "call_uuid",
    "sent_callee_name",
    "sent_callee_num",
    "initial_cid_name",
    "initial_cid_num",
    "initial_ip_addr",
    "initial_dest",
    "initial_dialplan",
    "initial_context",
]
CALLS = [
    "uuid",
    "direction",
    "created",
    "created_epoch",
    "name",
    "state",
    "cid_name",
    "cid_num",
    "ip_addr",
    "dest",
    "presence_id",
    "presence_data",
    "accountcode",
    "callstate",
    "callee_name",
    "callee_num",
    "callee_direction",
    "call_uuid",
    "hostname",
    "sent_callee_name",
    "sent_callee_num",
]
"""Of one leg; those of the other come with ``b_`` before them."""


class Table(NamedTuple):
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def piped(self) -> str:
        """As mod_callcenter prints it: no escaping, and of nothing not even the columns."""
        lines = ["|".join(row) for row in (self.columns, *self.rows)] if self.rows else []
        return "\n".join([*lines, "+OK\n"])

    def objects(self, dropped: str = "") -> list[dict[str, str]]:
        """For JSON. A column named `dropped` is left out where it is empty: that is NULL in the database."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return [{name: value for name, value in row.items() if value or name != dropped} for row in rows]


def queues(all_of: Iterable[Queue], variant: Variant) -> Table:
    music = "tone_stream://%(3000,3000,350,440);loops=-1"
    return Table(
        QUEUES,
        [
            (
                queue.name,
                queue.strategy,
                music,
                "system",
                *("false", "0", "false", "true"),
                str(variant.discard_after),
                "true" if queue.resumes else "false",
                *(str(queue.max_wait), "0", "0", ""),
                str(queue.answered),
                str(queue.abandoned),
                *("0", "false"),
                queue.no_answer_status,
            )
            for queue in all_of
        ],
    )


def agents(all_of: Iterable[Agent]) -> Table:
    return Table(
        AGENTS,
        [
            (
                *(agent.name, SYSTEM, agent.uuid, "callback", agent.contact, agent.status, agent.state),
                *(str(agent.max_no_answer), str(agent.wrap_up), "5", "8", "6"),
                *(str(agent.last_bridge_start), str(agent.last_bridge_end), str(agent.last_offered)),
                *(str(agent.last_status_change), str(agent.no_answer_count), str(agent.calls_answered)),
                *(str(agent.talk_time), str(agent.ready_time), str(agent.own_calls)),
            )
            for agent in all_of
        ],
    )


def tiers(all_of: Iterable[Tier]) -> Table:
    rows = [(tier.queue, tier.agent, tier.state, str(tier.level), str(tier.position)) for tier in all_of]
    return Table(TIERS, rows)


def members(all_of: Iterable[Member], now: int) -> Table:
    return Table(
        MEMBERS,
        [
            (
                *(member.queue, SYSTEM, member.uuid, member.session, member.number, member.name),
                *(str(member.system), str(member.joined), str(member.rejoined), str(member.bridged)),
                *(str(member.abandoned), "0", "0", member.agent, member.agent_system, member.state),
                str(now - member.system),
            )
            for member in all_of
        ],
    )


def channels(legs: Iterable[Leg], variant: Variant) -> Table:
    return Table(CHANNELS, [_channel(leg, variant) for leg in legs])


def _channel(leg: Leg, variant: Variant) -> Sequence[str]:
    codec = ("PCMU", "8000", "64000")
    first = (leg.name, leg.number, _address(leg), leg.dialled, *_plan(leg))
    bridged = bool(leg.bridged) and leg.peer is not None
    callee = (leg.more.get("agent", "").partition("@")[0],) * 2 if bridged else ("", "")
    application = ("uuid_bridge", leg.peer.uuid) if bridged and leg.peer else _application(leg)
    return (
        *_leg(leg)[:10],
        *application,
        *_plan(leg),
        *codec,
        *codec,
        *("", variant.host, _presence(leg), "", "", _call_state(leg)),
        *(*callee, "SEND" if bridged else "", leg.uuid if bridged else "", *callee),
        *first,
    )


def calls(legs: Iterable[Leg], variant: Variant) -> str:
    """`show calls`: a caller and the leg bridged to it in one row."""
    rows = []
    for leg in legs:
        peer = leg.peer if leg.bridged and leg.peer is not None and leg.peer.alive else None
        if leg.kind in ("agent", "outside") and peer is not None:
            continue  # told beside its caller
        theirs = _b_leg(peer) if peer is not None else [""] * (len(CALLS) - 1)
        began = str(leg.bridged // 1_000_000) if peer is not None else ""
        rows.append(",".join([*_one(leg, variant), *theirs, began]))
    if not rows:
        return "\n0 total.\n"
    b_columns = [f"b_{column}" for column in CALLS if column not in ("call_uuid", "hostname")]
    header = ",".join([*CALLS, *b_columns, "call_created_epoch"])
    return "\n".join([header, *rows]) + f"\n\n{len(rows)} total.\n"


def _one(leg: Leg, variant: Variant) -> list[str]:
    callee = leg.more.get("agent", "").partition("@")[0] if leg.bridged else ""
    direction = "SEND" if leg.bridged else ""
    return [
        *_leg(leg),
        *(_presence(leg), "", "", _call_state(leg), callee, callee, direction),
        *(leg.uuid if leg.bridged else "", variant.host, callee, callee),
    ]


def _b_leg(leg: Leg) -> list[str]:
    return [
        *_leg(leg),
        *(_presence(leg), "", "", _call_state(leg), leg.dialled, leg.dialled, "SEND", leg.name, leg.number),
    ]


def _leg(leg: Leg) -> list[str]:
    return [
        leg.uuid,
        "outbound" if leg.kind in ("agent", "outside") else "inbound",
        stamp(leg.created),
        str(leg.created // 1_000_000),
        leg.channel.replace("%2B", "+"),
        _state(leg),
        leg.name,
        leg.number,
        _address(leg),
        leg.dialled,
    ]


def _address(leg: Leg) -> str:
    return "" if leg.kind in ("agent", "outside") else "127.0.0.1"


def _plan(leg: Leg) -> tuple[str, str]:
    return ("", "default") if leg.kind in ("agent", "outside") else ("XML", "public")


def _presence(leg: Leg) -> str:
    return leg.more.get("agent", "") if leg.kind == "agent" else ""


def _application(leg: Leg) -> tuple[str, str]:
    return ("callcenter", leg.more["queue"]) if leg.kind == "caller" and "queue" in leg.more else ("", "")


def _state(leg: Leg) -> str:
    if leg.kind in ("agent", "outside"):
        return "CS_EXCHANGE_MEDIA" if leg.bridged else "CS_CONSUME_MEDIA"
    return "CS_SOFT_EXECUTE" if leg.bridged and leg.peer and leg.peer.alive else "CS_EXECUTE"


def _call_state(leg: Leg) -> str:
    return "HELD" if leg.held else "ACTIVE" if leg.answered else "RINGING"
