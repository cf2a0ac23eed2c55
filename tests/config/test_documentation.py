"""What people are told to write is right."""

import re
import tomllib
from pathlib import Path

import pytest

from ccwall.cli import SMALLEST_CONFIG
from ccwall.config import Config, load, read
from ccwall.config.queues import VARIANTS
from ccwall.events import LineCard
from ccwall_simulators import rounds

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


@pytest.fixture
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALL_TOKEN", "0123456789abcdef")
    monkeypatch.setenv("AMI_SECRET", "hunter2")


@pytest.mark.usefixtures("_secrets")
def test_the_example_in_the_documentation_has_no_mistake() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    config = read(tomllib.loads(example), "example")
    assert [len(part) for part in (config.sources, config.lines, config.queues, config.agents)] == [1] * 4


def test_the_example_of_the_adapter_has_no_mistake() -> None:
    text = (PAGE.parent / "adapters" / "asterisk.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    config = read(tomllib.loads(example), "asterisk.md", observe=True)
    assert [len(part) for part in (config.sources, config.queues, config.agents)] == [1, 1, 1]


@pytest.mark.usefixtures("_secrets")
def test_the_smallest_configuration_has_no_mistake() -> None:
    example = SMALLEST_CONFIG[SMALLEST_CONFIG.index("[web]") :]
    assert read(tomllib.loads(example), "smallest").web.token


def test_every_key_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    modules = sorted((PAGE.parents[1] / "ccwall" / "config").glob("*.py"))
    source = "\n".join(module.read_text(encoding="utf-8") for module in modules)
    keys = set(
        re.findall(
            r'(?:text|names|choice|whole|whole_seconds|duration|share|flag|size|texts|tables?|_token)\((?:sheet, )?"(\w+)"',
            source,
        )
    )
    assert len(keys) > 40
    assert {key for key in keys if f"`{key}`" not in page and f"[{key}]" not in page} == set()


def test_the_demo_floor_has_no_mistake() -> None:
    config = load(rounds.configuration(), observe=True)
    assert [len(part) for part in (config.sources, config.queues, config.agents)] == [1, 5, 12]
    assert {queue.card.line for queue in config.queues} == set(config.lines)


def test_the_defaults_are_the_documented_ones() -> None:
    page, default = PAGE.read_text(encoding="utf-8"), Config().default
    told = f'`"{default.longest_wait_limit:g}s"`, `{default.waiting_limit}`'
    assert told in page
    assert f"`{default.service_level_target:g}`, `{default.answer_rate_target:g}`" in page
    assert f"| `calls_target` | `{Config().site.calls_target}` |" in page
    assert all(f'`"{variant}"`' in page for variant in VARIANTS)
    line = LineCard()
    assert f"`{line.connect_rate_target:g}`, `{line.completion_target:g}`" in page
