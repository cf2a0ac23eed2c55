"""The mock wall of the browser's tests answers as the real server does: same statuses, same keys."""

import json
from typing import Any

import httpx

from tests.boards.sketches import EMBED, board
from tests.boards.test_pictures import png
from tests.browser.mock_library import MockLibrary

HALL, PLAN = board(), {"format": 1, "id": "first", "name": {"en": "First"}, "text": "A-01 A-02"}
WRONG_PLAN = {**PLAN, "text": "A-01 A-01"}
REQUESTS: list[tuple[str, str, Any]] = [
    ("GET", "boards", None),
    ("GET", "boards/floor", None),
    ("GET", "boards/none", None),
    ("POST", "boards", {"board": HALL, "note": "new"}),
    ("POST", "boards", {"board": HALL}),
    ("GET", "boards/hall", None),
    ("PUT", "boards/hall", {"board": HALL, "base": 1}),
    ("PUT", "boards/hall", {"board": HALL, "base": 1}),
    ("PUT", "boards/none", {"board": HALL | {"id": "none"}, "base": 1}),
    ("GET", "boards/hall/versions", None),
    ("GET", "boards/hall/versions/1", None),
    ("GET", "boards/hall/versions/9", None),
    ("GET", "boards/floor/versions/0", None),
    ("GET", "boards/none/versions", None),
    ("DELETE", "boards/floor", None),
    ("DELETE", "boards/hall", None),
    ("DELETE", "boards/hall", None),
    ("GET", "boards/hall/versions", None),
    ("GET", "plans", None),
    ("POST", "plans/look", {"text": PLAN["text"]}),
    ("POST", "plans/look", {"text": WRONG_PLAN["text"]}),
    ("POST", "plans", {"plan": PLAN}),
    ("POST", "plans", {"plan": {**WRONG_PLAN, "id": "second"}}),
    ("GET", "plans/first", None),
    ("GET", "plans", None),
    ("POST", "pictures?id=logo", png()),
    ("GET", "pictures", None),
    ("DELETE", "pictures/logo", None),
    ("GET", "pictures/logo", None),
    ("POST", "screens", {"screen": "a1b2c3d4"}),
]


def shape(value: Any) -> Any:
    """Keys, all the way down; a list as its first."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in sorted(value.items())}
    return [shape(each) for each in value[:1]] if isinstance(value, list) else None


async def test_the_mock_and_the_server_say_the_same(boss: httpx.AsyncClient) -> None:
    mock = MockLibrary(lambda: 1000.0)
    mock.embed = EMBED
    for method, path, sent in REQUESTS:
        content = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode()
        kind = {"content-type": "image/png" if isinstance(sent, bytes) else "application/json"}
        real = await boss.request(method, f"/api/v1/{path}", content=content, headers=kind)
        place, _, query = path.partition("?")
        told = mock.answer(method, f"/api/v1/{place}", dict(httpx.QueryParams(query)), kind, content)
        assert told is not None
        where = f"{method} {path}"
        assert (where, told[0]) == (where, real.status_code)
        if real.content:
            assert (where, shape(json.loads(told[2]))) == (where, shape(real.json()))
