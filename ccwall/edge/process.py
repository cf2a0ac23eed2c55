"""An edge, put together: its sources, its spool, its conversation with the server."""

from collections.abc import Sequence
from functools import partial

from ccwall import registry
from ccwall.clock import Clock
from ccwall.config import Config
from ccwall.directory import ConfiguredDirectory
from ccwall.edge.config import EdgeConfig
from ccwall.edge.spool import Spool
from ccwall.edge.store import Store
from ccwall.edge.talk import Talk
from ccwall.events import AnyEvent, SourceId, SourceTook
from ccwall.lifetime import Job
from ccwall.outlets.standing import Standing
from ccwall.supervise import Emit, EndPoint, Supervisor
from ccwall.transport import connect, wordless
from ccwall.wire.edge import told


class Edge:
    """`jobs` run for as long as it does; then `close`."""

    def __init__(self, config: EdgeConfig, clock: Clock) -> None:
        self._clock = clock
        self.store = Store(Spool(config.folder, config.limit), clock)
        self.standing = Standing()
        self.talk = Talk(config, self.store, clock, self.standing.facts)
        self.supervisors = [self._supervise(config, place) for place in range(len(config.sources))]

    def jobs(self) -> list[Job]:
        own: list[Job] = [("spool", self.store.run()), ("server", self.talk.run())]
        return own + [(f"source: {each.name}", each.run()) for each in self.supervisors]

    async def close(self) -> None:
        await self.store.close()

    def _supervise(self, config: EdgeConfig, place: int) -> Supervisor:
        source = config.sources[place]
        adapter = registry.adapters()[source.type]
        directory = ConfiguredDirectory(source.name, Config())
        return Supervisor(
            source.name,
            adapter.session(source.settings, directory, "live"),
            partial(connect, source.address, adapter.dial(source.settings, source.name)),
            self._emit(source.name),
            self._clock,
            end_point=EndPoint(
                address=str(source.address),
                wordless=wordless(source.address),
                patient=source.address.scheme == "file",
                scheme=source.address.scheme,
            ),
        )

    def _emit(self, source: SourceId) -> Emit:
        def emit(events: Sequence[AnyEvent], _now: float) -> None:
            for event in events:
                if not isinstance(event, SourceTook):
                    self.standing.heard(source, event)
                    self.store.put(told(source, event))

        return emit
