"""What `/api/health` and `/api/practice` may answer, as ccwall.api and ccwall_simulators.practice put it."""

from typing import Any

from tests.browser.boards import NOW, Json

HOSTILE = (
    '<img src=x onerror="document.title=1"><script>document.title=2</script>\n'
    "\u202egnihctah\u202d \x07 SSH-2.0-OpenSSH_9.2 " + "W" * 400 + "\n" + "很长的原话" * 60
)


def source(**given: Any) -> Json:
    """One source that is well, changed by `given`; None leaves a key out."""
    usual: Json = {
        "name": "主交换机", "type": "asterisk-ami", "state": "live", "since": NOW - 7000, "product": "Asterisk 22.5",
        "limits": [], "address": "tcp://10.20.30.40:5038", "condition": "connected", "heard": NOW - 0.4, "age": 0.4,
        "connections": 1, "failures": 0, "rates": {"bytes": 18_432.5, "messages": 61.2, "facts": 4.1}, "unknown": 0,
        "counts": {"QueueCallerJoin": 1204, "AgentConnect": 1120, "AgentComplete": 1098, "DeviceStateChange": 30_211},
        "spool": 0, "skipped": 0, "gaps": 0,
    }  # fmt: skip
    return {key: value for key, value in {**usual, **given}.items() if value is not None}


def health(recording: Json | None = None, **sources: Json) -> Json:
    """A house with these sources; one that is well when none are named."""
    kept = {
        "state": "on",
        "since": NOW - 36_000,
        "committed": 81_233,
        "pending": 2,
        "rate": 41.5,
        "bytes": 48_300_000,
    }
    return {
        "version": "0.3.0", "rate": 1.0, "seq": 81_235, "running": True, "screens": 12, "loop_lag": 0.004,
        "recording": kept if recording is None else recording, "sources": sources or {"pbx1": source()},
    }  # fmt: skip


def well() -> Json:
    return health()


def ill() -> Json:
    """One source of every kind of trouble, and a full disk."""
    full: Json = {
        "state": "stopped", "since": NOW - 1080, "reason": "full", "committed": 80_000, "pending": 1235, "rate": 0,
        "bytes": 48_300_000_000,
    }  # fmt: skip
    return health(
        full,
        pbx1=source(
            state="refused", since=NOW - 40, as_of=NOW - 41, reason="rejected", cause="rejected", failures=3, heard=NOW - 40,
            error="the far end does not let ccwall in: Authentication failed", next_try=NOW + 272, condition="refused",
        ),
        pbx2=source(
            name="pbx2", state="down", since=NOW - 9, as_of=NOW - 10, reason="refused", cause="not_listening", failures=5,
            error="cannot connect: nothing listens at 10.20.30.41:5038. Check the port, and that the service there runs and "
            "listens on this address", next_try=NOW + 12, condition="down", address="tcp://10.20.30.41:5038", heard=None,
            product=None, rates={"bytes": 0, "messages": 0, "facts": 0}, counts={},
        ),
        pbx3=source(name="pbx3", state="resync", since=NOW - 1, as_of=NOW - 31, limits=["abandon_cause", "devices"]),
        pbx4=source(
            name="pbx4", state="down", since=NOW - 3, as_of=NOW - 4, reason="protocol", cause="foreign", failures=1,
            error="the far end speaks something else: no greeting of a manager", last_words="SSH-2.0-OpenSSH_9.2p1\n",
            next_try=NOW + 2,
        ),
        pbx5=source(
            name="pbx5", unknown=17, counts={"unknown:PresenceStateChange": 12, "unknown:MWI": 5, "Newchannel": 40_000},
            spool=1_204_000, skipped=8_400_000, gaps=2, cause="overrun", error="it came faster than anybody could work it off",
        ),
        pbx6=source(
            name="pbx6", state="failed", since=NOW - 4000, as_of=NOW - 4001, reason="failed", cause="bug", condition="failed",
            error="KeyError: 'Queue'",
        ),
    )  # fmt: skip


def furnished() -> Json:
    """Everything is well; others are told, and some of what was seen is nobody's."""
    told = well()
    told["outlets"] = {
        "bus": {"state": "live", "since": NOW - 60, "detail": "", "sent": 1090, "dropped": 0},
        "hq": {
            "state": "down",
            "since": NOW - 6,
            "detail": "nothing listens at zmq://hq:5555",
            "sent": 4,
            "dropped": 12,
        },
    }
    told["strangers"] = {
        "devices": {"headset-9/usb-Jabra_Link_380_<b>0A1B</b>": {"source": "headset-9", "kind": "headset"}},
        "seats": {f"desks/seat-{n}": {"source": "desks", "says": "vacant", "since": NOW} for n in range(30)},
        "agents": ["pbx1/PJSIP/1099"],
    }
    return told


def hostile() -> Json:
    """A far end whose every word is an attack on whoever reads it."""
    name = '<b onmouseover="document.title=3">' + "W" * 120
    return health(
        pbx1=source(
            name=name, product=HOSTILE[:200], type=name, address=f"tcp://{'w' * 200}:5038", state="down", cause="foreign",
            error=HOSTILE, last_words=HOSTILE, next_try=NOW + 20, failures=1, reason="protocol", unknown=3,
            counts={f"unknown:{HOSTILE[:300]}": 2, "__proto__": 1, "constructor": 4},
        ),
        __proto__=source(name="__proto__"),
    )  # fmt: skip


FAULTS = (
    ("cut", "c", "link", 0.0),
    ("reset", "x", "link", 0.0),
    ("half_open", "h", "link", 20.0),
    ("silence", "n", "link", 8.0),
    ("slow", "s", "link", 30.0),
    ("split", "p", "link", 30.0),
    ("garbage", "g", "link", 0.0),
    ("restart", "r", "pbx", 10.0),
    ("kill", "k", "pbx", 10.0),
    ("flood", "f", "pbx", 0.0),
    ("reload", "l", "pbx", 0.0),
    ("reset_statistics", "z", "pbx", 0.0),
)


def practice(**active: float) -> Json:
    """The panel over `boards.usual`'s queues; `active` are faults and the seconds they still last."""
    faults = [
        {"name": name, "key": key, "kind": kind, "active": name in active, "seconds": seconds}
        | ({"until": NOW + active[name]} if name in active else {})
        for name, key, kind, seconds in FAULTS
    ]
    waiting = {"咨询": 2, "回访": 0, "推广": 0, "投诉": 1, "溢出": 0}
    return {
        "product": "Asterisk 22.5.1", "up": True, "speed": 1.0, "seed": 42, "scenario": "monday_peak", "clients": 1,
        "faults": faults, "gauges": {name: {"waiting": number, "talking": 2} for name, number in waiting.items()},
    }  # fmt: skip


SIP_FAULTS = (
    ("silence", "n", "link", 8.0),
    ("drop", "d", "link", 30.0),
    ("forget", "f", "server", 0.0),
    ("restart", "r", "server", 0.0),
    ("kill", "k", "server", 10.0),
    ("unregister", "u", "device", 30.0),
)
LINE_FAULTS = (
    ("unplug", "u", "device", 20.0),
    ("plug", "p", "device", 0.0),
    ("noise", "n", "link", 0.0),
    ("wrong_speed", "s", "link", 20.0),
)
PEOPLE_FAULTS = (("walk_away", "w", "people", 60.0), ("dock_ready", "d", "people", 60.0))


def callers(**active: str) -> Json:
    """What may befall who calls; `active` is what goes on, and in which queue: empty is all of them."""
    faults = [
        {
            "name": name,
            "key": key,
            "kind": "callers",
            "active": name in active,
            "seconds": 600.0,
            "size": size,
        }
        | ({"since": NOW - 88, "until": NOW + 512} if name in active else {})
        | ({"about": active[name]} if active.get(name) else {})
        for name, key, size in (("surge", "t", 3.0), ("drop_lines", "i", 0.7))
    ]
    titles = {"consult": ("咨询", "諮詢", "Consult"), "promo": ("推广", "推廣", "Promotion")}
    queues = [
        {"id": f"pbx1/{name}", "title": dict(zip(("zh-CN", "zh-TW", "en"), title, strict=True))}
        for name, title in titles.items()
    ]
    told = {"product": "callers of 2 queues", "up": True, "speed": 1.0, "faults": faults, "queues": queues}
    return {"id": "callers", "title": {"zh-CN": "来电", "zh-TW": "來電", "en": "Callers"}, **told}


def rush(**active: str) -> Json:
    """The panel of a floor with everything, and what befalls its callers."""
    told = whole()
    return {**told, "products": [*told["products"], callers(**active)]}


def whole(**active: str) -> Json:
    """The panel of a floor with everything; `active` are faults of what is no switch, and whom they hit."""

    def thing(id: str, title: tuple[str, str, str], product: str, faults: Any) -> Json:
        told = [
            {"name": name, "key": key, "kind": kind, "active": name in active, "seconds": seconds}
            | ({"until": NOW + 20, "about": active[name]} if name in active else {})
            for name, key, kind, seconds in faults
        ]
        names = dict(zip(("zh-CN", "zh-TW", "en"), title, strict=True))
        return {"id": id, "title": names, "product": product, "up": "unplug" not in active, "faults": told}

    first = practice()
    pbx2 = {
        **first,
        "product": "FreeSWITCH 1.10.12",
        "scenario": "branch",
        "gauges": {"咨询": {"waiting": 5, "talking": 1}},
    }
    products = [
        {"id": "pbx1", "title": {"zh-CN": "总机", "zh-TW": "總機", "en": "PBX"}, **first},
        {"id": "pbx2", "title": {"zh-CN": "分部", "zh-TW": "分部", "en": "Branch"}, **pbx2},
        thing("phones", ("话机", "話機", "Phones"), "simulated SIP server", SIP_FAULTS),
        thing("headsets", ("耳麦", "耳麥", "Headsets"), "5 headsets on serial lines", LINE_FAULTS),
        thing("people", ("坐席", "值機人員", "People"), "24 people", PEOPLE_FAULTS),
    ]
    return {**first, "products": products}
