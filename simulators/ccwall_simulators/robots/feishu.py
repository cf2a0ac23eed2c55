"""A Feishu custom robot, as open.feishu.cn/document/client-docs/bot-v3/add-custom-bot describes it."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .http import Request, Response, tree
from .phone import Message, Pace, Phone

LONGEST = 20 * 1024
HOUR = 3600.0
_NAMED = re.compile(r"<at (?:id|user_id|email)=\"?([^\s\">]{1,100})\"?>")
_READS_MARKUP = ("lark_md", "markdown")


class FeishuRobot:
    """``secret`` and ``keyword``: its safety settings, empty for none. 5 messages a second, 100 a minute."""

    kind = "feishu"

    def __init__(self, phone: Phone, token: str = "c0ffee-5aa1", secret: str = "", keyword: str = "") -> None:
        self._phone, self._secret, self._keyword = phone, secret, keyword
        self._paces = Pace(5, 1.0), Pace(100, 60.0)
        self.path = f"/open-apis/bot/v2/hook/{token}"
        self.address = self.path

    def answer(self, request: Request, now: float) -> Response:
        if len(request.body) > LONGEST:
            return _said(9499, "Bad Request", 400)
        try:
            told = msgspec.json.decode(request.body, type=dict[str, Any])
        except msgspec.DecodeError:
            return _said(9499, "Bad Request", 400)
        if self._secret and not self._is_signed(told, now):
            return _said(19021, "sign match fail or timestamp is not within one hour from current time")
        if told.get("msg_type") != "interactive" or not isinstance(told.get("card"), dict):
            return _said(19002, "params error, msg_type is not supported")
        parts = list(_texts(told["card"]))
        text = "\n".join(content for _, content in parts)
        if self._keyword and self._keyword not in text:
            return _said(19024, "Key Words Not Found")
        too_fast = [pace.too_fast(now) for pace in self._paces]  # both count it
        if True in too_fast:
            return _said(11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]")
        named = [name for tag, content in parts if tag in _READS_MARKUP for name in _NAMED.findall(content)]
        rings = tuple(each for each in named if each != "all")
        self._phone.take(
            Message(at=now, robot="feishu", text=text, rings=rings, everybody=len(rings) < len(named))
        )
        return tree({"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"})

    def _is_signed(self, told: Mapping[str, Any], now: float) -> bool:
        timestamp = str(told.get("timestamp", ""))
        if not timestamp.isdigit() or abs(int(timestamp) - now) > HOUR:
            return False
        key = f"{timestamp}\n{self._secret}".encode()
        wanted = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        return hmac.compare_digest(wanted, str(told.get("sign", "")))


def _texts(node: object) -> Iterator[tuple[str, str]]:
    """Every text of a card, with the tag that says how it is read."""
    if isinstance(node, dict):
        if isinstance(node.get("content"), str):
            yield str(node.get("tag", "")), node["content"]
        for each in node.values():
            yield from _texts(each)
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)


def _said(code: int, words: str, status: int = 200) -> Response:
    return tree({"code": code, "msg": words, "data": {}}, status)
