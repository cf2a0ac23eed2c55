"""What people install: the wheel, built from the source archive, in an environment that has nothing else."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/?")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source archive and the wheel that was built from it, as `make wheel` does."""
    folder = tmp_path_factory.mktemp("dist")
    checkout = tmp_path_factory.mktemp("checkout") / "ccwall"
    # A copy: what lies about in this checkout (a built wall, caches) must not get in, and nothing is written here.
    shutil.copytree(
        ROOT, checkout, ignore=shutil.ignore_patterns(".git", ".venv", "node_modules", ".*_cache")
    )
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (path,) = dist.glob("ccwall-*.whl")
    return path


@pytest.fixture(scope="module")
def ccwall(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `ccwall` command of an environment into which only the wheel and its requirements went."""
    environment = tmp_path_factory.mktemp("empty")
    venv.create(environment, symlinks=True)
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "-qq",
        "--python",
        environment / "bin" / "python",
        "install",
    ]
    run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt")
    run(*pip, "--no-deps", wheel)
    return environment / "bin" / "ccwall"


@pytest.fixture
def demo(ccwall: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a running `ccwall demo`."""
    with subprocess.Popen(
        [ccwall, "demo", "--no-browser"],
        cwd=tmp_path,
        env=bare(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield address_told_by(process)
        finally:
            process.terminate()


def test_the_wheel_holds_the_wall_once_and_what_runs_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = Counter(archive.namelist())
    assert max(names.values()) == 1
    wanted = {
        f"{package}/py.typed" for package in ("ccwall", "ccwall_adapters", "ccwall_web", "ccwall_simulators")
    }
    assert wanted | {"ccwall_web/static/index.html"} <= set(names)
    assert any(re.fullmatch(r"ccwall_web/static/assets/.+\.js", name) for name in names)
    assert any(re.fullmatch(r"ccwall_simulators/transcripts/.+\.wire\.ndjson\.gz", name) for name in names)
    assert {"ccwall_simulators/scenarios/demo.toml", "ccwall_simulators/scenarios/small_floor.toml"} <= set(
        names
    )
    assert not [
        name for name in names if name.split("/")[0] in {"tests", "web", "docs", "adapters", "simulators"}
    ]


def test_the_source_archive_holds_sources_only(dist: Path) -> None:
    (path,) = dist.glob("ccwall-*.tar.gz")
    with tarfile.open(path) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert "web/wall/package-lock.json" in names
    assert not [
        name for name in names if "node_modules/" in name or name.startswith("web/ccwall_web/static/")
    ]


def test_the_installed_wheel_serves_its_wall(demo: str) -> None:
    with httpx.Client(base_url=demo, trust_env=False) as client:
        page = client.get("/").raise_for_status()
        assert page.headers["content-type"].startswith("text/html")
        scripts = re.findall(r'<script[^>]+src="([^"]+)"', page.text)
        assert scripts
        for script in scripts:
            answer = client.get(urljoin("/", script)).raise_for_status()
            assert "javascript" in answer.headers["content-type"]
        assert client.get("/healthz").is_success


def test_the_installed_wheel_finds_its_adapters(ccwall: Path, tmp_path: Path) -> None:
    python = ccwall.with_name("python")
    listing = run(
        python,
        "-c",
        "from importlib.metadata import entry_points\n"
        "for point in entry_points(group='ccwall.adapters'): print(point.name, point.load())",
        cwd=tmp_path,
    )
    assert "asterisk-ami" in listing


def address_told_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    told = []
    for line in process.stdout:  # ends when the process does
        told.append(line)
        if match := ADDRESS.search(line):
            return match.group()
    raise AssertionError("ccwall demo ended without telling its address:\n" + "".join(told))


def run(*command: str | Path, cwd: Path | None = None) -> str:
    result = subprocess.run(
        command, cwd=cwd, env=bare(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def bare() -> dict[str, str]:
    """This process's environment without what would lend the checkout's modules or skip the build."""
    return {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "CCWALL_SKIP_WEB"}
    }
