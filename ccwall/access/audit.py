"""Who looked up or wanted what about people, and when. A line each, to the log; never a caller's number in it."""

from typing import cast

import structlog
from structlog.typing import FilteringBoundLogger

from ccwall.clock import Clock
from ccwall.events import Principal

LOGGER = "ccwall.audit"


class Audit:
    """`clock` runs in real time: the record is about the people who look, not about the floor."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._log = cast(FilteringBoundLogger, structlog.get_logger(LOGGER))

    def looked_up(self, principal: Principal, what: str, *, client: str, **asked: object) -> None:
        """`what` is a noun (`contacts`); `asked` is the question and how much the answer showed."""
        self._write("looked up", principal, what, client, asked)

    def commanded(self, principal: Principal, *, client: str, **asked: object) -> None:
        """Somebody wanted something done: `asked` is the wish, and its id or the objection to it."""
        self._write("commanded", principal, "command", client, asked)

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
