"""The simulated switch itself: what it answers, what it drops, and that it tells the same day again."""

import pytest

from ccwall_adapters.csta_xml.asking import agent_state, monitor, snapshot_device
from ccwall_adapters.csta_xml.frame import EVENT, Frames, framed
from ccwall_adapters.csta_xml.reading import Element, every, read
from ccwall_adapters.csta_xml.writing import NAMESPACE, SESSION_NAMESPACE, document, leaf
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre.shared import SharedFloor
from ccwall_simulators.csta import CstaSwitch, Variant
from ccwall_simulators.csta.connection import CstaConnection
from tests.simulators.csta.loop import START, Loop

ED4 = NAMESPACE + "ed4"


def switch(seed: int = 1, **variant: object) -> CstaSwitch:
    floor = CallCentre(load_scenario("small_floor"), seed=seed, start=START)
    made = Variant(**{"session": 0.0, "status_every": 0.0, **variant})  # type: ignore[arg-type]
    return CstaSwitch(floor, start=START, seed=seed, variant=made, pace=1.0)


def ask(client: CstaConnection, xml: bytes, invoke: int = 5) -> Element:
    client.outgoing()
    client.receive(framed(invoke, xml))
    answers = [(at, read(body)) for at, body in Frames().feed(client.outgoing()) if at != EVENT]
    assert [at for at, _ in answers] == [invoke]
    answer = answers[0][1]
    assert answer is not None
    return answer


def heard(client: CstaConnection) -> list[Element]:
    messages = [read(body) for _, body in Frames().feed(client.outgoing())]
    assert None not in messages
    return [message for message in messages if message is not None]


def test_a_monitor_hears_of_its_device_and_of_no_other() -> None:
    far_end = switch()
    client = far_end.connect()
    group = far_end.groups["consult"]
    assert ask(client, monitor(group, ED4).xml).name == "MonitorStartResponse"
    far_end.advance(far_end.now + 120)
    events = heard(client)
    assert {event.name for event in events} >= {"DeliveredEvent", "QueuedEvent", "DivertedEvent"}
    assert {event.within("monitorCrossRefID") for event in events} == {"1173673891"}
    queued = next(event for event in events if event.name == "QueuedEvent")
    assert queued.within("queue", "deviceIdentifier") == f"N<{group}>;noa=nk"
    assert queued.within("localConnectionInfo") == "queued"


def test_a_ring_that_nobody_answers_takes_the_call_back_to_its_queue() -> None:
    far_end = switch()
    client = far_end.connect()
    for device in (*far_end.phones, *far_end.groups.values()):
        ask(client, monitor(device, ED4).xml)
    far_end.advance(far_end.now + 1800)
    told: dict[str, list[str]] = {}
    for event in heard(client):
        call = event.within("connection", "callID") or event.within("queuedConnection", "callID")
        told.setdefault(call, []).append(event.name[:-5] + "/" + event.within("cause"))
    missed = [events for events in told.values() if "Diverted/callNotAnswered" in events]
    assert len(missed) > 3
    back = [events[events.index("Diverted/callNotAnswered") + 1 :] for events in missed]
    assert sum(any(event.startswith("Queued/") for event in events) for events in back) > 3


def test_a_stopped_monitor_hears_no_more() -> None:
    far_end = switch()
    client = far_end.connect()
    reference = ask(client, monitor("1001", ED4).xml).within("monitorCrossRefID")
    stop = document("MonitorStop", leaf("monitorCrossRefID", reference), namespace=ED4)
    assert ask(client, stop).name == "MonitorStopResponse"
    far_end.advance(far_end.now + 120)
    assert heard(client) == []


def test_snapshots_and_agents_say_what_the_floor_has() -> None:
    far_end = switch()
    client = far_end.connect()
    for _ in range(20):
        far_end.advance(far_end.now + 15)
        for queue in far_end.floor.queues():
            answer = ask(client, snapshot_device(far_end.groups[queue.name], ED4).xml)
            listed = {
                call.within("connectionIdentifier", "callID")
                for call in every(answer, "snapshotDeviceResponseInfo")
            }
            ringing = sum(
                state == "alerting" for state in [s.text for s in every(answer, "localConnectionState")]
            )
            assert ringing == 0
            assert len(listed) <= len(queue.waiting)
    paused = {m.agent: m.paused for q in far_end.floor.queues() if q.name == "complaint" for m in q.members}
    answer = ask(client, agent_state("1010", ED4).xml)
    (item,) = every(answer, "agentInfoItem")
    assert item.within("acdGroup", "deviceIdentifier") == f"N<{far_end.groups['complaint']}>;noa=nk"
    assert (item.within("agentState") == "agentNotReady") is paused["1010"] or item.within("agentState") in (
        "agentBusy",
        "agentWorkingAfterCall",
    )


@pytest.mark.parametrize(
    ("xml", "category"),
    [
        (monitor("no such phone", ED4).xml, "operation"),
        (snapshot_device("99", ED4).xml, "operation"),
        (agent_state("99", ED4).xml, "operation"),
        (document("MakeCall", namespace=ED4), "operation"),
    ],
)
def test_what_it_cannot_do_it_refuses(xml: bytes, category: str) -> None:
    answer = ask(switch().connect(), xml)
    assert answer.name == "CSTAErrorCode"
    assert answer.child(category) is not None


def test_junk_ends_the_connection_and_bad_xml_does_not() -> None:
    far_end = switch()
    client = far_end.connect()
    client.receive(framed(3, b"<broken"))
    assert not client.closed
    client.receive(b"GET / HTTP/1.1\r\n")
    assert client.closed


# ── sessions and status ──

START_SESSION = document(
    "StartApplicationSession", leaf("requestedSessionDuration", "60"), namespace=SESSION_NAMESPACE
)


def test_nothing_is_answered_before_there_is_a_session_and_nothing_after_it_expired() -> None:
    far_end = switch(session=30.0)
    client = far_end.connect()
    assert ask(client, monitor("1001", ED4).xml).child("security") is not None
    granted = ask(client, START_SESSION)
    assert granted.within("actualSessionDuration") == "30"
    assert ask(client, monitor("1001", ED4).xml).name == "MonitorStartResponse"
    far_end.advance(far_end.now + 20)
    reset = document(
        "ResetApplicationSessionTimer",
        leaf("sessionID", granted.within("sessionID")),
        namespace=SESSION_NAMESPACE,
    )
    assert ask(client, reset).name == "ResetApplicationSessionTimerPosResponse"
    far_end.advance(far_end.now + 25)
    assert not client.closed
    far_end.advance(far_end.now + 10)
    assert client.closed


def test_whoever_does_not_answer_its_status_is_hung_up_on() -> None:
    far_end = switch(status_every=10.0)
    polite, rude = far_end.connect(), far_end.connect()
    for _ in range(8):
        far_end.advance(far_end.now + 5)
        rude.outgoing()
        for invoke, body in Frames().feed(polite.outgoing()):
            message = read(body)
            if message is not None and message.name == "SystemStatus":
                polite.receive(framed(invoke, document("SystemStatusResponse", namespace=ED4)))
    assert rude.closed
    assert not polite.closed


@pytest.mark.parametrize("clean", [True, False])
def test_a_restart_ends_everything_and_begins_ids_anew(clean: bool) -> None:
    far_end = switch()
    client = far_end.connect()
    ask(client, monitor(far_end.groups["consult"], ED4).xml)
    far_end.advance(far_end.now + 60)
    before = {
        event.within("queuedConnection", "callID") for event in heard(client) if event.name == "QueuedEvent"
    }
    far_end.restart(20, clean=clean)
    assert client.closed
    assert [m.within("systemStatus") for m in heard(client)] == ["disabled"] * clean
    with pytest.raises(ConnectionRefusedError):
        far_end.connect()
    far_end.advance(far_end.now + 21)
    again = far_end.connect()
    ask(again, monitor(far_end.groups["consult"], ED4).xml)
    far_end.advance(far_end.now + 60)
    after = {
        event.within("queuedConnection", "callID") for event in heard(again) if event.name == "QueuedEvent"
    }
    assert before
    assert after
    assert {id[:10] for id in before}.isdisjoint({id[:10] for id in after})


def test_a_flood_is_told_to_who_watches() -> None:
    far_end = switch()
    client = far_end.connect()
    for phone in far_end.phones:
        ask(client, monitor(phone, ED4).xml)
    far_end.flood(500)
    assert [event.name for event in heard(client)] == ["DisplayUpdatedEvent"] * 500


def wire(step: float) -> list[tuple[str, bytes]]:
    loop = Loop(3)
    told: list[tuple[str, bytes]] = []
    loop.heard = lambda data: told.append(("rx", data))  # type: ignore[method-assign]
    loop.connect()
    for _ in loop.live(60, step):
        pass
    return told


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert wire(0.25) == wire(0.25)


def test_it_may_share_its_floor_with_other_products() -> None:
    floor = SharedFloor(CallCentre(load_scenario("small_floor"), seed=1, start=START))
    first, second = (
        CstaSwitch(floor.view(leading=leading), start=START, variant=Variant(session=0.0, status_every=0.0))
        for leading in (True, False)
    )
    clients = [far_end.connect() for far_end in (first, second)]
    for client in clients:
        ask(client, monitor(first.groups["consult"], ED4).xml)
    for far_end in (second, first, second):
        far_end.advance(START + 90)
    events = [[(event.name, event.within("cause")) for event in heard(client)] for client in clients]
    assert events[0] == events[1]
    assert len(events[0]) > 5
