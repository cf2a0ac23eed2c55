"""WeCom (企业微信) group robot.

Source: developer.work.weixin.qq.com/document/path/91770, "群机器人配置说明": markdown up to 4096 bytes of UTF-8, text up to
2048, at most 20 messages a minute; `mentioned_list` takes user ids and `mentioned_mobile_list` telephone numbers, and both are
keys of a text message, so who is to be named gets a text. In a content `<@userid>` names somebody too.
"""

from collections.abc import Sequence

from ccwall.delivery.contract import ChannelType, Limit
from ccwall.delivery.note import Note
from ccwall.delivery.robot import Codes, Message, Robot, RobotSettings, is_phone
from ccwall.delivery.wording import Composed, compose, mentioned

MARKDOWN, TEXT = 4096, 2048
"""Bytes of a content."""
CODES = Codes(
    code="errcode",
    words="errmsg",
    too_fast=(45009, 45033),  # `api freq out of limit`, `api concurrent out of limit`
    pause=60.0,
    busy=(-1,),
    advice={
        93000: "the address is no robot's (any more): copy it again from the group",
        40058: "the message is malformed or too long",
        40008: "the message is of a kind the robot does not know",
        93004: "the robot was taken out of service: add it to the group again",
        93008: "the robot is not in the group any more",
    },
)


class WeCom(Robot):
    limits = (Limit(20, 60.0),)
    codes = CODES

    def message(self, notes: Sequence[Note]) -> Message:
        users = mentioned(notes, "wecom")
        phones = [phone for phone in mentioned(notes, "phone", unless="wecom") if is_phone(phone)]
        return self._text(notes, users, phones) if users or phones else self._markdown(notes)

    def _text(self, notes: Sequence[Note], users: list[str], phones: list[str]) -> Message:
        found = self._composed(notes, TEXT)
        content = "\n".join((found.head, *found.lines))
        text = {"content": content, "mentioned_list": users, "mentioned_mobile_list": phones}
        return Message({"msgtype": "text", "text": text}, found.left_out)

    def _markdown(self, notes: Sequence[Note]) -> Message:
        colour = _colour(notes)
        found = self._composed(notes, MARKDOWN - 64, per_line=3)
        lines = (f'<font color="{colour}">**{found.head}**</font>', *(f"> {line}" for line in found.lines))
        body = {"msgtype": "markdown", "markdown": {"content": "\n".join(lines)}}
        return Message(body, found.left_out)

    def _composed(self, notes: Sequence[Note], most: int, per_line: int = 1) -> Composed:
        told = self._setting
        return compose(notes, told.language, told.zone, most=most, per_line=per_line)


def _colour(notes: Sequence[Note]) -> str:
    if all(note.kind == "resolved" for note in notes):
        return "info"  # WeCom's green
    return "comment" if all(note.severity == "info" for note in notes) else "warning"


CHANNEL = ChannelType(name="wecom", settings=RobotSettings, made=WeCom, credential=True)
