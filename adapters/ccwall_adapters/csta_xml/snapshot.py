"""The truth as the switch tells it when asked: one answer per device, per call and per agent.

Questions and events share one stream, and each answer is true at its place in it: it is taken in at once, and only
what no answer and no event has shown by the end of it all is gone.
"""

from ccwall.events import SourceLimited
from ccwall.wire.xml import Element

from .asking import Asking, Question, agent_state, monitor, snapshot_call, snapshot_device
from .floor import Floor
from .people import WORDS, Said, Word
from .phones import LOCAL, Local
from .reading import LONGEST_ID, connection, device, device_in, every, flag, reason

MOST_CALLS = 100_000
"""Calls asked for in one resync."""
IN_GROUP = frozenset({"queued", "alerting", "connected", "hold", "initiated"})


class Snapshot:
    """Asks in live mode; in observe mode it reads what others asked. `refused` is told what the switch does not do."""

    def __init__(self, floor: Floor, asking: Asking, *, live: bool) -> None:
        self._floor, self._asking, self._live = floor, asking, live
        self.namespace = ""
        self._asked_calls: set[str] = set()
        self._limits: set[str] = set()

    def begin(self, now: float) -> None:
        """Monitor everything configured, and ask what is going on there."""
        self._asked_calls.clear()
        self._limits = set() if self._floor.devices else {"devices", "conversations"}
        if not self._floor.groups:
            self._limits.add("queues")
        self._floor.phones.say_seen(now)
        if self._live:
            for about in self._floor.natives:
                self.monitor(about, now)

    def again(self, now: float) -> None:
        """What is monitored stays so; what goes on there is asked anew."""
        self._asked_calls.clear()
        monitored = set(self._floor.monitors.values())
        for about in self._floor.natives if self._live else ():
            if about in monitored:
                self._ask_device(about, now)
            else:
                self.monitor(about, now)

    def monitor(self, about: str, now: float) -> None:
        """Start watching a device."""
        self._asked_calls.clear()
        self._asking.ask(monitor(self._floor.natives[about], self.namespace), now)

    def limits(self) -> tuple[str, ...]:
        return tuple(sorted(self._limits))

    def limit(self, limit: str, now: float, *, resyncing: bool) -> None:
        """The switch has shown that it cannot tell this."""
        if limit not in self._limits:
            self._limits.add(limit)
            if not resyncing:
                self._floor.out.append(SourceLimited(at=now, limit=limit))

    # ── answers ──

    def answer(self, question: Question, message: Element, now: float, *, resyncing: bool) -> None:
        """While a resync goes on, what answers tell is kept for its end."""
        self._floor.quiet(resyncing)
        self._take(question, message, now)
        self._floor.quiet(False)

    def _take(self, question: Question, message: Element, now: float) -> None:
        match question.kind:
            case "monitor":
                self._monitored(question.about, message, now)
            case "device":
                self._device(question.about, message, now)
            case "call":
                self._call(question.about, message, now)
            case "agent":
                self._agents(question.about, message, now)
            case _:
                pass

    def refused(self, question: Question, now: float, *, resyncing: bool) -> None:
        """A negative answer, or none at all: the device is not known there, or the service is not."""
        is_group = question.about in self._floor.groups
        match question.kind:
            case "monitor" if is_group:
                self.limit("queues", now, resyncing=resyncing)
            case "monitor":
                self._floor.quiet(resyncing)
                self._floor.phones.forget(question.about)
                self._floor.phones.fault(question.about, now)
                self._floor.quiet(False)
                self.limit("devices", now, resyncing=resyncing)
                self.limit("conversations", now, resyncing=resyncing)
            case "device" if is_group:
                self.limit("queues", now, resyncing=resyncing)
            case "device":
                self.limit("devices", now, resyncing=resyncing)
                self.limit("conversations", now, resyncing=resyncing)
            case _:
                pass  # a call that is over by now; a switch that lets nobody ask for agents tells of them by events

    def _monitored(self, about: str, message: Element, now: float) -> None:
        reference = message.within("monitorCrossRefID")[:LONGEST_ID]
        if reference:
            self._floor.monitors[reference] = about
        if about in self._floor.phones:
            self._floor.phones.well(about, now)
        if self._live and about in self._floor.natives:
            self._ask_device(about, now)

    def _ask_device(self, about: str, now: float) -> None:
        native = self._floor.natives[about]
        self._asking.ask(snapshot_device(native, self.namespace), now)
        if about in self._floor.phones:
            self._asking.ask(agent_state(native, self.namespace), now)

    def _device(self, about: str, message: Element, now: float) -> None:
        calls: dict[str, str] = {}
        for item in every(message, "snapshotDeviceResponseInfo"):
            found = connection(item.child("connectionIdentifier", "connection"))
            states = [state.text for state in every(item, "localConnectionState")]
            if found is not None:
                calls[found.call] = states[0] if states else "connected"
        if about in self._floor.groups:
            queued = [call for call, state in calls.items() if state in IN_GROUP]
            for call in queued:
                self._floor.visits.listed(call, about, now)
        else:
            local: dict[str, Local] = {call: LOCAL[state] for call, state in calls.items() if state in LOCAL}
            self._floor.phones.replace(about, local, now)
        if not self._floor.visits.quiet:
            self._floor.visits.listed_all(about, calls.keys(), now)
        self._ask_calls(about, list(calls), now)

    def _ask_calls(self, about: str, calls: list[str], now: float) -> None:
        native = self._floor.natives.get(about)
        for call in calls:
            if (
                self._live
                and native
                and call not in self._asked_calls
                and len(self._asked_calls) < MOST_CALLS
            ):
                self._asked_calls.add(call)
                self._asking.ask(snapshot_call(call, native, self.namespace), now)

    def _call(self, call: str, message: Element, now: float) -> None:
        parties: dict[str, str] = {}
        for item in every(message, "snapshotCallResponseInfo"):
            found = connection(item.child("callIdentifier", "connection"))
            party = device_in(item, "deviceOnCall") or (found.device if found else "")
            states = [state.text for state in every(item, "localConnectionState")]
            if party:
                parties[party] = states[0] if states else "connected"
        caller, called = device_in(message, "callingDevice"), device_in(message, "calledDevice")
        if not self._floor.visits.pictured(call, parties, caller, called, now):
            self.limit("conversations", now, resyncing=True)

    def _agents(self, about: str, message: Element, now: float) -> None:
        groups: set[str] = set()
        entries = every(message, "agentStateEntry")
        for entry in entries:
            login = device(entry.child("agentID")) or entry.within("agentID")
            items = every(entry, "agentInfoItem") or [entry]
            for item in items:
                told = next((one.text for one in every(item, "agentState")), "")
                on = entry.within("loggedOnState")
                if told == "agentNull" or (not flag(on) if on else not told):
                    continue
                group = device_in(item, "acdGroup")
                groups.add(group)
                self._agent(about, login, group, item, now)
        self._floor.people.keep_only(about, groups, now)

    def _agent(self, phone: str, login: str, group: str, item: Element, now: float) -> None:
        people, word = self._floor.people, self._word(item)
        people.logged_on(phone, login, group, now)
        if word:
            people.says(phone, login, group, Said(word, reason(item) if word == "not_ready" else ""), now)

    @staticmethod
    def _word(item: Element) -> Word:
        told = next((one.text for one in every(item, "agentState")), "")
        return WORDS.get(told[:1].lower() + told[1:], "")
