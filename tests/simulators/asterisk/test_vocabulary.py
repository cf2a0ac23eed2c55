"""The simulator speaks what a genuine Asterisk 22 spoke: the same kinds, the same headers in the same order, values of the
same shapes, and of each simple course of a call the same things in the same order."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

import pytest

from ccwall_adapters.asterisk_ami.translation import Floor, plans
from ccwall_simulators.asterisk import PLAIN, READ_ONLY, STAMPED, AsteriskPbx, Variant
from ccwall_simulators.callcentre import CallCentre, load_scenario
from tests.adapters.contract import PlainDirectory
from tests.simulators.asterisk.orders import Voice, orders, rings
from tests.simulators.asterisk.script import (
    LOCAL,
    START,
    Client,
    ScriptedFloor,
    answered,
    completed,
    exchange,
    flowed_out,
    member,
    queued,
)
from tests.simulators.asterisk.vocabulary import Vocabulary, blocks_of, genuine, genuine_blocks

SMALL = load_scenario("small_floor")
_ASKED = (
    "QueueStatus QueueSummary CoreShowChannels DeviceStateList ExtensionStateList CoreStatus CoreSettings Ping "
    "PresenceStateList QueueRule NoSuchAction"
)
ASKED = _ASKED.split()

NOT_SPOKEN = {
    "Event ContactStatus": "no phone registers: what a wall needs of it is in DeviceStateChange",
    "Event PeerStatus": "as ContactStatus",
    "Event OriginateResponse": "nobody has the exchange call somebody",
    "Event Load": "modules are not loaded by hand",
    "Event Unload": "modules are not unloaded by hand",
    "Event QueueMemberPenalty": "the floor changes nobody's penalty",
    "Event QueueMemberRinginuse": "the floor has no such switch",
    "Event RequestBadFormat": "a security event about an unknown action; the answer itself is spoken",
    "Item ContactList": "PJSIPShowContacts is not answered",
    "Item ContactListComplete": "as ContactList",
    "Response Success: A listing of Contacts follows, presented as ContactList events": "as ContactList",
    "Response Success: Command output follows": "no command line is simulated",
}
"""Kinds of the captures that the simulator does not say, and why."""

FROM_THE_SOURCE = {
    "Response Success: Module Reloaded",
    "Response Success: Challenge",
    "Response Success: Events",
    "Response Success: Interface paused successfully",
    "Response Success: Added interface to queue",
    "Response Success: Removed interface from queue",
    "Response Success: Queue reloaded successfully",
    "Response Success: Queue stats reset successfully",
    "Response Error: Interface not found",
    "Response Error: Unable to add interface",
    "Response Error: Unable to add interface to queue",
    "Response Error: Unable to remove interface",
    "Response Error: Member not dynamic",
}
"""Answers that nobody asked for in the captures; their words are those of app_queue.c and manager.c."""

FREE = {
    "ActionID",
    "Value",
    "AppData",
    "ApplicationData",
    "CallerIDNum",
    "ConnectedLineNum",
    "Caller",
    "Exten",
    "Context",
}
"""Whatever people and a dialplan write there: no shape is wrong."""


@cache
def spoken(seed: int, variant: Variant = PLAIN) -> tuple[tuple[bytes, ...], ...]:
    """The messages of every connection of an hour in which everything is asked for and happens."""
    pbx = AsteriskPbx(CallCentre(SMALL, seed, START), start=START, seed=seed, variant=variant)
    client, refused = Client(pbx, login=False), Client(pbx, login=False)
    client.ask("Login", Username="ccwall", Secret="secret", ActionID="a-1")
    refused.ask("Challenge", AuthType="MD5", ActionID="c-1")
    refused.ask("Login", Username="ccwall", Secret="wrong", ActionID="c-2")
    client.ask("QueueStatus", ActionID="a-2")
    wire = bytearray()
    for minute in range(60):
        pbx.advance(START + 60.0 * (minute + 1))
        for action in ASKED if minute % 6 == 1 else ():
            client.ask(action, ActionID=f"a-{minute}-{action}")
        if minute == 30:
            do_everything(client)
            pbx.flood(500)
        wire += client.wire.outgoing()
    client.ask("Logoff", ActionID="z-1")
    wire += client.wire.outgoing()
    last = Client(pbx, ActionID="b-1")
    pbx.restart(10.0, clean=True)
    return tuple(
        tuple(blocks_of(bytes(one))) for one in (wire, refused.wire.outgoing(), last.wire.outgoing())
    )


def do_everything(client: Client) -> None:
    for action, headers in (
        ("Command", {"Command": "no such command"}),
        ("Reload", {}),
        ("Events", {"EventMask": "on"}),
        ("QueueReload", {}),
        ("QueueReset", {}),
        ("QueuePause", {"Interface": "PJSIP/1001", "Paused": "true", "Reason": "обед"}),
        ("QueuePause", {"Interface": "PJSIP/0", "Paused": "true"}),
        ("QueueAdd", {"Queue": "complaint", "Interface": "PJSIP/1003", "MemberName": "李四"}),
        ("QueueAdd", {"Queue": "complaint", "Interface": "PJSIP/1003"}),
        ("QueueAdd", {"Queue": "nosuch", "Interface": "PJSIP/1012"}),
        ("QueueRemove", {"Queue": "complaint", "Interface": "PJSIP/1003"}),
        ("QueueRemove", {"Queue": "consult", "Interface": "PJSIP/0"}),
        ("QueueRemove", {"Queue": "consult", "Interface": "PJSIP/1001"}),
    ):
        client.ask(action, ActionID="d-1", **headers)


def said(*seeds: int, variant: Variant = PLAIN) -> Vocabulary:
    vocabulary = Vocabulary()
    for seed in seeds:
        for blocks in spoken(seed, variant):
            vocabulary.learn(blocks)
    return vocabulary


@pytest.fixture(scope="module")
def ours() -> Vocabulary:
    return said(1, 2, 3)


def test_every_kind_is_genuine(ours: Vocabulary) -> None:
    assert set(ours.forms) - set(genuine().forms) - FROM_THE_SOURCE == set()


def test_what_is_said_from_the_source_alone_is_said(ours: Vocabulary) -> None:
    assert FROM_THE_SOURCE - set(ours.forms) == set()


def test_every_genuine_kind_is_said_or_left_out_for_a_reason(ours: Vocabulary) -> None:
    refused = Vocabulary().learn(read_only())
    silent = set(genuine().forms) - set(ours.forms) - set(refused.forms)
    assert silent == set(NOT_SPOKEN)


def read_only() -> list[bytes]:
    pbx = AsteriskPbx(CallCentre(SMALL, 1, START), start=START, variant=READ_ONLY)
    client = Client(pbx)
    client.ask("CoreStatus", ActionID="r-1")
    return blocks_of(client.wire.outgoing())


def test_everything_that_the_adapter_wants_is_said(ours: Vocabulary) -> None:
    wanted = {kind.decode() for kind, plan in plans(Floor(PlainDirectory())).items() if plan.handler}
    never = {"AgentDump", "QueueMemberPenalty", "QueueMemberRinginuse"}
    assert {f"Event {kind}" for kind in wanted - never} - set(ours.forms) == set()


def test_headers_are_those_of_a_genuine_message_in_its_order(ours: Vocabulary) -> None:
    assert not_genuine(ours, genuine()) == {}


def not_genuine(spoken: Vocabulary, known: Vocabulary) -> dict[str, set[tuple[str, ...]]]:
    """Headers by kind. What follows the name of a UserEvent is the dialplan's own, and may be anything."""
    ours, theirs = (
        {
            kind: {form[: form.index("UserEvent") + 1] if "UserEvent" in form else form for form in forms}
            for kind, forms in each.forms.items()
        }
        for each in (spoken, known)
    )
    return {
        kind: forms - theirs[kind] for kind, forms in ours.items() if kind in theirs and forms - theirs[kind]
    }


def test_an_exchange_with_timestamps_a_name_and_variables_writes_them_where_the_genuine_one_does() -> None:
    assert not_genuine(said(1, variant=STAMPED), genuine(stamped=True)) == {}


def test_values_have_genuine_shapes(ours: Vocabulary) -> None:
    wanted = genuine().shapes_of_headers()
    for name, shapes in ours.shapes_of_headers().items():
        if name not in FREE and name in wanted:
            assert shapes - wanted[name] == set(), name


def test_words_are_genuine_words(ours: Vocabulary) -> None:
    for name, words in ours.words.items():
        assert words - genuine().words[name] == set(), name


# ── orders ──

COURSES = {
    "answered phone by agent",
    "answered phone by caller",
    "answered Local by agent",
    "answered Local by caller",
    "answered Local optimised by agent",
    "left abandoned waiting",
    "left abandoned ringing phone",
    "left TIMEOUT waiting",
    "left LEAVEEMPTY waiting",
    "left WITHDRAW waiting",
    "left KEY waiting",
    "BlindTransfer phone",
    "BlindTransfer Local",
    "AttendedTransfer phone",
    "AttendedTransfer Local",
}
OFFERS = {"answered", "cancelled", "not answered", "not answered and paused", "rejected"}


@cache
def genuine_orders() -> tuple[dict[str, set[Voice]], dict[str, set[Voice]]]:
    return gathered(genuine_blocks())


@cache
def our_orders() -> tuple[dict[str, set[Voice]], dict[str, set[Voice]]]:
    """Of several hours, before the exchange was shut down; and of what is rare on the floor."""
    hours = [spoken(seed)[0] for seed in range(1, 5)]
    timeout = played_blocks()
    return gathered([*hours, timeout])


def played_blocks() -> tuple[bytes, ...]:
    """What is rare on the floor."""
    floor = ScriptedFloor(member(LOCAL))
    client = Client(exchange(floor))
    floor.say(*queued(START + 2), *flowed_out(START + 62, "timeout", 60.0))
    floor.say(
        *queued(START + 102, call="c2", visit=2),
        *answered(START + 106, 4.0, LOCAL, call="c2", visit=2),
        *completed(START + 150, "agent", 44.0, LOCAL, call="c2", visit=2),
    )
    client.pbx.advance(START + 200)
    return tuple(blocks_of(client.wire.outgoing()))


def gathered(
    wires: Iterable[tuple[bytes, ...]],
) -> tuple[dict[str, set[Voice]], dict[str, set[Voice]]]:
    courses: dict[str, set[Voice]] = defaultdict(set)
    offers: dict[str, set[Voice]] = defaultdict(set)
    for blocks in wires:
        for course, voices in orders(blocks).items():
            courses[course] |= voices
        for offer, voices in rings(blocks).items():
            offers[offer] |= voices
    return courses, offers


def test_every_course_of_a_call_is_told_in_a_genuine_order() -> None:
    wanted, told = genuine_orders()[0], our_orders()[0]
    assert {course.rpartition(":")[0] for course in told} >= COURSES
    for course, voices in told.items():
        if course.rpartition(":")[0] in COURSES and course in wanted:
            assert voices - wanted[course] == set(), course


def test_every_end_of_an_offer_is_told_in_a_genuine_order() -> None:
    wanted, told = genuine_orders()[1], our_orders()[1]
    assert set(told) >= OFFERS
    for offer in OFFERS:
        assert told[offer] - wanted[offer] == set(), offer
