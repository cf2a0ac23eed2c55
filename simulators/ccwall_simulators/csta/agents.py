"""Who is logged on at which phone for which group, and in which state: told by events, and to whoever asks."""

from dataclasses import dataclass, field

from ccwall_adapters.csta_xml.writing import leaf, tag
from ccwall_simulators.callcentre.contract import Floor, Member

from .saying import Saying


def phone_of(interface: str) -> str:
    """The extension behind an interface of the model: `PJSIP/1003` and `Local/1003@from-queue/n` are 1003."""
    return (
        interface.rpartition("/n")[0].partition("/")[2].partition("@")[0]
        if interface.endswith("/n")
        else (interface.partition("/")[2].partition("@")[0])
    )


@dataclass(slots=True)
class Post:
    """One phone in one group. Two interfaces of the model may be the same phone: it is ready if any of them is."""

    agent: str
    paused: dict[str, bool] = field(default_factory=dict)
    reason: str = ""
    automatic: bool = False

    @property
    def is_ready(self) -> bool:
        return not all(self.paused.values())


class Agents:
    """`groups`: number by queue."""

    def __init__(self, floor: Floor, saying: Saying, groups: dict[str, str]) -> None:
        self._floor, self._saying, self._groups = floor, saying, groups
        self.posts: dict[tuple[str, str], Post] = {}
        self._condition: dict[str, str] = {}
        self.interfaces: dict[tuple[str, str], list[str]] = {}

    def read(self) -> dict[tuple[str, str], Post]:
        """Who is there by the floor's own word."""
        posts: dict[tuple[str, str], Post] = {}
        for queue in self._floor.queues():
            for member in queue.members:
                phone = self._phone(member)
                post = posts.setdefault((phone, queue.name), Post(member.agent))
                post.paused[member.interface] = member.paused
                post.reason = member.reason if member.paused else post.reason
        return posts

    def start(self) -> None:
        """The switch is up: without a word, whoever connects asks."""
        self.posts = self.read()
        self._condition.clear()

    def reload(self) -> None:
        """Configuration was read again: who came and who went is told."""
        before, now = self.posts, self.read()
        for key in before.keys() - now.keys():
            self._log_off(*key)
        for key in now.keys() - before.keys():
            self.posts[key] = now[key]
            self._log_on(*key)

    @staticmethod
    def _phone(member: Member) -> str:
        return phone_of(member.phone or member.interface)

    # ── happenings ──

    def added(self, queue: str, interface: str, agent: str, paused: bool) -> None:
        key = phone_of(interface), queue
        known = self.posts.get(key)
        if known is None:
            self.posts[key] = Post(agent, {interface: paused})
            self._log_on(*key)
        else:
            self._set(key, interface, paused, "", automatic=False)

    def removed(self, queue: str, interface: str) -> None:
        key = phone_of(interface), queue
        post = self.posts.get(key)
        if post is None:
            return
        was = post.is_ready
        post.paused.pop(interface, None)
        if not post.paused:
            self._log_off(*key)
        elif was != post.is_ready:
            self.say(*key)

    def paused(self, queue: str, interface: str, paused: bool, reason: str, *, automatic: bool) -> None:
        self._set((phone_of(interface), queue), interface, paused, reason, automatic=automatic)

    def _set(
        self, key: tuple[str, str], interface: str, paused: bool, reason: str, *, automatic: bool
    ) -> None:
        post = self.posts.get(key)
        if post is None:
            return
        before = post.is_ready, post.reason
        post.paused[interface], post.automatic = paused, automatic
        post.reason = reason if paused else post.reason
        if (post.is_ready, post.reason) != before and not self._condition.get(key[0]):
            self.say(*key)
        elif (post.is_ready, post.reason) != before:
            self._condition.pop(key[0])  # a key pressed on the phone ends work after a call
            self.restate(key[0])

    def busy(self, phone: str) -> None:
        self._become(phone, "agentBusy", "AgentBusy")

    def wraps_up(self, phone: str) -> None:
        self._become(phone, "agentWorkingAfterCall", "AgentWorkingAfterCall")

    def _become(self, phone: str, state: str, event: str) -> None:
        mine = [post for (at, _), post in self.posts.items() if at == phone]
        if mine:
            self._condition[phone] = state
            self._tell(event, phone, "", mine[0].agent)

    def is_in(self, phone: str, state: str) -> bool:
        return self._condition.get(phone) == state

    def restate(self, phone: str) -> None:
        """The call and the work after it are over: what holds for each group holds again."""
        self._condition.pop(phone, None)
        for at, queue in list(self.posts):
            if at == phone:
                self.say(at, queue)

    # ── words ──

    def say(self, phone: str, queue: str) -> None:
        post = self.posts[phone, queue]
        if post.is_ready:
            self._tell("AgentReady", phone, queue, post.agent)
        else:
            reason = tag("extensions", tag("privateData", tag("private", leaf("reasonCode", post.reason))))
            cause = "forcedPause" if post.automatic else ""
            self._tell("AgentNotReady", phone, queue, post.agent, reason if post.reason else "", cause=cause)

    def _log_on(self, phone: str, queue: str) -> None:
        self._tell("AgentLoggedOn", phone, queue, self.posts[phone, queue].agent)
        self.say(phone, queue)

    def _log_off(self, phone: str, queue: str) -> None:
        post = self.posts.pop((phone, queue))
        if not any(at == phone for at, _ in self.posts):
            self._condition.pop(phone, None)
        self._tell("AgentLoggedOff", phone, queue, post.agent)

    def _tell(self, event: str, phone: str, queue: str, agent: str, more: str = "", cause: str = "") -> None:
        group = self._saying.subject("acdGroup", self._groups[queue]) if queue in self._groups else ""
        who = self._saying.subject("agentDevice", phone), leaf("agentID", agent), group, more
        self._saying.tell(event, (phone,), *who, cause=cause)

    def listed(self, phone: str) -> str:
        """The agentStateList of one phone."""
        items = []
        agent = ""
        for (at, queue), post in self.posts.items():
            if at == phone:
                agent = post.agent
                told = self._condition.get(phone) or ("agentReady" if post.is_ready else "agentNotReady")
                why = leaf("reasonCode", post.reason) if not post.is_ready and post.reason else ""
                why = tag("extensions", tag("privateData", tag("private", why))) if why else ""
                items.append(
                    tag(
                        "agentInfoItem",
                        self._saying.subject("acdGroup", self._groups[queue]),
                        leaf("agentState", told),
                        why,
                    )
                )
        if not items:
            return tag("agentStateList", tag("agentStateEntry", leaf("loggedOnState", "false")))
        entry = leaf("agentID", agent), leaf("loggedOnState", "true"), tag("agentInfo", *items)
        return tag("agentStateList", tag("agentStateEntry", *entry))
