"""`ccwall account`: accounts beside a journal, without a server."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccwall.access import passwords
from ccwall.access.account_file import ACCOUNTS, AccountFile
from ccwall.access.model import Kept
from ccwall.cli import app
from tests.access.desk import CHEAP, GOOD, cheaply


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(passwords, "Passwords", cheaply)
    path = tmp_path / "ccwall.toml"
    path.write_text('[web]\ntoken = { env = "NONE" }\n')
    return path


def run(config: Path, *words: str, typed: str = "") -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["account", *words, "-c", str(config)], input=typed)
    return done.exit_code, done.stdout, done.stderr


def kept(config: Path) -> Kept:
    path = config.parent / "journal" / ACCOUNTS
    if not path.exists():
        return Kept()
    file = AccountFile(path, lambda: 1.0, mends=False)
    try:
        return file.load()
    finally:
        file.close()


def test_an_account_is_made_with_a_password_that_is_printed_once(config: Path) -> None:
    status, told, _ = run(config, "add", "Chen", "--role", "manager", "--name", "陈静")
    found = kept(config).accounts["chen"]
    assert (status, found.name, found.must_change) == (0, "陈静", True)
    assert CHEAP.verify(found.password, told.strip())
    words = ("add", "wu", "--team", "A", "--team", "B", "--agent", "1001", "--password-stdin")
    assert run(config, *words, typed=f"{GOOD}\n")[0] == 0
    wu = kept(config).accounts["wu"]
    assert (wu.teams, wu.queues, wu.agent, wu.must_change) == (("A", "B"), None, "1001", False)
    assert CHEAP.verify(wu.password, GOOD)


def test_the_list_has_no_secrets(config: Path) -> None:
    run(config, "add", "chen", "--role", "manager")
    status, told, _ = run(config, "list")
    assert (status, told) == (0, "chen\tmanager\tone-time\tnever\tchen\n")


def test_disabled_and_back_and_a_new_password(config: Path) -> None:
    run(config, "add", "chen", "--role", "manager")
    run(config, "add", "wu")
    before = kept(config).accounts["wu"].password
    assert run(config, "disable", "wu")[0] == 0
    assert kept(config).accounts["wu"].disabled
    assert run(config, "disable", "wu", "--undo")[0] == 0
    status, told, _ = run(config, "password", "wu")
    after = kept(config).accounts["wu"]
    assert (status, after.disabled, after.must_change) == (0, False, True)
    assert after.password != before
    assert CHEAP.verify(after.password, told.strip())


WRONG = [
    (("add", "wu"), "first account must be a manager's"),
    (("add", "x", "--role", "manager"), "2 to 40"),
    (("add", "chen", "--role", "boss"), "none of manager"),
    (("add", "chen", "--role", "manager", "--language", "de"), "language"),
    (("password", "nobody"), "no account nobody"),
    (("disable", "nobody"), "no account nobody"),
]


@pytest.mark.parametrize(("words", "objection"), WRONG)
def test_what_is_wrong_is_said_in_one_sentence(config: Path, words: tuple[str, ...], objection: str) -> None:
    status, told, said = run(config, *words)
    assert status in {1, 2}
    assert told == ""
    assert objection in said
    assert "Traceback" not in said
    assert kept(config).accounts == {}


def test_without_a_journal_there_is_nothing_to_manage(config: Path) -> None:
    config.write_text("[journal]\nenabled = false\n")
    status, _, said = run(config, "list")
    assert status == 2
    assert "in memory only" in said
