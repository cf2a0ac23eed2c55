"""The life of every call, happening by happening, as CSTA events tell of it (ECMA-269, clauses 6.8 and 17).

Delivered at the group (enteringDistribution), Queued, Diverted to the phone, Delivered there, Established, …,
ConnectionCleared; Diverted with callNotAnswered takes a call back to its group, and Queued comes again.
"""

from collections.abc import Callable, Mapping

from ccwall_adapters.csta_xml.writing import leaf, tag
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.contract import Floor
from ccwall_simulators.timers import Timers

from .agents import Agents, phone_of
from .saying import Saying
from .table import Call, Table
from .variant import Variant

ELSEWHERE = "7000"
"""Where a group sends whom it does not serve: an announcement that nobody monitors."""
WITHHELD = "anonymous"
CAUSES = {
    "timeout": "timeout",
    "key": "keyOperation",
    "empty": "noAvailableAgents",
    "withdrawn": "queueCleared",
}
REMEMBERED = 100_000
"""Visits whose calls are known; a day of a busy floor has some thousands."""


class Calls:
    """`seen`: the call id of every visit, by the floor's number of it. `groups`: number by queue."""

    def __init__(
        self,
        floor: Floor,
        saying: Saying,
        agents: Agents,
        timers: Timers,
        groups: Mapping[str, str],
        variant: Variant,
    ) -> None:
        self._floor, self._saying, self._agents, self._timers = floor, saying, agents, timers
        self._groups, self._variant = groups, variant
        self.table = Table()
        self.seen: dict[int, str] = {}
        self._ring_all: frozenset[str] = frozenset()
        self._wrap_up: dict[str, float] = {}
        self._talks: dict[str, str] = {}
        self._trunks = 0
        self.handlers: Mapping[type[h.Happening], Callable[..., None]] = {
            h.CallArrived: self._arrived,
            h.CallQueued: self._queued,
            h.CallRefused: self._refused,
            h.AgentRung: self._rung,
            h.RingEnded: self._ring_ended,
            h.CallAnswered: self._answered,
            h.CallHeld: self._held,
            h.CallRetrieved: self._held,
            h.CallTransferred: self._transferred,
            h.CallCompleted: self._completed,
            h.CallAbandoned: self._abandoned,
            h.CallFlowedOut: self._flowed_out,
            h.CallEnded: self._ended,
            h.SideCallBegan: self._side_began,
            h.SideCallEnded: self._side_ended,
        }

    def start(self, at: float) -> None:
        """The switch is up, with nothing on its table."""
        self.table.start(at)
        self._talks.clear()
        queues = self._floor.queues()
        self._ring_all = frozenset(queue.name for queue in queues if queue.strategy == "ringall")
        self._wrap_up = {queue.name: queue.wrap_up for queue in queues}

    # ── callers ──

    def _arrived(self, happened: h.CallArrived) -> None:
        """At a number in front of the groups, which nobody monitors."""
        shown = happened.number if happened.number.isdigit() else ""
        self._trunks += 1
        self.table.begin(happened.call, shown or f"T{self._trunks:04}", shown)

    def _queued(self, happened: h.CallQueued) -> None:
        call = self.table.get(happened.call)
        if call is None:
            return
        group = self._groups[happened.queue]
        if len(self.seen) >= REMEMBERED:
            del self.seen[next(iter(self.seen))]
        self.seen[happened.visit] = call.id
        call.group = group
        if not call.called or self._variant.called == "last":
            call.called = group
        concerned = self._concerned(call, group)
        call.parties[group] = "alerting"
        self._tell(
            "Delivered",
            concerned,
            call,
            self._at("connection", call, group),
            "alertingDevice",
            group,
            "enteringDistribution",
        )
        self._tell_queued(call)

    def _tell_queued(self, call: Call) -> None:
        call.parties[call.group] = "queued"
        self._saying.tell(
            "Queued",
            self._concerned(call, call.group),
            self._at("queuedConnection", call, call.group),
            self._saying.subject("queue", call.group),
            self._saying.parties(call),
            tag("lastRedirectionDevice", tag("notRequired")),
            call=call,
            cause="noAvailableAgents",
        )

    def _refused(self, happened: h.CallRefused) -> None:
        call = self.table.get(happened.call)
        if call is None:
            return
        group = self._groups[happened.queue]
        self._saying.tell(
            "Failed",
            (group,),
            self._at("failedConnection", call, group),
            self._saying.subject("failingDevice", group),
            self._saying.parties(call),
            call=call,
            cause="aCDSaturated" if happened.cause == "full" else "noQueue",
        )

    # ── ringing ──

    def _rung(self, happened: h.AgentRung) -> None:
        call = self.table.get(happened.call)
        if call is None:
            return
        phone, group = phone_of(happened.interface), self._groups[happened.queue]
        stays = happened.queue in self._ring_all
        if not stays:
            call.parties.pop(group, None)
        if not stays and not self._variant.late_diverted:
            self._divert(call, group, phone, "distributed")
        call.parties[phone] = "alerting"
        cause = "multipleAlerting" if stays else "distributed"
        at = self._at("connection", call, phone)
        self._tell("Delivered", self._concerned(call, phone), call, at, "alertingDevice", phone, cause)
        if not stays and self._variant.late_diverted:
            self._divert(call, group, phone, "distributed")

    def _divert(self, call: Call, where: str, to: str, cause: str) -> None:
        self._saying.tell(
            "Diverted",
            self._concerned(call, where) if where in self._groups.values() else (where,),
            self._at("connection", call, where),
            self._saying.subject("divertingDevice", where),
            self._saying.subject("newDestination", to),
            self._saying.parties(call),
            call=call,
            cause=cause,
        )

    def _ring_ended(self, happened: h.RingEnded) -> None:
        call, phone = self.table.get(happened.call), phone_of(happened.interface)
        if call is None or happened.how == "answered" or call.parties.get(phone) != "alerting":
            return
        group = self._groups[happened.queue]
        del call.parties[phone]
        if happened.how == "cancelled":
            self._clear(call, phone, group, "normal", concerned=(phone,))
            return
        self._divert(call, phone, group, "callNotAnswered" if happened.how == "no_answer" else "busy")
        if group not in call.parties:
            self._tell_queued(call)

    def _answered(self, happened: h.CallAnswered) -> None:
        call, phone = self.table.get(happened.call), phone_of(happened.interface)
        if call is None:
            return
        group = self._groups[happened.queue]
        was_queued = call.parties.pop(group, None) is not None
        call.parties[phone] = "connected"
        self._talks[happened.call] = phone
        at = self._at("establishedConnection", call, phone)
        self._tell("Established", self._concerned(call, phone), call, at, "answeringDevice", phone, "newCall")
        if was_queued:
            self._divert(call, group, phone, "distributed")
        self._agents.busy(phone)

    # ── talking ──

    def _held(self, happened: h.CallHeld | h.CallRetrieved) -> None:
        call, phone = self.table.get(happened.call), self._talks.get(happened.call, "")
        if call is None or phone not in call.parties:
            return
        held = isinstance(happened, h.CallHeld)
        call.parties[phone] = "hold" if held else "connected"
        self._saying.tell(
            "Held" if held else "Retrieved",
            self._concerned(call, phone),
            self._at("heldConnection" if held else "retrievedConnection", call, phone),
            self._saying.subject("holdingDevice" if held else "retrievingDevice", phone),
            call=call,
            cause="normal",
        )

    def _transferred(self, happened: h.CallTransferred) -> None:
        """The agent's phone is out of it; the caller's call goes on, together with the call the agent had asked by."""
        call, phone = self.table.get(happened.call), self._talks.get(happened.call, "")
        if call is None or phone not in call.parties:
            return
        to = self._groups.get(happened.to, happened.to) if happened.to_queue else happened.to
        asking = next((c for c in self.table.at(phone) if c is not call and c.caller == phone), None)
        attended = happened.kind == "attended" and asking is not None
        second = asking if attended else None
        concerned = dict.fromkeys(
            (*self._concerned(call, phone), *(self._concerned(second, phone) if second else ()))
        )
        new = self.table.new_id() if self._variant.new_call_id else call.id
        del call.parties[phone]
        items = self._items(call, new, "" if second else to)
        old = [self._at("primaryOldCall", call, phone)]
        if second is not None:
            second.parties.pop(phone, None)
            items += self._items(second, new, "")
            old.append(self._at("secondaryOldCall", second, phone))
            call.parties.update(second.parties)
            call.called = ""  # two calls in one: whom it was for is known no more
            self.table.alias(second.key, call)
        call.id = new
        self._saying.tell(
            self._variant.spelled,
            tuple(concerned),
            *old,
            self._saying.subject("transferringDevice", phone),
            self._saying.subject("transferredToDevice", to),
            tag("transferredConnections", *items),
            call=call,
            cause="transfer" if attended else "singleStepTransfer",
        )

    def _items(self, call: Call, new: str, to: str) -> list[str]:
        """Which connection of the old call is which of the new one."""
        items = [
            tag(
                "connectionListItem",
                tag("newConnection", leaf("callID", new), leaf("deviceID", party)),
                tag("oldConnection", leaf("callID", call.id), leaf("deviceID", party)),
            )
            for party in call.parties
        ]
        if to:
            items.append(
                tag("connectionListItem", tag("newConnection", leaf("callID", new), leaf("deviceID", to)))
            )
        return items

    def _completed(self, happened: h.CallCompleted) -> None:
        call, phone = self.table.get(happened.call), phone_of(happened.interface)
        if call is None:
            return
        if happened.by == "transfer":
            self._talks.pop(happened.call, None)
            self._wraps_up(phone, happened.queue)
            return
        if call.key != happened.call:
            return  # who asked by this call has put the caller through: they talk on
        self._talks.pop(happened.call, None)
        if happened.by == "caller":
            self._drop(call, call.caller, call.caller)
            self._drop(call, phone, call.caller)
        else:
            self._drop(call, phone, phone)
            self._drop(call, call.caller, phone)
        self._wraps_up(phone, happened.queue)

    def _wraps_up(self, phone: str, queue: str) -> None:
        lasts = self._wrap_up.get(queue, 0.0)
        if not lasts:
            self._agents.restate(phone)
            return
        self._agents.wraps_up(phone)
        self._timers.after(lasts, lambda: self._through(phone))

    def _through(self, phone: str) -> None:
        """With the work after the call, unless another call has come in between."""
        if self._agents.is_in(phone, "agentWorkingAfterCall"):
            self._agents.restate(phone)

    # ── ends ──

    def _abandoned(self, happened: h.CallAbandoned) -> None:
        call = self.table.get(happened.call)
        if call is not None:
            group = self._groups[happened.queue]
            self._drop(call, call.caller, call.caller, also=(group,))
            call.parties.pop(group, None)

    def _flowed_out(self, happened: h.CallFlowedOut) -> None:
        call = self.table.get(happened.call)
        if call is not None:
            group = self._groups[happened.queue]
            call.parties.pop(group, None)
            self._divert(call, group, ELSEWHERE, CAUSES[happened.cause])

    def _ended(self, happened: h.CallEnded) -> None:
        call = self.table.get(happened.call)
        if call is None:
            return
        for party in list(call.parties):
            self._drop(call, party, call.caller)
            if self._agents.is_in(party, "agentBusy"):
                self._agents.restate(party)
        self.table.forget(happened.call)

    def _drop(self, call: Call, party: str, releasing: str, also: tuple[str, ...] = ()) -> None:
        """This party's connection is cleared, if it has one."""
        if call.parties.pop(party, None) is not None:
            concerned = dict.fromkeys((*self._concerned(call, party), *also))
            self._clear(call, party, releasing, "normalClearing", concerned=tuple(concerned))

    def _clear(
        self, call: Call, party: str, releasing: str, cause: str, *, concerned: tuple[str, ...]
    ) -> None:
        self._saying.tell(
            "ConnectionCleared",
            concerned,
            self._at("droppedConnection", call, party),
            self._saying.subject("releasingDevice", "" if releasing.startswith("T") else releasing),
            call=call,
            cause=cause,
        )

    # ── calls that no queue gave ──

    def _side_began(self, happened: h.SideCallBegan) -> None:
        phone = phone_of(happened.device)
        call = self.table.begin(happened.call, phone, phone)
        call.called = self._groups.get(happened.number, happened.number)
        call.parties[phone] = "initiated"
        at = self._at("initiatedConnection", call, phone)
        self._saying.tell(
            "ServiceInitiated", (phone,), at, self._saying.subject("initiatingDevice", phone), call=call
        )
        call.parties[phone] = "connected"
        at = self._at("originatedConnection", call, phone)
        self._saying.tell("Originated", (phone,), at, self._saying.parties(call), call=call, cause="newCall")
        if happened.number not in self._groups:
            at = self._at("outboundConnection", call, phone)
            self._saying.tell("NetworkReached", (phone,), at, self._saying.parties(call), call=call)

    def _side_ended(self, happened: h.SideCallEnded) -> None:
        call = self.table.get(happened.call)
        if call is not None and call.key == happened.call:
            phone = phone_of(happened.device)
            for party in list(call.parties):
                self._drop(call, party, phone)
        self.table.forget(happened.call)

    # ── words ──

    def _concerned(self, call: Call, *also: str) -> tuple[str, ...]:
        """Whose monitors hear of it: all parties, and these."""
        return tuple(dict.fromkeys((*also, *call.parties)))

    def _at(self, name: str, call: Call, device: str) -> str:
        return self._saying.connection(name, call, device)

    def _tell(
        self, name: str, concerned: tuple[str, ...], call: Call, at: str, who: str, device: str, cause: str
    ) -> None:
        """Delivered and Established: a call comes to a device."""
        last = call.group if device != call.group and call.group else ""
        self._saying.tell(
            name,
            concerned,
            at,
            self._saying.subject(who, device),
            self._saying.parties(call),
            self._saying.subject("lastRedirectionDevice", last)
            if last
            else tag("lastRedirectionDevice", tag("notRequired")),
            call=call,
            cause=cause,
        )
