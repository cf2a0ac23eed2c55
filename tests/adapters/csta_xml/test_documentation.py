"""What people are told to write is right, and every key is told."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from ccwall.config import read
from ccwall_adapters.csta_xml import ADAPTER, CstaSettings

PAGE = Path(__file__).parents[3] / "docs" / "adapters" / "csta.md"


def test_the_example_has_no_mistake() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    config = read(tomllib.loads(example), "csta.md")
    settings = config.sources[0].settings
    assert isinstance(settings, CstaSettings)
    assert len(settings.all_devices()) == 41
    assert settings.queue_names() == {"6001": "consult", "6002": "complaint"}


def test_every_key_is_told_with_its_default() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for field in msgspec.structs.fields(ADAPTER.settings):
        (default,) = re.findall(rf"^\| `{field.encode_name}` \| (.*?) \|", page, re.MULTILINE)
        value = field.default
        told = f'`"{value:g}s"`' if isinstance(value, float) else f'`"{value}"`' if value else "none"
        assert default == told


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"devices": ["1-99999"]}, "'1-99999' in `devices` has 99,999 numbers"),
        ({"devices": ["3040-3001"]}, "has 0 numbers"),
        ({"devices": ["10000-29999"], "groups": ["6001"]}, "more than 20,000 devices"),
        ({"session": 1.0}, 'must be 0 .* or between "10s" and "24h"'),
        ({"edition": "ed2"}, "ed2"),
    ],
)
def test_mistakes_are_told_with_what_would_be_right(keys: dict[str, object], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert(keys, CstaSettings)


def test_groups_may_be_a_list() -> None:
    settings = msgspec.convert({"groups": ["6001", "6002"]}, CstaSettings)
    assert settings.queue_names() == {"6001": "6001", "6002": "6002"}
