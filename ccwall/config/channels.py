"""``[[channel]]``: where alerts are delivered. The keys of each type are its own (ccwall.delivery)."""

from urllib.parse import parse_qsl, urlsplit

from ccwall.delivery.contract import BY_TYPE, ChannelType, Configured, Quiet
from ccwall.delivery.note import SEVERITIES, Severity
from ccwall.delivery.quiet import quiet
from ccwall.delivery.url import is_loopback
from ccwall.own_keys import own_keys
from ccwall.sheet import LANGUAGES, Sheet, meant, shown

MOST = 50
"""Each is a task and a place in every answer."""
MOST_HOURS = 8
LONGEST_NAME = 60
SHORTEST_PIECE = 8
"""Letters of a part of an address from which on it may be a key."""


def channels(sheets: list[Sheet], *, observe: bool) -> tuple[Configured, ...]:
    """Those that are right; ``observe``: nothing will be delivered, so secrets may be out of reach."""
    named: set[str] = set()
    found = [made for sheet in sheets if (made := _channel(sheet, named, observe)) is not None]
    if len(sheets) > MOST:
        sheets[MOST].mistakes.append((sheets[MOST].path, f"is more than {MOST} channels"))
    return tuple(found)


def _channel(sheet: Sheet, named: set[str], observe: bool) -> Configured | None:
    before = len(sheet.mistakes)
    name = sheet.text("name", required=True)
    if name in named:
        sheet.wrong("name", f"{shown(name)} is already the name of another channel")
    elif len(name) > LONGEST_NAME or not name.isprintable():
        sheet.wrong("name", f"must have at most {LONGEST_NAME} letters, and no control characters")
    named.add(name)
    kind = sheet.kind(BY_TYPE, "a channel")
    language = sheet.choice("language", LANGUAGES, "zh-CN")
    severities, hours = _severities(sheet), _quiet_hours(sheet)
    if kind not in BY_TYPE:
        return None  # its own keys cannot be judged
    made = BY_TYPE[kind]
    _no_literal(sheet, made)
    settings, secrets = own_keys(sheet, made.settings, observe)
    if settings is None or len(sheet.mistakes) > before:
        return None
    return Configured(
        name=name,
        type=kind,
        settings=settings,
        language=language,
        severities=severities,
        quiet=hours,
        secrets=tuple(part for secret in secrets for part in (secret, *_pieces(secret))),
    )


def _severities(sheet: Sheet) -> tuple[Severity, ...]:
    told = sheet.texts("severities")
    for each in told:
        if each not in SEVERITIES:
            sheet.wrong(
                "severities", f"{shown(each)} is none of {', '.join(SEVERITIES)}{meant(each, SEVERITIES)}"
            )
    if sheet.has("severities") and not told:
        sheet.wrong("severities", "names none, so nothing would be delivered; take the channel out instead")
    return tuple(each for each in SEVERITIES if each in told) or SEVERITIES


def _quiet_hours(sheet: Sheet) -> tuple[Quiet, ...]:
    found: list[Quiet] = []
    for text in sheet.texts("quiet_hours"):
        try:
            found.append(quiet(text))
        except ValueError as error:
            sheet.wrong("quiet_hours", str(error))
    if len(found) > MOST_HOURS:
        sheet.wrong("quiet_hours", f"has {len(found)} parts, and {MOST_HOURS} are the most")
    return tuple(found)


def _no_literal(sheet: Sheet, made: ChannelType) -> None:
    """Whoever reads the address of a robot can write to its group."""
    url = sheet.raw("url") if made.credential else None
    if isinstance(url, str) and not _is_local(url):
        sheet.wrong("url", 'is a robot\'s password: write { env = "NAME" } or { file = "path" }')


def _is_local(url: str) -> bool:
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _pieces(secret: str) -> list[str]:
    """What of an address alone would give it away."""
    try:
        parts = urlsplit(secret)
        query = [value for _, value in parse_qsl(parts.query)]
    except ValueError:
        return []
    if not parts.scheme:
        return []
    found = [*query, *parts.path.split("/"), parts.password or ""]
    return [each for each in found if len(each) >= SHORTEST_PIECE]
