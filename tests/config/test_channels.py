"""`[[channel]]`: what is wrong is named by its path, and no secret stands in the file."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ccwall.config import Config, read
from ccwall.delivery import BY_TYPE, SEVERITIES, Quiet
from ccwall.errors import ConfigError

PAGE = Path(__file__).parents[2] / "docs" / "delivery.md"
URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7a0c-4bc4"


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT", URL)
    monkeypatch.setenv("SIGN", "SEC0123456789abcdef")


def channels(text: str) -> Config:
    return read(tomllib.loads(text), "ccwall.toml")


def mistakes(text: str) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        channels(text)
    return dict(caught.value.mistakes)


def one(**other: Any) -> str:
    told = {"name": '"leads"', "type": '"wecom"', "url": '{ env = "ROBOT" }', **other}
    return "[[channel]]\n" + "\n".join(f"{key} = {value}" for key, value in told.items() if value)


def test_a_channel_is_read_with_its_own_keys() -> None:
    (found,) = channels(
        one(language='"en"', severities='["critical", "warn"]', quiet_hours='"22:00-07:00"')
    ).channels
    assert (found.name, found.type, found.language) == ("leads", "wecom", "en")
    assert found.severities == ("warn", "critical")
    assert found.quiet == (Quiet(22 * 3600, 7 * 3600),)
    assert {URL, "693a91f6-7a0c-4bc4"} <= set(found.secrets)


def test_by_default_everything_is_told_at_any_time_in_chinese() -> None:
    (found,) = channels(one()).channels
    assert (found.severities, found.quiet, found.language) == (SEVERITIES, (), "zh-CN")


@pytest.mark.parametrize(
    ("told", "path", "says"),
    [
        ({"name": ""}, "channel[1].name", "is missing"),
        ({"type": '"wecomm"'}, "channel[1].type", 'did you mean "wecom"'),
        ({"type": '""'}, "channel[1].type", "must not be empty"),
        ({"language": '"de"'}, "channel[1].language", "must be one of"),
        ({"severities": '["red"]'}, "channel[1].severities", "is none of"),
        ({"severities": "[]"}, "channel[1].severities", "names none"),
        ({"quiet_hours": '"10pm"'}, "channel[1].quiet_hours", "22:00-07:00"),
        ({"url": f'"{URL}"'}, "channel[1].url", "env ="),
        ({"url": '{ env = "NOWHERE" }'}, "channel[1].url", "NOWHERE"),
        ({"url": '{ env = "SIGN" }'}, "channel[1].url", "https://"),
        ({"url": ""}, "channel[1].url", "is missing"),
        ({"colour": "1"}, "channel[1].colour", "is not a key I know"),
        ({"type": '"dingtalk"', "secret": '"SEC1"'}, "channel[1].secret", "does not belong"),
        ({"type": '"webhook"', "secret": '{ env = "SIGN" }'}, "channel[1].secret", "base64"),
        ({"type": '"webhook"', "url": '"ftp://x"'}, "channel[1].url", "https://host/path"),
        ({"type": '"smtp"', "url": ""}, "channel[1].host", "is missing"),
        ({"type": '"mqtt"', "url": '"tcp://x"'}, "channel[1].url", "mqtt"),
    ],
)
def test_every_mistake_is_named(told: dict[str, Any], path: str, says: str) -> None:
    found = mistakes(one(**told))
    assert says in found[path]
    assert URL not in str(found) or told.get("url") == f'"{URL}"'


def test_two_channels_of_one_name_are_a_mistake() -> None:
    assert "another channel" in mistakes(one() + "\n" + one())["channel[2].name"]


def test_a_robot_on_this_machine_needs_no_secret_place() -> None:
    (found,) = channels(one(url='"http://127.0.0.1:8899/cgi-bin/webhook/send?key=x"')).channels
    assert found.type == "wecom"


def test_the_examples_in_the_documentation_have_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    monkeypatch.setenv("MAIL", "hunter2")
    monkeypatch.setenv("APPRISE", "json://localhost")
    text = "\n".join(re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    tree = tomllib.loads(text)
    tree["channel"] = [
        each for each in tree["channel"] if each["type"] != "apprise"
    ]  # imports a hundred services
    assert {each.type for each in read(tree, "delivery.md").channels} == set(BY_TYPE) - {"apprise"}


def test_every_key_of_every_channel_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    keys = {key for name in BY_TYPE for key in BY_TYPE[name].settings.__struct_fields__}
    assert {key for key in keys if f"`{key}`" not in page} == set()
