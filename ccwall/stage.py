"""Everything between the bytes of one recording and the facts: which adapter, which source, which session."""

from collections.abc import Mapping, Sequence
from typing import IO, Literal

import msgspec

from ccwall import registry
from ccwall.adapter import Adapter, Session
from ccwall.config import HOUSE, SITE, Config, policy
from ccwall.directory import ConfiguredDirectory
from ccwall.errors import ConfigError, TranscriptError
from ccwall.events import AnyEvent, ConfigApplied, Envelope, SourceId
from ccwall.intake import Intake, Sink
from ccwall.replay import Player, play
from ccwall.sheet import meant, shown
from ccwall.transcript import Transcript


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """Everything between the bytes of one recording and the facts."""

    source: SourceId
    player: Player
    intake: Intake


def stage(
    transcript: Transcript,
    config: Config,
    *sinks: Sink,
    source: str = "",
    adapters: Mapping[str, Adapter] | None = None,
) -> Staged:
    """Set up what the recording needs; TranscriptError when nobody here speaks its protocol.

    ``source`` says which configured source the recording is of; without it, the only one of its protocol.
    """
    name, session = observer(transcript, config, source, adapters)
    intake = Intake(SITE, *sinks)

    def emit(events: Sequence[AnyEvent], now: float) -> None:
        intake.take(name, events, now)

    return Staged(source=name, player=Player(session, emit, transcript.name), intake=intake)


def observer(
    transcript: Transcript, config: Config, source: str = "", adapters: Mapping[str, Adapter] | None = None
) -> tuple[SourceId, Session]:
    """The source a recording is of, and a session to observe it."""
    known = registry.adapters() if adapters is None else adapters
    protocol = transcript.header.protocol
    adapter = registry.speaking(protocol, known)
    if adapter is None:
        spoken = sorted(known[name].protocol for name in known)
        raise TranscriptError(
            f"{transcript.name}: is of the protocol {shown(protocol)}; this ccwall knows {', '.join(spoken)}"
            + meant(protocol, spoken)
        )
    name = SourceId(_source(config, adapter, source))
    return name, adapter.session(
        _settings(config, name, adapter), ConfiguredDirectory(name, config), "observe"
    )


def _source(config: Config, adapter: Adapter, wanted: str) -> str:
    fitting = [source.name for source in config.sources if source.type == adapter.name]
    if wanted and config.sources and wanted not in fitting:
        raise ConfigError(
            config.file,
            [("source", f"{wanted!r} is not a source of type {adapter.name}{meant(wanted, fitting)}")],
        )
    if not wanted and len(fitting) > 1:
        raise ConfigError(config.file, [("source", f"say which one with --source: {', '.join(fitting)}")])
    return wanted or (fitting[0] if fitting else adapter.name)


def _settings(config: Config, name: str, adapter: Adapter) -> msgspec.Struct:
    found = [source.settings for source in config.sources if source.name == name]
    return found[0] if found else registry.blank(adapter)


def apply_policy(
    intake: Intake, config: Config, now: float, mode: Literal["", "demo", "replay"] = ""
) -> None:
    """The first fact of every engine: what is configured."""
    intake.take(HOUSE, [ConfigApplied(at=now, hash=config.digest, policy=policy(config, mode))], now)


def decode(transcript: Transcript, config: Config, out: IO[bytes], source: str = "") -> int:
    """Write every fact as one line of JSON; gives their number. What was good before an error has been written."""
    encode = msgspec.json.Encoder().encode

    def write(envelope: Envelope) -> None:
        out.write(encode(envelope) + b"\n")

    staged = stage(transcript, config, write, source=source)
    try:
        play(transcript, staged.player)
    finally:
        out.flush()
    return staged.intake.seq
