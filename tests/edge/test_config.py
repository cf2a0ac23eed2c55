"""The file of an edge: what is right in it, and every mistake by its path; and the keys."""

import re
import stat
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccwall.cli import app
from ccwall.config import read
from ccwall.edge import is_edge, load, make_keys
from ccwall.errors import CcwallError, ConfigError
from ccwall_adapters.edge import EdgeSettings
from tests.edge.floor import BUTTON, PC, SERVER, edge_file

KNOWN = {"button": BUTTON}


def mistakes(folder: Path, text: str) -> dict[str, str]:
    file = folder / "edge.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(file, KNOWN)
    return dict(caught.value.mistakes)


SOURCE = '[[source]]\nname = "box"\ntype = "button"\nurl = "tcp://127.0.0.1:1"\n'
EDGE = '[edge]\nname = "pc"\nserver = "zmq://127.0.0.1:5570"\n'


def test_a_whole_file(tmp_path: Path) -> None:
    found = load(edge_file(tmp_path, 5570, 7000, 'spool_limit = "2MiB"'), KNOWN)
    assert (found.name, str(found.server), found.limit) == ("pc-12", "zmq://127.0.0.1:5570", 2 * 1024 * 1024)
    assert (found.dial.secret, found.dial.server_key) == (PC[1], SERVER[0])
    assert found.folder == tmp_path / "spool"
    assert [source.name for source in found.sources] == ["box"]


def test_every_mistake_is_named_in_one_go(tmp_path: Path) -> None:
    said = mistakes(
        tmp_path,
        """
[edge]
name = "a/b"
server = "tcp://x:1"
spool_limit = "1KiB"
secret = "hunter2"
folders = "x"
[[source]]
name = "box"
type = "buttons"
url = "tcp://127.0.0.1:1"
[journal]
""",
    )
    assert set(said) == {
        "edge.name",
        "edge.server",
        "edge.spool_limit",
        "edge.secret",
        "edge.folders",
        "source[1].type",
        "journal",
    }
    assert "hunter2" not in str(said)
    assert 'did you mean "button"?' in said["source[1].type"]


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        ("", "edge", "is missing"),
        (EDGE, "source", "nothing to tell"),
        ('[edge]\nname = "pc"\n' + SOURCE, "edge.server", "is missing"),
        (EDGE.replace("127.0.0.1", "ccwall.example") + SOURCE, "edge.secret", "without keys anybody"),
        (EDGE + 'server_key = "x"\n' + SOURCE, "edge.server_key", "40 letters"),
        (EDGE + f'server_key = "{SERVER[0]}"\n' + SOURCE, "edge.secret", "belong together"),
        (EDGE + 'secret = { file = "/nowhere" }\n' + SOURCE, "edge.secret", "cannot read"),
        ("edge = 3\n" + SOURCE, "edge", "must be a table"),
        ("[edge\n", "toml", ""),
    ],
)
def test_what_is_missing_or_wrong(tmp_path: Path, text: str, path: str, why: str) -> None:
    assert why in mistakes(tmp_path, text)[path]


def test_without_keys_on_this_machine_or_when_told_so(tmp_path: Path) -> None:
    for edge in (EDGE, EDGE.replace("127.0.0.1", "10.0.0.1") + "insecure = true\n"):
        (tmp_path / "edge.toml").write_text(edge + SOURCE)
        assert not load(tmp_path / "edge.toml", KNOWN).dial.secret


def test_check_reads_both_kinds_of_files(tmp_path: Path) -> None:
    file = edge_file(tmp_path, 5570, 7000)
    assert is_edge(file)
    said = CliRunner().invoke(app, ["check", str(file)])
    assert said.exit_code == 2
    assert "source[1].type" in said.output
    file.write_text(
        file.read_text()
        .replace('"button"', '"whozz-calling"')
        .replace("tcp://127.0.0.1:7000", "serial:///dev/ttyS0")
    )
    said = CliRunner().invoke(app, ["check", str(file)])
    assert said.exit_code == 0, said.output
    assert f"its line in the server's list: pc-12 {PC[0]}" in said.output
    assert PC[1] not in said.output


def test_the_examples_in_the_documentation_have_no_mistake(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "edge.md").read_text(encoding="utf-8")
    pc, server = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "pc-12.secret").write_text(PC[1])
    (tmp_path / "edge.toml").write_text(pc.replace("pc-12.secret", str(tmp_path / "pc-12.secret")))
    assert load(tmp_path / "edge.toml").name == "pc-12"
    assert [source.type for source in read(tomllib.loads(server), "edge.md", observe=True).sources] == [
        "edge"
    ]


def test_every_key_is_documented() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "edge.md").read_text(encoding="utf-8")
    code = (root / "ccwall" / "edge" / "config.py").read_text(encoding="utf-8")
    keys = {*re.findall(r'sheet\.\w+\("(\w+)"', code), *EdgeSettings.__struct_fields__} - {"wrong"}
    assert {key for key in keys if f"`{key}`" not in page} == set()
    assert len(keys) > 8


def test_keys_are_made_once_and_the_secret_is_for_its_owner_alone(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["edge", "--keys", str(tmp_path / "pc-1")])
    assert said.exit_code == 0, said.output
    secret, public = tmp_path / "pc-1.secret", tmp_path / "pc-1.public"
    assert public.read_text().strip() in said.output
    assert secret.read_text().strip() not in said.output
    if sys.platform != "win32":
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    with pytest.raises(CcwallError, match="is there already"):
        make_keys(tmp_path / "pc-1")
    with pytest.raises(CcwallError, match="cannot be written"):
        make_keys(tmp_path / "nowhere" / "pc-1")


def test_without_a_file_it_says_how_one_looks() -> None:
    said = CliRunner().invoke(app, ["edge"])
    assert said.exit_code == 2
    assert "[edge]" in said.output
