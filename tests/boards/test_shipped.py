"""The boards that come with ccwall."""

import json
from importlib.resources import files

import pytest

from ccwall.boards import shipped
from ccwall.boards.paper import Mistaken

FOLDER = files("ccwall.boards") / "presets"
FILES = sorted(each.name for each in FOLDER.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_every_preset_is_a_board_with_words_in_three_languages(name: str) -> None:
    board = shipped.read(name, (FOLDER / name).read_bytes())
    assert set(board.name) == {"zh-CN", "zh-TW", "en"}
    assert shipped.presets()[board.id] == board


def test_the_default_is_one_of_them() -> None:
    assert f"{shipped.DEFAULT}.json" in FILES


def test_a_file_is_named_after_its_board_and_must_be_one() -> None:
    content = (FOLDER / "floor.json").read_bytes()
    with pytest.raises(Mistaken, match="name the file after it"):
        shipped.read("other.json", content)
    with pytest.raises(Mistaken, match="no JSON"):
        shipped.read("floor.json", b"{")
    with pytest.raises(Mistaken, match=r"floor\.json: theme"):
        shipped.read("floor.json", json.dumps({**json.loads(content), "theme": "pink"}).encode())
