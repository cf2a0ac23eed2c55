"""`ccwall devices`: the serial ports of this machine, and what answers there."""

from typing import TYPE_CHECKING, Annotated

import typer

from ccwall.cli import ConfigOption, app, guarded
from ccwall.transport.address import BAUDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ccwall.config import Source


@app.command(short_help="List the serial ports, and say what answers there.")
@guarded
def devices(
    ports: Annotated[
        list[str] | None,
        typer.Argument(metavar="PORT", help="Only these, e.g. /dev/ttyUSB0. [default: all there are]"),
    ] = None,
    config: ConfigOption = None,
    ask: Annotated[
        bool,
        typer.Option(
            "--ask", help="Open each free port, listen for a second, and say AT where nothing is heard."
        ),
    ] = False,
    baud: Annotated[int, typer.Option(metavar="N", help="With --ask: the speed.")] = 9600,
) -> None:
    """List the serial ports of this machine, who uses each, and the url to write for it.

    With --ask, say what answers. A port that a source of the configuration or another programme uses is never
    touched. A Whozz Calling? box that is silent takes the letters AT for settings: name the ports to ask, then.

    \b
    Examples:
      ccwall devices
      ccwall devices --ask -c /etc/ccwall.toml
      ccwall devices --ask --baud 115200 /dev/ttyACM0
    """
    if baud not in BAUDS:
        raise typer.BadParameter(f"must be one of {', '.join(map(str, BAUDS))}", param_hint="--baud")
    from ccwall.main import devices as work

    found = work.devices(_sources(config), ports or (), ask=ask, baud=baud)
    typer.echo(work.table(found, ask))


def _sources(file: "Path | None") -> "Sequence[Source]":
    """Those of a wall's configuration, or of an edge's."""
    if file is None:
        return ()
    from ccwall.config import load
    from ccwall.edge import config as edge_file

    return edge_file.load(file).sources if edge_file.is_edge(file) else load(file, observe=True).sources
