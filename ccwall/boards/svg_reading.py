"""What attributes and styles of an SVG's elements say, as far as a plan needs it."""

import re
from collections.abc import Iterator

from ccwall.boards import svg_shapes
from ccwall.wire.xml import Element

_HIDDEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)")
_FILL = re.compile(r"(?:^|;)\s*fill\s*:\s*([^;]+)")


def all_of(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from all_of(child)


def is_hidden(element: Element) -> bool:
    at = element.attributes
    return (
        at.get("display") == "none"
        or at.get("visibility") == "hidden"
        or bool(_HIDDEN.search(at.get("style", "")))
    )


def filled(element: Element, inherited: bool) -> bool:
    said = _FILL.search(element.attributes.get("style", ""))
    fill = said[1] if said else element.attributes.get("fill", "")
    return fill.strip() not in {"none", "transparent"} if fill else inherited


def size_of(element: Element) -> float:
    said = re.search(r"font-size\s*:\s*([\d.]+)", element.attributes.get("style", ""))
    try:
        size = svg_shapes.number(said[1] if said else element.attributes.get("font-size"), 16.0)
    except ValueError:
        return 16.0
    return min(max(size, 0.01), 10_000.0)


def name_of(text: str) -> str:
    return "".join(sign for sign in text[:40] if sign.isalnum() or sign in "-_.") or "?"


def called(element: Element) -> str:
    name = element.attributes.get("data-seat") or element.attributes.get("id") or ""
    plain = "".join(sign if sign.isprintable() else "?" for sign in name[:40])
    return f"{name_of(element.name)}#{plain}" if plain else name_of(element.name)
