"""How a simulated SIP server behaves, well or badly."""

from collections.abc import Mapping

import msgspec


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds are real ones. `algorithm` and `qop` are those of the challenge; `proxy` asks with 407.

    `nonce_lasts`: after so long a nonce is stale. `min_expires`: less is refused with 423. `longest`: more is not granted.
    `partial`: after the first, only what changed is told (dialog events). `refuses`: a user's subscriptions get this status.
    `events`: packages it has; others get 489. `leaves_out`: of a hundred NOTIFYs that tell of a change, so many are never
    sent, so that versions have gaps. `notifies_first`: the NOTIFY goes before the answer to its SUBSCRIBE.
    """

    algorithm: str = "MD5"
    qop: str = "auth"
    proxy: bool = False
    nonce_lasts: float = 300.0
    min_expires: int = 30
    longest: int = 3600
    partial: bool = True
    refuses: Mapping[str, int] = {}
    seed: int = 0
    events: tuple[str, ...] = ("dialog", "presence")
    leaves_out: int = 0
    notifies_first: bool = False
