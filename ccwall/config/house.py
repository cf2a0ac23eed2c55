"""``[site]``, ``[web]``, ``[journal]``: the house itself."""

from pathlib import Path
from zoneinfo import ZoneInfo

from ccwall.boards.checking import origin_of
from ccwall.config.shape import DAY, Journal, Site, Web
from ccwall.sheet import Sheet, shown

INTERVALS = {"15m": 900, "30m": 1800}
LONGEST_KEPT = 20 * 366 * DAY
MOST_ORIGINS = 32
"""Each is a part of a header of every answer."""
LEAST_WIRE = 16 * 1024 * 1024
SHORTEST_TOKEN, LONGEST_TOKEN = 16, 512
"""A token that may be guessed from the network must be long; `openssl rand -hex 16` makes one."""


def site(sheet: Sheet) -> Site:
    zone = sheet.text("zone", "UTC")
    if not is_zone(zone):
        sheet.wrong("zone", f"{shown(zone)} is not an IANA time zone like Asia/Shanghai")
    found = Site(
        names=sheet.names("name", {}),
        zone=zone,
        day_starts=sheet.whole("day_starts", 0, 0, 23),
        interval=INTERVALS[sheet.choice("interval", tuple(INTERVALS), "15m")],
        calls_target=sheet.whole("calls_target", Site().calls_target, 1, 10_000),
    )
    sheet.finish()
    return found


def web(sheet: Sheet, *, observe: bool) -> Web:
    found = Web(
        host=sheet.text("host", "127.0.0.1"),
        port=sheet.whole("port", 8800, 1, 65535),
        token=_token(sheet, "token", observe),
        staff_token=_token(sheet, "staff_token", observe),
        hosts=sheet.texts("hosts"),
        tls_cert=sheet.text("tls_cert"),
        tls_key=sheet.text("tls_key"),
        embed=_origins(sheet, "embed"),
        frame_ancestors=_origins(sheet, "frame_ancestors"),
    )
    if not found.host or not found.host.isprintable() or " " in found.host:
        sheet.wrong("host", f"{shown(found.host)} is not an address to listen on, like 127.0.0.1")
    for key, file in (("tls_cert", found.tls_cert), ("tls_key", found.tls_key)):
        if file and not Path(file).is_file():
            sheet.wrong(key, f"{shown(file)} is not a file")
    if bool(found.tls_cert) != bool(found.tls_key):
        sheet.wrong("tls_key" if found.tls_cert else "tls_cert", "is missing: TLS needs tls_cert and tls_key")
    if found.token and found.token == found.staff_token:
        sheet.wrong("staff_token", "must not be the same as token")
    sheet.finish()
    return found


def _origins(sheet: Sheet, key: str) -> tuple[str, ...]:
    """`https://host[:port]`, each once; a path would promise more than a browser keeps."""
    found: dict[str, None] = {}
    for text in sheet.texts(key):
        try:
            origin = origin_of(text)
        except ValueError as error:
            sheet.wrong(key, f"{shown(text)} {error}")
            continue
        if text.rstrip("/").lower().removesuffix(":443") != origin:
            sheet.wrong(key, f"{shown(text)} must be scheme and host only, like {origin}")
        found[origin] = None
    if len(found) > MOST_ORIGINS:
        sheet.wrong(key, f"names {len(found)} places, and {MOST_ORIGINS} are the most")
    return tuple(found)


def journal(sheet: Sheet) -> Journal:
    usual = Journal()
    folder = sheet.text("folder", usual.folder)
    if not folder or "\0" in folder:
        sheet.wrong("folder", "must name a folder")
        folder = usual.folder
    found = Journal(
        enabled=sheet.flag("enabled", usual.enabled),
        folder=folder,
        keep=sheet.duration("keep", usual.keep, longest=LONGEST_KEPT),
        wire_days=sheet.whole("wire_days", usual.wire_days, 0, 400),
        wire_limit=sheet.size("wire_limit", usual.wire_limit, LEAST_WIRE),
    )
    if found.keep < 2 * DAY:
        sheet.wrong("keep", 'must be at least "2d": today and yesterday')
    sheet.finish()
    return found


def _token(sheet: Sheet, key: str, observe: bool) -> str:
    token = sheet.secret(key, required=not observe)
    if token and not SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN:
        sheet.wrong(key, f"must have {SHORTEST_TOKEN} to {LONGEST_TOKEN} characters, not {len(token)}")
    return token


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return False
    except KeyError:
        return False
    return True
