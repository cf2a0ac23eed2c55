"""A publisher as docs/adapters/zeromq.md has it, for tests: its messages, numbered."""

import msgspec

from ccwall.wire.parcel import pack

NOW = 1_800_000_000.0
JOINED = pack({"link": "joined"})


class Publisher:
    """`say` makes the next message; `lose` counts one that never comes."""

    def __init__(self, name: str = "cti1", epoch: str = "e1", topic: str = "facts") -> None:
        self.name, self.epoch, self.topic = name, epoch, topic
        self.n = 0

    def body(self, kind: str, **said: object) -> dict[str, object]:
        self.n += 1
        return {"publisher": self.name, "epoch": self.epoch, "n": self.n, "type": kind, **said}

    def say(self, kind: str, **said: object) -> bytes:
        return pack({"topic": self.topic}, msgspec.json.encode(self.body(kind, **said)))

    def lose(self, count: int = 1) -> None:
        self.n += count

    def queued(self, contact: str, **said: object) -> bytes:
        return self.say("contact.queued", **{"contact": contact, "queue": "consult", "at": NOW, **said})

    def beat(self, resync_every: float = 15.0) -> bytes:
        return self.say("heartbeat", every=3.0, resync_every=resync_every, at=NOW)

    def resync(self, *standing: dict[str, object]) -> bytes:
        """What stands, in one breath."""
        said = [self.say("resync_started")]
        for fact in standing:
            rest = {key: value for key, value in fact.items() if key != "type"}
            said.append(self.say(str(fact["type"]), **rest, stands=True))
        return b"".join([*said, self.say("resync_finished")])


def waits(contact: str) -> dict[str, object]:
    return {"type": "contact.queued", "contact": contact, "queue": "consult", "at": NOW}
