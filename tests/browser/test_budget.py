"""What a wall has to fetch before it shows a number, and what each page beside it adds: budgets, as a browser would count them."""

import gzip
import re
from pathlib import Path

import pytest

from tests.browser.mock_wall import STATIC

FIRST = 120_000
"""Bytes of scripts and styles, compressed, before the lazy parts."""
REQUESTS = 14
LAZY = 50_000
"""Bytes, compressed, that any one part may add that comes when it is wanted."""
LINKED = re.compile(r'(?:src|href)="\./(assets/[^"]+\.(?:js|css))"')
IMPORTED = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')


def weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


def with_imports(names: set[str]) -> set[Path]:
    """The files, and all that they import before they run."""
    found: set[Path] = set()
    ahead = [STATIC / name for name in names]
    while ahead:
        path = ahead.pop()
        if path in found:
            continue
        found.add(path)
        if path.suffix == ".js":
            ahead += [path.parent / name for name in IMPORTED.findall(path.read_text(encoding="utf-8"))]
    return found


def first() -> set[Path]:
    return with_imports(set(LINKED.findall((STATIC / "index.html").read_text(encoding="utf-8"))))


def test_the_first_number_does_not_wait_for_much() -> None:
    files = first()
    assert any(path.suffix == ".css" for path in files)
    assert sum(weight(path) for path in files) <= FIRST
    assert len(files) <= REQUESTS


def test_no_part_that_comes_later_is_heavy() -> None:
    lazy = set((STATIC / "assets").glob("*.[jc]s*")) - first()
    assert len(lazy) > 5, "everything is loaded at once"
    heavy = {path.name: weight(path) for path in lazy if weight(path) > LAZY}
    assert heavy == {}


@pytest.mark.parametrize(
    "name", ["sw.js", "manifest.webmanifest", "icon-192.png", "icon-512.png", "icon.svg"]
)
def test_what_makes_it_installable_is_there_and_small(name: str) -> None:
    assert 0 < (STATIC / name).stat().st_size < 16_000
