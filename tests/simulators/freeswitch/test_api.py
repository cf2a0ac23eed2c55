"""What the API commands answer, and what they do to the floor."""

import pytest

from ccwall_simulators.freeswitch import CALM
from ccwall_simulators.freeswitch.connection import EslConnection
from tests.simulators.freeswitch.genuine import bodies, events
from tests.simulators.freeswitch.script import START, client, switch, told


def answer(connection: EslConnection, command: str) -> str:
    (body,) = bodies(told(connection, f"api {command}"), b"api/response")
    return body.decode()


def config(connection: EslConnection, command: str) -> str:
    return answer(connection, f"callcenter_config {command}")


def status_of(connection: EslConnection, agent: str) -> str:
    return config(connection, f"agent get status {agent}")


def test_a_status_is_set_on_the_floor_and_told() -> None:
    pbx = switch(variant=CALM)
    listener, lead = client(pbx, "event plain CUSTOM callcenter::info"), client(pbx)
    assert config(lead, "agent set status 1002@default 'On Break'") == "+OK\n"
    assert status_of(lead, "1002@default") == "On Break"
    (consult,) = [queue for queue in pbx.floor.queues() if queue.name == "consult"]
    assert [member.paused for member in consult.members if member.agent == "1002"] == [True]
    changed = [dict(event) for event in events(listener.outgoing())]
    assert [e.get("CC-Agent-Status") for e in changed if e["CC-Action"] == "agent-status-change"] == [
        "On Break"
    ]
    assert config(lead, "agent set status 1002@default Available") == "+OK\n"
    assert status_of(lead, "1002@default") == "Available"


def test_the_same_status_again_is_told_again() -> None:
    pbx = switch()
    listener = client(pbx, "event plain CUSTOM callcenter::info")
    config(client(pbx), "agent set status 1002@default Available")
    assert "agent-status-change" in {dict(event)["CC-Action"] for event in events(listener.outgoing())}


def test_logged_out_is_a_pause_of_its_own_name() -> None:
    pbx = switch()
    lead = client(pbx)
    config(lead, "agent set status 1002@default 'Logged Out'")
    assert status_of(lead, "1002@default") == "Logged Out"
    pbx.advance(START + 5.0)
    assert status_of(lead, "1002@default") == "Logged Out"


def test_a_tier_is_added_and_taken_away_without_an_event() -> None:
    pbx = switch()
    listener, lead = client(pbx, "event plain CUSTOM callcenter::info"), client(pbx)
    assert config(lead, "tier add promo@default 1002@default 2 1") == "+OK\n"
    assert "promo@default|1002@default|Ready|2|" in config(lead, "tier list")
    assert config(lead, "tier add promo@default 1002@default 2 1").startswith("-ERR Tier already")
    assert config(lead, "tier del promo@default 1002@default") == "+OK\n"
    assert "promo@default|1002@default" not in config(lead, "tier list")
    assert not list(events(listener.outgoing()))


def test_a_reload_forgets_the_counters_and_tells_every_contact() -> None:
    pbx = switch()
    pbx.advance(START + 300.0)
    listener, lead = client(pbx, "event plain CUSTOM callcenter::info"), client(pbx)
    assert "|0|0|0|false|" not in config(lead, "queue list").split("\n")[1]
    assert config(lead, "queue reload consult@default") == "+OK\n"
    assert "|0|0|0|false|" in config(lead, "queue list").split("\n")[1]
    contacts = [e for e in events(listener.outgoing()) if dict(e)["CC-Action"] == "agent-contact-change"]
    assert len(contacts) == len(pbx.acd.agents)


REFUSED = {
    "agent set status nosuch Available": "-ERR Agent not found!\n",
    "agent set status 1002@default Lunch": "-ERR Invalid Agent Status!\n",
    "agent set state 1002@default Asleep": "-ERR Invalid Agent State!\n",
    "tier add nosuch 1002@default": "-ERR Queue not found!\n",
    "tier del promo@default 1002@default": "-ERR Tier not found!\n",
    "queue reload nosuch": "-ERR Queue not found!\n",
    "queue list members nosuch": "+OK\n",
    "agent list nosuch": "+OK\n",
    "agent get uuid 2004@default": "-ERR no reply\n",
}


@pytest.mark.parametrize("command", REFUSED)
def test_what_cannot_be_done_is_said_as_mod_callcenter_says_it(command: str) -> None:
    assert config(client(switch()), command) == REFUSED[command]


def test_members_are_counted_and_listed_by_their_state() -> None:
    pbx = switch(2)
    pbx.advance(START + 600.0)
    lead = client(pbx)
    rows = config(lead, "queue list members consult@default").split("\n")[1:-2]
    assert config(lead, "queue count members consult@default") == f"{len(rows)}\n"
    assert config(lead, "queue count") == "4\n"
    waiting = sum(row.split("|")[-2] in ("Waiting", "Trying") for row in rows)
    (consult,) = [queue for queue in pbx.floor.queues() if queue.name == "consult"]
    assert waiting == len(consult.waiting)


def test_agents_of_a_queue_are_chosen_by_status_and_state() -> None:
    lead = client(switch())
    everybody = config(lead, "queue list agents consult@default").count("@default|single_box")
    ready = config(lead, "queue list agents consult@default Available").count("@default|single_box")
    assert 0 < ready <= everybody
    assert config(lead, "queue list agents consult@default 'Logged Out' Idle") == "+OK\n"


def test_the_switch_tells_of_itself() -> None:
    pbx = switch()
    pbx.advance(START + 60.0)
    lead = client(pbx)
    assert answer(lead, "status").startswith("UP 0 years, 0 days, 0 hours, 6 minutes, 0 seconds")
    assert answer(lead, "version").startswith("FreeSWITCH Version 1.10.12-release")
    assert answer(lead, "uptime") == "360\n"
    assert answer(lead, "strepoch") == str(int(START + 60))
    assert answer(lead, "show calls").endswith(" total.\n")
