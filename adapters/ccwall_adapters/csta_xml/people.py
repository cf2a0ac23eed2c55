"""Who is logged on at which phone and group, and what the ACD says of them.

A person is whoever the directory finds behind the agent's login or the phone; the login counts more, so that people may
sit anywhere. A switch may speak of an agent group by group (`acdGroup`) or once for all groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ccwall.adapter import Directory
from ccwall.events import (
    AgentBusy,
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentMembershipChanged,
    AgentNotReady,
    AgentReady,
    AgentWorkingAfterCall,
    AnyEvent,
    ContactId,
    DeviceId,
)
from ccwall.wire.memory import Recent

Word = Literal["", "ready", "not_ready", "busy", "wrap"]
WORDS: Mapping[str, Word] = {
    "agentReady": "ready",
    "agentNotReady": "not_ready",
    "agentBusy": "busy",
    "agentWorkingAfterCall": "wrap",
}
"""An AgentState as GetAgentState tells it; `agentNull` is logged off."""
MOST_POSTS = 100_000
"""Phones times groups with somebody logged on; more is a peer that wants our memory."""


@dataclass(slots=True, frozen=True)
class Said:
    """An agent's state as the switch told it last."""

    word: Word = ""
    reason: str = ""
    automatic: bool = False


@dataclass(slots=True)
class Post:
    """One agent at one phone for one group; the group is empty where the switch names none."""

    agent: AgentId
    login: str
    said: Said = Said()
    since: float = 0.0


class People:
    """Memory of logins and states; facts are appended to `out`. `groups`: by number, what the group's queue is called."""

    def __init__(self, groups: Mapping[str, str], directory: Directory, out: list[AnyEvent]) -> None:
        self._groups, self._directory, self._out = groups, directory, out
        self._phones: dict[str, dict[str, Post]] = {}
        self._count: dict[AgentId, int] = {}
        self._posts = 0
        self._last: Recent[str, ContactId] = Recent(MOST_POSTS)
        self._engaged: dict[str, AgentId] = {}
        self.quiet = False

    def agent(self, phone: str) -> AgentId:
        """Whose phone it is: of who is logged on there, else of who is configured to have it."""
        return self._person(self._login(phone), phone)

    def owner(self, phone: str) -> AgentId | None:
        """Who is logged on there, else who is configured to have it; None when nobody is."""
        post = next(iter(self._phones.get(phone, {}).values()), None)
        return self._directory.person(phone) if post is None else post.agent

    def posts(self, agent: AgentId) -> list[tuple[str, str, str]]:
        """(phone, group, login) of this person."""
        return [
            (phone, group, post.login)
            for phone, posts in self._phones.items()
            for group, post in posts.items()
            if post.agent == agent
        ]

    def talked(self, phone: str, contact: ContactId) -> None:
        """Work after a call is work after this one."""
        self._last[phone] = contact

    # ── what the switch says ──

    def logged_on(self, phone: str, login: str, group: str, at: float) -> None:
        posts = self._phones.get(phone, {})
        known = posts.get(group)
        if not phone or (known is not None and known.login == login):
            return
        for other in [g for g, post in posts.items() if post.login != login]:
            self._leave(
                phone, other, at
            )  # somebody else sits there now, and nobody said that the first one left
        if self._posts >= MOST_POSTS:
            return
        post = Post(self._person(login, phone), login, since=at)
        self._phones.setdefault(phone, {})[group] = post
        self._posts += 1
        self._count[post.agent] = self._count.get(post.agent, 0) + 1
        if not self.quiet:
            if self._count[post.agent] == 1:
                self._say_logged_on(phone, post, at)
            self._say_membership(phone, group, post, at)

    def logged_off(self, phone: str, group: str, at: float) -> None:
        """From one group; from all where the switch names none."""
        for other in list(self._phones.get(phone, ())):
            if group in ("", other):
                self._leave(phone, other, at)

    def says(self, phone: str, login: str, group: str, said: Said, at: float) -> None:
        """What is said of this group; of all, where none is named. Whoever has a state is logged on."""
        if not phone:
            return
        if not self._meant(phone, group):
            self.logged_on(phone, login, group, at)
        self._engaged.pop(phone, None)
        meant = self._meant(phone, group)
        for other in meant:
            post = self._phones[phone][other]
            post.said, post.since = said, at
        if meant and not self.quiet:
            self._say_word(phone, group, self._phones[phone][meant[0]], at)

    def keep_only(self, phone: str, groups: set[str], at: float) -> None:
        """A snapshot of this phone has been read: the agent is logged on for these and no others."""
        for group in [group for group in self._phones.get(phone, ()) if group not in groups]:
            self._leave(phone, group, at)

    def _meant(self, phone: str, group: str) -> list[str]:
        return [other for other in self._phones.get(phone, ()) if group in ("", other)]

    def _leave(self, phone: str, group: str, at: float) -> None:
        post = self._phones[phone].pop(group)
        self._posts -= 1
        if not self._phones[phone]:
            del self._phones[phone]
            self._engaged.pop(phone, None)
        self._count[post.agent] -= 1
        last = self._count[post.agent] == 0
        if last:
            del self._count[post.agent]
        if not self.quiet:
            self._say_membership(phone, group, post, at, member=False)
            if last:
                self._out.append(AgentLoggedOff(at=at, agent=post.agent))

    # ── calls that no queue gave ──

    def engaged(self, phone: str, at: float) -> None:
        """On such a call. Said only where we know what to say when it is over."""
        posts = self._phones.get(phone, {})
        words = {post.said.word for post in posts.values()}
        if not words or not words <= {"ready", "not_ready"} or "ready" not in words or phone in self._engaged:
            return
        agent = self._engaged[phone] = next(iter(posts.values())).agent
        if not self.quiet:
            self._out.append(AgentBusy(at=at, agent=agent))

    def free(self, phone: str, at: float) -> None:
        """It is over: what was true before it is so again."""
        if self._engaged.pop(phone, None) is not None and not self.quiet:
            for group, post in self._phones.get(phone, {}).items():
                self._say_word(phone, group, post, at)

    # ── saying ──

    def say_all(self, at: float) -> None:
        """Everything that is true, for a resync."""
        said: set[AgentId] = set()
        for phone, posts in self._phones.items():
            for group, post in posts.items():
                if post.agent not in said:
                    said.add(post.agent)
                    self._say_logged_on(phone, post, at)
                self._say_membership(phone, group, post, at)
        for phone, posts in self._phones.items():
            for group, post in posts.items():
                self._say_word(phone, group, post, post.since if post.said.word == "not_ready" else at)
        for agent in self._engaged.values():
            self._out.append(AgentBusy(at=at, agent=agent))

    def _login(self, phone: str) -> str:
        return next((post.login for post in self._phones.get(phone, {}).values() if post.login), "")

    def _person(self, login: str, phone: str) -> AgentId:
        return self._directory.agent(*(key for key in (login, phone) if key))

    def _say_logged_on(self, phone: str, post: Post, at: float) -> None:
        device = DeviceId(self._directory.own(phone))
        self._out.append(AgentLoggedOn(at=at, agent=post.agent, device=device))

    def _say_membership(self, phone: str, group: str, post: Post, at: float, *, member: bool = True) -> None:
        name = self._groups.get(group)
        if name is not None:
            queue = self._directory.queue(name)
            self._out.append(
                AgentMembershipChanged(at=at, agent=post.agent, queue=queue, member=member, interface=phone)
            )

    def _say_word(self, phone: str, group: str, post: Post, at: float) -> None:
        name, said = self._groups.get(group), post.said
        in_groups = any(other in self._groups for other in self._phones.get(phone, ()))
        if group and name is None and in_groups:
            return  # of a group that is nobody's queue here, and its word does not hold for the others
        queue = None if name is None else self._directory.queue(name)
        interface = phone if in_groups else ""
        match said.word:
            case "ready":
                self._out.append(AgentReady(at=at, agent=post.agent, queue=queue, interface=interface))
            case "not_ready":
                self._out.append(
                    AgentNotReady(
                        at=at,
                        agent=post.agent,
                        queue=queue,
                        interface=interface,
                        reason=said.reason,
                        automatic=said.automatic,
                    )
                )
            case "busy":
                self._out.append(AgentBusy(at=at, agent=post.agent, contact=self._last.get(phone)))
            case "wrap":
                contact = self._last.get(phone)
                self._out.append(AgentWorkingAfterCall(at=at, agent=post.agent, contact=contact))
