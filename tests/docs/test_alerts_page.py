"""docs/alerts.md says what the pack says."""

from pathlib import Path

from ccwall.alerts.metrics import METRICS
from tests.docs.alerts_page import FIRST, LAST, table

PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"


def test_the_table_is_that_of_the_pack() -> None:
    text = PAGE.read_text("utf-8")
    assert text[text.index(FIRST) : text.index(LAST) + len(LAST)] == table()


def test_every_number_is_named() -> None:
    text = PAGE.read_text("utf-8")
    assert [name for name in METRICS if f"`{name}`" not in text] == []
