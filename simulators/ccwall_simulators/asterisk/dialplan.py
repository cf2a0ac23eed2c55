"""What the extensions.conf of this exchange does with a caller's channel around Queue()."""

from .channel import Channel
from .speaker import lines
from .switch import Switch

LONGEST_WAIT = 45
"""Seconds, as Queue() is told; who waits too long is the floor's to say."""
EXIT_KEY = "1"


class Dialplan:
    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    def welcome(self, channel: Channel) -> None:
        """The number in front of the queues answers."""
        switch = self._switch
        switch.set(channel, SIPDOMAIN="127.0.0.1")
        switch.run(channel, "Goto", "ivr,welcome,1")
        channel.change(context="ivr", exten="welcome")
        switch.run(channel, "NoOp", "a call comes in")
        switch.run(channel, "Answer")
        switch.up(channel)
        switch.set(channel, TENANT="tenant-a")

    def enter(self, channel: Channel, queue: str) -> None:
        """Up to and into Queue()."""
        switch = self._switch
        if channel.context == "ivr":
            switch.run(channel, "Goto", f"ivr,{queue},1")
            channel.change(exten=queue, priority=6)
        switch.run(channel, "Set", f"__DIDQUEUE={queue}")
        switch.set(channel, __DIDQUEUE=queue)
        channel.change(priority=channel.priority + 2)
        switch.run(channel, "Queue", f"{queue},tT,,,{LONGEST_WAIT}")
        empty = (
            "ANSWEREDTIME",
            "ANSWEREDTIME_MS",
            "DIALEDTIME",
            "DIALEDTIME_MS",
            "QUEUEWAIT",
            "QUEUEWAIT_MS",
        )
        switch.set(channel, **dict.fromkeys(empty, ""))

    def press(self, channel: Channel) -> None:
        """The key that leads out of the queue."""
        pressed = lines(("Digit", EXIT_KEY), ("DurationMs", "160"), ("Direction", "Received"))
        self._switch.say("DTMFEnd", "dtmf", channel.block(), pressed)

    def exit_by_key(self, channel: Channel, queue: str) -> None:
        channel.change(context=f"{queue}-exit", exten=EXIT_KEY, priority=1)
        self._switch.run(channel, "Queue", channel.arguments)

    def after_key(self, channel: Channel, queue: str) -> None:
        self._user_event(channel, "CallbackRequest", ("Queue", queue))
        channel.change(context="ivr")

    def after(self, channel: Channel, queue: str, status: str) -> None:
        """Queue() came back with QUEUESTATUS."""
        self._switch.set(channel, QUEUESTATUS=status)
        self._switch.run(channel, "Goto", "after")
        self._user_event(channel, "QueueExit", ("Queue", queue), ("Status", status))

    def rate(self, channel: Channel, queue: str, score: int) -> None:
        """Queue() came back because the agent hung up, and the caller pressed a key for the service."""
        self._user_event(channel, "QueueRating", ("Queue", queue), ("Score", str(score)), ("Best", "5"))

    def hang_up(self, channel: Channel) -> None:
        """Its last step, unless the channel is somewhere else."""
        if channel.application in ("Goto", "UserEvent"):
            self._switch.run(channel, "Hangup")

    def _user_event(self, channel: Channel, name: str, *told: tuple[str, str]) -> None:
        pairs = (*told, ("Caller", channel.number))
        said = ",".join(f"{key}: {value}" for key, value in pairs)
        self._switch.run(channel, "UserEvent", f"{name},{said}")
        self._switch.say("UserEvent", "user", channel.block(), lines(("UserEvent", name), *pairs))
