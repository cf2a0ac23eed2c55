"""What an operator types about the journal, and what is answered."""

import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccwall.cli import app
from ccwall.clock import SystemClock
from ccwall.config import SITE
from ccwall.history import cannot_write, open_folder

CONFIG = """
[web]
token = {{ env = "CCWALL_TEST_TOKEN" }}
[journal]
folder = "{folder}"
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://pbx.example"
username = "wall"
secret = {{ env = "CCWALL_TEST_TOKEN" }}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCWALL_TEST_TOKEN", "0123456789abcdef")
    file = tmp_path / "ccwall.toml"
    file.write_text(CONFIG.format(folder="journal"))
    return file


def answer(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return found.exit_code, found.output


def test_a_folder_that_cannot_be_written_is_a_mistake_of_the_configuration(config: Path) -> None:
    config.write_text(CONFIG.format(folder="ccwall.toml/journal"))
    code, said = answer("check", str(config))
    assert code == 2
    assert "journal.folder: " in said
    assert "cannot be written: Not a directory" in said
    assert "[journal] folder" in said


def test_to_check_makes_no_folder(config: Path) -> None:
    assert answer("check", str(config))[0] == 0
    assert not (config.parent / "journal").exists()


def test_the_disk_of_a_folder_that_is_not_there_yet_is_tried() -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert cannot_write(Path(folder) / "a" / "b") == ""
        assert list(Path(folder).iterdir()) == []


def test_serve_says_who_has_the_journal(config: Path) -> None:
    opened = open_folder(config.parent / "journal", SystemClock(), SITE)
    try:
        code, said = answer("serve", "-c", str(config))
    finally:
        opened.lock.release()
    assert code == 1
    assert "is the journal of another running ccwall (process " in said
    assert "stop that one first" in said


def test_retranslate_says_that_there_is_no_journal(config: Path) -> None:
    code, said = answer("retranslate", "today", "-c", str(config))
    assert code == 1
    assert "has no journal.sqlite" in said


def test_retranslate_says_which_day_it_did_not_understand(config: Path) -> None:
    code, said = answer("retranslate", "tomorrow", "-c", str(config))
    assert code == 2
    assert "no day like 20" in said
