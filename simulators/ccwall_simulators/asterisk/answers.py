"""The actions of the manager interface: what each answers, and the right it needs (manager.c, app_queue.c)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ccwall_simulators.callcentre.contract import Floor

from .acd import IDLE, UNAVAILABLE, Acd, Queue, extension
from .channel import UNKNOWN, Channel
from .connection import AmiConnection, Headers
from .switch import Switch

Pairs = tuple[tuple[str, str], ...]
TRUE = frozenset({"true", "yes", "y", "t", "1", "on"})
FALSE = frozenset({"false", "no", "n", "f", "0", "off"})


class Exchange(Protocol):
    """What the actions may do to the exchange."""

    started: float
    reloaded: float

    @property
    def floor(self) -> Floor: ...
    @property
    def now(self) -> float: ...
    def tell(self) -> None:
        """Let the floor's newest happenings be told now."""
        ...

    def reload(self) -> None: ...
    def say_reloaded(self) -> None: ...
    def reset_statistics(self, queue: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Action:
    """`needs`: the user needs one of these write rights; nobody needs any where there are none."""

    answer: Callable[["Answers", AmiConnection, Headers], None]
    needs: frozenset[str] = frozenset()


class Answers:
    """Answers are written whole; events of what an action did follow it (manager.c, process_message)."""

    def __init__(self, exchange: Exchange, acd: Acd, switch: Switch) -> None:
        self._exchange, self._acd, self._switch = exchange, acd, switch

    def act(self, client: AmiConnection, name: str, headers: Headers) -> None:
        action = ACTIONS.get(name.lower())
        if action is None:
            hint = "Use Action: ListCommands to show available commands."
            client.error(headers, f"Invalid/unknown command: {name}. {hint}")
        elif action.needs and not action.needs & client.variant.write:
            client.error(headers, "Permission denied")
        else:
            action.answer(self, client, headers)

    # ── the session ──

    def log_in(self, client: AmiConnection, headers: Headers) -> None:
        """After the answer: FullyBooted comes to everybody who wants events (asterisk-notes 36)."""
        now, exchange = self._exchange.now, self._exchange
        if client.wants("system"):
            client.send(
                (
                    ("Event", "FullyBooted"),
                    ("Privilege", "system,all"),
                    ("Uptime", str(int(now - exchange.started))),
                    ("LastReload", str(int(now - exchange.reloaded))),
                    ("Status", "Fully Booted"),
                )
            )
        client.say_security(
            "SuccessfulAuth", "Informational", "1", ("UsingPassword", "0"), ("SessionTV", client.since)
        )

    def ping(self, client: AmiConnection, headers: Headers) -> None:
        client.answer(headers, "Success", ("Ping", "Pong"), ("Timestamp", f"{self._exchange.now:.6f}"))

    def events(self, client: AmiConnection, headers: Headers) -> None:
        told = client.ask_events(headers.get("eventmask", ""))
        if told:
            client.answer(headers, "Success", ("Events", told))
        else:
            client.error(headers, "Invalid event mask")

    def core_status(self, client: AmiConnection, headers: Headers) -> None:
        started, reloaded = _date(self._exchange.started), _date(self._exchange.reloaded)
        client.answer(
            headers,
            "Success",
            ("CoreStartupDate", started[0]),
            ("CoreStartupTime", started[1]),
            ("CoreReloadDate", reloaded[0]),
            ("CoreReloadTime", reloaded[1]),
            ("CoreCurrentCalls", str(len(self._switch.channels))),
            ("CoreProcessedCalls", str(self._switch.processed)),
        )

    def core_settings(self, client: AmiConnection, headers: Headers) -> None:
        variant = client.variant
        client.answer(
            headers,
            "Success",
            ("AMIversion", variant.ami),
            ("AsteriskVersion", variant.asterisk),
            ("SystemName", variant.system_name),
            ("CoreMaxCalls", "0"),
            ("CoreMaxLoadAvg", "0.000000"),
            ("CoreRunUser", ""),
            ("CoreRunGroup", ""),
            ("CoreMaxFilehandles", "0"),
            ("CoreRealTimeEnabled", "No"),
            ("CoreCDRenabled", "Yes"),
            ("CoreHTTPenabled", "No"),
            ("SoundsSearchCustomDir", "No"),
        )

    def command(self, client: AmiConnection, headers: Headers) -> None:
        """No command line is simulated."""
        asked = headers.get("command", "")
        said = f"No such command '{asked}' (type 'core show help {asked}' for other possible commands)"
        client.answer(headers, "Error", ("Message", "Command output follows"), ("Output", said))

    # ── lists ──

    def _list(
        self, client: AmiConnection, headers: Headers, says: str, items: Iterable[Pairs], end: str
    ) -> None:
        client.answer(headers, "Success", ("EventList", "start"), ("Message", says))
        count = 0
        for item in items:
            client.send(item)
            count += 1
        told = (("EventList", "Complete"), ("ListItems", str(count)))
        client.send((("Event", end), *client.echo(headers), *told))

    def queue_status(self, client: AmiConnection, headers: Headers) -> None:
        """An unknown queue or member is an empty list, no error (asterisk-notes 33)."""
        items = self._queue_status(headers, client.echo(headers))
        self._list(client, headers, "Queue status will follow", items, "QueueStatusComplete")

    def _queue_status(self, headers: Headers, echo: Pairs) -> Iterator[Pairs]:
        only_member = headers.get("member", "")
        for queue in self._asked_queues(headers):
            yield (("Event", "QueueParams"), *_parameters(queue), *echo)
            for member in queue.members.values():
                if only_member in ("", member.interface, member.name):
                    told = (("Queue", queue.name), ("Name", member.name), ("Location", member.interface))
                    yield (("Event", "QueueMember"), *told, *self._acd.condition(member), *echo)
            for position, entry in enumerate(queue.waiting, 1):
                channel = entry.channel
                yield (
                    ("Event", "QueueEntry"),
                    ("Queue", queue.name),
                    ("Position", str(position)),
                    ("Channel", channel.name),
                    ("Uniqueid", channel.uid),
                    ("CallerIDNum", _known(channel.number)),
                    ("CallerIDName", _known(channel.caller)),
                    ("ConnectedLineNum", _known(channel.line)),
                    ("ConnectedLineName", _known(channel.line_name)),
                    ("Wait", str(int(self._exchange.now) - int(entry.queued))),
                    ("Priority", str(entry.priority)),
                    *echo,
                )

    def queue_summary(self, client: AmiConnection, headers: Headers) -> None:
        items = (
            (("Event", "QueueSummary"), *self._summary(queue), *client.echo(headers))
            for queue in self._asked_queues(headers)
        )
        self._list(client, headers, "Queue summary will follow", items, "QueueSummaryComplete")

    def _summary(self, queue: Queue) -> Pairs:
        members = [m for m in queue.members.values() if self._acd.status(m) != UNAVAILABLE]
        free = [m for m in members if self._acd.status(m) == IDLE and not m.paused]
        waits = [int(self._exchange.now) - int(entry.queued) for entry in queue.waiting]
        return (
            ("Queue", queue.name),
            ("LoggedIn", str(len(members))),
            ("Available", str(len(free))),
            ("Callers", str(len(waits))),
            ("HoldTime", str(queue.statistics.holdtime)),
            ("TalkTime", str(queue.statistics.talktime)),
            ("LongestHoldTime", str(max(waits, default=0))),
        )

    def _asked_queues(self, headers: Headers) -> list[Queue]:
        asked = headers.get("queue", "").lower()
        return [queue for queue in self._acd.queues.values() if asked in ("", queue.name.lower())]

    def channels(self, client: AmiConnection, headers: Headers) -> None:
        echo = client.echo(headers)
        client.answer(headers, "Success", ("EventList", "start"), ("Message", "Channels will follow"))
        for channel in self._switch.channels.values():
            client.send_channel((("Event", "CoreShowChannel"), *echo), channel, self._running(channel))
        told = (("EventList", "Complete"), ("ListItems", str(len(self._switch.channels))))
        client.send((("Event", "CoreShowChannelsComplete"), *echo, *told))

    def _running(self, channel: Channel) -> Pairs:
        age = int(self._exchange.now - channel.created)
        return (
            ("Application", channel.application),
            ("ApplicationData", channel.arguments),
            ("Duration", f"{age // 3600:02d}:{age // 60 % 60:02d}:{age % 60:02d}"),
            ("BridgeId", channel.bridge.uid if channel.bridge else ""),
        )

    def devices(self, client: AmiConnection, headers: Headers) -> None:
        items = (
            (("Event", "DeviceStateChange"), *client.echo(headers), ("Device", device), ("State", state))
            for device, state in self._acd.states()
        )
        says = "Device State Changes will follow"
        self._list(client, headers, says, items, "DeviceStateListComplete")

    def extensions(self, client: AmiConnection, headers: Headers) -> None:
        phones = sorted({member.phone for member in self._acd.memberships()})
        items = (
            (("Event", "ExtensionStatus"), *client.echo(headers), *self._acd.hint(phone, extension(phone)))
            for phone in phones
        )
        says = "Extension Statuses will follow"
        self._list(client, headers, says, items, "ExtensionStateListComplete")

    def presences(self, client: AmiConnection, headers: Headers) -> None:
        self._list(client, headers, "Presence State Changes will follow", (), "PresenceStateListComplete")

    def rules(self, client: AmiConnection, headers: Headers) -> None:
        """With one empty line too many, as it really is (asterisk-notes 34)."""
        client.answer(headers, "Success")
        client.send_raw(b"\r\n")

    # ── doing something to the queues ──

    def pause(self, client: AmiConnection, headers: Headers) -> None:
        interface, paused = headers.get("interface", ""), headers.get("paused", "")
        if not interface or not paused:
            client.error(headers, "Need 'Interface' and 'Paused' parameters.")
            return
        on = paused.lower() in TRUE
        reason, queue = headers.get("reason", ""), headers.get("queue", "")
        if self._exchange.floor.pause(interface, on, reason, queue):
            told = "Interface paused successfully" if on else "Interface unpaused successfully"
            client.answer(headers, "Success", ("Message", told))
            self._exchange.tell()
        else:
            client.error(headers, "Interface not found")

    def add(self, client: AmiConnection, headers: Headers) -> None:
        queue, interface = headers.get("queue", ""), headers.get("interface", "")
        if not queue:
            client.error(headers, "'Queue' not specified.")
            return
        if not interface:
            client.error(headers, "'Interface' not specified.")
            return
        penalty = headers.get("penalty", "0")
        refused = self._exchange.floor.add_member(
            queue,
            interface,
            headers.get("membername", ""),
            int(penalty) if penalty.isdecimal() else 0,
            headers.get("paused", "").lower() in TRUE,
        )
        self._tell_done(client, headers, "Added interface to queue", ADD_ERRORS, refused)

    def remove(self, client: AmiConnection, headers: Headers) -> None:
        queue, interface = headers.get("queue", ""), headers.get("interface", "")
        if not queue or not interface:
            client.error(headers, "Need 'Queue' and 'Interface' parameters.")
            return
        refused = self._exchange.floor.remove_member(queue, interface)
        self._tell_done(client, headers, "Removed interface from queue", REMOVE_ERRORS, refused)

    def _tell_done(
        self, client: AmiConnection, headers: Headers, done: str, errors: dict[str, str], refused: str
    ) -> None:
        if refused:
            client.error(headers, errors.get(refused, refused))
            return
        client.answer(headers, "Success", ("Message", done))
        self._exchange.tell()

    def reload_queues(self, client: AmiConnection, headers: Headers) -> None:
        """No event at all (asterisk-notes 38)."""
        self._exchange.reload()
        client.answer(headers, "Success", ("Message", "Queue reloaded successfully"))

    def reset(self, client: AmiConnection, headers: Headers) -> None:
        """No event at all (asterisk-notes 38)."""
        self._exchange.reset_statistics(headers.get("queue", ""))
        client.answer(headers, "Success", ("Message", "Queue stats reset successfully"))

    def reload(self, client: AmiConnection, headers: Headers) -> None:
        self._exchange.reload()
        client.answer(headers, "Success", ("Message", "Module Reloaded"))
        self._exchange.say_reloaded()


ADD_ERRORS = {
    "no queue": "Unable to add interface to queue: No such queue",
    "already there": "Unable to add interface: Already there",
}
REMOVE_ERRORS = {
    "no queue": "Unable to remove interface from queue: No such queue",
    "not there": "Unable to remove interface: Not there",
    "static": "Member not dynamic",
}
_REPORTS = frozenset({"system", "reporting"})
_STATES = frozenset({"call", "reporting"})
_AGENTS = frozenset({"agent"})
ACTIONS: dict[str, Action] = {
    "login": Action(Answers.log_in),
    "ping": Action(Answers.ping),
    "events": Action(Answers.events),
    "queuestatus": Action(Answers.queue_status),
    "queuesummary": Action(Answers.queue_summary),
    "queuerule": Action(Answers.rules),
    "queuereload": Action(Answers.reload_queues),
    "queuereset": Action(Answers.reset),
    "queuepause": Action(Answers.pause, _AGENTS),
    "queueadd": Action(Answers.add, _AGENTS),
    "queueremove": Action(Answers.remove, _AGENTS),
    "coreshowchannels": Action(Answers.channels, _REPORTS),
    "corestatus": Action(Answers.core_status, _REPORTS),
    "coresettings": Action(Answers.core_settings, _REPORTS),
    "devicestatelist": Action(Answers.devices, _STATES),
    "extensionstatelist": Action(Answers.extensions, _STATES),
    "presencestatelist": Action(Answers.presences, _STATES),
    "command": Action(Answers.command, frozenset({"command"})),
    "reload": Action(Answers.reload, frozenset({"config", "system"})),
}


def _parameters(queue: Queue) -> Pairs:
    statistics = queue.statistics
    return (
        ("Queue", queue.name),
        ("Max", str(queue.capacity)),
        ("Strategy", queue.strategy),
        ("Calls", str(len(queue.waiting))),
        ("Holdtime", str(statistics.holdtime)),
        ("TalkTime", str(statistics.talktime)),
        ("Completed", str(statistics.completed)),
        ("Abandoned", str(statistics.abandoned)),
        ("ServiceLevel", str(queue.service_level)),
        ("ServicelevelPerf", statistics.perf),
        ("ServicelevelPerf2", statistics.perf2),
        ("Weight", str(queue.weight)),
    )


def _known(text: str) -> str:
    """Lists write nobody's name without brackets (asterisk-notes 31)."""
    return "unknown" if text == UNKNOWN else text


def _date(t: float) -> tuple[str, str]:
    at = datetime.fromtimestamp(t, UTC)
    return f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}"
