"""Everything else, over the services that Apprise knows (github.com/caronc/apprise): Telegram, Slack, SMS gates and so on.

An extra, because it brings a hundred services that few floors want: `pip install 'ccwall[apprise]'`.
"""

import asyncio
import logging
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import msgspec

from ccwall.delivery.contract import MOST, ChannelType, Limit, Ok, Outcome, Retry, Setting, Stateless
from ccwall.delivery.note import Note, worst_first
from ccwall.delivery.wording import compose

LONGEST = 3000
SEND_WITHIN = 30.0
_TYPES = {"critical": "failure", "breach": "failure", "warn": "warning", "info": "info"}


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``url``: as Apprise's pages say, with what is secret in it."""

    url: str

    def __post_init__(self) -> None:
        if find_spec("apprise") is None:
            raise ValueError("type: \"apprise\" needs an extra: pip install 'ccwall[apprise]'")
        if self.url and not _apprise().Apprise().add(self.url):
            raise ValueError("url: is no address that Apprise understands")


class Others(Stateless):
    limits = (Limit(20, 60.0),)
    most = MOST

    def __init__(self, setting: Setting, settings: Settings) -> None:
        self._setting = setting
        asset = _apprise().AppriseAsset(app_id="ccwall", app_desc="ccwall", async_mode=True)
        self._service = _apprise().Apprise(asset=asset)
        self._service.add(settings.url)

    async def send(self, notes: Sequence[Note]) -> Outcome:
        told = self._setting
        found = compose(notes, told.language, told.zone, most=LONGEST)
        worst = worst_first(notes)[0]
        kind = "success" if worst.kind == "resolved" else _TYPES[worst.severity]
        body = "\n".join(found.lines) or found.head
        try:
            async with asyncio.timeout(SEND_WITHIN):
                done = await self._service.async_notify(body=body, title=found.head, notify_type=kind)
        except TimeoutError:
            return Retry(f"not done within {SEND_WITHIN:g} s")
        except TypeError as error:  # Apprise's way to say that nothing could be made of it
            return Retry(f"Apprise: {error}")
        return (
            Ok("sent", found.left_out)
            if done
            else Retry("the service did not take it; Apprise does not say why")
        )


def _apprise() -> Any:
    """Imported only here, and quiet: it logs what it sends and where."""
    found = import_module("apprise")
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    return found


CHANNEL = ChannelType(name="apprise", settings=Settings, made=Others)
