"""`ccwall roster`: rows for who was seen and is on no roster."""

import csv
import io
import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ccwall import events
from ccwall.cli import app
from ccwall.config import load, policy
from ccwall.events import AgentId, AnyEvent, DeviceId, QueueId, SiteId, SourceId
from ccwall.history import store
from ccwall.history.opening import JOURNAL
from ccwall.history.rows import insertion, row_of

T = 1_795_348_800.0
TOML = """
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://pbx.example:5038"
username = "wall"
secret = { env = "NOT_SET_HERE" }

[[source]]
name = "phones"
type = "asterisk-ami"
url = "tcp://phones.example:5038"
username = "wall"
secret = { env = "NOT_SET_HERE" }

[[agent]]
id = "a1"
name = "王伟"
extension = "1001"
"""


def joined(interface: str, name: str, source: str = "pbx1") -> tuple[str, AnyEvent]:
    agent = AgentId("a1" if interface.endswith("1001") else f"{source}/{interface}")
    queue = QueueId(f"{source}/q")
    return source, events.AgentMembershipChanged(
        at=T, agent=agent, queue=queue, member=True, name=name, interface=interface
    )


def seen(key: str, kind: str = "phone", name: str = "") -> tuple[str, AnyEvent]:
    return "phones", events.DeviceSeen(at=T, device=DeviceId(f"phones/{key}"), kind=kind, name=name)


FACTS: list[tuple[str, AnyEvent]] = [
    joined("PJSIP/1001", "王伟"),
    joined("PJSIP/1003", "Anna Smith"),
    joined("Agent/77", "王伟"),
    seen("1003"),
    seen("headset 5", "headset", "anna  SMITH"),
    seen("9", "phone", "=cmd()"),
    seen("mat-1", "sensor"),
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Beside it the journal of a day."""
    file = tmp_path / "ccwall.toml"
    file.write_text(TOML, encoding="utf-8")
    (tmp_path / "journal").mkdir()
    path = tmp_path / "journal" / JOURNAL
    found = policy(load(file, observe=True))
    facts = [("ccwall", events.ConfigApplied(at=T, hash="", policy=found)), *FACTS]
    with closing(store.connect(path)) as connection:
        store.settle(connection, "journal")
        for seq, (source, event) in enumerate(facts, 1):
            envelope = events.Envelope(
                seq=seq, id=f"{seq}", source=SourceId(source), site=SiteId("site"), received=T, event=event
            )
            connection.execute(insertion(1), row_of(envelope))
    return file


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, ["roster", *arguments], input=given, catch_exceptions=False)


def rows(result: Result) -> dict[str, dict[str, str]]:
    assert result.exit_code == 0, result.stderr
    return {row["id"]: row for row in csv.DictReader(io.StringIO(result.stdout))}


def test_who_was_seen_and_is_on_no_roster_becomes_a_row_with_what_may_be_the_same(config: Path) -> None:
    found = rows(run("-c", str(config)))
    assert {id: (row["interfaces.pbx1"], row["interfaces.phones"]) for id, row in found.items()} == {
        "1003": ("PJSIP/1003", ""),
        "phones-1003": ("", "1003"),
        "Agent/77": ("Agent/77", ""),
        "headset 5": ("", "headset 5"),
        "9": ("", "9"),
    }
    assert found["1003"]["note"] == (
        "agent at pbx1; same extension 1003 as phones/1003: one person?; same name as phones/headset 5: one person?"
    )
    assert found["Agent/77"]["note"] == "agent at pbx1; same name as a1 of the roster: one person?"
    assert found["9"]["name"] == "'=cmd()", "no spreadsheet computes what came from the network"


def test_the_rows_are_a_roster_in_which_everybody_is_by_themselves(config: Path) -> None:
    before = (config.parent / "journal" / JOURNAL).read_bytes()
    text = run("-c", str(config)).stdout
    assert (config.parent / "journal" / JOURNAL).read_bytes() == before
    (config.parent / "roster.csv").write_text(text, encoding="utf-8")
    config.write_text('[roster]\nfile = "roster.csv"\n' + TOML, encoding="utf-8")
    assert len(load(config, observe=True).agents) == 6
    again = run("-c", str(config))
    assert (rows(again), again.stderr) == ({}, "everybody who was seen is on the roster\n")


def test_a_board_is_as_good_as_a_journal(config: Path) -> None:
    board = {
        "agents": {"pbx1/SIP/5": {"name": "Bo"}, "a1": {"name": "王伟"}, "pbx1/PJSIP/1001": {"name": "王伟"}},
        "strangers": {"devices": {"phones/5": {"source": "phones", "kind": "phone"}}},
    }
    found = rows(run("-c", str(config), "--from-board", "-", given=json.dumps(board)))
    assert set(found) == {"5", "phones-5"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "-c: is missing"),
        (["-c", "{config}", "--from-board", "no.json"], "no.json: cannot be read"),
        (["-c", "{config}", "--from-board", "{config}"], "is not a board"),
    ],
)
def test_what_is_wrong_is_told(config: Path, arguments: list[str], words: str) -> None:
    result = run(*(each.format(config=config) for each in arguments))
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr


def test_without_a_journal_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(TOML, encoding="utf-8")
    result = run("-c", str(tmp_path / "c.toml"))
    assert result.exit_code == 1
    assert "run ccwall serve first" in result.stderr
