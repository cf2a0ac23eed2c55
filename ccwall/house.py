"""Everything behind one wall, put together: engine, intake, hub, api, and the sources that feed them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

from ccwall import __version__, registry
from ccwall.api import Floor
from ccwall.clock import Clock
from ccwall.config import SITE, Config, Source
from ccwall.directory import ConfiguredDirectory
from ccwall.engine import Engine
from ccwall.events import AnyEvent, SourceId
from ccwall.hub import Hub
from ccwall.intake import Intake
from ccwall.stage import apply_policy
from ccwall.supervise import Emit, Supervisor
from ccwall.transport import connect


class House:
    """Everything behind one wall. ``clock`` is the floor's."""

    def __init__(self, config: Config, clock: Clock, engine: Engine | None = None) -> None:
        self.clock = clock
        self.engine = Engine(SITE) if engine is None else engine
        self.intake = Intake(SITE, self.engine.apply)
        self.supervisors: list[Supervisor] = []
        self.played: dict[str, float] = {}
        self.hub = Hub(clock, __version__, changes=lambda: self.engine.changes(clock.now()), heard=self.heard)
        self.floor = Floor(
            self.engine,
            clock,
            heard=self.heard,
            counts=self.counts,
            running=lambda: self.hub.running,
            version=__version__,
        )
        self._config = config

    def heard(self) -> Mapping[str, float]:
        """When each source last said anything."""
        live: dict[str, float] = {
            each.name: each.health.heard for each in self.supervisors if each.health.heard is not None
        }
        return {**self.played, **live}

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        return {each.name: each.counts for each in self.supervisors}

    def begin(self, mode: Literal["", "demo"] = "") -> None:
        """The first fact: what is configured."""
        apply_policy(self.intake, self._config, self.clock.now(), mode)

    def emit(self, source: SourceId) -> Emit:
        """Where the facts of a source go."""

        def emit(events: Sequence[AnyEvent], now: float) -> None:
            self.intake.take(source, events, now)
            self.hub.touch()

        return emit

    def supervise(self, source: Source) -> Supervisor:
        adapter = registry.adapters()[source.type]
        directory = ConfiguredDirectory(source.name, self._config)
        supervisor = Supervisor(
            source.name,
            adapter.session(source.settings, directory, "live"),
            partial(connect, source.address),
            self.emit(source.name),
            self.clock,
        )
        self.supervisors.append(supervisor)
        return supervisor
