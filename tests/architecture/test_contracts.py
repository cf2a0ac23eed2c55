"""The import contracts of pyproject.toml catch what they are there to catch.

They are run over a tree of empty modules with the real names, once clean and once with every fault planted, so that
a contract that has gone blind (a renamed module, a mistyped name) shows here.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

JUDGED = (
    "agenda",
    "blind",
    "hints",
    "inhibition",
    "judging",
    "ladder",
    "metrics",
    "notes",
    "rule",
    "ruleset",
    "scopes",
    "watch",
)
MODULES = [
    "ccwall.adapter",
    "ccwall.alerts.alarms",
    *(f"ccwall.alerts.{name}" for name in JUDGED),
    "ccwall.api",
    "ccwall.boards.library",
    "ccwall.cli",
    "ccwall.clock",
    "ccwall.delivery.note",
    "ccwall.delivery.outbox",
    "ccwall.engine.reduce",
    "ccwall.errors",
    "ccwall.events",
    "ccwall.hub",
    "ccwall.main",
    "ccwall.sheet",
    "ccwall.supervise",
    "ccwall.transport",
    "ccwall.wire.lines",
    "ccwall_adapters.one",
    "ccwall_adapters.two",
    "ccwall_simulators.server",
    "ccwall_web.app",
]

ALLOWED = {
    "ccwall.alerts.alarms": ["asyncio", "ccwall.clock", "ccwall.delivery.note", "ccwall.engine.reduce"],
    "ccwall.boards.library": ["asyncio", "ccwall.errors", "ccwall.sheet", "msgspec"],
    "ccwall.cli": ["ccwall.main", "ccwall_simulators.server"],
    "ccwall.delivery.outbox": ["asyncio", "ccwall.clock", "ccwall.errors", "ccwall.transport", "sqlite3"],
    "ccwall.engine.reduce": ["ccwall.events", "math", "msgspec"],
    "ccwall.main": ["ccwall.supervise", "ccwall_web.app", "uvicorn"],
    "ccwall.supervise": [
        "asyncio",
        "ccwall.adapter",
        "ccwall.engine.reduce",
        "ccwall.transport",
        "structlog",
    ],
    "ccwall_adapters.one": ["ccwall.adapter", "ccwall.errors", "ccwall.events", "ccwall.wire.lines"],
    "ccwall_simulators.server": ["asyncio", "ccwall.events", "ccwall_adapters.one"],
    "ccwall_web.app": ["ccwall", "ccwall.api", "ccwall.hub", "fastapi", "pydantic"],
}

FAULTS = [
    ("ccwall.alerts.alarms", "ccwall.hub"),
    ("ccwall.alerts.alarms", "ccwall.delivery.outbox"),
    ("ccwall.alerts.watch", "time"),
    ("ccwall.alerts.ladder", "asyncio"),
    ("ccwall.boards.library", "ccwall.hub"),
    ("ccwall.boards.library", "sqlite3"),
    ("ccwall.boards.library", "pathlib"),
    ("ccwall.delivery.outbox", "ccwall.engine.reduce"),
    ("ccwall.delivery.outbox", "ccwall_web.app"),
    ("ccwall.delivery.outbox", "ccwall.hub"),
    ("ccwall.events", "ccwall.errors"),
    ("ccwall.engine.reduce", "ccwall.clock"),
    ("ccwall.engine.reduce", "asyncio"),
    ("ccwall.engine.reduce", "time"),
    ("ccwall.engine.reduce", "random"),
    ("ccwall.engine.reduce", "structlog"),
    ("ccwall.events", "logging"),
    ("ccwall.events", "socket"),
    ("ccwall_adapters.one", "ccwall.engine.reduce"),
    ("ccwall_adapters.one", "ccwall_web.app"),
    ("ccwall_adapters.one", "ccwall_adapters.two"),
    ("ccwall_adapters.one", "asyncio"),
    ("ccwall.supervise", "ccwall.hub"),
    ("ccwall_web.app", "ccwall.engine.reduce"),
    ("ccwall_web.app", "ccwall.main"),
    ("ccwall_simulators.server", "ccwall.engine.reduce"),
    ("ccwall.hub", "ccwall_web.app"),
    ("ccwall.engine.reduce", "ccwall_adapters.one"),
    ("ccwall.api", "ccwall.cli"),
    ("ccwall.api", "pydantic"),
    ("ccwall.hub", "fastapi"),
]


def test_the_tree_as_drawn_keeps_every_contract(tmp_path: Path) -> None:
    result = lint(tmp_path, [(importer, name) for importer, names in ALLOWED.items() for name in names])
    assert result.returncode == 0, result.stdout
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize(("importer", "imported"), FAULTS)
def test_an_import_against_the_grain_is_red(tmp_path: Path, importer: str, imported: str) -> None:
    result = lint(tmp_path, [(importer, imported)])
    assert result.returncode == 1, result.stdout
    assert f"{importer} -> {imported} " in result.stdout


def lint(tree: Path, imports: list[tuple[str, str]]) -> subprocess.CompletedProcess[str]:
    """Runs the project's contracts over a tree in which these imports are the only ones."""
    lines: dict[str, list[str]] = {name: [] for name in MODULES}
    for importer, imported in imports:
        lines[importer].append(f"import {imported}\n")
    for name, body in lines.items():
        write_module(tree, name, "".join(body))
    contract = tree / "tests" / "architecture" / "contract.py"
    contract.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "architecture" / "contract.py", contract)
    config = shutil.copy(ROOT / "pyproject.toml", tree)
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", config, "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def write_module(tree: Path, name: str, body: str) -> None:
    path = tree.joinpath(*name.split(".")).with_suffix(".py")
    for package in path.relative_to(tree).parents:
        folder = tree / package
        folder.mkdir(parents=True, exist_ok=True)
        if folder != tree:
            (folder / "__init__.py").touch()
    path.write_text(body, encoding="utf-8")
