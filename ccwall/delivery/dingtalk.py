"""DingTalk (钉钉) custom robot.

Source: open.dingtalk.com/document/orgapp/custom-robot-access and …/custom-robots-send-group-messages, "自定义机器人接入":
`sign` is base64(HMAC-SHA256(secret, "<timestamp>\\n<secret>")), `timestamp` in milliseconds and at most an hour off, both in the
address; at most 20 messages a minute, then the robot is silent for 10 minutes; a message of at most 20,000 bytes. Who is in
`at` is named only where `@number` or `@user` stands in the text as well.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from ccwall.delivery.contract import ChannelType, Limit, Setting
from ccwall.delivery.note import Note
from ccwall.delivery.robot import Codes, Message, Robot, SignedSettings, is_phone
from ccwall.delivery.wording import WORDS, compose, mentioned

LONGEST = 6000
"""Bytes of a text: far below the 20,000 of a message, whatever JSON makes of it, and as much as anybody reads."""
CODES = Codes(
    code="errcode",
    words="errmsg",
    too_fast=(130101, 660026, 410100),  # `send too fast, exceed 20 times per minute` and its kin
    pause=600.0,  # a robot that was too fast is silent for so long
    busy=(-1, 400001),
    advice={
        310000: "the robot's safety settings refuse it: compare the secret, this machine's clock, its address with the list of "
        "allowed ones, and the keyword",
        300001: "the address has no valid access token: copy it again from the group",
        400101: "the access token does not exist: copy the address again from the group",
        400102: "the robot was stopped",
        400106: "the robot does not exist any more",
        400013: "the group was dissolved",
        460101: "the message is too long",
    },
)


def signature(timestamp: str, secret: str) -> str:
    """What makes a robot believe us.

    >>> signature("1577262236757", "this is secret")
    'hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM='
    """
    text = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()


class DingTalk(Robot):
    limits = (Limit(20, 60.0),)
    codes = CODES

    def __init__(self, setting: Setting, settings: SignedSettings) -> None:
        super().__init__(setting, settings)
        self._settings = settings

    def message(self, notes: Sequence[Note]) -> Message:
        told, words = self._setting, WORDS[self._setting.language]
        users = mentioned(notes, "dingtalk")
        phones = [phone for phone in mentioned(notes, "phone", unless="dingtalk") if is_phone(phone)]
        found = compose(notes, told.language, told.zone, most=LONGEST, per_line=4)
        lines = [f"#### {found.head}", *(f"> {line}" for line in found.lines)]
        if users or phones:
            lines.append(f"{words['person']} " + " ".join(f"@{each}" for each in (*users, *phones)))
        if keyword := self._settings.keyword:
            lines.append(keyword)
        body = {
            "msgtype": "markdown",
            "markdown": {"title": found.head, "text": "\n\n".join(lines)},
            "at": {"atMobiles": phones, "atUserIds": users, "isAtAll": False},
        }
        timestamp = str(round(told.clock.now() * 1000))
        return Message(body, found.left_out, self._settings.signed(timestamp, signature))


CHANNEL = ChannelType(name="dingtalk", settings=SignedSettings, made=DingTalk, credential=True)
