"""`ccwall retranslate`: a day once more, with today's adapters."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ccwall.cli import app, guarded
from ccwall.errors import ConfigError


@app.command(short_help="Translate a day's recorded wire again, with today's adapter.")
@guarded
def retranslate(
    day: Annotated[str, typer.Argument(metavar="DAY", help="2026-11-21, today or yesterday.")],
    config: Annotated[
        Path | None, typer.Option("--config", "-c", metavar="FILE", help="The configuration, one TOML file.")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="Only this source. [default: all]")
    ] = "",
    write: Annotated[
        bool, typer.Option("--write", help="Put the new facts in the place of the old; not while it runs.")
    ] = False,
) -> None:
    """Translate the wire of a day again with today's adapter, and say what differs from the journal.

    With --write the new facts take the place of the old, in one transaction; the old are kept as superseded. What a
    wire cannot tell (commands, outages of ccwall itself) stays as it is.

    \b
    Examples:
      ccwall retranslate yesterday -c ccwall.toml
      ccwall retranslate 2026-11-21 -c ccwall.toml --write
    """
    if config is None:
        raise ConfigError("ccwall retranslate", [("-c", "is missing: say whose journal")])
    from ccwall.config import load
    from ccwall.main.retranslate import retranslate as again

    found = load(config, observe=True)
    again(found, _day(day, found.site.zone), source=source, write=write, say=typer.echo)


def _day(text: str, zone: str) -> date:
    from datetime import datetime

    from ccwall.clock import SystemClock
    from ccwall.engine.day import zone_of

    today = datetime.fromtimestamp(SystemClock().now(), zone_of(zone)).date()
    if text in {"today", "yesterday"}:
        return today - timedelta(days=text == "yesterday")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day like {today}", param_hint="DAY") from None
