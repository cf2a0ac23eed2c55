"""The register as people look at it, and the callers who asked to be called back and have no case yet."""

from typing import TYPE_CHECKING

import msgspec

from ccwall.access.sight import mask, may_see_callers
from ccwall.engine.desk.cases import Case
from ccwall.events import CaseId, CaseOpened, Principal
from ccwall.floor.desk_cases import OPENERS, due_of, owner_name, sees
from ccwall.floor.wish import Forbidden, NotThere

if TYPE_CHECKING:
    from ccwall.floor.acts import Bench

Tree = dict[str, object]

MOST = 200
EVERY = 5.0
"""Real seconds between two looks for callers who want to be called back."""


class Register:
    """One for a house."""

    def __init__(self, bench: "Bench") -> None:
        self._bench = bench

    def cases(self, principal: Principal, *, closed: bool = False, kind: str = "") -> Tree:
        """Those this person may see, what is due first at the top; of the closed ones the latest."""
        self._may(principal)
        known = self._bench.engine.desk.cases
        some = known.closed if closed else known.open
        seen = [c for c in some.values() if kind in ("", c.kind) and sees(self._bench, principal, c)]
        seen.sort(key=lambda case: -(case.closed or 0.0) if closed else case.next_due)
        return {"cases": [card(case, principal, notes=False) for case in seen[:MOST]], "count": len(seen)}

    def case(self, principal: Principal, id: str) -> Tree:
        """All of one, with what was said; raises NotThere."""
        self._may(principal)
        case = self._bench.engine.desk.cases.get(CaseId(id))
        if case is None or not sees(self._bench, principal, case):
            raise NotThere(f"There is no case {id!r} here.")
        return card(case, principal, notes=True)

    async def run(self) -> None:
        """A case for each caller who asked for a callback."""
        clock = self._bench.clock
        while True:
            await clock.sleep(EVERY * clock.rate)
            self.look()

    def look(self) -> None:
        for contact, wanted in list(self._bench.engine.desk.cases.wanted.items()):
            due, promise, answer_due = due_of(self._bench, "callback", wanted.at, False)
            fact = CaseOpened(
                at=wanted.at,
                case_id=CaseId(f"callback/{contact}"),
                kind="callback",
                title="",
                due=due,
                answer_due=answer_due,
                promise=promise,
                queue=wanted.queue,
                contact=contact,
                number=wanted.number[:40],
            )
            self._bench.take(None, fact)

    def _may(self, principal: Principal) -> None:
        if principal.role not in OPENERS and principal.role != "system":
            raise Forbidden(f"The role {principal.role} may not see the register.")


def card(case: Case, principal: Principal, *, notes: bool) -> Tree:
    """A case as it is shown; numbers masked for who may not see them."""
    told = msgspec.to_builtins(case)
    assert isinstance(told, dict)
    if case.number and not may_see_callers(principal):
        told["number"] = mask(case.number)
    told["owner_name"] = owner_name(case)
    if not notes:
        told.pop("notes", None)
        told.pop("text", None)
    return {key: value for key, value in told.items() if value is not None and value != ""}
