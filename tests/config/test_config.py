"""Configuration: what it means, and every mistake by its path, all at once."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from ccwall.adapter import Adapter, Directory, Mode, Session
from ccwall.config import Config, journal_folder, load, policy
from ccwall.errors import ConfigError
from ccwall.events import AgentId, Measure, QueueId, SourceId


class FakeSettings(msgspec.Struct, frozen=True, kw_only=True):
    username: str
    secret: str
    every: float = 60.0
    tries: int = 3


def _no_session(_settings: msgspec.Struct, _directory: Directory, _mode: Mode) -> Session:
    raise AssertionError("configuration makes no sessions")


FAKES: Mapping[str, Adapter] = {
    "fake-pbx": Adapter(
        name="fake-pbx", protocol="fake", port=5038, settings=FakeSettings, session=_no_session
    )
}
SOURCE = """
[[source]]
name = "pbx1"
type = "fake-pbx"
url = "tcp://pbx.example"
username = "wall"
secret = { env = "FAKE_SECRET" }
"""
Load = Callable[[str], Config]
Mistakes = Callable[[str], dict[str, str]]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.setenv("FAKE_SECRET", "hunter2")
    monkeypatch.setenv("WALL_TOKEN", "0123456789abcdef")
    monkeypatch.delenv("NOT_SET", raising=False)

    def read(text: str) -> Config:
        file = tmp_path / "ccwall.toml"
        file.write_text(text, encoding="utf-8")
        return load(file, FAKES)

    return read


@pytest.fixture
def mistakes(read: Load) -> Mistakes:
    def mistakes(text: str) -> dict[str, str]:
        with pytest.raises(ConfigError) as caught:
            read(text)
        found = dict(caught.value.mistakes)
        assert len(found) == len(caught.value.mistakes), "two mistakes with one path"
        return found

    return mistakes


def test_an_empty_file_is_what_holds_when_nothing_is_configured(read: Load) -> None:
    assert msgspec.structs.replace(read(""), file="", digest="") == Config()


def test_a_source_has_its_adapters_settings_and_its_secret(read: Load) -> None:
    source = read(SOURCE + 'every = "90s"').sources[0]
    assert source.settings == FakeSettings(username="wall", secret="hunter2", every=90.0)
    assert str(source.address) == "tcp://pbx.example:5038"
    assert source.secrets == ("hunter2",)


def test_a_secret_may_be_in_a_file(read: Load, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter3\n")
    config = read(SOURCE.replace('env = "FAKE_SECRET"', f'file = "{tmp_path}/secret"'))
    assert config.sources[0].secrets == ("hunter3",)


def test_a_queue_is_mapped_to_one_or_many_native_queues(read: Load) -> None:
    config = read(
        SOURCE
        + SOURCE.replace("pbx1", "pbx2")
        + """
[[queue]]
id = "consult"
name = { zh-CN = "咨询", en = "Consult" }
native = [{ source = "pbx1", name = "consult" }, { source = "pbx2", name = "1000" }]
threshold = "30s"
wrap_up = "1m"

[[queue]]
source = "pbx2"
native = "promo"
name = "Promotion"
"""
    )
    consult, promo = config.queues
    assert consult.natives == ((SourceId("pbx1"), "consult"), (SourceId("pbx2"), "1000"))
    assert (consult.card.threshold, consult.wrap_up, consult.card.order) == (30.0, 60.0, 1)
    assert promo.id == "pbx2/promo"
    assert promo.card.names == dict.fromkeys(("zh-CN", "zh-TW", "en"), "Promotion")


def test_queues_inherit_the_defaults(read: Load) -> None:
    config = read(SOURCE + '[defaults]\nthreshold = "15s"\nwrap_up = "3s"\n[[queue]]\nnative = "consult"\n')
    assert config.queues[0].card.threshold == config.default.threshold == 15.0
    assert config.queues[0].wrap_up == 3.0


def test_the_only_source_need_not_be_named_again(read: Load) -> None:
    assert read(SOURCE + '[[queue]]\nnative = "consult"\n').queues[0].natives == (("pbx1", "consult"),)


def test_an_agent_has_names_and_interfaces(read: Load) -> None:
    config = read(
        SOURCE
        + """
[[agent]]
id = "a1"
name = "张三"
team = "A"
seat = "12"
interfaces = { pbx1 = ["PJSIP/1001", "SIP/1001"] }
"""
    )
    agent = config.agents[0]
    assert agent.interfaces == {"pbx1": ("PJSIP/1001", "SIP/1001")}
    assert (agent.card.names["zh-TW"], agent.card.team, agent.card.seat) == ("张三", "A", "12")


def test_the_policy_has_all_that_the_engine_needs_and_no_secret(read: Load) -> None:
    config = read(
        SOURCE
        + '[site]\nzone = "Asia/Shanghai"\nday_starts = 4\ninterval = "30m"\n[not_ready]\nlunch = "meal"\n'
        '[[agent]]\nid = "a1"\n[[queue]]\nid = "q1"\nnative = "consult"\n'
    )
    found = policy(config)
    assert (found.zone, found.day_starts, found.interval) == ("Asia/Shanghai", 4, 1800)
    assert found.not_ready_kinds == {"lunch": "meal"}
    assert set(found.agents) == {AgentId("a1")}
    assert set(found.queues) == {QueueId("q1")}
    assert b"hunter2" not in msgspec.json.encode(found)


def test_a_queue_has_its_formula_and_thresholds_of_single_formulas(read: Load) -> None:
    config = read(
        SOURCE
        + """
[defaults]
variant = "offered"
flow_outs = "count"
patience = "2m"
team = "A"
service_levels = { offered = { threshold = "20s", short = "5s" }, answered = { threshold = "15s" } }
[[queue]]
native = "consult"
variant = "abandon_positive"
callbacks = "removed"
service_levels.offered.threshold = "30s"
patience = "0s"
[[queue]]
native = "promo"
team = ""
"""
    )
    consult, promo = (queue.card for queue in config.queues)
    assert (consult.variant, promo.variant, config.default.variant) == (
        "abandon_positive",
        "offered",
        "offered",
    )
    assert (consult.flow_outs, consult.callbacks, promo.callbacks) == ("count", "removed", "exclude")
    assert consult.measures == {
        "offered": Measure(threshold=30, short=5),
        "answered": Measure(threshold=15),
    }
    assert promo.measures["offered"] == Measure(threshold=20, short=5)
    assert (consult.patience, promo.patience) == (None, 120.0)
    assert (consult.team, promo.team) == ("A", "")


def test_lines_are_described_or_made_from_their_names(read: Load) -> None:
    config = read(
        SOURCE
        + """
[defaults]
service_level_target = 0.75
answer_rate_target = 0.9
satisfaction_target = 0.7
[[line]]
id = "outreach"
name = { zh-CN = "回访", en = "Follow-up" }
direction = "out"
order = 7
connect_rate_target = 0.4
[[line]]
id = "service"
service_level_target = 0.85
satisfaction_target = 0.9
[[queue]]
native = "consult"
line = "service"
satisfaction_target = 0.6
[[queue]]
native = "promo"
line = "推广"
"""
    )
    lines = policy(config).lines
    assert list(lines) == ["outreach", "service", "推广"]
    outreach, service, promo = lines.values()
    assert (outreach.direction, outreach.order, outreach.connect_rate_target) == ("out", 7, 0.4)
    assert (outreach.service_level_target, promo.service_level_target) == (0.75, 0.75)
    assert (service.direction, service.order, service.completion_target) == ("in", 2, 0.9)
    assert (service.service_level_target, service.answer_rate_target) == (0.85, 0.9)
    assert [line.satisfaction_target for line in (outreach, service, promo)] == [0.7, 0.9, 0.7]
    assert [queue.card.satisfaction_target for queue in config.queues] == [0.6, 0.7]
    assert (promo.names["en"], promo.order, promo.answer_rate_target) == ("推广", 8, 0.9)


def test_a_source_may_stand_at_a_site_of_its_own(read: Load) -> None:
    second = SOURCE.replace("pbx1", "pbx2") + 'site = "beijing"\n'
    found = policy(read(SOURCE + second + "[site]\ncalls_target = 90\n"))
    assert found.places == {"pbx2": "beijing"}
    assert found.calls_target == 90


@pytest.mark.parametrize(
    ("text", "path", "part"),
    [
        ('[defaults]\nvariant = "ofered"', "defaults.variant", 'did you mean "offered"'),
        ('[defaults]\nflow_outs = "yes"', "defaults.flow_outs", "one of exclude, count"),
        ("[defaults]\ncallbacks = true", "defaults.callbacks", "one of exclude, removed"),
        ("[defaults]\npatience = 60", "defaults.patience", "must be a duration"),
        (
            "[defaults.service_levels]\nofered = {}",
            "defaults.service_levels.ofered",
            'did you mean "offered"',
        ),
        (
            '[defaults]\nservice_levels = { offered = { threshold = "20.5s" } }',
            "defaults.service_levels.offered.threshold",
            "whole seconds",
        ),
        (
            '[defaults]\nservice_levels = { offered = { short = "601s" } }',
            "defaults.service_levels.offered.short",
            "at most 600 s",
        ),
        (
            "[defaults]\nservice_levels = { offered = { target = 0.8 } }",
            "defaults.service_levels.offered.target",
            "not a key I know",
        ),
        ("[defaults]\nservice_levels = 20", "defaults.service_levels", "must be a table"),
        ('[[line]]\nname = "x"', "line[1].id", "is missing"),
        ('[[line]]\nid = "a"\n[[line]]\nid = "a"', "line[2].id", "already the id of another line"),
        ('[[line]]\nid = "a"\ndirection = "inbound"', "line[1].direction", "one of in, out"),
        ('[[line]]\nid = "a"\ncompletion_target = 90', "line[1].completion_target", "write 80 % as 0.8"),
        ("[site]\ncalls_target = 0", "site.calls_target", "from 1 to 10000"),
        (SOURCE + "site = 1", "source[1].site", "must be text"),
        (SOURCE + '[[queue]]\nnative = "a"\nteam = 3', "queue[1].team", "must be text"),
    ],
)
def test_a_mistake_in_formulas_and_lines_is_told(mistakes: Mistakes, text: str, path: str, part: str) -> None:
    found = mistakes(text)
    assert list(found) == [path]
    assert part in found[path]


def test_a_source_of_no_type_is_told_which_there_are(mistakes: Mistakes) -> None:
    found = mistakes('[[source]]\nname = "x"\nurl = "tcp://h:1"')
    assert list(found) == ["source[1].type"]
    assert found["source[1].type"].startswith("is missing: write one of fake-pbx")


def test_a_file_saved_by_notepad_is_read(read: Load) -> None:
    assert read("\ufeff[site]\nzone = 'Asia/Taipei'\n").site.zone == "Asia/Taipei"


def test_to_look_at_recordings_no_secret_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAKE_SECRET", raising=False)
    file = tmp_path / "ccwall.toml"
    file.write_text('[web]\ntoken = { env = "NOT_SET" }\n' + SOURCE)
    assert load(file, FAKES, observe=True).sources[0].settings == FakeSettings(username="wall", secret="")


def test_every_mistake_is_told_with_its_path_in_one_go(mistakes: Mistakes) -> None:
    found = mistakes(
        """
colour = "red"
[site]
zone = "Asia/Shangai"
day_starts = 24
interval = "20m"
[web]
port = "8800"
token = "in the clear"
tls_cert = "/nowhere"
[defaults]
threshold = 20
service_level_target = 80
waiting_limit = true
[[source]]
type = "fake-pbxx"
url = "tcp://host"
[[source]]
name = "pbx1"
type = "fake-pbx"
url = "udp://pbx:1"
usrname = "wall"
secret = "hunter2"
every = "soon"
tries = "three"
[[source]]
name = "pbx1"
type = "fake-pbx"
url = "tcp://host:99999"
username = "wall"
secret = { env = "NOT_SET" }
[[queue]]
native = "consult"
source = "pbx9"
[[queue]]
native = "consult"
source = "pbx1"
name = { fr = "Conseil" }
[[queue]]
native = "consult"
source = "pbx1"
[[agent]]
id = "a1"
interfaces = { pbx1 = ["SIP/1"] }
[[agent]]
id = "a1"
interfaces = { pbx1 = ["SIP/1"], pbx7 = "SIP/2" }
[[agent]]
team = 5
[not_ready]
lunch = "dinner"
"""
    )
    told = {
        "colour": "not a key I know",
        "site.zone": '"Asia/Shangai" is not an IANA time zone',
        "site.day_starts": "from 0 to 23",
        "site.interval": "one of 15m, 30m",
        "web.port": "whole number",
        "web.token": "does not belong in this file",
        "web.tls_cert": "is not a file",
        "web.tls_key": "is missing",
        "defaults.threshold": 'a duration like "20s"',
        "defaults.service_level_target": "write 80 % as 0.8",
        "defaults.waiting_limit": "whole number",
        "source[1].name": "is missing",
        "source[1].type": 'did you mean "fake-pbx"?',
        "source[2].url": "no transport for this source",
        "source[2].usrname": 'did you mean "username"?',
        "source[2].username": "is missing",
        "source[2].secret": "does not belong in this file",
        "source[2].every": '"soon" is not a duration',
        "source[2].tries": "Expected `int`",
        "source[3].name": "already the name of another source",
        "source[3].url": "port must be from 1 to 65535",
        "source[3].secret": '"NOT_SET" is not set',
        "queue[1].source": '"pbx9" is not the name of a [[source]]',
        "queue[2].name": '"fr" is not a language',
        "queue[3].native": "is already queue[2]",
        "queue[3].id": "already the id",
        "agent[2].id": "already the id",
        "agent[2].interfaces.pbx7": "is not the name of a [[source]]",
        "agent[3].id": "is missing",
        "agent[3].team": "must be text",
        "not_ready.lunch": "one of break, meal",
    }
    assert set(found) == set(told)
    assert {path: part for path, part in told.items() if part not in found[path]} == {}


def test_one_interface_is_one_person(mistakes: Mistakes) -> None:
    found = mistakes(
        SOURCE
        + '[[agent]]\nid = "a1"\ninterfaces.pbx1 = "SIP/1"\n[[agent]]\nid = "a2"\ninterfaces.pbx1 = ["SIP/1", "SIP/2"]\n'
    )
    assert found == {"agent[2].interfaces.pbx1": '"SIP/1" is already the agent "a1"'}


@pytest.mark.parametrize(
    ("text", "path", "part"),
    [
        ("[site]\nzone = \n", "toml", "line 2"),
        ("[site]\n[site]\n", "toml", "line 2"),
        ("x = " + "[" * 100_000, "toml", ""),
        ("x = " + "9" * 5_000, "toml", ""),
        ('site = "here"', "site", "must be a table [site]"),
        ('[source]\nname = "pbx1"', "source", "two brackets"),
        ("source = [1]", "source[1]", "must be a table"),
        ("[site]\nzone = 5", "site.zone", "must be text"),
        ('[site]\nzone = "../../etc/passwd"', "site.zone", "not an IANA time zone"),
        ('[site]\nname = ""', "site.name", "must be text"),
        ('[defaults]\nthreshold = "-5s"', "defaults.threshold", "must be a duration"),
        ('[defaults]\nthreshold = "9999h"', "defaults.threshold", "at most"),
        ('[web]\ntoken = { env = "FAKE_SECRET" }', "web.token", "16 to 512 characters"),
        ('[web]\ntoken = { file = "/" }', "web.token", "cannot read"),
        ("[web]\nport = 0", "web.port", "from 1 to 65535"),
        (SOURCE.replace("tcp://pbx.example", "pbx.example"), "source[1].url", "not an address"),
        (SOURCE.replace("tcp://pbx.example", "http://pbx.example"), "source[1].url", "not a transport"),
        (SOURCE.replace('"pbx1"', '"a/b"'), "source[1].name", '"/"'),
    ],
)
def test_each_mistake_is_told_where_it_is(mistakes: Mistakes, text: str, path: str, part: str) -> None:
    found = mistakes(text)
    assert list(found) == [path]
    assert part in found[path]


def test_a_message_never_quotes_at_length_nor_control_characters(mistakes: Mistakes) -> None:
    (text,) = mistakes(f'[site]\ninterval = "\\u001b[31m{"x" * 10_000}"').values()
    assert len(text) < 200
    assert "\x1b" not in text


@pytest.mark.parametrize(("content", "part"), [(b"\xff\xfe\x00", "UTF-8"), (b"\x00\x01", "line 1")])
def test_binary_garbage_is_one_mistake(tmp_path: Path, content: bytes, part: str) -> None:
    file = tmp_path / "ccwall.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=part):
        load(file, FAKES)


def test_a_file_of_100_mb_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "ccwall.toml"
    with file.open("wb") as sparse:
        sparse.truncate(100_000_000)
    with pytest.raises(ConfigError, match="larger than 4 MiB"):
        load(file, FAKES)


@pytest.mark.parametrize("name", ["absent.toml", "."])
def test_what_is_no_readable_file_is_said_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / name, FAKES)


def test_a_key_of_thousands_of_parts_is_refused_before_it_costs_anything(mistakes: Mistakes) -> None:
    assert "nested too deeply" in mistakes(f"{'a.' * 50_000}b = 1")["toml"]
    assert "nested too deeply" in mistakes(f"[{'a.' * 50_000}b]")["toml"]


def test_the_house_keeps_its_own_name(mistakes: Mistakes) -> None:
    assert "must not be" in mistakes(SOURCE.replace("pbx1", "ccwall"))["source[1].name"]


@pytest.mark.parametrize(
    ("secret", "part"), [("\udcff" * 20, "not UTF-8"), ("w" * 20 + "\r\nx", "line break")]
)
def test_a_secret_is_one_line_of_text(
    mistakes: Mistakes, monkeypatch: pytest.MonkeyPatch, secret: str, part: str
) -> None:
    monkeypatch.setenv("ODD_TOKEN", secret)
    assert part in mistakes('[web]\ntoken = { env = "ODD_TOKEN" }')["web.token"]


@pytest.mark.parametrize("host", ["", "a b", "127.0.0.1\\n"])
def test_the_web_listens_on_an_address(mistakes: Mistakes, host: str) -> None:
    assert "not an address to listen on" in mistakes(f'[web]\nhost = "{host}"')["web.host"]


@pytest.mark.parametrize(
    ("written", "wrong", "told"),
    [
        ('keep = "1d"', "keep", 'at least "2d"'),
        ("enabled = 1", "enabled", "true or false"),
        ('wire_limit = "2GB"', "wire_limit", '"512MiB"'),
        ('wire_limit = "1MiB"', "wire_limit", "at least 16MiB"),
        ("wire_days = -1", "wire_days", "whole number"),
        ('folder = ""', "folder", "must name a folder"),
    ],
)
def test_a_mistake_in_the_journal_is_told(mistakes: Mistakes, written: str, wrong: str, told: str) -> None:
    found = mistakes(f"{SOURCE}\n[journal]\n{written}\n")
    assert list(found) == [f"journal.{wrong}"]
    assert told in found[f"journal.{wrong}"]


def test_the_journal_lies_beside_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "ccwall.toml"
    file.write_text("")
    assert journal_folder(load(file)) == tmp_path / "journal"
    file.write_text('[journal]\nfolder = "../elsewhere"\n')
    assert journal_folder(load(file)) == tmp_path / "../elsewhere"
    file.write_text('[journal]\nfolder = "/var/lib/ccwall"\n')
    assert journal_folder(load(file)) == Path("/var/lib/ccwall")


def test_pages_of_these_places_may_be_shown_and_those_may_show_the_wall(read: Load) -> None:
    web = read(
        '[web]\nembed = ["https://Status.example.com/", "https://a.example:8443"]\nframe_ancestors = "https://portal.example:443"'
    ).web
    assert web.embed == ("https://status.example.com", "https://a.example:8443")
    assert web.frame_ancestors == ("https://portal.example",)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("http://status.example.com", "must begin with https://"),
        ("status.example.com", "must begin with https://"),
        ("https://status.example.com/wall", "like https://status.example.com"),
        ("https://*.example.com", "must name a host"),
        ("https://a.example; script-src *", "without blanks"),
    ],
)
def test_a_place_is_scheme_and_host(mistakes: Mistakes, text: str, what: str) -> None:
    assert what in mistakes(f'[web]\nembed = ["{text}"]')["web.embed"]


def test_only_so_many_places_fit_into_a_header(mistakes: Mistakes) -> None:
    places = ", ".join(f'"https://h{n}.example"' for n in range(33))
    assert "32 are the most" in mistakes(f"[web]\nembed = [{places}]")["web.embed"]
