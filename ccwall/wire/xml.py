"""One small XML document, read within bounds (CSTA III, dialog-info).

The far end decides what is in it. A document type is refused where it begins, so there are no entities to multiply and
nothing outside to fetch; size, depth, number of elements and of attributes have an end. Elements and attributes go by
their local names: `csta:callID`, `callID` of any edition's namespace, and one whose prefix nobody declared, are the same.
"""

from collections.abc import Iterator
from xml.parsers import expat

MOST = 64 * 1024
DEEPEST = 32
MOST_ELEMENTS = 4096
MOST_ATTRIBUTES = 64
_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "latin-1"})


class Element:
    """One element. `text` is what stands directly in it, without the white space around; `attributes` go by local names,
    but those that declare namespaces as they are written (`xmlns`, `xmlns:csta`)."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(
        self,
        name: str,
        attributes: dict[str, str] | None = None,
        text: str = "",
        children: "list[Element] | None" = None,
    ) -> None:
        self.name = name
        self.attributes = {} if attributes is None else attributes
        self.text = text
        self.children = [] if children is None else children

    def child(self, *names: str) -> "Element | None":
        """The first child with any of these names."""
        for child in self.children:
            if child.name in names:
                return child
        return None

    def all(self, name: str) -> "Iterator[Element]":
        """Every child with this name."""
        return (child for child in self.children if child.name == name)

    def down(self, *path: str) -> "Element | None":
        """The first child, its first child and so on along these names."""
        found: Element | None = self
        for name in path:
            if found is None:
                return None
            found = found.child(name)
        return found

    def within(self, *path: str) -> str:
        """The text at the end of this path; empty when there is none."""
        found = self.down(*path)
        return "" if found is None else found.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and (self.name, self.attributes, self.text, self.children) == (
            other.name,
            other.attributes,
            other.text,
            other.children,
        )

    __hash__ = None  # type: ignore[assignment]  # it can be changed

    def __repr__(self) -> str:
        return f"Element({self.name!r}, {self.attributes!r}, {self.text!r}, {self.children!r})"


def parse(
    data: bytes,
    *,
    most: int = MOST,
    deepest: int = DEEPEST,
    elements: int = MOST_ELEMENTS,
    attributes: int = MOST_ATTRIBUTES,
) -> Element:
    """The root element. ValueError, in words, for what is no well-formed XML, has a document type, is longer than `most`
    bytes, nested deeper than `deepest`, or has more than so many elements, or attributes in one element.

    >>> parse(b'<c:Held xmlns:c="ed4"><c:callID>7</c:callID></c:Held>').within("callID")
    '7'
    """
    if len(data) > most:
        raise ValueError(f"this XML has {len(data)} bytes; no more than {most} are read")
    reader = expat.ParserCreate()
    builder = _Builder(deepest, elements, attributes)
    reader.buffer_text = True
    reader.XmlDeclHandler = _declared
    reader.StartDoctypeDeclHandler = _document_type
    reader.StartElementHandler = builder.start
    reader.EndElementHandler = builder.end
    reader.CharacterDataHandler = builder.characters
    try:
        reader.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"this is no well-formed XML: {error}") from None
    return builder.root


def escaped(text: str) -> str:
    """Text as it may stand in an element or in an attribute's quotes; what XML cannot carry at all is left out.

    >>> escaped('N<1> & "2"' + chr(0))
    'N&lt;1&gt; &amp; &quot;2&quot;'
    """
    if text.isalnum():
        return text
    return "".join(_MARKUP.get(sign, sign) for sign in text if sign >= " " or sign in "\t\n\r").translate(
        _NOT_XML
    )


_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_NOT_XML = {0xFFFE: None, 0xFFFF: None, **dict.fromkeys(range(0xD800, 0xE000))}


class _Builder:
    def __init__(self, deepest: int, elements: int, attributes: int) -> None:
        self._deepest, self._most_elements, self._most_attributes = deepest, elements, attributes
        self._count = 0
        self.root = Element("")
        self._open: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > self._most_elements:
            raise ValueError(f"this XML has more than {self._most_elements} elements")
        if len(self._open) >= self._deepest:
            raise ValueError(f"this XML is nested deeper than {self._deepest} elements")
        if attributes:
            if len(attributes) > self._most_attributes:
                raise ValueError(f"an element of this XML has more than {self._most_attributes} attributes")
            attributes = _local(attributes)
        if ":" in name:
            name = name.rpartition(":")[2]
        element = Element(name, attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        element = self._open.pop()
        element.text = element.text.strip()

    def characters(self, text: str) -> None:
        self._open[-1].text += text


def _local(attributes: dict[str, str]) -> dict[str, str]:
    """By local names; one without a prefix stands before one with a prefix."""
    plain = {name: text for name, text in attributes.items() if ":" not in name or name.startswith("xmlns:")}
    for name, text in attributes.items():
        plain.setdefault(name if name.startswith("xmlns:") else name.rpartition(":")[2], text)
    return plain


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise ValueError(f"this XML is in {encoding[:40]!r}; UTF-8, UTF-16, ISO-8859-1 and US-ASCII are read")


def _document_type(name: str, _system: str | None, _public: str | None, _subset: int) -> None:
    raise ValueError(f"this XML has a document type ({name[:40]!r}), which is refused")
