"""Facts of the register: complaints, promised calls back, and what customers were told."""

from typing import Literal

from ccwall.events.base import AgentId, CaseId, DeskEvent

CaseKind = Literal["complaint", "callback", "service"]


class CaseEvent(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One entry of the register (F20, F21)."""

    case_id: CaseId


class CaseOpened(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag="case.opened", gc=False):
    """``level``: 1 centre, 2 group, 3 regulator or media; ``promise``: which promise the due time was made from;
    ``due``, and ``answer_due`` of the first answer, by the calendar of that moment: a `calendar.changed` moves what is promised in
    working days."""

    kind: CaseKind
    title: str
    due: float
    answer_due: float | None = None
    level: int = 1
    promise: str = ""
    queue: str = ""
    agent: AgentId | None = None
    contact: str = ""
    number: str = ""
    text: str = ""


class CaseChanged(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag="case.changed", gc=False):
    """What of it is another than before; None: as it was."""

    level: int | None = None
    due: float | None = None
    owner: str | None = None
    title: str | None = None
    agreed: bool | None = None


class CaseAnswered(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag="case.answered", gc=False):
    """The customer had a first answer, or another one."""

    note: str = ""


class CaseNoted(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag="case.noted", gc=False):
    """A note to it."""

    note: str


class CaseClosed(CaseEvent, frozen=True, kw_only=True, omit_defaults=True, tag="case.closed", gc=False):
    """Done."""

    outcome: Literal["solved", "withdrawn", "passed_on", "failed"] = "solved"
    note: str = ""


Fact = CaseOpened | CaseChanged | CaseAnswered | CaseNoted | CaseClosed
