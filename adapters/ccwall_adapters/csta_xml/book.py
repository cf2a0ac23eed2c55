"""Which visit a message speaks of: the visits that are open, by call and by group. Memory only: it decides nothing."""

from collections.abc import Iterable, Iterator, Sequence

from ccwall.adapter import Directory, Known
from ccwall.errors import ProtocolError
from ccwall.events import ContactId
from ccwall.wire.memory import Recent

from .telling import Visit

REMEMBERED = 20_000
"""Finished visits kept in mind; the oldest go first."""
MOST_OPEN = 50_000
"""Callers at once; more is a peer that wants our memory."""
DAY = 86_400


class Book:
    """`groups`: by number, what the group's queue is called."""

    def __init__(self, groups: dict[str, str], directory: Directory) -> None:
        self._groups, self._directory = groups, directory
        self._open: dict[tuple[str, str], Visit] = {}
        self._calls: dict[str, list[Visit]] = {}
        self._times: Recent[str, int] = Recent(REMEMBERED)
        self._passed_on: Recent[tuple[str, str], None] = Recent(REMEMBERED)

    def __iter__(self) -> Iterator[Visit]:
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def find(self, call: str, group: str) -> Visit | None:
        return self._open.get((call, group))

    def of_call(self, call: str) -> Sequence[Visit]:
        return tuple(self._calls.get(call, ()))

    def pass_on(self, call: str, group: str) -> None:
        """An agent has transferred this call: whoever talks to it from now on, the group did not give it to them."""
        self._passed_on[call, group] = None

    def was_passed_on(self, call: str, group: str) -> bool:
        return (call, group) in self._passed_on

    def begin(self, call: str, group: str, caller: str, at: float) -> Visit:
        """A new visit. Raises ProtocolError when there are more than any switch has."""
        if len(self._open) >= MOST_OPEN:
            raise ProtocolError(f"{len(self._open):,} callers wait or talk at once: no switch has so many")
        visit = Visit(
            call=call,
            group=group,
            queue=self._directory.queue(self._groups[group]),
            contact=self._contact(call, group, at),
            caller=caller,
            queued=at,
        )
        self._enter(visit)
        return visit

    def close(self, visit: Visit) -> None:
        visit.state = "over"
        self._forget(visit)

    def rename(self, old: str, new: str) -> None:
        """The call goes on under another id; its visits keep theirs."""
        for group in self._groups:
            if (old, group) in self._passed_on:
                self._passed_on[new, group] = None
        for visit in self.of_call(old):
            self._forget(visit)
            visit.call = new
            if (new, visit.group) not in self._open:
                self._enter(visit)

    def recall(self, visits: Iterable[Known]) -> None:
        """Visits from before a restart of ccwall: those open then are taken for waiting, until a snapshot says more."""
        for known in visits:
            group = next(
                (g for g, n in self._groups.items() if self._directory.queue(n) == known.queue), None
            )
            if group is None:
                continue
            base, times = self._numbered(known.contact)
            self._times[base] = max(times, self._times.get(base, 0))
            if not known.over and (known.call, group) not in self._open and len(self._open) < MOST_OPEN:
                self._enter(
                    Visit(
                        call=known.call,
                        group=group,
                        queue=known.queue,
                        contact=known.contact,
                        caller="",
                        queued=known.queued,
                        wait_known=False,
                        seen=False,
                        said="queued",
                    )
                )

    def _contact(self, call: str, group: str, at: float) -> ContactId:
        """The same for every client of the switch. Call ids begin anew some day, so the day (UTC) is in it."""
        base = self._directory.own(f"{call}/{self._groups[group]}/{int(at // DAY)}")
        times = self._times[base] = self._times.get(base, 0) + 1
        return ContactId(base if times == 1 else f"{base}/{times}")

    @staticmethod
    def _numbered(contact: ContactId) -> tuple[str, int]:
        base, _, last = contact.rpartition("/")
        is_number = last.isdecimal() and len(last) < 5  # a day has five digits
        return (base, int(last)) if is_number and base.rpartition("/")[2].isdecimal() else (contact, 1)

    def _enter(self, visit: Visit) -> None:
        self._open[visit.call, visit.group] = visit
        self._passed_on.pop((visit.call, visit.group), None)
        self._calls.setdefault(visit.call, []).append(visit)

    def _forget(self, visit: Visit) -> None:
        if self._open.get((visit.call, visit.group)) is visit:
            del self._open[visit.call, visit.group]
        rest = [other for other in self._calls.get(visit.call, ()) if other is not visit]
        if rest:
            self._calls[visit.call] = rest
        else:
            self._calls.pop(visit.call, None)
