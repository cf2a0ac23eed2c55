"""A board's document, the same as in `web/wall/src/board/model.ts`. What may stand in each field is in `checking`."""

from typing import Any, Literal

import msgspec

Language = Literal["zh-CN", "zh-TW", "en"]
Theme = Literal["dark", "light", "hc"]
Says = Literal["off", "tone", "speak", "both"]
Names = dict[Language, str]


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """In cells from the upper left corner. ``options`` are the kind's own affair."""

    id: str
    kind: str
    x: int
    y: int
    w: int
    h: int
    options: dict[str, Any] = {}


class Page(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``dwell``: seconds this page stays, where there are several."""

    name: Names | None = None
    dwell: float
    tiles: tuple[Tile, ...]


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """What stops it, on the page that shows what is wrong."""

    stop_on: Literal["breach", "source", "never"]


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """``volume`` from 0 to 1; ``quiet`` in the floor's local time, may go over midnight."""

    breach: Says
    warn: Says
    source: Says
    volume: float
    quiet: tuple[tuple[str, str], ...] = ()


class Board(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``distance`` in metres to the farthest reader, ``diagonal`` in inches."""

    format: Literal[1]
    id: str
    name: Names
    theme: Theme
    accent: str | None = None
    logo: str | None = None
    lang: Language | None = None
    distance: float
    diagonal: float
    pages: tuple[Page, ...]
    rotation: Rotation | None = None
    sound: Sound | None = None
