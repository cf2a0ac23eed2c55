"""What the commands say when all is well."""

import json
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from ccwall import __version__
from ccwall.cli import app
from ccwall.events import Envelope
from ccwall_simulators import rounds

RECORDING = str(rounds.shipped()[0])
COMMANDS = (
    "serve",
    "demo",
    "check",
    "decode",
    "devices",
    "record",
    "replay",
    "retranslate",
    "roster",
    "simulate",
)


def invoke(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result


def test_it_says_its_version() -> None:
    assert invoke("--version").stdout == f"ccwall {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    assert f"ccwall {command}" in invoke(command, "--help").stdout.partition("Example")[2]


def test_the_simulated_asterisk_explains_itself_with_an_example() -> None:
    explained = invoke("simulate", "asterisk", "--help").stdout
    assert "ccwall simulate asterisk --port" in explained.partition("Example")[2]


def test_the_list_of_commands_is_not_cut() -> None:
    listing = CliRunner().invoke(app, ["--help"], terminal_width=80).stdout
    assert all(command in listing for command in COMMANDS)
    assert "...\n" not in listing.partition("Commands:")[2]


def test_the_help_names_sections_as_they_are_written() -> None:
    assert "[[source]]" in invoke("check", "--help").stdout


def test_decode_prints_envelopes_in_order() -> None:
    envelopes = [
        msgspec.json.decode(line, type=Envelope) for line in invoke("decode", RECORDING).stdout.splitlines()
    ]
    assert len(envelopes) > 100
    assert [each.seq for each in envelopes] == list(range(1, len(envelopes) + 1))
    assert {each.source for each in envelopes} == {"asterisk-ami"}


def test_decode_uses_the_names_of_a_configuration() -> None:
    out = invoke("decode", RECORDING, "-c", str(rounds.configuration())).stdout
    assert {json.loads(line)["source"] for line in out.splitlines()} == {"pbx1"}
    assert '"agent":"1001"' in out


KEYS = [
    "queue", "call", "caller", "queued", "outcome", "cause", "answered", "ended", "end", "wait",
    "declared_wait", "talk", "agent", "agent_name", "member", "interface", "inferred",
]  # fmt: skip


def test_visits_have_every_key_and_null_for_the_unknown(tmp_path: Path) -> None:
    out = tmp_path / "visits"
    invoke("replay", RECORDING, "--contacts", str(out))
    visits = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert all(list(visit) == KEYS for visit in visits)
    assert {visit["queue"] for visit in visits} == {"consult", "callback", "promo", "complaint", "overflow"}
    waiting = [visit for visit in visits if visit["outcome"] == "abandoned"]
    assert all(visit["answered"] is visit["agent"] is visit["talk"] is None for visit in waiting)
    assert all(visit["caller"].isdigit() for visit in visits)


def test_visits_and_numbers_may_both_be_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "visits"
    numbers = json.loads(invoke("replay", RECORDING, "--json", "--contacts", str(out)).stdout)
    offered = sum(queue["offered"] for queue in numbers["queues"].values())
    assert offered == len(out.read_text().splitlines())


def test_a_replay_says_a_table_when_nothing_else_is_asked() -> None:
    lines = invoke("replay", RECORDING).stdout.splitlines()
    assert lines[0].split()[:3] == ["queue", "offered", "answered"]
    assert [line.split()[0] for line in lines[1:]] == [
        "callback",
        "complaint",
        "consult",
        "overflow",
        "promo",
    ]


def test_check_says_what_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMI_SECRET", "hunter2")
    file = tmp_path / "good.toml"
    file.write_text(
        '[[source]]\nname = "pbx1"\ntype = "asterisk-ami"\nurl = "tcp://pbx"\nusername = "wall"\n'
        'secret = { env = "AMI_SECRET" }\n[[queue]]\nnative = "consult"\n'
        '[web]\ntoken = { env = "WALL_TOKEN" }\n',
    )
    monkeypatch.setenv("WALL_TOKEN", "w" * 40)
    out = invoke("check", str(file)).stdout
    assert "OK" in out
    assert "source pbx1: asterisk-ami at tcp://pbx:5038" in out
    assert "1 queue, 0 agents" in out
    assert "hunter2" not in out


def test_check_says_what_only_serve_would_refuse(tmp_path: Path) -> None:
    file = tmp_path / "recordings.toml"
    file.write_text('[site]\nname = "Floor"\n')
    refused = CliRunner().invoke(app, ["check", str(file)])
    assert refused.exit_code == 2
    assert "web.token: is missing" in refused.stderr
    assert "source: there is no [[source]]" in refused.stderr
    assert "OK" in invoke("check", "--recordings", str(file)).stdout
