"""Whatever is given to a command: one clear message, the right exit code, never a traceback."""

import gzip
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ccwall.cli import app

HEADER = b'{"wire":1,"protocol":"asterisk-ami"}\n'
GREETING = b'{"t":1,"conn":0,"rx":"Asterisk Call Manager/11.0.0\\r\\n"}\n'
JOINED = (
    b'{"t":2,"conn":0,"rx":"Event: QueueCallerJoin\\r\\nQueue: consult\\r\\nUniqueid: 1.1\\r\\n'
    b'Position: 1\\r\\nCount: 1\\r\\n\\r\\n"}\n'
)
LONG = 100_000_000


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture(scope="session")
def long_line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.ndjson.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEADER)
        for _ in range(LONG // 1_000_000):
            file.write(b"x" * 1_000_000)
    return path


@pytest.fixture
def folder(tmp_path: Path, long_line: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / long_line.name).symlink_to(long_line)
    whole = gzip.compress(HEADER + GREETING * 1000)
    for name, content in {
        "empty": b"",
        "noise": bytes(range(256)) * 40,
        "text": b"hello\nworld\n",
        "foreign.ndjson": b'{"wire":1,"protocol":"avaya-cvlan"}\n',
        "newer.ndjson": b'{"wire":9,"protocol":"asterisk-ami"}\n',
        "cut.ndjson.gz": whole[: len(whole) // 2],
        "damaged.ndjson.gz": whole[:40] + b"\0" * 40 + whole[80:],
        "wrong.ndjson": HEADER + GREETING + b'{"t":"soon"}\n',
        "other.ndjson": HEADER + b'{"t":1,"conn":0,"rx":"HTTP/1.1 400 Bad Request\\r\\n\\r\\n"}\n',
        "wrong.toml": b'[site]\nzone = "Mars/Olympus"\ncolour = 5\n',
        "syntax.toml": b"[site\n",
        "lacking.toml": b"[site]\n",
    }.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    return tmp_path


RECORDINGS = {
    "absent": "No such file",
    "folder": "Is a directory",
    "empty": "is empty",
    "noise": "is not a transcript",
    "text": "is not a transcript",
    "foreign.ndjson": 'of the protocol "avaya-cvlan"; this ccwall knows amazon-connect, asterisk-ami, ',
    "newer.ndjson": "version 9",
    "cut.ndjson.gz": "cut off",
    "damaged.ndjson.gz": "damaged",
    "wrong.ndjson": "line 3: is not a record",
    "other.ndjson": "not what the header promises",
    "long.ndjson.gz": "line 2: is longer than 8 MiB",
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [["decode"], ["replay"], ["replay", "--json"]], ids=" ".join)
@pytest.mark.parametrize(("file", "says"), RECORDINGS.items())
def test_a_wrong_recording_is_one_message_and_exit_2(command: Sequence[str], file: str, says: str) -> None:
    result = invoke(*command, file)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{file}: ")
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("file", ["absent", "empty", "noise", "foreign.ndjson", "folder"])
def test_the_demo_refuses_a_wrong_recording_before_it_shows_a_wall(file: str) -> None:
    result = invoke("demo", "--no-browser", "--transcript", file)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{file}: ")
    assert result.stderr.count("\n") == 1


CONFIGURATIONS = {
    "absent": "No such file",
    "folder": "Is a directory",
    "noise": "not UTF-8",
    "text": "toml",
    "wrong.toml": "site.zone",
    "syntax.toml": "line 1",
    "long.ndjson.gz": "not UTF-8",
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "command", [["check"], ["serve", "-c"], ["decode", "text", "-c"], ["replay", "text", "-c"]], ids=" ".join
)
@pytest.mark.parametrize(("file", "says"), CONFIGURATIONS.items())
def test_a_wrong_configuration_is_told_and_exit_2(command: Sequence[str], file: str, says: str) -> None:
    result = invoke(*command, file)
    assert result.exit_code == 2
    assert says in result.stderr
    assert all(line.startswith(f"{file}: ") for line in result.stderr.splitlines())


@pytest.mark.usefixtures("folder")
def test_check_lists_every_mistake() -> None:
    assert len(invoke("check", "wrong.toml").stderr.splitlines()) == 2


def test_serve_without_a_file_says_how_to_begin() -> None:
    result = invoke("serve")
    assert result.exit_code == 2
    assert "ccwall demo" in result.stderr
    assert "[[source]]" in result.stderr


@pytest.mark.usefixtures("folder")
def test_serve_wants_a_token_and_a_source() -> None:
    result = invoke("serve", "-c", "lacking.toml")
    assert result.exit_code == 2
    assert "lacking.toml: web.token: is missing" in result.stderr
    assert "lacking.toml: source: there is no [[source]]" in result.stderr


SERVED = """
[web]
host = "{host}"
token = {{ env = "WALL_TOKEN" }}
{more}
[[source]]
name = "pbx1"
type = "asterisk-ami"
url = "tcp://127.0.0.1:1"
username = "wall"
secret = {{ env = "WALL_TOKEN" }}
"""


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "wall.example"])
def test_serve_does_not_leave_the_machine_without_tls(
    folder: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("WALL_TOKEN", "0123456789abcdef")
    (folder / "open.toml").write_text(SERVED.format(host=host, more=""))
    result = invoke("serve", "-c", "open.toml")
    assert result.exit_code == 2
    assert result.stderr.startswith("open.toml: web.host: ")
    assert "tls_cert" in result.stderr


def test_serve_refuses_a_certificate_that_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALL_TOKEN", "0123456789abcdef")
    (folder / "tls.toml").write_text(
        SERVED.format(host="0.0.0.0", more='tls_cert = "text"\ntls_key = "text"')
    )
    result = invoke("serve", "-c", "tls.toml")
    assert result.exit_code == 2
    assert result.stderr.startswith("tls.toml: web.tls_cert: cannot be used")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "wall.example"])
def test_the_demo_does_not_leave_the_machine(host: str) -> None:
    result = invoke("demo", "--no-browser", "--host", host)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"--host: {host}: is not a loopback address")


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "inf", "1e9"])
@pytest.mark.usefixtures("folder")
def test_a_wrong_speed_is_refused(speed: str) -> None:
    assert invoke("replay", "text", "--speed", speed).exit_code == 2


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("out", ["folder", "absent/visits"])
def test_visits_that_cannot_be_written_are_told_before_the_work(out: str) -> None:
    result = invoke("replay", "wrong.ndjson", "--contacts", out)
    assert result.exit_code == 2
    assert f"{out}: cannot be written" in result.stderr


@pytest.mark.parametrize("out", ["good.ndjson", "other name"])
def test_visits_are_not_written_over_the_recording(folder: Path, out: str) -> None:
    (folder / "good.ndjson").write_bytes(HEADER + GREETING)
    (folder / "other name").hardlink_to(folder / "good.ndjson")
    result = invoke("replay", "good.ndjson", "--contacts", out)
    assert result.exit_code == 2
    assert "is the recording itself" in result.stderr
    assert (folder / "good.ndjson").read_bytes() == HEADER + GREETING


@pytest.mark.parametrize("command", ["decode", "replay"])
def test_no_name_is_no_recording(command: str) -> None:
    result = invoke(command, "")
    assert result.exit_code == 2
    assert "the name is empty" in result.stderr


def test_record_wants_to_know_what() -> None:
    result = invoke("record", "-o", "x.gz")
    assert result.exit_code == 2
    assert "--url: is missing" in result.stderr


def test_record_judges_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOT_SET", raising=False)
    result = invoke(
        "record", "-o", "x.gz", "--url", "ftp://x", "--type", "asterisk-ami", "--secret-env", "NOT_SET"
    )
    assert result.exit_code == 2
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == ["--url", "--user", "--secret-env"]


def test_record_never_overwrites(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMI_SECRET", "hunter2")
    result = invoke(
        "record", "-o", "text", "--url", "tcp://127.0.0.1:1", "--type", "asterisk-ami", "--user", "wall",
        "--secret-env", "AMI_SECRET",
    )  # fmt: skip
    assert result.exit_code == 2
    assert "File exists" in result.stderr
    assert (folder / "text").read_bytes() == b"hello\nworld\n"


# ── as a process ──


def process(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ccwall.cli", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE)


# A process of its own that is small: the peak of a child begins with the size of who forked it, and we may be large.
MEASURED = """
import os, sys
child = os.posix_spawn(sys.executable, [sys.executable, "-m", "ccwall.cli", *sys.argv[1:]], os.environ)
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no rusage there")
@pytest.mark.parametrize("command", ["check", "decode", "replay"])
@pytest.mark.parametrize("name", ["zeros", "long.ndjson.gz"])
def test_100_mb_without_a_line_end_cost_no_memory(folder: Path, command: str, name: str) -> None:
    with (folder / "zeros").open("wb") as sparse:
        sparse.truncate(LONG)
    measured = subprocess.run(
        [sys.executable, "-c", MEASURED, command, name], capture_output=True, check=True, text=True
    )
    code, peak = map(int, measured.stdout.splitlines()[-1].split())
    assert code == 2
    assert measured.stderr.startswith(name)
    assert peak < 120_000, f"{peak} KiB"


def test_a_reader_that_has_enough_is_no_error(folder: Path) -> None:
    (folder / "good.ndjson").write_bytes(
        HEADER
        + GREETING
        + b"".join(
            b'{"t":%d,"conn":%d,"ev":"connect"}\n{"t":%d,"conn":%d,"ev":"eof"}\n' % (n, n, n, n)
            for n in range(1, 20_000)
        )
    )
    child = process("decode", "good.ndjson")
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.read(100)
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait() == 0
    child.stderr.close()
    if child.stdin:
        child.stdin.close()


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full there")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["decode", "good.ndjson"],
        ["replay", "good.ndjson"],
        ["replay", "good.ndjson", "--json"],
        ["replay", "good.ndjson", "--contacts", "-"],
        ["replay", "good.ndjson", "--contacts", str(FULL)],
    ],
    ids=" ".join,
)
def test_a_full_disk_is_one_message_and_exit_1(folder: Path, arguments: Sequence[str]) -> None:
    (folder / "good.ndjson").write_bytes(HEADER + GREETING + JOINED + b'{"t":3,"conn":0,"ev":"eof"}\n')
    command = [sys.executable, "-m", "ccwall.cli", *arguments]
    with FULL.open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "cannot write: No space left on device\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [("--version >&-", 0), ("decode good.ndjson >&-", 0), ("decode - <&-", 2), ("decode absent 2>&-", 2)],
)
def test_closed_streams_are_no_bug(folder: Path, arguments: str, code: int) -> None:
    (folder / "good.ndjson").write_bytes(HEADER + GREETING)
    script = f'exec "$0" -m ccwall.cli {arguments}'
    done = subprocess.run(["sh", "-c", script, sys.executable], capture_output=True, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_a_recording_may_come_from_standard_input() -> None:
    child = process("decode", "-")
    out, errors = child.communicate(HEADER + GREETING + b'{"t":2,"ev":"eof"}\n')
    assert (child.returncode, errors) == (0, b"")
    assert b'"type":"source.down"' in out


def test_nothing_from_standard_input_is_told() -> None:
    child = process("decode", "-")
    _, errors = child.communicate(b"")
    assert child.returncode == 2
    assert errors.startswith(b"standard input: is empty")
