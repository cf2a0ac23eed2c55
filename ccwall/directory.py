"""Who is who, by configuration: a source's own names to ids."""

from ccwall.config import Config
from ccwall.events import AgentId, QueueId, SeatId, SourceId
from ccwall.extension import extension_of

_UNOPTIMISED = "/n"
"""A Local interface ends so when Asterisk must not optimise it away; it is the same person without."""


class ConfiguredDirectory:
    """The `ccwall.adapter.Directory` of one source. Without an entry an id is ``source/name``.

    Who has an interface is named by it; an extension names whoever has it at every source, unless an interface says
    otherwise.
    """

    def __init__(self, source: SourceId, config: Config) -> None:
        self._source = source
        self._default_wrap_up = config.wrap_up
        self._queues: dict[str, QueueId] = {}
        self._wrap_up: dict[str, float] = {}
        self._agents: dict[str, AgentId] = {}
        self._extensions = {agent.card.extension: agent.id for agent in config.agents if agent.card.extension}
        self._seats = {sensor: seat.id for seat in config.seats for sensor in seat.sensors.get(source, ())}
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
        found = self.person(*keys)
        return AgentId(f"{self._source}/{keys[0] if keys else ''}") if found is None else found

    def person(self, *keys: str) -> AgentId | None:
        for key in keys:
            found = self._agents.get(_plain(key))
            if found is not None:
                return found
        for key in keys if self._extensions else ():
            extension = extension_of(key)
            found = self._extensions.get(extension) if extension is not None else None
            if found is not None:
                return found
        return None

    def seat(self, key: str) -> SeatId:
        found = self._seats.get(key)
        return SeatId(f"{self._source}/{key}") if found is None else found

    def own(self, key: str) -> str:
        return f"{self._source}/{key}"

    def wrap_up(self, queue: str) -> float:
        return self._wrap_up.get(queue, self._default_wrap_up)


def _plain(interface: str) -> str:
    return interface.removesuffix(_UNOPTIMISED)
