"""Scenario files: the shipped ones work, and every mistake in one is named by its path."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from ccwall import config
from ccwall.events import SourceId
from ccwall_adapters.csta_xml.settings import CstaSettings
from ccwall_simulators.callcentre import CallCentre, Scenario, load_scenario, shipped_scenarios
from ccwall_simulators.callcentre.reading import ScenarioError, read
from ccwall_simulators.callcentre.scenario import Product
from ccwall_simulators.csta import CstaSwitch
from ccwall_simulators.freeswitch import FreeSwitchPbx
from ccwall_simulators.freeswitch.names import queue_name

START = 1_795_312_800.0
WANTED = {
    "agents_walk_out",
    "demo",
    "lunch",
    "monday_peak",
    "pbx_restart",
    "quiet_night",
    "small_floor",
}


def test_the_promised_ones_are_shipped() -> None:
    assert set(shipped_scenarios()) >= WANTED


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_shipped_scenario_lives(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.key == name
    assert CallCentre(scenario, 1, START).advance(START + 60.0)


@pytest.mark.parametrize("name", sorted(WANTED))
def test_its_configuration_is_one_for_ccwall(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMI_SECRET", "secret")
    scenario = load_scenario(name)
    own = 'username = "ccwall"\nsecret = { env = "AMI_SECRET" }\n'
    text = scenario.configuration(source="pbx1", url="tcp://127.0.0.1:5039", own=own)
    read_back = config.read(tomllib.loads(text), name)
    assert [queue.natives[0][1] for queue in read_back.queues] == [queue.name for queue in scenario.queue]
    assert [agent.id for agent in read_back.agents] == [agent.id for agent in scenario.agents()]
    assert read_back.sources[0].address.port == 5039


def test_every_interface_on_the_floor_is_somebody_in_the_configuration() -> None:
    scenario = load_scenario("small_floor")
    text = scenario.configuration(own='username = "x"\nsecret = { env = "HOME" }')
    known = {
        (agent.id, interface)
        for agent in config.read(tomllib.loads(text), "").agents
        for interface in agent.interfaces[SourceId("pbx1")]
    }
    floor = CallCentre(scenario, 1, START)
    floor.advance(START)
    assert {(m.agent, m.interface) for queue in floor.queues() for m in queue.members} <= known


OWN: Mapping[Product, str] = {
    "asterisk": 'username = "x"\nsecret = { env = "HOME" }',
    "freeswitch": 'password = { env = "HOME" }',
    "csta": "",
}


@pytest.mark.parametrize("product", OWN)
@pytest.mark.parametrize("name", ["small_floor", "demo"])
def test_behind_every_product_its_configuration_has_the_words_of_that_product(
    name: str, product: Product
) -> None:
    scenario = load_scenario(name)
    text = scenario.configuration(own=OWN[product], product=product)
    found = config.read(tomllib.loads(text), "")
    floor = CallCentre(scenario, 1, START)
    queues = {each.natives[0][1] for each in found.queues}
    people = {each for agent in found.agents for each in agent.interfaces[SourceId("pbx1")]}
    if product == "csta":
        switch, settings = CstaSwitch(floor, start=START), found.sources[0].settings
        assert isinstance(settings, CstaSettings)
        assert {number: queue for queue, number in switch.groups.items()} == settings.groups
        assert sorted(settings.all_devices()) == list(switch.phones)
        assert queues == set(switch.groups)
        assert {agent.id for agent in scenario.agents()} <= people
    elif product == "freeswitch":
        pbx = FreeSwitchPbx(floor, start=START)
        assert queues == {queue_name(queue.name) for queue in floor.queues()}
        assert set(pbx.acd.agents) <= people
    else:
        assert {member.interface for queue in floor.queues() for member in queue.members} <= people
    assert scenario.source(own=OWN[product], product=product) in text


def test_the_names_of_the_demo_are_in_three_languages() -> None:
    text = load_scenario("demo").configuration(own='username = "x"\nsecret = { env = "HOME" }')
    read_back = config.read(tomllib.loads(text), "demo")
    assert all(set(queue.card.names) == {"zh-CN", "zh-TW", "en"} for queue in read_back.queues)
    assert [line.names["zh-TW"] for line in read_back.lines.values()] == ["客戶服務", "回訪推廣"]
    assert {queue.card.line for queue in read_back.queues} == set(read_back.lines)
    assert len({agent.card.team for agent in read_back.agents}) == 3
    assert read_back.not_ready["午餐"] == "meal"


MISTAKES = [
    ('[flor]\nname = "x"', "flor", "did you mean"),
    ('[floor]\nwarmth = "5m"', "floor.warmth", "is not a key I know"),
    ("[floor]\nwarm = 300", "floor.warm", "text in quotes"),
    ('[floor]\nwarm = "soon"', "floor.warm", "is not a duration"),
    ('[floor]\nstart = "25:00"', "floor.start", "is not a time of day"),
    ('[floor]\nzone = "Mars/Base"', "floor.zone", "time zone"),
    ('[[queue]]\ntitle = "x"', "queue[1].name", "is missing"),
    ('[[queue]]\nname = "a"\n[[queue]]\nname = "a"', "queue[2]", "already"),
    ('[[queue]]\nname = "a"\nstrategy = "best"', "queue[1].strategy", "best"),
    ('[[queue]]\nname = "a"\noverflow = "b"', "queue[1].overflow", "is not the name of a queue"),
    ('[[line]]\nid = "l"\n[[queue]]\nname = "a"\nline = "m"', "queue[1].line", "is not the name of a line"),
    ('[[line]]\nid = "l"\n[[line]]\nid = "l"', "line[2]", "already"),
    ('[[queue]]\nname = "a"\nprofile = "b"', "queue[1].profile", "is not the name of a profile"),
    ('[[queue]]\nname = "a"\ntalk = "0s"', "queue[1].talk", "must be from"),
    ('[[queue]]\nname = "a"\nkey = 3', "queue[1].key", "must be from 0 to 1"),
    ('[[queue]]\nname = "a"\n[queue.wall]\nthreshhold = "5s"', "queue[1].wall.threshhold", "threshold"),
    ('[[agent]]\nid = "1"\nqueues = { a = 0 }', "agent[1]", "is not the name of a queue"),
    ('[[agent]]\nid = "1"\nshift = "day"', "agent[1].shift", "is not the name of a shift"),
    (
        '[[agent]]\nid = "1"\nmembers = [{ queue = "a", phone = "b" }]',
        "agent[1].members[1].phone",
        "is not a key I know",
    ),
    ("[[crowd]]\ncount = 2\nfirst = 7\n[[crowd]]\ncount = 1\nfirst = 8", "agent[3]", "already"),
    ("[callers]\nshort = 20", "callers.short", "must be from 0 to 1"),
    ('[[breaks]]\nreasons = ["x"]', "breaks[1]", "either at or every"),
    ('[profile]\nday = [["10:00", 1.0], ["09:00", 1.0]]', "profile.day", "order of time"),
    ('[profile]\nday = [["10:00", "high"]]', "profile.day[1][2]", "float"),
    ('[[fault]]\nat = "10:30"\nname = "earthquake"', "fault[1].name", "earthquake"),
    ("queue = 3", "queue", "list of tables"),
    ("[[queue]\n", "toml", ""),
]


@pytest.mark.parametrize(("text", "path", "words"), MISTAKES)
def test_a_mistake_is_named_by_its_path(text: str, path: str, words: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        read(text, "test.toml")
    ((where, what),) = raised.value.mistakes
    assert where == path
    assert words in what


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(ScenarioError) as raised:
        read('nonsense = 1\n[floor]\nwarm = 3\n[[queue]]\nnam = "x"\n', "test.toml")
    assert {path for path, _ in raised.value.mistakes} == {
        "nonsense",
        "floor.warm",
        "queue[1].nam",
        "queue[1].name",
    }


def test_an_unknown_name_is_told_the_names() -> None:
    with pytest.raises(ScenarioError, match=r'did you mean "demo"\?'):
        load_scenario("demmo")


def test_a_file_of_ones_own_is_loaded_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[queue]]\nname = "a"\ncalls_per_minute = 1.0\n', encoding="utf-8")
    scenario = load_scenario(path)
    assert isinstance(scenario, Scenario)
    assert scenario.key == "mine"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x = 1\n" * 400_000])
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"UTF-8|1 MiB"):
        load_scenario(path)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(tmp_path / "none.toml")


def test_timed_faults_are_there_for_the_line() -> None:
    faults = load_scenario("pbx_restart").fault
    assert [(fault.name, fault.seconds) for fault in faults][:2] == [("restart", 12.0), ("half_open", 30.0)]
