"""How one make of switch differs from another."""

from typing import Literal

import msgspec


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """`edition` and `prefix` are of the namespace. `session`: seconds it grants an application session; 0: it has none.

    `device_ids`: plain digits, `N<…>;noa=nk`, or URIs. `new_call_id`: a transferred call goes on under an id of its own.
    `late_diverted`: that a call left its group is told after the phone rang. `called`: whether calledDevice stays the first
    group of an overflowing call. `spelled`: Transfered has one r in the schema, two in some products. `groups_in_agents`: agent
    events name the ACD group. `queued_events`: groups can be monitored at all.
    """

    edition: Literal["ed3", "ed4", "ed5", "ed6"] = "ed4"
    prefix: str = ""
    session: float = 180.0
    status_every: float = 10.0
    """seconds between its SystemStatus requests; 0: none"""
    answer_within: float = 5.0
    """seconds until an unanswered request of its own ends the connection"""
    device_ids: Literal["digits", "network", "uri"] = "network"
    new_call_id: bool = False
    late_diverted: bool = False
    called: Literal["first", "last"] = "last"
    spelled: Literal["Transfered", "Transferred"] = "Transfered"
    queued_events: bool = True


PLAIN = Variant()
