"""From a SIP server's NOTIFYs to facts, against Python's own parser of headers and expat over the same bytes.

`email` and `xml.etree` stop at headers and a tree; ccwall goes on through dialog, order and version to the phone's state,
answers every NOTIFY, and checks that nobody forged it.
"""

import email.parser
import email.policy
from collections.abc import Sequence
from statistics import median
from xml.etree import ElementTree

from benchmarks.timing import interleaved, spread, table
from ccwall.config import Config
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AnyEvent, SourceId
from ccwall_adapters.sip_dialog import SipSession, SipSettings
from ccwall_adapters.sip_dialog.documents import DIALOG_INFO, Dialog, DialogInfo, write_dialog_info
from ccwall_adapters.sip_dialog.message import request, response

PHONES, CHANGES = 200, 20
WANTED = 0.5
"""Times as fast as `email` and `xml.etree`, which do a part of the work: below it, the run fails."""
NOW = 1_800_000_000.0


def traffic() -> tuple[bytes, list[bytes]]:
    """What a wall asked for its phones, and the NOTIFYs that came, ringing and talking in turn."""
    asked, notified = b"", []
    for phone in range(PHONES):
        own = f"<sip:wall@pbx.example>;tag=o{phone}"
        headers = [("Via", f"SIP/2.0/TCP 192.0.2.7:40000;branch=z9hG4bK{phone}"), ("Max-Forwards", "70")]
        headers += [("From", own), ("To", f"<sip:{1000 + phone}@pbx.example>"), ("Call-ID", f"c{phone}@wall")]
        headers += [("CSeq", "1 SUBSCRIBE"), ("Event", "dialog"), ("Expires", "600")]
        asked += request("SUBSCRIBE", f"sip:{1000 + phone}@pbx.example", headers)
    for change in range(CHANGES):
        state = "early" if change % 2 else "confirmed"
        for phone in range(PHONES):
            notified.append(_notify(phone, change, Dialog(f"d{change // 2}", state, "recipient")))  # type: ignore[arg-type]  # noqa: PERF401
    return asked, notified


def _notify(phone: int, change: int, dialog: Dialog) -> bytes:
    entity = f"sip:{1000 + phone}@pbx.example"
    return request(
        "NOTIFY",
        "sip:wall@192.0.2.7:40000;transport=tcp",
        [
            ("Via", f"SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bKcydzigwkX{phone}x{change};rport"),
            ("Max-Forwards", "70"),
            ("From", f"<{entity}>;tag=theirs{phone}"),
            ("To", f"<sip:wall@pbx.example>;tag=o{phone}"),
            ("Call-ID", f"c{phone}@wall"),
            ("CSeq", f"{change + 1} NOTIFY"),
            ("Contact", "<sip:192.0.2.1:5060;transport=tcp>"),
            ("User-Agent", "a PBX"),
            ("Event", "dialog"),
            ("Subscription-State", f"active;expires={600 - change}"),
            ("Content-Type", DIALOG_INFO),
        ],
        write_dialog_info(DialogInfo(change, True, entity, (dialog,))),
    )


def facts(asked: bytes, stream: Sequence[bytes]) -> list[AnyEvent]:
    settings = SipSettings(username="wall", watch=())
    session = SipSession(settings, ConfiguredDirectory(SourceId("phones"), Config()), "observe")
    told = list(session.open(NOW))
    session.sent(asked, NOW)
    told += session.receive(response(200, "OK", [("CSeq", "1 OPTIONS")]), NOW)
    for chunk in stream:
        told += session.receive(chunk, NOW)
    return told


def by_the_library(messages: Sequence[bytes]) -> int:
    """Headers by `email`, the body by `xml.etree`."""
    parser, read = email.parser.BytesParser(policy=email.policy.compat32), 0
    for message in messages:
        head = parser.parsebytes(message.partition(b"\r\n")[2], headersonly=True)
        body = message.partition(b"\r\n\r\n")[2]
        read += head["Event"] == "dialog" and ElementTree.fromstring(body).get("version") is not None
    return read


def run(rounds: int) -> bool:
    """Print the table; whether facts and speed are as they must be."""
    asked, messages = traffic()
    whole = b"".join(messages)
    stream = [whole[at : at + 16_384] for at in range(0, len(whole), 16_384)]
    told = facts(asked, stream)
    changed = sum(fact.__struct_config__.tag == "device.state" for fact in told)
    taken = interleaved(
        {
            "ccwall: bytes to facts": lambda: facts(asked, stream),
            "email and xml.etree: headers and a tree": lambda: by_the_library(messages),
        },
        rounds,
    )
    ours, theirs = taken.values()
    print(
        f"sip: {len(whole):,} bytes, {len(messages):,} NOTIFYs, {changed:,} states; medians of {rounds} rounds\n"
    )
    table(
        ["", "ms", "± %", "NOTIFYs/s", "facts/s"],
        [
            [
                name,
                f"{median(times) * 1e3:.1f}",
                f"{spread(times) * 100:.0f}",
                f"{len(messages) / median(times):,.0f}",
                f"{changed / median(times):,.0f}" if times is ours else "",
            ]
            for name, times in taken.items()
        ],
    )
    ratio = median(theirs_ / own for theirs_, own in zip(theirs, ours, strict=True))
    print(f"  {ratio:.1f} times as fast as both libraries (median of the rounds); wanted: {WANTED}\n")
    return changed == len(messages) and ratio >= WANTED
