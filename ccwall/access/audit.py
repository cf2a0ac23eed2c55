"""Who looked up or wanted what about people, and when. A line each, to the log; never a caller's number in it."""

from collections import OrderedDict
from typing import cast

import structlog
from structlog.typing import FilteringBoundLogger

from ccwall.clock import Clock
from ccwall.events import Principal

LOGGER = "ccwall.audit"
KEEPS_LOOKING = 60.0
"""Seconds: a page that asks the same again and again is one look, on record at its beginning and then once a minute."""
MOST_LOOKS = 4096


class Audit:
    """`clock` runs in real time: the record is about the people who look, not about the floor."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._log = cast(FilteringBoundLogger, structlog.get_logger(LOGGER))
        self._looks: OrderedDict[tuple[object, ...], tuple[float, int]] = OrderedDict()

    def looked_up(self, principal: Principal, what: str, *, client: str, **asked: object) -> None:
        """`what` is a noun (`contacts`); `asked` is the question and how much the answer showed."""
        self._write("looked up", principal, what, client, asked)

    def kept_looking(
        self, principal: Principal, what: str, question: tuple[str, ...], *, client: str, **asked: object
    ) -> None:
        """A look that a page repeats by itself: who keeps asking this ``question`` is written down once a minute, with how
        many ``looks`` it was since the last line."""
        look, now = (principal.id, what, client, *question), self._clock.now()
        since, count = self._looks.get(look, (now - KEEPS_LOOKING, 0))
        if 0 <= now - since < KEEPS_LOOKING:
            self._looks[look] = since, count + 1
            return
        self._looks[look] = now, 0
        self._looks.move_to_end(look)
        while len(self._looks) > MOST_LOOKS:
            self._looks.popitem(last=False)
        self._write("looked up", principal, what, client, asked | {"looks": count + 1})

    def commanded(self, principal: Principal, *, client: str, **asked: object) -> None:
        """Somebody wanted something done: `asked` is the wish, and its id or the objection to it."""
        self._write("commanded", principal, "command", client, asked)

    def acted(self, principal: Principal, what: str, *, client: str, **asked: object) -> None:
        """Somebody did something at the desk (`what`: the act): its words, and the objection to it."""
        self._write("acted", principal, what, client, asked)

    def changed(self, principal: Principal, what: str, *, client: str, **asked: object) -> None:
        """Somebody wanted a document (`what`: board, plan, picture) to be another: the wish, and its version or the objection."""
        self._write("changed", principal, what, client, asked)

    def signed_in(self, principal: Principal, how: str, *, client: str) -> None:
        """Somebody is here; `how` is password, token, link or persona."""
        self._write("signed in", principal, how, client, {})

    def turned_away(self, account: str, *, client: str) -> None:
        """A wrong password. `account` is empty when there is none: what was typed may have been the password."""
        self._log.warning("turned away", account=account, at=self._clock.now(), client=client)

    def refused(self, principal: Principal, what: str, *, client: str) -> None:
        """Somebody who is known asked for what their role may not see."""
        self._write("refused", principal, what, client, {})

    def _write(
        self, did: str, principal: Principal, what: str, client: str, asked: dict[str, object]
    ) -> None:
        self._log.info(
            did,
            what=what,
            who=principal.id,
            role=principal.role,
            at=self._clock.now(),
            client=client,
            **asked,
        )
