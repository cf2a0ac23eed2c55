"""What people are told to write for devices on desks is right."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from ccwall import registry
from ccwall.config import read
from ccwall_adapters.serial_headset.settings import WORDS

PAGES = Path(__file__).parents[3] / "docs" / "adapters"
ADAPTERS = ("serial-headset", "whozz-calling", "modem-caller-id", "smdr")


def examples(page: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", (PAGES / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("page", "types"),
    [
        ("headset.md", ["serial-headset"]),
        ("phone-lines.md", ["whozz-calling", "modem-caller-id"]),
        ("smdr.md", ["smdr"]),
    ],
)
def test_the_examples_of_a_page_have_no_mistake(page: str, types: list[str]) -> None:
    configs = [read(tomllib.loads(example), page) for example in examples(page)]
    assert [source.type for config in configs for source in config.sources] == types


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_key_of_theirs_is_documented(name: str) -> None:
    text = "".join(
        (PAGES / page).read_text(encoding="utf-8") for page in ("headset.md", "phone-lines.md", "smdr.md")
    )
    for field in msgspec.structs.fields(registry.adapters()[name].settings):
        assert f"| `{field.encode_name}` |" in text


def test_every_meaning_of_a_line_is_documented() -> None:
    text = (PAGES / "headset.md").read_text(encoding="utf-8")
    assert [meaning for meaning in WORDS if f"`{meaning}`" not in text] == []


@pytest.mark.parametrize("name", ADAPTERS)
def test_each_can_be_observed_with_nothing_configured(name: str) -> None:
    assert registry.blank(registry.adapters()[name]) is not None
