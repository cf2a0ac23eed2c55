"""A link that leads nowhere is a page that nobody reads."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "adapters/**/*.md", "web/*.md", "simulators/**/*.md")
    for page in ROOT.glob(pattern)
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_and_picture_exists(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    files = [unquote(target.partition("#")[0]) for target in targets if "://" not in target]
    broken = [name for name in files if name and not (page.parent / name).exists()]
    assert broken == []
