"""The lives of calls for help, incidents, notices, patrols, notes and faults: every fact in every state."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from ccwall import events
from ccwall.engine import Engine
from ccwall.engine.desk import faults, helping, incidents, notices, patrols, presses
from ccwall.events import (
    AgentCard,
    AgentId,
    AnnouncementId,
    AnyEvent,
    Envelope,
    FaultId,
    HandoverId,
    HelpId,
    IncidentId,
    PatrolId,
    Policy,
    Principal,
    SeatId,
    ThanksId,
)
from tests.engine.journal import ANNA, HOUSE, NOON, Floor, fact

SONG = Principal(id="song", role="lead", name="宋佳")
LIN = Principal(id="lin", role="supervisor", name="林")
HERSELF = Principal(id="anna", role="agent", agent=ANNA)
POLICY = Policy(
    agents={ANNA: AgentCard(team="north", seat=SeatId("A-1")), AgentId("bo"): AgentCard(team="south")}
)


def floor() -> Floor:
    return Floor(POLICY)


def say(place: Floor, event: AnyEvent, actor: Principal | None = SONG) -> Floor:
    envelope = fact(event, len(place.journal) + 1, HOUSE)
    place.hear(
        Envelope(
            **{
                name: getattr(envelope, name) for name in ("seq", "id", "source", "site", "received", "event")
            },
            actor=actor,
        )
    )
    return place


def shown(place: Floor, part: str, id: str) -> Any:
    return cast(Any, place.at(NOON + 9999, part, id))


def asked(at: float = NOON, id: str = "h") -> AnyEvent:
    return events.HelpRequested(at=at, help_id=HelpId(id), agent=ANNA, topic="billing")


def taken(at: float = NOON + 10, id: str = "h") -> AnyEvent:
    return events.HelpTaken(at=at, help_id=HelpId(id))


def done(at: float = NOON + 60, id: str = "h") -> AnyEvent:
    return events.HelpEnded(at=at, help_id=HelpId(id), note="ok")


def proposed(at: float = NOON, id: str = "i") -> AnyEvent:
    return events.IncidentProposed(
        at=at, incident_id=IncidentId(id), kind="surge", began=at - 300, evidence={"times": 2.0}
    )


def confirmed(at: float = NOON + 10) -> AnyEvent:
    return events.IncidentConfirmed(at=at, incident_id=IncidentId("i"), texts={"en": "Many calls"})


def edited(at: float = NOON + 20) -> AnyEvent:
    return events.IncidentEdited(at=at, incident_id=IncidentId("i"), kind="system")


def dismissed(at: float = NOON + 30) -> AnyEvent:
    return events.IncidentDismissed(at=at, incident_id=IncidentId("i"), reason="test")


def closed(at: float = NOON + 40) -> AnyEvent:
    return events.IncidentClosed(at=at, incident_id=IncidentId("i"), ended=at, cause="cable")


def reported(at: float = NOON, id: str = "f") -> AnyEvent:
    return events.FaultReported(at=at, fault_id=FaultId(id), fault="headset", agent=ANNA)


def looked_after(at: float = NOON + 10) -> AnyEvent:
    return events.FaultTaken(at=at, fault_id=FaultId("f"))


def repaired(at: float = NOON + 20) -> AnyEvent:
    return events.FaultClosed(at=at, fault_id=FaultId("f"), how="replaced")


Steps = Sequence[Callable[[], AnyEvent]]


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([asked], "open"),
        ([asked, asked], "open"),
        ([taken], None),
        ([done], None),
        ([asked, taken], "taken"),
        ([asked, done], "ended"),
        ([asked, taken, done], "ended"),
        ([asked, done, taken], "ended"),
        ([asked, done, done], "ended"),
        ([asked, done, asked], "ended"),
    ],
)
def test_help_in_every_state(steps: Steps, state: str | None) -> None:
    place = floor()
    for step in steps:
        say(place, step())
    assert (shown(place, "help", "h") or {}).get("state") == state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([proposed], "proposed"),
        ([confirmed], None),
        ([dismissed], None),
        ([closed], None),
        ([edited], None),
        ([proposed, proposed], "proposed"),
        ([proposed, edited], "proposed"),
        ([proposed, closed], "proposed"),
        ([proposed, dismissed], "dismissed"),
        ([proposed, confirmed], "confirmed"),
        ([proposed, confirmed, confirmed], "confirmed"),
        ([proposed, confirmed, edited], "confirmed"),
        ([proposed, confirmed, dismissed], "confirmed"),
        ([proposed, confirmed, closed], "closed"),
        ([proposed, dismissed, confirmed], "dismissed"),
        ([proposed, dismissed, closed], "dismissed"),
        ([proposed, confirmed, closed, edited], "closed"),
        ([proposed, confirmed, closed, confirmed], "closed"),
        ([proposed, confirmed, closed, dismissed], "closed"),
    ],
)
def test_incidents_in_every_state(steps: Steps, state: str | None) -> None:
    place = floor()
    for step in steps:
        say(place, step(), LIN)
    assert (shown(place, "incidents", "i") or {}).get("state") == state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([reported], "open"),
        ([looked_after], None),
        ([repaired], None),
        ([reported, reported], "open"),
        ([reported, looked_after], "taken"),
        ([reported, repaired], "closed"),
        ([reported, looked_after, repaired], "closed"),
        ([reported, repaired, looked_after], "closed"),
        ([reported, repaired, reported], "closed"),
    ],
)
def test_faults_in_every_state(steps: Steps, state: str | None) -> None:
    place = floor()
    for step in steps:
        say(place, step())
    assert (shown(place, "faults", "f") or {}).get("state") == state


def test_a_call_for_help_says_who_where_and_who_came() -> None:
    place = say(floor(), asked(), HERSELF)
    for who in (SONG, SONG, LIN):
        say(place, taken(), who)
    say(place, done(), SONG)
    assert shown(place, "help", "h") == {
        "agent": ANNA,
        "team": "north",
        "seat": "A-1",
        "topic": "billing",
        "state": "ended",
        "asked": NOON,
        "via": "page",
        "taken": [
            {"at": NOON + 10, "by": {"id": "song", "name": "宋佳", "role": "lead"}},
            {"at": NOON + 10, "by": {"id": "lin", "name": "林", "role": "supervisor"}},
        ],
        "ended": NOON + 60,
        "how": "helped",
        "ended_by": {"id": "song", "name": "宋佳", "role": "lead"},
        "note": "ok",
    }
    assert place.at(NOON, "help_limit") == 60.0
    assert shown(say(floor(), asked(), SONG), "help", "h")["asked_by"]["name"] == "宋佳"


def test_an_incident_tells_its_life() -> None:
    place = say(floor(), proposed(), None)
    for step in (confirmed, edited, closed):
        say(place, step(), LIN)
    seen = shown(place, "incidents", "i")
    assert [deed["what"] for deed in seen["history"]] == ["proposed", "confirmed", "edited", "closed"]
    assert "by" not in seen["history"][0]
    assert (seen["kind"], seen["texts"], seen["ended"], seen["cause"]) == (
        "system",
        {"en": "Many calls"},
        NOON + 40,
        "cable",
    )


def test_an_incident_that_is_edited_for_ever_keeps_its_beginning() -> None:
    place = say(floor(), proposed(), None)
    for n in range(60):
        say(place, edited(NOON + n), LIN)
    history = shown(place, "incidents", "i")["history"]
    assert len(history) <= incidents.MOST_DEEDS
    assert history[0]["what"] == "proposed"
    assert history[-1]["at"] == NOON + 59


def announced(at: float, id: str, until: float) -> AnyEvent:
    return events.AnnouncementPosted(
        at=at, announcement_id=AnnouncementId(id), texts={"zh-CN": "开会"}, until=until
    )


def test_what_has_run_out_is_forgotten_with_the_next_fact() -> None:
    place = say(floor(), announced(NOON, "a", NOON + 60))
    say(place, announced(NOON + 61, "b", NOON + 600))
    assert set(cast(Any, place.at(NOON + 61, "announcements"))) == {"b"}
    say(place, announced(NOON + 62, "b", NOON + 700))
    assert shown(place, "announcements", "b")["until"] == NOON + 700
    say(place, events.AnnouncementWithdrawn(at=NOON + 63, announcement_id=AnnouncementId("b")))
    assert place.at(NOON + 63, "announcements") == {}


def test_thanks_belong_to_the_team_of_the_person() -> None:
    thanks = events.ThanksGiven(at=NOON, thanks_id=ThanksId("t"), text="谢谢", until=NOON + 60, agent=ANNA)
    assert shown(say(floor(), thanks), "thanks", "t")["team"] == "north"


def walked(at: float, id: str, team: str = "north") -> AnyEvent:
    return events.PatrolMade(at=at, patrol_id=PatrolId(id), team=team, findings=("noise",))


def test_a_patrol_says_when_the_next_is_due() -> None:
    place = floor()
    assert place.at(NOON, "patrols", "north") == {"due_every": 900.0, "made": []}
    for step in (walked(NOON, "p"), walked(NOON, "p"), walked(NOON + 600, "q")):
        say(place, step)
    seen = shown(place, "patrols", "north")
    assert [each["id"] for each in seen["made"]] == ["p", "q"]
    assert seen["next_due"] == NOON + 1500
    say(place, walked(NOON + 13 * 3600, "r"))
    assert [each["id"] for each in shown(place, "patrols", "north")["made"]] == ["r"]


def test_a_note_is_read_once_by_each() -> None:
    place = say(floor(), events.HandoverNoted(at=NOON, handover_id=HandoverId("n"), text="x"))
    for who in (SONG, SONG, LIN):
        say(place, events.HandoverRead(at=NOON + 1, handover_id=HandoverId("n")), who)
    assert [each["by"]["id"] for each in shown(place, "handover", "n")["read"]] == ["song", "lin"]


def test_a_press_is_kept_for_ten_minutes_with_its_person() -> None:
    place = floor()
    press = events.DevicePressed(at=NOON, device=events.DeviceId("b/1"), button="help", seat=SeatId("A-1"))
    say(place, press, None)
    say(place, events.DevicePressed(at=NOON + 1, device=events.DeviceId("b/2"), button="hook"), None)
    assert [each.agent for each in place.engine.desk.presses] == [ANNA, None]
    say(place, events.DevicePressed(at=NOON + 600.5, device=events.DeviceId("b/2"), button="hook"), None)
    assert [each.at for each in place.engine.desk.presses] == [NOON + 1, NOON + 600.5]


def test_memories_are_bounded_and_what_goes_on_is_forgotten_last() -> None:
    place = floor()
    for n in range(helping.MOST + 50):
        say(place, asked(NOON + n, f"h{n}"))
        if n >= 50:
            say(place, done(NOON + n, f"h{n}"))
    known = place.engine.desk.help
    assert len(known) == helping.MOST
    assert all(f"h{n}" in known for n in range(50))
    for n in range(faults.MOST + 20):
        say(place, reported(NOON + n, f"f{n}"))
    assert len(place.engine.desk.faults) == faults.MOST
    for n in range(incidents.MOST + 20):
        say(place, proposed(NOON + n, f"i{n}"))
    assert len(place.engine.desk.incidents) == incidents.MOST
    for n in range(notices.MOST + 20):
        say(place, announced(NOON + n, f"a{n}", NOON + 9999))
        say(place, events.ThanksGiven(at=NOON + n, thanks_id=ThanksId(f"t{n}"), text="x", until=NOON + 9999))
    seen = place.engine.desk.notices
    assert (len(seen.announcements), len(seen.thanks)) == (notices.MOST, notices.MOST)
    for n in range(patrols.MOST_TEAMS + 20):
        say(place, walked(NOON + n, f"p{n}", f"team{n}"))
    assert len(place.engine.desk.patrols.made) == patrols.MOST_TEAMS
    for n in range(presses.MOST + 20):
        say(place, events.DevicePressed(at=NOON + n / 10, device=events.DeviceId("b"), button=f"x{n}"), None)
    assert len(place.engine.desk.presses) == presses.MOST


def test_a_dump_restores_all_of_it() -> None:
    place = floor()
    for step in (asked, taken, proposed, confirmed, reported, looked_after):
        say(place, step())
    say(place, announced(NOON, "a", NOON + 60))
    say(place, walked(NOON, "p"))
    say(place, events.HandoverNoted(at=NOON, handover_id=HandoverId("n"), text="x"))
    say(place, events.DevicePressed(at=NOON, device=events.DeviceId("b"), button="help"), None)
    dump = place.engine.dump()
    again = Engine.restore(dump)
    assert again.dump() == dump
    assert again.board(NOON) == place.engine.board(NOON)
