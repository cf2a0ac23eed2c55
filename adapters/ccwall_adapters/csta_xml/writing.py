"""What is said in CSTA XML, by an application or, in a simulator, by a switch: requests, answers and errors as bytes."""

from ccwall.wire.xml import Element, escaped

NAMESPACE = "http://www.ecma-international.org/standards/ecma-323/csta/"
SESSION_NAMESPACE = "http://www.ecma-international.org/standards/ecma-354/appl_session"

ERRORS = (
    "operation",
    "security",
    "stateIncompatibility",
    "systemResourceAvailability",
    "subscribedResourceAvailability",
    "performanceManagement",
    "privateData",
    "unspecified",
)
"""The categories of a universal failure (ECMA-269, clause 9.2)."""


def leaf(name: str, text: str) -> str:
    """An element with this text in it, whatever the text is.

    >>> leaf("deviceID", "N<1>")
    '<deviceID>N&lt;1&gt;</deviceID>'
    """
    return f"<{name}>{escaped(text)}</{name}>"


def tag(name: str, *inner: str) -> str:
    """An element with these elements in it.

    >>> tag("cause", leaf("a", "1"), tag("b"))
    '<cause><a>1</a><b/></cause>'
    """
    return f"<{name}>{''.join(inner)}</{name}>" if inner else f"<{name}/>"


def document(name: str, *inner: str, namespace: str) -> bytes:
    """A whole message; `inner` are elements."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{escaped(namespace)}">{"".join(inner)}</{name}>'
    ).encode()


def error(namespace: str, category: str = "operation", value: str = "generic") -> bytes:
    """A universal failure."""
    return document("CSTAErrorCode", leaf(category, value), namespace=namespace)


def refusal(answer: Element) -> str:
    """What a negative answer says, in its own words: `operation: invalidDeviceID`."""
    words = []
    for part in answer.children:
        inner = part.text or " ".join(child.text or child.name for child in part.children)
        words.append(f"{part.name}: {inner}" if inner else part.name)
    return "; ".join(words)[:300] or answer.text[:300] or answer.name


def namespace_of(message: Element) -> str:
    """The CSTA namespace a message was written in, by whatever prefix; empty when it has none."""
    for name, written in message.attributes.items():
        if (name == "xmlns" or name.startswith("xmlns:")) and NAMESPACE in written:
            return written
    return ""
