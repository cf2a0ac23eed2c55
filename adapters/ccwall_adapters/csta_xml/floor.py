"""What a switch's events change on the floor: calls, phones and people, and the facts told of them."""

from collections.abc import Callable, Mapping

from ccwall.adapter import Directory
from ccwall.events import AnyEvent
from ccwall.wire.memory import Recent
from ccwall.wire.xml import Element

from .causes import FORCED
from .people import People, Said, Word
from .phones import LOCAL, Phones
from .reading import Connection, connection, connection_in, device, device_in, every, instant, number, reason
from .settings import CstaSettings
from .visits import Visits

MOST_MONITORS = 50_000

Handler = Callable[["Floor", Element, float], None]


class Floor:
    """One source's floor. Facts are appended to `out`; `take` gives and forgets them."""

    def __init__(self, settings: CstaSettings, directory: Directory) -> None:
        self.out: list[AnyEvent] = []
        self.devices = {number(device): device for device in settings.all_devices()}
        names = settings.queue_names()
        self.groups = {number(group): names[group] or group for group in names}
        self.natives = self.devices | {number(group): group for group in names}
        """by number, how configuration writes it"""
        self.phones = Phones(self.devices, directory, self.out)
        self.people = People(self.groups, directory, self.out)
        self.phones.owner = self.people.owner
        self.visits = Visits(self.groups, self.phones, self.people, directory, self.out)
        self.monitors: Recent[str, str] = Recent(MOST_MONITORS)
        """by monitorCrossRefID, which device"""

    def take(self) -> list[AnyEvent]:
        facts = self.out[:]
        self.out.clear()
        return facts

    def quiet(self, quiet: bool) -> None:
        """Keep what is learned for `say_all`."""
        self.phones.quiet = self.people.quiet = self.visits.quiet = quiet

    def say_all(self, at: float) -> None:
        self.people.say_all(at)
        self.phones.say_all(at)
        self.visits.say_all()

    def event(self, message: Element, now: float) -> bool:
        """Take an event in; False when it is of a kind that changes nothing here."""
        handler = EVENTS.get(message.name)
        if handler is None:
            return False
        at = instant(message, now)
        handler(self, message, at)
        self._local(message, at)
        return True

    # ── what most events have ──

    def _local(self, message: Element, at: float) -> None:
        """localConnectionInfo: the state of this call at the monitored phone, whatever the event was."""
        told = message.within("localConnectionInfo")
        if not told:
            return
        phone = self.monitors.get(message.within("monitorCrossRefID"), "")
        found = _subject(message)
        if phone in self.phones and found is not None and message.name not in _MERGING:
            state = LOCAL.get(told)
            self.phones.put(phone, found.call, state, at)
            if state is None:
                self._hung_up(phone, at)

    def _put(self, found: Connection | None, state: str, at: float, *, phone: str = "") -> None:
        if found is not None:
            self.phones.put(phone or found.device, found.call, LOCAL.get(state), at)

    def _hung_up(self, phone: str, at: float) -> None:
        if not self.phones.calls(phone):
            self.people.free(phone, at)

    def _own_call(self, phone: str, at: float) -> None:
        """A call that no queue gave."""
        if phone in self.phones:
            self.people.engaged(phone, at)

    # ── call events ──

    def initiated(self, message: Element, at: float) -> None:
        found = connection_in(message, "initiatedConnection")
        phone = device_in(message, "initiatingDevice") or (found.device if found else "")
        self._put(found, "initiated", at, phone=phone)

    def originated(self, message: Element, at: float) -> None:
        found = connection_in(message, "originatedConnection")
        phone = device_in(message, "callingDevice") or (found.device if found else "")
        self._put(found, "connected", at, phone=phone)
        self._own_call(phone, at)

    def offered(self, message: Element, at: float) -> None:
        found = connection_in(message, "offeredConnection")
        where = device_in(message, "offeredDevice") or (found.device if found else "")
        if found is not None and where in self.groups:
            self.visits.arrived(found.call, where, _caller(message), at)

    def delivered(self, message: Element, at: float) -> None:
        found = connection_in(message, "connection")
        if found is None:
            return
        where = device_in(message, "alertingDevice") or found.device
        if where in self.groups:
            self.visits.arrived(found.call, where, _caller(message), at)
        else:
            self._put(found, "alerting", at, phone=where)
            if where in self.phones:
                self.visits.alerting(found.call, where, _came_from(message), _caller(message), at)

    def queued(self, message: Element, at: float) -> None:
        found = connection_in(message, "queuedConnection")
        if found is None:
            return
        group = device_in(message, "queue") or found.device
        if group in self.groups:
            also = message.within("cause") == "multipleQueuing"
            self.visits.queued(found.call, group, _caller(message), at, also=also)
            self.visits.called(found.call, group, device_in(message, "calledDevice"))

    def established(self, message: Element, at: float) -> None:
        found = connection_in(message, "establishedConnection")
        if found is None:
            return
        phone = device_in(message, "answeringDevice") or found.device
        self._put(found, "connected", at, phone=phone)
        given = phone in self.phones and self.visits.answered(
            found.call, phone, _came_from(message), _caller(message), at
        )
        if not given:
            self._own_call(phone, at)

    def held(self, message: Element, at: float) -> None:
        self._hold(message, "heldConnection", "holdingDevice", at, held=True)

    def retrieved(self, message: Element, at: float) -> None:
        self._hold(message, "retrievedConnection", "retrievingDevice", at, held=False)

    def _hold(self, message: Element, which: str, who: str, at: float, *, held: bool) -> None:
        found = connection_in(message, which)
        if found is None:
            return
        phone = device_in(message, who) or found.device
        self._put(found, "hold" if held else "connected", at, phone=phone)
        self.visits.held(found.call, phone, at, held=held)

    def diverted(self, message: Element, at: float) -> None:
        found = connection_in(message, "connection")
        if found is None:
            return
        where = device_in(message, "divertingDevice") or found.device
        to, cause = device_in(message, "newDestination"), message.within("cause")
        self.visits.diverted(found.call, where, to, cause, at)
        self.phones.put(where, found.call, None, at)
        self._hung_up(where, at)

    def transfered(self, message: Element, at: float) -> None:
        calls, renamed, gone = self._merged(message, "transferredConnections")
        by = device_in(message, "transferringDevice")
        attended = message.within("cause") != "singleStepTransfer" and len(calls) > 1
        to = device_in(message, "transferredToDevice")
        self.visits.transferred(calls, renamed, by, to, at, attended=attended)
        self._rename(renamed, at)
        for call in {*calls, *renamed.values()}:
            self.phones.put(by, call, None, at)
        for found in gone:
            self.phones.put(found.device, found.call, None, at)
        self._hung_up(by, at)

    def conferenced(self, message: Element, at: float) -> None:
        calls, renamed, _ = self._merged(message, "conferenceConnections")
        self.visits.conferenced(calls, renamed, at)
        self._rename(renamed, at)

    def _merged(
        self, message: Element, which: str
    ) -> tuple[tuple[str, ...], dict[str, str], list[Connection]]:
        """The calls that were put together, under which id each goes on, and which connections are none any more."""
        old = [connection_in(message, name) for name in _OLD if message.child(name) is not None]
        calls = tuple(dict.fromkeys(found.call for found in old if found is not None))
        renamed: dict[str, str] = {}
        gone: list[Connection] = []
        listed = message.child(which)
        for item in every(listed, "connectionListItem") if listed is not None else []:
            was, now = connection(item.child("oldConnection")), connection(item.child("newConnection"))
            if was is not None and now is not None and was.call != now.call and was.call in calls:
                renamed[was.call] = now.call
            elif was is not None and now is None:
                gone.append(was)
        return calls, renamed, gone

    def _rename(self, renamed: Mapping[str, str], at: float) -> None:
        for old, new in renamed.items():
            self.phones.rename(old, new, at)

    def cleared(self, message: Element, at: float) -> None:
        found = connection_in(message, "droppedConnection")
        if found is None:
            return
        releasing, cause = device_in(message, "releasingDevice"), message.within("cause")
        self.visits.cleared(found.call, found.device, releasing, cause, at)
        self.phones.put(found.device, found.call, None, at)
        self._hung_up(found.device, at)

    def call_cleared(self, message: Element, at: float) -> None:
        found = connection_in(message, "clearedCall")
        if found is None:
            return
        self.visits.call_cleared(found.call, at)
        for phone in self.phones.with_call(found.call):
            self.phones.put(phone, found.call, None, at)
            self._hung_up(phone, at)

    def failed(self, message: Element, at: float) -> None:
        found = connection_in(message, "failedConnection")
        if found is None:
            return
        where = device_in(message, "failingDevice") or found.device
        self.visits.failed(found.call, where, _caller(message), message.within("cause"), at)
        if where == found.device:
            self._put(found, "fail", at)

    def network_reached(self, message: Element, at: float) -> None:
        found = connection_in(message, "outboundConnection", "connection")
        self._own_call(device_in(message, "callingDevice"), at)
        self._put(found, "connected", at)

    def bridged(self, message: Element, at: float) -> None:
        self._put(connection_in(message, "bridgedConnection"), "connected", at)

    def information(self, message: Element, at: float) -> None:
        """CallInformation: its localConnectionInfo is all we want of it."""

    def out_of_service(self, message: Element, at: float) -> None:
        self.phones.service(device_in(message, "device"), at, on=False)

    def back_in_service(self, message: Element, at: float) -> None:
        self.phones.service(device_in(message, "device"), at, on=True)

    # ── agent events ──

    def logged_on(self, message: Element, at: float) -> None:
        phone, login, group = _who(message)
        self.people.logged_on(phone, login, group, at)

    def logged_off(self, message: Element, at: float) -> None:
        phone, _, group = _who(message)
        self.people.logged_off(phone, group, at)

    def ready(self, message: Element, at: float) -> None:
        self._says(message, "ready", at)

    def not_ready(self, message: Element, at: float) -> None:
        self._says(message, "not_ready", at)

    def busy(self, message: Element, at: float) -> None:
        self._says(message, "busy", at)

    def working_after_call(self, message: Element, at: float) -> None:
        self._says(message, "wrap", at)

    def _says(self, message: Element, word: Word, at: float) -> None:
        why = reason(message) if word == "not_ready" else ""
        forced = word == "not_ready" and message.within("cause") in FORCED
        self.people.says(*_who(message), Said(word, why, forced), at)


def _who(message: Element) -> tuple[str, str, str]:
    """(phone, login, group) of an agent event."""
    login = device(message.child("agentID")) or message.within("agentID")
    return device_in(message, "agentDevice"), login, device_in(message, "acdGroup")


def _caller(message: Element) -> str:
    return device_in(message, "callingDevice")


def _came_from(message: Element) -> tuple[str, str]:
    return device_in(message, "lastRedirectionDevice"), device_in(message, "calledDevice")


def _subject(message: Element) -> Connection | None:
    return next((c for child in message.children if child.child("callID") and (c := connection(child))), None)


_OLD = ("primaryOldCall", "secondaryOldCall")
_MERGING = frozenset({"TransferedEvent", "TransferredEvent", "ConferencedEvent"})
"""Their localConnectionInfo may be of the new call or of an old one."""

EVENTS: Mapping[str, Handler] = {
    "ServiceInitiatedEvent": Floor.initiated,
    "OriginatedEvent": Floor.originated,
    "OfferedEvent": Floor.offered,
    "QueuedEvent": Floor.queued,
    "DeliveredEvent": Floor.delivered,
    "EstablishedEvent": Floor.established,
    "HeldEvent": Floor.held,
    "RetrievedEvent": Floor.retrieved,
    "DivertedEvent": Floor.diverted,
    "TransferedEvent": Floor.transfered,
    "TransferredEvent": Floor.transfered,
    "ConferencedEvent": Floor.conferenced,
    "ConnectionClearedEvent": Floor.cleared,
    "CallClearedEvent": Floor.call_cleared,
    "FailedEvent": Floor.failed,
    "NetworkReachedEvent": Floor.network_reached,
    "BridgedEvent": Floor.bridged,
    "CallInformationEvent": Floor.information,
    "OutOfServiceEvent": Floor.out_of_service,
    "BackInServiceEvent": Floor.back_in_service,
    "AgentLoggedOnEvent": Floor.logged_on,
    "AgentLoggedOffEvent": Floor.logged_off,
    "AgentReadyEvent": Floor.ready,
    "AgentNotReadyEvent": Floor.not_ready,
    "AgentBusyEvent": Floor.busy,
    "AgentWorkingAfterCallEvent": Floor.working_after_call,
}
