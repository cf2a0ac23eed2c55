"""EventCause (ECMA-269, clause 12.2.15) as far as it decides what became of a call."""

from collections.abc import Mapping

from ccwall.events import FlowOutCause, RefusedCause

FLOW_OUT: Mapping[str, FlowOutCause] = {
    "timeout": "timeout",
    "alertTimeExpired": "timeout",
    "distributionDelay": "timeout",
    "overflow": "overflow",
    "busyOverflow": "overflow",
    "capacityOverflow": "overflow",
    "calendarOverflow": "overflow",
    "unknownOverflow": "overflow",
    "aCDBusy": "overflow",
    "aCDSaturated": "overflow",
    "aCDForward": "overflow",
    "noAvailableAgents": "no_agents",
    "keyOperation": "key",
    "keyOperationInUse": "key",
    "terminationCharacterReceived": "key",
    "queueCleared": "withdrawn",
    "noQueue": "error",
    "networkCongestion": "error",
    "networkOutOfOrder": "error",
    "destOutOfOrder": "error",
    "resourcesNotAvailable": "error",
    "maintenance": "error",
}
"""Why a call left its group for something else; anything else is `unknown`."""

REFUSED: Mapping[str, RefusedCause] = {
    "aCDSaturated": "full",
    "busy": "full",
    "blocked": "full",
    "capacityOverflow": "full",
    "noQueue": "empty",
    "noAvailableAgents": "empty",
    "aCDBusy": "full",
}

RANG_OUT = frozenset(
    {
        "",
        "callNotAnswered",
        "alertTimeExpired",
        "callForwardNoAnswer",
        "recallNoAnswer",
        "timeout",
        "noAnswer",
    }
)
"""The phone rang and nobody answered: RONA."""
REJECTED = frozenset(
    {
        "busy",
        "callForwardBusy",
        "recallBusy",
        "doNotDisturb",
        "callCancelled",
        "destOutOfOrder",
        "blocked",
        "redirected",
    }
)
"""The phone or its person did not want it."""

DISTRIBUTED = frozenset({"distributed", "enteringDistribution", "redirected", "normal", "newCall", ""})
"""The group gives the call to an agent."""
TRANSFERS = frozenset({"transfer", "singleStepTransfer"})
"""Told more fully by a Transfered event."""
FORCED = frozenset({"forcedPause", "forcedTransition"})
"""The ACD, not a person, changed the agent's state."""
