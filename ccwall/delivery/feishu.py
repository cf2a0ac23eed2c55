"""Feishu (飞书) and Lark custom robot.

Source: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot, "自定义机器人使用指南": `sign` is the base64 of an HMAC-SHA256
of nothing with the key "<timestamp>\\n<secret>", `timestamp` in seconds and at most an hour off, both in the body; 100 messages a
minute and 5 a second; a body of at most 20 KB; busy at full and half hours (11232). A card's `plain_text` is never read as
markup; people are named in a `lark_md` of its own, which holds nothing but their ids.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from ccwall.delivery.contract import ChannelType, Limit, Setting
from ccwall.delivery.note import Note, worst_first
from ccwall.delivery.robot import Codes, Message, Robot, SignedSettings
from ccwall.delivery.wording import WORDS, compose, mentioned

LONGEST = 8000
"""Bytes of text in a card: JSON may double them, and a body has 20 KB."""
CODES = Codes(
    code="code",
    words="msg",
    too_fast=(11232,),
    too_many=9499,  # `Bad Request`; older robots say `too many request` with it
    pause=60.0,
    busy=(-1, 11233, 19099),
    advice={
        9499: "the message is malformed",
        19001: "the address is no robot's (any more): copy it again from the group",
        19002: "the message is malformed",
        19005: "the robot was stopped",
        19021: "the signature is refused: compare the secret, and set this machine's clock",
        19022: "this machine's address is not on the robot's list of allowed ones",
        19024: "the robot wants a keyword that is not in the message: set `keyword`",
        11246: "the card is malformed",
    },
)
_COLOURS = {"critical": "red", "breach": "orange", "warn": "yellow", "info": "blue"}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,100}")


def signature(timestamp: str, secret: str) -> str:
    """What makes a robot believe us.

    >>> signature("1599360473", "demo")
    'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8='
    """
    return base64.b64encode(
        hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    ).decode()


class Feishu(Robot):
    limits = (Limit(5, 1.0), Limit(100, 60.0))
    codes = CODES

    def __init__(self, setting: Setting, settings: SignedSettings) -> None:
        super().__init__(setting, settings)
        self._settings = settings

    def message(self, notes: Sequence[Note]) -> Message:
        told = self._setting
        found = compose(notes, told.language, told.zone, most=LONGEST, links=False)
        elements: list[object] = []
        if found.lines:
            elements.append(_plain("\n".join(found.lines)))
        if people := _named(notes):
            told_to = f"{WORDS[told.language]['person']} {' '.join(people)}"
            elements.append({"tag": "div", "text": {"tag": "lark_md", "content": told_to}})
        if url := next((note.url for note in worst_first(notes) if note.url), ""):
            button = {"tag": "plain_text", "content": WORDS[told.language]["open"]}
            elements.append({"tag": "action", "actions": [{"tag": "button", "text": button, "url": url}]})
        if keyword := self._settings.keyword:
            elements.append(_plain(keyword))
        card = {
            "config": {"wide_screen_mode": True},
            "header": {"template": _colour(notes), "title": {"tag": "plain_text", "content": found.head}},
            "elements": elements,
        }
        signed = self._settings.signed(str(int(told.clock.now())), signature)
        return Message({**signed, "msg_type": "interactive", "card": card}, found.left_out)


def _plain(text: str) -> object:
    return {"tag": "div", "text": {"tag": "plain_text", "content": text}}


def _named(notes: Sequence[Note]) -> list[str]:
    """As a card names people: by id, or by mail address who has none."""
    ids = [
        f"<at id={each}></at>" for each in mentioned(notes, "feishu") if _ID.fullmatch(each) and each != "all"
    ]
    others = mentioned(notes, "email", unless="feishu")
    mails = [f"<at email={each}></at>" for each in others if _EMAIL.fullmatch(each)]
    return [*ids, *mails][:20]


def _colour(notes: Sequence[Note]) -> str:
    worst = worst_first(notes)[0]
    return "green" if worst.kind == "resolved" else _COLOURS[worst.severity]


CHANNEL = ChannelType(name="feishu", settings=SignedSettings, made=Feishu, credential=True)
