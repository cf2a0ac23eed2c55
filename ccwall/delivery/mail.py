"""Mail over SMTP (RFC 5321), by the standard library in a thread: mails are few, and its SMTP is well worn.

Plain text and HTML, every text escaped. Message-ID is made from the notes' keys, so a mail that was sent twice is seen to be
the same. Unencrypted only to this machine itself.
"""

import asyncio
import hashlib
import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Literal

import msgspec

from ccwall.delivery.contract import (
    MOST,
    ChannelType,
    Failed,
    Limit,
    Ok,
    Outcome,
    Retry,
    Setting,
    Stateless,
)
from ccwall.delivery.note import Note, clean, worst_first
from ccwall.delivery.url import is_loopback
from ccwall.delivery.wording import Composed, compose, cut, mentioned, plain, title

SEND_WITHIN = 30.0
CONNECT_WITHIN, ANSWER_WITHIN = 5.0, 10.0
LONGEST = 100_000
LONGEST_SUBJECT = 180
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?"
)
_COLOURS = {"critical": "#b3261e", "breach": "#b3541e", "warn": "#8a6d00", "info": "#1e5fb3"}


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``security``: `starttls` (587), `tls` (465), or `none` (25), to this machine only. ``sender`` and ``to`` are mail
    addresses; who is to be named and has an address gets the mail too."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 0
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = ""
    tls_ca: str = ""

    def __post_init__(self) -> None:
        if self.security == "none" and self.host and not is_loopback(self.host):
            raise ValueError('security: "none" is for a mail server on this machine alone')
        if not 0 <= self.port <= 65535:
            raise ValueError("port: must be from 1 to 65535")
        for key, found in (("sender", self.sender), *(("to", each) for each in self.to)):
            if found and not _ADDRESS.fullmatch(found):
                raise ValueError(f'{key}: "{found[:60]}" is not a mail address like lead@example.org')
        if self.password and not self.username:
            raise ValueError("username: is missing; a password without one means nothing")


class Mail(Stateless):
    limits = (Limit(30, 60.0),)
    most = MOST

    def __init__(self, setting: Setting, settings: Settings) -> None:
        self._setting, self._settings = setting, settings

    async def send(self, notes: Sequence[Note]) -> Outcome:
        try:
            message, to, left_out = self._written(notes)
        except (MessageError, ValueError) as error:
            return Failed(f"cannot be written as a mail: {clean(str(error), 200)}")
        delivery = _Delivery(self._settings)
        work = asyncio.ensure_future(asyncio.to_thread(delivery.send, message, to))
        try:
            done, _ = await asyncio.wait({work}, timeout=SEND_WITHIN)
        except asyncio.CancelledError:
            delivery.abandon()
            with suppress(OSError):
                await work
            raise
        if not done:
            delivery.abandon()
            await work
            return Retry(f"not done within {SEND_WITHIN:g} s")
        outcome = work.result()
        return msgspec.structs.replace(outcome, left_out=left_out) if isinstance(outcome, Ok) else outcome

    def _written(self, notes: Sequence[Note]) -> tuple[EmailMessage, list[str], int]:
        told, language = self._setting, self._setting.language
        found = compose(notes, language, told.zone, most=LONGEST, tame=plain)
        to = list(self._settings.to)
        to += [each for each in mentioned(notes, "email") if _ADDRESS.fullmatch(each) and each not in to]
        message = EmailMessage(policy=SMTP)
        worst = worst_first(notes)[0]
        message["Subject"] = cut(
            title(worst, language, plain) if len(notes) == 1 else found.head, LONGEST_SUBJECT
        )
        message["From"] = Address("ccwall", addr_spec=self._settings.sender)
        message["To"] = [Address(addr_spec=each) for each in to]
        message["Date"] = format_datetime(datetime.fromtimestamp(told.clock.now(), UTC))
        message["Message-ID"] = _message_id(notes, self._settings.sender)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
        if worst.kind != "resolved" and worst.severity == "critical":
            message["Importance"] = "high"
        message.set_content("\n".join((found.head, "", *found.lines, "")), cte="base64")
        message.add_alternative(_html(found, worst, language), subtype="html", cte="base64")
        return message, to, found.left_out


def _message_id(notes: Sequence[Note], sender: str) -> str:
    keys = "\n".join(sorted(note.key for note in notes))
    digest = hashlib.blake2b(keys.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _html(found: Composed, worst: Note, language: str) -> str:
    colour = "#1e7a3c" if worst.kind == "resolved" else _COLOURS[worst.severity]
    lines = "".join(f"<p>{_line(line)}</p>" for line in found.lines)
    return (
        f'<!doctype html><html lang="{escape(language)}"><body style="font-family:sans-serif">'
        f'<h2 style="color:{colour}">{escape(found.head)}</h2>{lines}</body></html>'
    )


def _line(line: str) -> str:
    """Only our own link, alone on its line, is one."""
    text = escape(line)
    is_link = line.startswith(("https://", "http://")) and " " not in line
    return f'<a href="{text}">{text}</a>' if is_link else text


class _Delivery:
    """One mail, in a thread; `abandon` from outside makes it end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None
        self._over = False

    def abandon(self) -> None:
        self._over = True
        connected = self._smtp.sock if self._smtp is not None else None
        if connected is not None:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def send(self, message: EmailMessage, to: Sequence[str]) -> Outcome:
        try:
            return self._sent(message, to)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            said = "; ".join(_said(code, words) for code, words in error.recipients.values())
            return (
                Retry(said)
                if any(400 <= code < 500 for code in codes)
                else Failed(f"nobody is taken: {said}")
            )
        except smtplib.SMTPAuthenticationError as error:
            advice = "compare username and password"
            said = _said(error.smtp_code, error.smtp_error)
            return Failed(f"{said} ({advice})") if error.smtp_code >= 500 else Retry(said)
        except smtplib.SMTPResponseException as error:
            said = _said(error.smtp_code, error.smtp_error)
            return Failed(said) if 500 <= error.smtp_code < 600 else Retry(said)
        except smtplib.SMTPNotSupportedError as error:
            return Failed(
                f"{clean(str(error), 200)} (the server does not offer what `security` or `username` needs)"
            )
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return Retry(clean(f"{type(error).__name__}: {error}", 300))

    def _sent(self, message: EmailMessage, to: Sequence[str]) -> Outcome:
        told = self._settings
        trust = ssl.create_default_context(cafile=told.tls_ca or None)
        us = socket.gethostname() or "localhost"  # the library's own way asks a name server
        port = told.port or {"starttls": 587, "tls": 465, "none": 25}[told.security]
        smtp = (
            smtplib.SMTP_SSL(told.host, port, us, timeout=CONNECT_WITHIN, context=trust)
            if told.security == "tls"
            else smtplib.SMTP(told.host, port, us, timeout=CONNECT_WITHIN)
        )
        with smtp:
            self._smtp = smtp
            if smtp.sock is not None:
                smtp.sock.settimeout(ANSWER_WITHIN)
            if self._over:
                return Retry("given up")
            if told.security == "starttls":
                smtp.starttls(context=trust)
            if told.username:
                smtp.login(told.username, told.password)
            refused = smtp.send_message(message, from_addr=told.sender, to_addrs=list(to))
        if refused:
            said = "; ".join(f"{who}: {_said(code, words)}" for who, (code, words) in refused.items())
            return Ok(clean(f"taken, but not for {said}", 300))
        return Ok("taken")


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return clean(f"{code} {text}", 300)


CHANNEL = ChannelType(name="smtp", settings=Settings, made=Mail)
