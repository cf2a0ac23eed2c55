"""A DingTalk custom robot, as open.dingtalk.com/document/orgapp/custom-robot-access describes it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from .http import Request, Response, tree
from .phone import Message, Pace, Phone

PATH = "/robot/send"
LONGEST = 20_000
HOUR = 3600.0
SILENT = 600.0
"""Seconds for which it says nothing to who was too fast."""


class DingTalkRobot:
    """``secret`` and ``keyword``: its safety settings, empty for none. 20 messages a minute."""

    kind = "dingtalk"

    def __init__(
        self, phone: Phone, token: str = "566cc69da782ec", secret: str = "", keyword: str = ""
    ) -> None:
        self._phone, self._token, self._secret, self._keyword = phone, token, secret, keyword
        self._pace = Pace(20, 60.0)
        self._silent_until = 0.0
        self.path = PATH
        self.address = f"{PATH}?access_token={token}"

    def answer(self, request: Request, now: float) -> Response:
        if request.query.get("access_token") != self._token:
            return _said(300001, "token is not exist")
        if self._secret and (wrong := self._unsigned(request.query, now)):
            return _said(310000, wrong)
        if len(request.body) > LONGEST:
            return _said(460101, "message too long, exceed 20000 bytes")
        try:
            told = msgspec.json.decode(request.body, type=dict[str, Any])
        except msgspec.DecodeError:
            return _said(40035, "缺少参数 json")
        body = told.get("markdown")
        if told.get("msgtype") != "markdown" or not isinstance(body, dict) or not body.get("title"):
            return _said(400105, "不支持的消息类型")
        text = str(body.get("text", ""))
        if self._keyword and self._keyword not in text + str(body["title"]):
            return _said(310000, "keywords not in content")
        if now < self._silent_until or self._pace.too_fast(now):
            self._silent_until = max(self._silent_until, now + SILENT)
            return _said(130101, "send too fast, exceed 20 times per minute")
        self._take(text, told.get("at") or {}, now)
        return _said(0, "ok")

    def _unsigned(self, query: Mapping[str, str], now: float) -> str:
        timestamp = query.get("timestamp", "")
        if not timestamp.isdigit() or abs(int(timestamp) / 1000 - now) > HOUR:
            return "invalid timestamp"
        text = f"{timestamp}\n{self._secret}".encode()
        wanted = base64.b64encode(hmac.new(self._secret.encode(), text, hashlib.sha256).digest()).decode()
        return "" if hmac.compare_digest(wanted, query.get("sign", "")) else "sign not match"

    def _take(self, text: str, at: Mapping[str, Any], now: float) -> None:
        """Somebody is named only where their number stands in the text as well."""
        named = [*at.get("atMobiles", []), *at.get("atUserIds", [])]
        rings = tuple(each for each in named if f"@{each}" in text)
        everybody = at.get("isAtAll") is True
        self._phone.take(Message(at=now, robot="dingtalk", text=text, rings=rings, everybody=everybody))


def _said(code: int, words: str) -> Response:
    return tree({"errcode": code, "errmsg": words})
