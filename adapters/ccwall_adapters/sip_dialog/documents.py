"""What a notifier says of one phone: dialog-info (RFC 4235) and presence (RFC 3863 with RFC 4480)."""

from typing import Literal, cast

import msgspec

from ccwall.wire.xml import Element, escaped, parse

DIALOG_INFO = "application/dialog-info+xml"
PIDF = "application/pidf+xml"
MOST = 256 * 1024
MOST_DIALOGS = 256
"""Of one phone; a document with more is refused."""

DialogState = Literal["trying", "proceeding", "early", "confirmed", "terminated"]
_STATES = frozenset({"trying", "proceeding", "early", "confirmed", "terminated"})
Role = Literal["", "initiator", "recipient"]
_ROLES = frozenset({"initiator", "recipient"})


class Dialog(msgspec.Struct, frozen=True):
    """One call of the phone. `role`: empty when the notifier does not say who called. `held`: this phone renders no media."""

    id: str
    state: DialogState
    role: Role = ""
    held: bool = False


class DialogInfo(msgspec.Struct, frozen=True):
    version: int
    full: bool
    entity: str
    dialogs: tuple[Dialog, ...]


class Presence(msgspec.Struct, frozen=True):
    """`open`: None when no tuple says. `activities`: RPID's words, with `ringing` where Asterisk's note says that."""

    open: bool | None
    activities: frozenset[str] = frozenset()


def dialog_info(body: bytes) -> DialogInfo:
    """ValueError, in words, when it is none."""
    root = parse(body, most=MOST)
    if root.name != "dialog-info":
        raise ValueError(f"this is no dialog-info: it is {root.name[:40]!r}")
    version = root.attributes.get("version", "")
    if not (version.isascii() and version.isdigit()) or len(version) > 20:
        raise ValueError("the version of a dialog-info must be a whole number")
    state = root.attributes.get("state", "")
    if state not in ("full", "partial"):
        raise ValueError("the state of a dialog-info must be full or partial")
    dialogs = tuple(_dialog(element) for element in root.all("dialog"))
    if len(dialogs) > MOST_DIALOGS:
        raise ValueError(f"a phone with more than {MOST_DIALOGS} calls is none")
    return DialogInfo(int(version), state == "full", root.attributes.get("entity", ""), dialogs)


def _dialog(element: Element) -> Dialog:
    state = element.within("state").lower()  # Kamailio writes "Trying"
    if state not in _STATES:
        raise ValueError(f"a dialog cannot be {state[:40]!r}")
    id = element.attributes.get("id", "")
    if not 0 < len(id) <= 512:
        raise ValueError("a dialog has no id, or one that is too long")
    role = element.attributes.get("direction", "")
    return Dialog(
        id,
        cast(DialogState, state),
        cast(Role, role if role in _ROLES else ""),
        _is_held(element),
    )


def _is_held(dialog: Element) -> bool:
    """`+sip.rendering` "no" of the phone itself (RFC 4235 4.1.6); some write pvalue."""
    target = dialog.down("local", "target")
    if target is None:
        return False
    return any(
        param.attributes.get("pname", "").lower() in ("+sip.rendering", "sip.rendering")
        and (param.attributes.get("pval") or param.attributes.get("pvalue", "")).lower() == "no"
        for param in target.all("param")
    )


def presence(body: bytes) -> Presence:
    """ValueError, in words, when it is none. Open when any tuple is (RFC 3856)."""
    root = parse(body, most=MOST)
    if root.name != "presence":
        raise ValueError(f"this is no presence document: it is {root.name[:40]!r}")
    told = {tuple_.within("status", "basic").lower() for tuple_ in root.all("tuple")}
    is_open = True if "open" in told else False if "closed" in told else None
    activities = {
        activity.name
        for within in _descendants(root)
        if within.name == "activities"
        for activity in within.children
    }
    notes = {within.text.lower() for within in _descendants(root) if within.name == "note"}
    if "ringing" in notes:  # Asterisk has no other word for it
        activities.add("ringing")
    return Presence(is_open, frozenset(activities))


def _descendants(root: Element) -> list[Element]:
    found = [root]
    for element in found:
        found += element.children
    return found


# ── writing, for whoever plays the notifier ──


def write_dialog_info(info: DialogInfo) -> bytes:
    """What `dialog_info` reads."""
    state = "full" if info.full else "partial"
    root = f'xmlns="urn:ietf:params:xml:ns:dialog-info" version="{info.version}" state="{state}"'
    entity = escaped(info.entity)
    lines = ['<?xml version="1.0"?>', f'<dialog-info {root} entity="{entity}">']
    held = f'<local><target uri="{entity}"><param pname="+sip.rendering" pval="no"/></target></local>'
    for dialog in info.dialogs:
        role = f' direction="{dialog.role}"' if dialog.role else ""
        local = held if dialog.held else ""
        lines.append(f'<dialog id="{escaped(dialog.id)}"{role}><state>{dialog.state}</state>{local}</dialog>')
    return "\n".join([*lines, "</dialog-info>", ""]).encode()


def write_presence(entity: str, is_open: bool, activities: tuple[str, ...] = ()) -> bytes:
    """What `presence` reads."""
    person = ""
    if activities:
        said = "".join(f"<rpid:{activity}/>" for activity in activities)
        person = f'<dm:person id="p1"><rpid:activities>{said}</rpid:activities></dm:person>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"'
        f' xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="{escaped(entity)}">'
        f'<tuple id="t1"><status><basic>{"open" if is_open else "closed"}</basic></status></tuple>{person}</presence>\n'
    ).encode()
