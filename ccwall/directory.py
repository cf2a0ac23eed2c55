"""Who is who, by configuration: a source's own names to ids."""

from ccwall.config import Config
from ccwall.events import AgentId, QueueId, SeatId, SourceId

_UNOPTIMISED = "/n"
"""A Local interface ends so when Asterisk must not optimise it away; it is the same person without."""


class ConfiguredDirectory:
    """The `ccwall.adapter.Directory` of one source. Without an entry an id is ``source/name``."""

    def __init__(self, source: SourceId, config: Config) -> None:
        self._source = source
        self._default_wrap_up = config.wrap_up
        self._queues: dict[str, QueueId] = {}
        self._wrap_up: dict[str, float] = {}
        self._agents: dict[str, AgentId] = {}
        for queue in config.queues:
            for where, native in queue.natives:
                if where == source:
                    self._queues[native], self._wrap_up[native] = queue.id, queue.wrap_up
        for agent in config.agents:
            for interface in agent.interfaces.get(source, ()):
                self._agents[_plain(interface)] = agent.id

    def queue(self, name: str) -> QueueId:
        found = self._queues.get(name)
        return QueueId(f"{self._source}/{name}") if found is None else found

    def agent(self, *keys: str) -> AgentId:
        for key in keys:
            found = self._agents.get(_plain(key))
            if found is not None:
                return found
        return AgentId(f"{self._source}/{keys[0] if keys else ''}")

    def person(self, *keys: str) -> AgentId | None:
        return next((found for key in keys if (found := self._agents.get(_plain(key))) is not None), None)

    def seat(self, key: str) -> SeatId:
        return SeatId(f"{self._source}/{key}")

    def own(self, key: str) -> str:
        return f"{self._source}/{key}"

    def wrap_up(self, queue: str) -> float:
        return self._wrap_up.get(queue, self._default_wrap_up)


def _plain(interface: str) -> str:
    return interface.removesuffix(_UNOPTIMISED)
