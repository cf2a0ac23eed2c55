"""Whether a document is a board: every mistake with its path, and what to do about it."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

import msgspec

from ccwall.boards.model import Board
from ccwall.boards.paper import LARGEST, Mistake, Mistaken, Paper, is_number, note, plain, wrong_text
from ccwall.sheet import LANGUAGES, shown

__all__ = ["FORMAT", "Mistake", "Mistaken", "board_of", "format_is_known", "origin_of"]

FORMAT = 1
COLUMNS, ROWS = 16, 24
MOST_PAGES, MOST_TILES = 12, 40
MOST_OPTIONS = 8 * 1024
MOST_BOARD = 128 * 1024
"""Bytes as JSON."""
MOST_QUIET = 8
DEEPEST = 6
"""Levels of an option's value."""
THEMES = ("dark", "light", "hc")
STOPS = ("breach", "source", "never")
SAYS = ("off", "tone", "speak", "both")
KIND = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
ACCENT = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
ADDRESS_KEY = "address"

Place = tuple[int, int, int, int]


def board_of(told: object, embed: Collection[str] = ()) -> Board:
    """The board; `Mistaken` names what is wrong. ``embed``: the origins whose pages may be shown on it."""
    if not isinstance(told, dict):
        raise Mistaken([Mistake("", f"a board must be an object, not {shown(told)}")])
    format_is_known(told, "board")
    mistakes: list[Mistake] = []
    paper = Paper("", told, mistakes)
    paper.take("format")
    _head(paper)
    pages = paper.papers("pages", MOST_PAGES, "pages")
    if not pages and told.get("pages") == []:
        paper.wrong("pages", "is empty; a board has at least one page")
    for page in pages:
        _page(page, embed)
    paper.finish()
    if not mistakes and (size := len(msgspec.json.encode(told))) > MOST_BOARD:
        note(
            mistakes,
            "",
            f"the board has {size} bytes, and {MOST_BOARD} are the most; shorten texts or take tiles out",
        )
    if mistakes:
        raise Mistaken(mistakes)
    return msgspec.convert(told, Board)


def format_is_known(told: Mapping[str, object], what: str) -> None:
    """A document of a newer ccwall is said to be one, in place of a hundred keys that we do not know."""
    given = told.get("format")
    if isinstance(given, int) and not isinstance(given, bool) and given == FORMAT:
        return
    if is_number(given) and given > FORMAT:
        words = (
            f"this {what} has format {shown(given)}, made by a newer ccwall; this one knows format {FORMAT}: "
            "update this ccwall, or make it again here"
        )
    else:
        words = f"must be {FORMAT}, the format of a ccwall {what}" + (
            "; it is missing" if given is None else f", not {shown(given)}"
        )
    raise Mistaken([Mistake("format", words)])


def origin_of(address: str) -> str:
    """`https://host[:port]` of an address that may be shown inside a page; ValueError says what is wrong.

    >>> origin_of("https://Status.example.com:8443/wall?floor=2")
    'https://status.example.com:8443'
    """
    if not address.isascii() or not address.isprintable() or any(letter in address for letter in " \\"):
        raise ValueError("must be an address without blanks, like https://status.example.com/wall")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("is not an address like https://status.example.com/wall") from None
    if parts.scheme != "https":
        raise ValueError("must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not have a user name or a password in it")
    host = (parts.hostname or "").lower()
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|[0-9a-f:.]{2,45}", host):
        raise ValueError("must name a host, like https://status.example.com/wall")
    host = f"[{host}]" if ":" in host else host
    return f"https://{host}" + (f":{port}" if port not in {None, 443} else "")


def _head(paper: Paper) -> None:
    paper.id("id", required=True)
    paper.names("name", required=True)
    paper.choice("theme", THEMES, required=True)
    paper.matching("accent", ACCENT, "a colour like #3b82f6")
    paper.id("logo")
    paper.choice("lang", LANGUAGES)
    paper.number("distance", 0.3, 50, "metres")
    paper.number("diagonal", 4, 500, "inches")
    if (rotation := paper.paper("rotation")) is not None:
        rotation.choice("stop_on", STOPS, required=True)
        rotation.finish()
    if (sound := paper.paper("sound")) is not None:
        for key in ("breach", "warn", "source"):
            sound.choice(key, SAYS, required=True)
        sound.number("volume", 0, 1)
        _quiet(sound)
        sound.finish()


def _quiet(sound: Paper) -> None:
    for place, each in enumerate(sound.items("quiet", MOST_QUIET, "quiet times")):
        good = isinstance(each, list) and len(each) == 2
        if not good or not all(isinstance(time, str) and TIME.fullmatch(time) for time in each):  # type: ignore[attr-defined]  # it is a list
            sound.wrong(f"quiet[{place}]", f'must be two times like ["22:00", "07:00"], not {shown(each)}')


def _page(page: Paper, embed: Collection[str]) -> None:
    seen: set[str] = set()
    page.names("name")
    page.number("dwell", 3, 3600, "seconds")
    taken: list[tuple[str, Place]] = []
    for tile in page.papers("tiles", MOST_TILES, "tiles"):
        id = tile.id("id", required=True)
        if id is not None and id in seen:
            tile.wrong("id", f"{shown(id)} is the id of another tile of this page; choose another")
        seen.update(() if id is None else (id,))
        tile.matching(
            "kind", KIND, "a kind of tile: small letters, digits and hyphens, like number", required=True
        )
        place = _place(tile)
        if place is not None:
            for other, cells in taken:
                if _overlap(place, cells):
                    tile.wrong("", f"lies over {other}; move one of them, or make it smaller")
                    break
            taken.append((tile.path, place))
        _options(tile, embed)
        tile.finish()
    page.finish()


def _place(tile: Paper) -> Place | None:
    x, y = tile.whole("x", 0, "the column from 0"), tile.whole("y", 0, "the row from 0")
    w, h = tile.whole("w", 1, "a width in columns"), tile.whole("h", 1, "a height in rows")
    across = _fits(tile, ("x", x), ("w", w), COLUMNS, "columns")
    down = _fits(tile, ("y", y), ("h", h), ROWS, "rows")
    if not (across and down) or x is None or y is None or w is None or h is None:
        return None
    return x, y, w, h


def _fits(
    tile: Paper, at: tuple[str, int | None], size: tuple[str, int | None], most: int, what: str
) -> bool:
    (start_key, start), (size_key, cells) = at, size
    if start is None or cells is None:
        return False
    if cells > most:
        tile.wrong(size_key, f"{cells} is more than the {most} {what} of a board; make it smaller")
    elif start >= most:
        tile.wrong(start_key, f"{start} is outside the board, whose {what} are 0 to {most - 1}")
    elif start + cells > most:
        words = f"{cells} from {start_key} {start} on goes over the edge: a board has {most} {what}; make it at most {most - start}"
        tile.wrong(size_key, words)
    else:
        return True
    return False


def _overlap(one: Place, other: Place) -> bool:
    (x, y, w, h), (ox, oy, ow, oh) = one, other
    return x < ox + ow and ox < x + w and y < oy + oh and oy < y + h


def _options(tile: Paper, embed: Collection[str]) -> None:
    told = tile.take("options")
    if told is None:
        return
    if not isinstance(told, dict):
        tile.wrong("options", f"must be an object, not {shown(told)}")
        return
    options, before = Paper(tile.at("options"), told, tile.mistakes), len(tile.mistakes)
    _value(options.path, told, tile.mistakes, 0)
    if len(tile.mistakes) == before and (size := len(msgspec.json.encode(told))) > MOST_OPTIONS:
        tile.wrong("options", f"has {size} bytes, and {MOST_OPTIONS} are the most; shorten its texts")
    for key, value in told.items():
        if isinstance(value, str) and value and (key == ADDRESS_KEY or "://" in value):
            _address(options, plain(str(key)), value, embed)


def _address(options: Paper, key: str, value: str, embed: Collection[str]) -> None:
    try:
        origin = origin_of(value)
    except ValueError as error:
        options.wrong(key, f"{shown(value)} {error}")
        return
    if origin not in embed:
        allowed = f"allowed are {', '.join(sorted(embed))}" if embed else "none is allowed yet"
        options.wrong(
            key, f"pages of {origin} may not be shown: {allowed}; add it to [web] embed in the configuration"
        )


def _value(path: str, value: object, mistakes: list[Mistake], depth: int) -> None:
    """Anything that JSON may hold, within bounds."""
    if depth > DEEPEST:
        note(mistakes, path, f"is nested more than {DEEPEST} deep; make it flatter")
    elif isinstance(value, str):
        if problem := wrong_text(value):
            note(mistakes, path, problem)
    elif is_number(value):
        if not -LARGEST <= value <= LARGEST:
            note(mistakes, path, "is a number too large for a browser; make it smaller")
    elif isinstance(value, list):
        for place, each in enumerate(value):
            _value(f"{path}[{place}]", each, mistakes, depth + 1)
    elif isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str) or not 0 < len(key) <= 60 or not key.isprintable():
                note(mistakes, path, f"the key {shown(key)} must have 1 to 60 printable characters")
            else:
                _value(f"{path}.{key}", each, mistakes, depth + 1)
