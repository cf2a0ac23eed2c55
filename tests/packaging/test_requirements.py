"""What is installed is pinned, hashed, tied to no registry, and has a reason (docs/decisions/0002)."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"), key=lambda path: path.stem)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_every_requirement_is_pinned_and_hashed_without_an_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    for requirement in text.replace("\\\n", " ").splitlines():
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", requirement), requirement


def test_the_requirement_files_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for path in REQUIREMENTS:
        for name, version in re.findall(
            r"^([a-z0-9-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_every_declared_dependency_is_in_the_hashed_files() -> None:
    pinned = {"runtime": declared(), "test": declared("test"), "bench": declared("bench")}
    for stem, names in pinned.items():
        text = (ROOT / "requirements" / f"{stem}.txt").read_text(encoding="utf-8")
        missing = {name for name in names if not re.search(rf"^{name}==", text, re.MULTILINE)}
        assert not missing, f"run make lock: {missing} not in {stem}.txt"


def test_every_declared_dependency_has_a_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    told = {
        name
        for row in re.findall(r"^\| ([a-z0-9, -]+) \|", reasons, re.MULTILINE)
        for name in row.split(", ")
    }
    assert declared() | declared("test") | declared("bench") | build_requires() <= told


def test_the_lock_of_the_wall_holds_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "web" / "wall" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry]


def declared(extra: str | None = None) -> set[str]:
    project = PROJECT["project"]
    return names(project["optional-dependencies"][extra] if extra else project["dependencies"])


def build_requires() -> set[str]:
    return names(PROJECT["build-system"]["requires"])


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9-]", requirement)[0].lower() for requirement in requirements}
