"""In which order things are said of one visit: the wanted kinds, each with what matters of it, from its Join to the end.

The same is asked of the genuine captures and of the simulator. Every channel of a real Asterisk has a thread of its own, so
what different channels say interleaves in many ways; what one of them says does not. So an order is one `Voice` a party:
the caller's (with everything the queue says of it), the phone's, and one for each half of a Local channel.
"""

from collections import defaultdict
from collections.abc import Iterable

from tests.simulators.asterisk.vocabulary import headers_of

TOLD = frozenset(
    {
        "QueueCallerJoin",
        "QueueCallerLeave",
        "QueueCallerAbandon",
        "AgentCalled",
        "AgentConnect",
        "AgentRingNoAnswer",
        "BlindTransfer",
        "AttendedTransfer",
    }
)
HANGUPS = frozenset({"HangupRequest", "SoftHangupRequest", "Hangup"})
Word = tuple[str, str]
"""Who, and what is said."""
Voice = tuple[str, ...]


def orders(blocks: Iterable[bytes]) -> dict[str, set[Voice]]:
    """Every party's voice, by "course: party"; see `course`."""
    found: dict[str, set[Voice]] = defaultdict(set)
    for visit in _visits(blocks):
        told = course(visit)
        for party in sorted({who for who, _ in visit}) if told else ():
            found[f"{told}: {party}"].add(tuple(word for who, word in visit if who == party))
    return found


def course(visit: list[Word]) -> str:
    """Which simple story this is; empty for one that is mixed, cut off, or went through several phones."""
    words = [word for _, word in visit]
    transferred = next((word for word in words if word.endswith("Transfer")), "")
    rung = words.count("AgentCalled")
    if words.count("QueueCallerJoin") > 1 or rung > 1 or words.count("through Local") > 1:
        return ""
    way = "Local" if "through Local" in words else "phone"
    if way == "phone" and any(who.startswith("half") for who, _ in visit):
        return ""  # put through to somebody behind a Local channel
    if ("caller", "SoftHangupRequest") in visit[: _place(words, "AgentComplete")]:
        return ""  # hung up by the exchange: an agent who asked the queue, or a shutdown
    if transferred:
        return f"{transferred} {way}"
    if "AgentConnect" in words:
        optimised = " optimised" if "BridgeEnter swap" in words else ""
        ended = next((word[14:] for word in words if word.startswith("AgentComplete")), "")
        return f"answered {way}{optimised} by {ended}" if ended else ""
    if "AgentRingNoAnswer" in words:
        return ""
    ringing = f"ringing {way}" if rung else "waiting"
    status = next((word[12:] for word in words if word.startswith("QUEUESTATUS")), "")
    if not status:
        status = "abandoned" if "QueueCallerAbandon" in words else "KEY"
    return f"left {status} {ringing}"


def _place(words: list[str], beginning: str) -> int:
    return next((place for place, word in enumerate(words) if word.startswith(beginning)), 0)


def rings(blocks: Iterable[bytes]) -> dict[str, set[Voice]]:
    """How an offer to one phone is told, by how it ended."""
    legs: dict[str, list[str]] = {}
    found: dict[str, set[Voice]] = defaultdict(set)
    for block in blocks:
        headers = dict(reversed(headers_of(block)))
        kind = headers.get("Event", "")
        leg = headers.get("DestUniqueid") or headers.get("Uniqueid", "")
        if kind == "AgentCalled" and headers["DestChannel"].startswith("PJSIP/"):
            legs[leg] = [headers["Interface"], kind]
        elif kind == "QueueMemberPause" and headers["PausedReason"] == "Auto-Pause":
            for words in legs.values():
                if words[0] == headers["Interface"] and "AgentRingNoAnswer" in words:
                    words.append(f"{kind} {headers['PausedReason']}")
        elif leg in legs and kind in HANGUPS | {"DialEnd", "AgentRingNoAnswer", "AgentConnect"}:
            legs[leg].append(f"{kind} {headers['DialStatus']}" if kind == "DialEnd" else kind)
            if kind == "Hangup":
                words = legs.pop(leg)[1:]
                found[_how_it_ended(words)].add(tuple(words))
    return found


def _how_it_ended(words: list[str]) -> str:
    if "AgentConnect" in words:
        return "answered"
    if "AgentRingNoAnswer" not in words:
        return "cancelled"
    paused = " and paused" if any(word.startswith("QueueMemberPause") for word in words) else ""
    return ("rejected" if "HangupRequest" in words else "not answered") + paused


def _visits(blocks: Iterable[bytes]) -> list[list[Word]]:
    """Of callers whose Join was seen; a visit ends when the caller's channel does."""
    open_: dict[str, list[Word]] = {}
    late: dict[str, list[Word]] = {}
    done: list[list[Word]] = []
    for block in blocks:
        headers = dict(reversed(headers_of(block)))
        uid, linked = headers.get("Uniqueid", ""), headers.get("Linkedid") or headers.get("DestLinkedid", "")
        linked = (
            headers.get("LocalOneLinkedid")
            or headers.get("TransfererLinkedid")
            or headers.get("OrigTransfererLinkedid")
            or linked
        )
        if headers.get("Event") == "QueueCallerJoin":
            for words in (open_[known] for known in {linked} - {uid} if known in open_):
                words.append(("half 2", "QueueCallerJoin"))
            open_.setdefault(uid, [])
        caller = next((known for known in (uid, linked) if known in open_ or known in late), None)
        said = None if caller is None else _word(headers, caller)
        if caller is None or said is None:
            continue
        words = open_[caller] if caller in open_ else late[caller]
        words.append(said)
        if said == ("caller", "Hangup"):
            words = open_.pop(caller, words)
            late[caller] = words
            done.append(words)
    return done


def _word(headers: dict[str, str], caller: str) -> Word | None:
    kind = headers.get("Event", "")
    if kind == "AgentComplete":
        return "caller", f"{kind} {headers['Reason']}"
    if kind in TOLD:
        return "caller", kind
    if kind in HANGUPS:
        return _party(headers, caller), kind
    if kind == "DialEnd" and headers.get("Uniqueid") == caller:
        return "caller", f"{kind} {headers['DialStatus']}"
    if kind == "VarSet" and headers.get("Variable") == "QUEUESTATUS":
        return "caller", f"QUEUESTATUS {headers['Value']}"
    if kind == "BridgeEnter" and "SwapUniqueid" in headers:
        return "caller", "BridgeEnter swap"
    if kind == "LocalBridge":
        return "half 1", "through Local"
    return None


def _party(headers: dict[str, str], caller: str) -> str:
    if headers["Uniqueid"] == caller:
        return "caller"
    name = headers["Channel"]
    return f"half {name[-1]}" if name.startswith("Local/") else "phone"
