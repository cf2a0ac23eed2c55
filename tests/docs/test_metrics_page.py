"""The pages say what the code does: every number in its table, in English and in Chinese, made from the catalogue."""

from pathlib import Path

import pytest

from ccwall.engine.catalogue import METRICS, VARIANTS
from tests.docs.metrics_page import ASTERISK, PAGES, PARTS, every_page, made, parts_of


@pytest.mark.parametrize("page", list(every_page()), ids=lambda page: page.name)
def test_the_tables_are_those_of_the_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert made(text, every_page()[page]) == text, "make docs mends it"


@pytest.mark.parametrize("language", PAGES)
def test_a_page_has_every_table_once(language: str) -> None:
    found = parts_of(PAGES[language].read_text(encoding="utf-8"))
    assert sorted(found) == sorted(set(PARTS) - {"asterisk"})


def test_the_adapters_page_has_what_asterisk_says() -> None:
    assert parts_of(ASTERISK.read_text(encoding="utf-8")) == ["asterisk"]


@pytest.mark.parametrize("language", PAGES)
def test_every_metric_and_formula_is_on_the_page(language: str) -> None:
    text = PAGES[language].read_text(encoding="utf-8")
    assert [key for key in (*METRICS, *VARIANTS) if f"`{key}`" not in text] == []


def test_both_pages_have_the_same_chapters() -> None:
    chapters = {
        language: [
            line.count("#") for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("#")
        ]
        for language, page in PAGES.items()
    }
    assert chapters["en"] == chapters["zh-CN"]
