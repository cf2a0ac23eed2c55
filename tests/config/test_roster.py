"""Who is who: `[[agent]]`, the roster beside it, seats and their sensors; every mistake by file, line and column."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from ccwall.adapter import Adapter, Directory, Mode, Session
from ccwall.config import Config, load, policy
from ccwall.directory import ConfiguredDirectory
from ccwall.errors import ConfigError
from ccwall.events import AgentId, DeviceId, SeatId, SourceId
from ccwall.extension import extension_of
from ccwall.sheet import LANGUAGES


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """No keys of its own."""


def _no_session(_settings: msgspec.Struct, _directory: Directory, _mode: Mode) -> Session:
    raise AssertionError("configuration makes no sessions")


def _adapter(name: str, sense: str) -> Adapter:
    return Adapter(
        name=name,
        protocol=name,
        port=5038,
        settings=Nothing,
        session=_no_session,
        sense=sense,  # type: ignore[arg-type]  # one of them
    )


ADAPTERS: Mapping[str, Adapter] = {
    name: _adapter(name, sense)
    for name, sense in (("acd", "acd"), ("sip", "phone"), ("desk", "desk"), ("mat", "seat"))
}
SOURCES = "".join(
    f'[[source]]\nname = "{name}"\ntype = "{kind}"\nurl = "tcp://{name}.example"\n'
    for name, kind in (("pbx1", "acd"), ("pbx2", "acd"), ("phones", "sip"), ("bus", "desk"), ("mats", "mat"))
)
ROSTER = '[roster]\nfile = "roster.csv"\n'
HEAD = "id,name,name.zh-CN,team,seat,extension,skills,interfaces.pbx1,interfaces.bus,note"
ROW = "a1,Anna,安娜,north,A-12,1003,vip;english,PJSIP/anna ; Local/anna@x,headset-7,new"


TAKEN = '"1003" is already that of the agent "b1": say interfaces instead, source by source'


class Folder:
    """A configuration and what is beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, text: str = "", *rows: str, content: bytes | None = None) -> Config:
        if rows or content is not None:
            csv = "\n".join([HEAD, *rows]).encode() if content is None else content
            (self.path / "roster.csv").write_bytes(csv)
        (self.path / "ccwall.toml").write_text(SOURCES + text, encoding="utf-8")
        return load(self.path / "ccwall.toml", ADAPTERS, observe=True)

    def mistakes(self, text: str = "", *rows: str, content: bytes | None = None) -> dict[str, str]:
        with pytest.raises(ConfigError) as caught:
            self.load(text, *rows, content=content)
        return dict(caught.value.mistakes)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def card(config: Config, agent: str = "a1") -> object:
    return next(each.card for each in config.agents if each.id == agent)


# ── the same in both ───────────────────────────────────────────────────────────────────────────────────────────────

IN_TOML = """
[[agent]]
id = "a1"
name = { zh-CN = "安娜", zh-TW = "Anna", en = "Anna" }
team = "north"
seat = "A-12"
extension = "1003"
skills = ["vip", "english"]
interfaces.pbx1 = ["PJSIP/anna", "Local/anna@x"]
interfaces.bus = "headset-7"
"""


def test_a_row_of_the_roster_is_an_agent_like_one_of_the_configuration(folder: Folder) -> None:
    one, other = folder.load(IN_TOML), folder.load(ROSTER, ROW)
    assert one.agents == other.agents
    assert (other.roster, one.roster) == ("roster.csv", "")


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + f"{HEAD}\r\n{ROW}\r\n".encode(),
        f"{HEAD}\n\n,,,\n{ROW}\n\n".encode(),
        f'{HEAD}\n"a1","Anna","安娜",north,A-12,1003,"vip;english","PJSIP/anna;Local/anna@x",headset-7,"two\nlines"\n'.encode(),
    ],
    ids=["BOM and CRLF", "empty lines", "quotes"],
)
def test_what_a_spreadsheet_writes_is_read(folder: Folder, content: bytes) -> None:
    assert folder.load(ROSTER, content=content).agents == folder.load(IN_TOML).agents


def test_gb18030_is_read_where_it_is_said_and_refused_with_words_where_not(folder: Folder) -> None:
    content = f"{HEAD}\n{ROW}\n".encode("gb18030")
    assert (
        folder.load(ROSTER + 'encoding = "gb18030"\n', content=content).agents == folder.load(IN_TOML).agents
    )
    (told,) = folder.mistakes(ROSTER, content=content).items()
    assert told[0] == "roster.csv:2"
    assert "is not UTF-8" in told[1]
    assert 'encoding = "gb18030"' in told[1]


def test_both_may_be_used_and_the_same_person_twice_is_a_mistake(folder: Folder) -> None:
    both = folder.load(ROSTER + '[[agent]]\nid = "b1"\nextension = "1004"\n', ROW)
    assert [agent.id for agent in both.agents] == ["b1", "a1"]
    told = folder.mistakes(
        ROSTER
        + '[[agent]]\nid = "a1"\n[[agent]]\nid = "b1"\nextension = "1003"\ninterfaces.pbx1 = "PJSIP/anna"\n',
        ROW,
    )
    assert told == {
        "roster.csv:2:1 (id)": '"a1" is already the id of another agent',
        "roster.csv:2:6 (extension)": TAKEN,
        "roster.csv:2:8 (pbx1)": '"PJSIP/anna" is already the agent "b1"',
    }


def test_every_mistake_is_told_by_line_and_column(folder: Folder) -> None:
    told = folder.mistakes(
        ROSTER,
        ROW,
        ",Nobody",
        "a3,,,,,PJSIP/1003",
        "a4,,,,,1003",
        "a5,,,,,,,,headset-7",
        '"a6","two\nlines",,,,1006,,,,,one too many',
        "a1",
    )
    assert {place: told[place] for place in sorted(told)} == {
        "roster.csv:3:1 (id)": "is missing",
        "roster.csv:4:6 (extension)": '"PJSIP/1003" must be one number or word like 1003, without a technology or a host',
        "roster.csv:5:6 (extension)": '"1003" is already that of the agent "a1": say interfaces instead, source by source',
        "roster.csv:6:9 (bus)": '"headset-7" is already the agent "a1"',
        "roster.csv:7:11": '"one too many" is in no column: the first line names 10',
        "roster.csv:9:1 (id)": '"a1" is already the id of another agent',
    }


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b"", "roster.csv:1", "has no column id"),
        (b"\xef\xbb\xbf", "roster.csv:1", "has no column id"),
        ("编号,姓名\n1,张三".encode(), "roster.csv:1", "has no column id"),
        (b"id;name\n1;Anna", "roster.csv:1", "has no commas"),
        (b"id\tname\n1\tAnna", "roster.csv:1", "has no commas"),
        (b"id,nmae\n1,Anna", "roster.csv:1:2", 'did you mean "name"?'),
        (b"id,name,id\n1,Anna,2", "roster.csv:1:3", "is already column 1"),
        (b"id,interfaces.pbx7\n1,PJSIP/1", "roster.csv:2:2 (pbx7)", "is not the name of a [[source]]"),
        (b'id,name\n1,"Anna', "roster.csv:2", "is not CSV"),
        (b'id,name\n1,"An"na"\n', "roster.csv:2", "is not CSV"),
        ("id,name\n1,Anna".encode("utf-16"), "roster.csv:1", "is not UTF-8"),
        (b"id,name\n1," + b"x" * 200_000, "roster.csv:2", "is not CSV"),
    ],
)  # fmt: skip
def test_what_is_no_roster_is_refused_with_words(
    folder: Folder, content: bytes, place: str, words: str
) -> None:
    told = folder.mistakes(ROSTER, content=content)
    assert place in told
    assert words in told[place]


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('[roster]\nfile = "no.csv"\n', "roster.file", "cannot be read"),
        ('[roster]\nfile = ""\n', "roster.file", "must name a file"),
        ('[roster]\nfile = "ccwall.toml"\nencoding = "latin1"\n', "roster.encoding", "one of utf-8, gb18030"),
        ('[roster]\nfiel = "roster.csv"\n', "roster.fiel", 'did you mean "file"?'),
    ],
)
def test_where_the_roster_is_is_told_right(folder: Folder, text: str, key: str, words: str) -> None:
    assert words in folder.mistakes(text)[key]


def test_another_roster_is_another_configuration(folder: Folder) -> None:
    first, second = folder.load(ROSTER, ROW), folder.load(ROSTER, ROW.replace("Anna", "Hanna"))
    assert first.digest != second.digest
    assert first.digest == folder.load(ROSTER, ROW).digest


# ── extensions ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "1003", "PJSIP/1003", "pjsip/1003", "SIP/1003", "IAX2/1003", "SCCP/1003", "Local/1003@agents", "Local/1003@agents/n",
        "sip:1003@pbx.example", "sips:1003@pbx.example:5061;transport=tls", "<sip:1003@10.0.0.1>", '"Anna" <sip:1003@h>;tag=1',
        "tel:1003", "1003@default", "1003@10.0.0.1", "user/1003", "user/1003@office.example", "N<1003>", "N<1003>;Anna",
        "hint:1003@ext-local", "[leg_timeout=10]user/1003@default", "{a=b}user/1003",
    ],
)  # fmt: skip
def test_an_address_of_an_extension_is_its_persons_at_every_source(folder: Folder, address: str) -> None:
    config = folder.load('[[agent]]\nid = "a1"\nextension = "1003"\n')
    for source in ("pbx1", "pbx2", "phones", "bus"):
        directory = ConfiguredDirectory(SourceId(source), config)
        assert directory.agent(address) == directory.person(address) == "a1"


@pytest.mark.parametrize(
    "address",
    [
        "", "10030", "PJSIP/10030", "PJSIP/1003-x", "Agent/1003", "DAHDI/1003-1", "Queue:1003", "headset 1003", "sip:@1003",
        "sip:pbx@1003", "office@1003", "1003/PJSIP", "mqtt/1003/state", "N<>1003", "<<1003>>", "sofia/internal/1003",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_nobodys(folder: Folder, address: str) -> None:
    config = folder.load('[[agent]]\nid = "a1"\nextension = "1003"\n')
    directory = ConfiguredDirectory(SourceId("pbx1"), config)
    assert directory.person(address) is None
    assert directory.agent(address) == f"pbx1/{address}"


def test_an_interface_says_otherwise(folder: Folder) -> None:
    config = folder.load(
        '[[agent]]\nid = "a1"\nextension = "1003"\n[[agent]]\nid = "b1"\ninterfaces.pbx2 = ["SIP/1003", "login9"]\n'
    )
    one, two = (ConfiguredDirectory(SourceId(source), config) for source in ("pbx1", "pbx2"))
    assert (one.person("SIP/1003"), two.person("SIP/1003"), two.person("PJSIP/1003")) == ("a1", "b1", "a1")
    assert two.agent("PJSIP/1003", "login9") == "b1", (
        "what is said of a source comes before what holds of all"
    )


def test_who_has_the_same_extension_is_a_mistake_of_the_configuration(folder: Folder) -> None:
    told = folder.mistakes(
        '[[agent]]\nid = "a1"\nextension = "1003"\n[[agent]]\nid = "b1"\nextension = "1003"\n'
    )
    assert told == {
        "agent[2].extension": '"1003" is already that of the agent "a1": say interfaces instead, source by source'
    }


def test_nobody_is_found_by_a_word_of_any_length() -> None:
    assert extension_of("x" * 10_000) is None
    assert extension_of("<" * 1000) is None


# ── seats, conflicts, and what the engine is told ──────────────────────────────────────────────────────────────────

SEATS = """
[[seat]]
id = "A-12"
sensors.mats = ["row-a/12", "row-a/12b"]
sensors.bus = "chair-12"
[[seat]]
id = "A-13"
"""


def test_a_sensor_watches_the_seat_that_is_configured_for_it(folder: Folder) -> None:
    config = folder.load(SEATS)
    mats, bus = (ConfiguredDirectory(SourceId(source), config) for source in ("mats", "bus"))
    assert [mats.seat("row-a/12"), mats.seat("row-a/12b"), bus.seat("chair-12")] == ["A-12"] * 3
    assert (mats.seat("chair-12"), bus.seat("x")) == ("mats/chair-12", "bus/x")


def test_mistakes_of_seats(folder: Folder) -> None:
    told = folder.mistakes(SEATS + '[[seat]]\nid = "A-12"\n[[seat]]\nsensors.nope = "x"\n')
    assert told == {
        "seat[3].id": '"A-12" is already the id of another seat',
        "seat[4].id": "is missing",
        "seat[4].sensors.nope": '"nope" is not the name of a [[source]]',
    }
    told = folder.mistakes(SEATS + '[[seat]]\nid = "B-1"\nsensors.mats = "row-a/12"\n')
    assert told == {"seat[3].sensors.mats": '"row-a/12" already watches the seat "A-12"'}


def test_the_limits_of_contradictions_are_durations(folder: Folder) -> None:
    config = folder.load('[conflicts]\nready_docked = "45s"\nghost = "0s"\nwaiting_ghost = "2h"\n')
    assert policy(config).limits == {"ready_docked": 45.0, "ghost": 0.0, "waiting_ghost": 7200.0}
    told = folder.mistakes('[conflicts]\nready_dcoked = "45s"\ncall_ended = 10\n')
    assert 'did you mean "ready_docked"?' in told["conflicts.ready_dcoked"]
    assert "must be a duration" in told["conflicts.call_ended"]


def test_the_engine_is_told_whose_devices_are_and_what_is_said_of_people(folder: Folder) -> None:
    told = policy(folder.load(ROSTER, ROW))
    assert told.devices == {DeviceId("bus/headset-7"): AgentId("a1")}
    found = told.agents[AgentId("a1")]
    assert (found.seat, found.extension, found.skills) == (SeatId("A-12"), "1003", ("vip", "english"))
    assert found.names == {"zh-CN": "安娜", "zh-TW": "Anna", "en": "Anna"}
    assert set(found.names) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("person", "acd"),
    [
        ("", True),
        ('extension = "1"', True),
        ('interfaces.pbx1 = "PJSIP/1"', True),
        ('interfaces.phones = "sip:1@x"', False),
        ('interfaces.phones = "sip:1@x"\nextension = "1"', True),
        ('interfaces.bus = "h"\ninterfaces.pbx2 = "SIP/1"', True),
    ],
)
def test_of_whom_an_acd_is_to_tell(folder: Folder, person: str, acd: bool) -> None:
    config = folder.load(f'[[agent]]\nid = "a1"\n{person}\n')
    assert policy(config).agents[AgentId("a1")].acd is acd


def test_without_an_acd_nobody_waits_for_its_word(tmp_path: Path) -> None:
    text = re.sub(r'(?s)\[\[source\]\]\nname = "pbx\d".*?(?=\[\[)', "", SOURCES)
    (tmp_path / "c.toml").write_text(text + '[[agent]]\nid = "a1"\nextension = "1"\n')
    config = load(tmp_path / "c.toml", ADAPTERS, observe=True)
    assert policy(config).agents[AgentId("a1")].acd is False


def test_a_queue_of_two_pbxs_is_one_where_it_is_joined_and_two_where_not(folder: Folder) -> None:
    two = folder.load()
    joined = folder.load(
        '[[queue]]\nid = "consult"\nnative = [{ source = "pbx1", name = "consult" }, { source = "pbx2", name = "咨询" }]\n'
    )

    def queues(config: Config) -> list[str]:
        names = (("pbx1", "consult"), ("pbx2", "consult"), ("pbx2", "咨询"))
        return [ConfiguredDirectory(SourceId(source), config).queue(name) for source, name in names]

    assert queues(two) == ["pbx1/consult", "pbx2/consult", "pbx2/咨询"]
    assert queues(joined) == ["consult", "pbx2/consult", "consult"]
