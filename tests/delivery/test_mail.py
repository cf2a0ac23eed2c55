"""Mail, against a real mail server on loopback."""

import asyncio
import email
import email.policy
import smtplib
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ccwall.clock import ManualClock
from ccwall.delivery import Failed, Ok, Person, Retry, mail
from tests.delivery.making import NOW, WANG, channel, note
from tests.transport.mosquitto import CERTIFICATES

CA = str(CERTIFICATES / "authority.pem")


class Box:
    """Takes mail; ``refuses``: the answer to a recipient, ``says`` to the mail itself."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.refuses: dict[str, str] = {}
        self.says = "250 taken"
        self.hangs = False

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs:
            await asyncio.sleep(30)
        if self.says.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            told = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(told, EmailMessage)
            self.mails.append((envelope.rcpt_tos, told))
        return self.says


def known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"wall", b"hunter2")
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def serving(
    box: Box, certificate: str = "", *, tls: bool = False, login: bool = False
) -> AsyncIterator[int]:
    trust = None
    if certificate:
        trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trust.load_cert_chain(CERTIFICATES / certificate)
    told: dict[str, Any] = {"enable_SMTPUTF8": True, "loop": asyncio.get_running_loop()}
    if trust is not None and not tls:
        told |= {"tls_context": trust, "require_starttls": True}
    if login:
        told |= {"authenticator": known, "auth_required": True, "auth_require_tls": not tls}
    made: list[SMTP] = []

    def connected() -> SMTP:
        made.append(SMTP(box, **told))
        return made[-1]

    server = await asyncio.get_running_loop().create_server(
        connected, "127.0.0.1", 0, ssl=trust if tls else None
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for each in made:
            if each.transport is not None:
                each.transport.close()
        for _ in range(5):
            await asyncio.sleep(0)


def settings(port: int, **other: Any) -> dict[str, Any]:
    told = {"host": "localhost", "port": port, "sender": "wall@example.org", "to": ["lead@example.org"]}
    return {**told, "tls_ca": CA, **other}


async def test_a_mail_has_text_and_html_and_goes_over_starttls_with_a_login() -> None:
    box = Box()
    async with serving(box, "good.pem", login=True) as port:
        told = settings(port, username="wall", password="hunter2")
        assert isinstance(await channel("smtp", ManualClock(NOW), **told).send([note(mentions=(WANG,))]), Ok)
    ((to, message),) = box.mails
    assert to == ["lead@example.org", "wang@example.org"]
    assert message["subject"] == "【越线】客服热线 · 最久等待过长"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    for part in ("排队 7 人", "请小休的同事回线", "https://wall.example/lead#1", "95 s"):
        assert part in plain.get_content()
        assert part in html.get_content()
    assert '<a href="https://wall.example/lead#1">' in html.get_content()


async def test_over_tls_from_the_start() -> None:
    box = Box()
    async with serving(box, "good.pem", tls=True) as port:
        assert isinstance(await channel("smtp", **settings(port, security="tls")).send([note()]), Ok)
    assert len(box.mails) == 1


async def test_a_name_from_the_network_is_no_markup_and_no_header() -> None:
    box, name = Box(), '<img src=x onerror="a">\r\nBcc: everybody@example.org\r\n\r\n<script>'
    async with serving(box) as port:
        told = settings(port, security="none")
        hostile = note(
            scope=name,
            title={"en": name},
            text={"en": name},
            mentions=(Person(email="a@b\r\nBcc: c@d", name=name),),
        )
        made = channel("smtp", **told)
        assert isinstance(await made.send([hostile]), Ok)
        assert isinstance(await made.send([hostile, note("2")]), Ok)
    for to, message in box.mails:
        assert to == ["lead@example.org"]
        assert message["bcc"] is None
        html = message.get_body(("html",))
        assert html is not None
        assert "<img" not in html.get_content()
        assert "<script" not in html.get_content()


async def test_the_same_notes_have_the_same_message_id() -> None:
    box = Box()
    async with serving(box) as port:
        made = channel("smtp", **settings(port, security="none"))
        for notes in ([note("1"), note("2")], [note("2"), note("1")], [note("1")]):
            await made.send(notes)
    ids = [message["message-id"] for _, message in box.mails]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@example.org>")


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ("451 busy", Retry), ("421 going down", Retry), ("452 full", Retry),
        ("550 no", Failed), ("554 spam", Failed), ("552 too long", Failed),
    ],
)  # fmt: skip
async def test_what_the_server_says_decides(says: str, outcome: type) -> None:
    box = Box()
    box.says = says
    async with serving(box) as port:
        found = await channel("smtp", **settings(port, security="none")).send([note()])
    assert isinstance(found, outcome)
    assert says[:3] in str(found)


async def test_some_refused_is_told_and_all_refused_is_failed() -> None:
    box = Box()
    box.refuses = {"lead@example.org": "550 unknown"}
    async with serving(box) as port:
        told = settings(port, security="none")
        some = await channel("smtp", **{**told, "to": ["lead@example.org", "b@example.org"]}).send([note()])
        assert isinstance(some, Ok)
        assert "lead@example.org: 550" in some.said
        assert isinstance(await channel("smtp", **told).send([note()]), Failed)
        box.refuses = {"lead@example.org": "450 try later"}
        assert isinstance(await channel("smtp", **told).send([note()]), Retry)


async def test_a_wrong_password_is_failed_and_never_shown() -> None:
    async with serving(Box(), "good.pem", login=True) as port:
        told = settings(port, username="wall", password="hunter3")
        found = await channel("smtp", **told).send([note()])
    assert isinstance(found, Failed)
    assert "password" in found.why
    assert "hunter3" not in found.why


@pytest.mark.parametrize("certificate", ["elsewhere.pem", "expired.pem"])
async def test_a_certificate_that_is_not_right_is_not_taken(certificate: str) -> None:
    box = Box()
    async with serving(box, certificate) as port:
        assert isinstance(await channel("smtp", **settings(port)).send([note()]), Retry)
    assert box.mails == []


async def test_without_starttls_nothing_is_sent_in_the_clear() -> None:
    box = Box()
    async with serving(box) as port:
        found = await channel("smtp", **settings(port, username="wall", password="hunter2")).send([note()])
    assert isinstance(found, Failed)
    assert box.mails == []


async def test_a_server_that_hangs_is_left_within_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "SEND_WITHIN", 0.2)
    box = Box()
    box.hangs = True
    async with serving(box) as port:
        began = time.monotonic()
        assert isinstance(await channel("smtp", **settings(port, security="none")).send([note()]), Retry)
        assert time.monotonic() - began < 8  # or the thread was waited for until its own time-out


async def test_who_stops_waiting_for_a_mail_leaves_no_thread_behind() -> None:
    box = Box()
    box.hangs = True
    async with serving(box) as port:
        task = asyncio.create_task(channel("smtp", **settings(port, security="none")).send([note()]))
        await asyncio.sleep(0.1)
        task.cancel()
        async with asyncio.timeout(8):
            with pytest.raises(asyncio.CancelledError):
                await task


async def test_nobody_there_is_tried_again() -> None:
    assert isinstance(await channel("smtp", **settings(9, security="none")).send([note()]), Retry)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"host": "mail.example.org", "security": "none"}, "this machine alone"),
        ({"to": ["nobody"]}, "not a mail address"),
        ({"sender": "a@b\nBcc: c@d"}, "not a mail address"),
        ({"password": "x"}, "username"),
        ({"port": 70_000}, "port"),
    ],
)
def test_settings_that_are_wrong_are_named(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=says):
        msgspec.convert({**settings(25), **wrong}, mail.Settings)


def test_smtplib_still_has_what_we_reach_into() -> None:
    assert smtplib.SMTP().sock is None
