"""A WeCom group robot, as developer.work.weixin.qq.com/document/path/91770 describes it."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from .http import Request, Response, tree
from .phone import Message, Pace, Phone

MARKDOWN, TEXT = 4096, 2048
PATH = "/cgi-bin/webhook/send"
_NAMED = re.compile(r"<@([^<>]{1,64})>")


class WeComRobot:
    """``key``: of its address. 20 messages a minute."""

    kind = "wecom"

    def __init__(self, phone: Phone, key: str = "693a91f6-7a0c-4bc4-97a0-0ec2sifa5aaa") -> None:
        self._phone, self._key = phone, key
        self._pace = Pace(20, 60.0)
        self.path = PATH
        self.address = f"{PATH}?key={key}"

    def answer(self, request: Request, now: float) -> Response:
        if request.query.get("key") != self._key:
            return _said(93000, "invalid webhook url")
        try:
            told: Mapping[str, Any] = msgspec.json.decode(request.body, type=dict[str, Any])
        except msgspec.DecodeError:
            return _said(40033, "invalid request body")
        kind = told.get("msgtype")
        if kind not in ("text", "markdown"):
            return _said(40008, "invalid message type")
        body = told.get(kind)
        content = body.get("content") if isinstance(body, dict) else None
        if not isinstance(content, str) or not isinstance(body, dict):
            return _said(40058, f"{kind}.content missing")
        most = TEXT if kind == "text" else MARKDOWN
        if len(content.encode()) > most:
            return _said(40058, f"{kind}.content exceed max length {most}")
        if self._pace.too_fast(now):
            return _said(45009, "api freq out of limit")
        listed = [
            each
            for key in ("mentioned_list", "mentioned_mobile_list")
            for each in body.get(key, [])
            if kind == "text"
        ]
        named = [*listed, *_NAMED.findall(content)]
        rings = tuple(each for each in named if each not in ("@all", "all"))
        self._phone.take(
            Message(at=now, robot="wecom", text=content, rings=rings, everybody=len(rings) < len(named))
        )
        return _said(0, "ok")


def _said(code: int, words: str) -> Response:
    return tree({"errcode": code, "errmsg": words})
