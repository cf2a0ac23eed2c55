"""The example of an adapter in a package of its own: built, installed beside ccwall, found, and true to the contract."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[2] / "adapters" / "example-plugin"
CONFIGURATION = """
[web]
token = { env = "WALL_TOKEN" }

[[source]]
name = "door"
type = "sign-in-terminal"
url = "tcp://127.0.0.1"
lunch = "meal"
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it is installed: without a network, and without touching this environment."""
    target = tmp_path_factory.mktemp("plugin")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(PLUGIN)], check=True
    )
    return target


def run(installed: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(installed), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": path, "WALL_TOKEN": "of-sixteen-letters"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.slow
def test_ccwall_finds_it_and_reads_its_keys(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "wall.toml"
    file.write_text(CONFIGURATION)
    good = run(installed, "-m", "ccwall.cli", "check", str(file))
    assert good.returncode == 0, good.stderr
    file.write_text(CONFIGURATION.replace("lunch =", "lanch ="))
    wrong = run(installed, "-m", "ccwall.cli", "check", str(file))
    assert wrong.returncode == 2
    assert "source[0].lanch" in wrong.stderr or "source[1].lanch" in wrong.stderr


@pytest.mark.slow
def test_its_own_tests_pass(installed: Path) -> None:
    tests = run(
        installed,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(PLUGIN),
        "-c",
        os.devnull,
        str(PLUGIN / "tests"),
    )
    assert tests.returncode == 0, tests.stdout
    assert " passed" in tests.stdout
