"""What a headset (HF) asks its audio gateway (AG), and what an AG that has no calls answers: HFP 1.9, HSP 1.2.

An indicator is known by its position in the answer to `AT+CIND=?`, and by nothing else.
"""

import re
from collections.abc import Mapping

import msgspec

FEATURES = 1 << 10
"""AG features: HF indicators (battery). No audio, so no codec negotiation, and no calls to hold or to reject."""
INDICATORS = (
    ("service", "(0,1)", 1),
    ("call", "(0,1)", 0),
    ("callsetup", "(0-3)", 0),
    ("callheld", "(0-2)", 0),
    ("signal", "(0-5)", 5),
    ("roam", "(0,1)", 0),
    ("battchg", "(0-5)", 5),
)

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "+BRSF=": (f"+BRSF: {FEATURES}",),
    "+CIND=?": ("+CIND: " + ",".join(f'("{name}",{span})' for name, span, _ in INDICATORS),),
    "+CIND?": ("+CIND: " + ",".join(str(value) for _, _, value in INDICATORS),),
    "+CHLD=?": ("+CHLD: (0,1,2,3)",),
    "+BIND=?": ("+BIND: (1,2)",),
    "+BIND?": ("+BIND: 1,1", "+BIND: 2,1"),
    "+COPS?": ('+COPS: 0,0,"ccwall"',),
    "+XAPL=": ("+XAPL=iPhone,6",),  # 2: takes battery reports, 4: takes dock reports
}
"""What stands before OK."""
ACCEPTED = frozenset(
    (
        *ANSWERS,
        *(
            "",
            "A",
            "+CKPD",
            "+CKPD=",
            "+CHUP",
            "+VGS=",
            "+VGM=",
            "+BIEV=",
            "+IPHONEACCEV=",
            "+XEVENT=",
            "+CMUT=",
        ),
        *("+BAC=", "+BCS=", "+CMER=", "+BIND=", "+CLIP=", "+CCWA=", "+CMEE=", "+NREC=", "+COPS=", "+BIA="),
        *("+CLCC", "+CNUM", "+BTRH?"),
    )
)
"""What is answered OK; everything else ERROR, as the specification wants of what an AG cannot do."""
BUTTONS: Mapping[str, str] = {
    "+CKPD": "hook",
    "A": "answer",
    "+CHUP": "hang_up",
    "+BLDN": "redial",
    "D": "dial",
    "+BVRA": "voice",
    "+CHLD": "hold",
}
"""The button behind a command that somebody's finger sent."""

_COMMAND = re.compile(r"AT(?:(D)[^\r]*|([+*#$%&]?[A-Z]*\d?)(=\?|\?|=)?(.*))", re.IGNORECASE)
_NAMES = re.compile(r'\("(\w{1,20})"')


class Command(msgspec.Struct, frozen=True):
    """`AT+VGS=9` is the name `+VGS`, the kind `=`, the arguments `("9",)`."""

    name: str
    kind: str = ""
    arguments: tuple[str, ...] = ()

    def answer(self) -> tuple[str, ...]:
        """All lines, the last of them OK or ERROR."""
        asked = self.name + self.kind
        return (*ANSWERS.get(asked, ()), "OK" if asked in ACCEPTED else "ERROR")

    def number(self, place: int) -> int | None:
        if place >= len(self.arguments) or not re.fullmatch(r"-?\d{1,9}", self.arguments[place]):
            return None
        return int(self.arguments[place])


def command(text: str) -> Command | None:
    """None when it is none.

    >>> command("AT+BIEV=2,80")
    Command(name='+BIEV', kind='=', arguments=('2', '80'))
    """
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return None
    if found[1]:
        return Command("D")
    arguments = tuple(part.strip().strip('"') for part in found[4].split(",")) if found[4] else ()
    return Command(found[2].upper(), found[3] or "", arguments[:64])


class Indicators:
    """What the AG says of its calls, learned from its own list."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._values: dict[str, int] = {}

    def clear(self) -> None:
        self._names, self._values = [], {}

    def line(self, text: str) -> bool:
        """One line of the AG; True when it says something of calls."""
        kind, colon, rest = text.partition(":")
        if not colon or kind not in ("+CIND", "+CIEV"):
            return False
        if kind == "+CIND" and "(" in rest:
            self._names = _NAMES.findall(rest)
            return False
        said = [int(word) if re.fullmatch(r"\s*\d{1,3}\s*", word) else -1 for word in rest.split(",")]
        if kind == "+CIND":
            self._values = dict(zip(self._names, said, strict=False))
        elif len(said) == 2 and 1 <= said[0] <= len(self._names):
            self._values[self._names[said[0] - 1]] = said[1]
        return "call" in self._values

    @property
    def phone(self) -> str:
        """The state of the phone behind it, in the words of `ccwall.events.PhoneState`."""
        value = self._values.get
        if value("callheld") == 2:
            return "on_hold"
        if value("call") == 1:
            return "ringing_in_use" if value("callsetup") == 1 else "in_use"
        return {1: "ringing", 2: "in_use", 3: "in_use"}.get(value("callsetup", 0), "idle")
