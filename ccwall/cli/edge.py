"""`ccwall edge`: the small process for agents' PCs, and the keys it needs."""

from pathlib import Path
from typing import Annotated

import typer

from ccwall.cli import ConfigOption, app, guarded, say
from ccwall.errors import ConfigError

SMALLEST = """The smallest configuration, after "ccwall edge --keys pc-12":

[edge]
name = "pc-12"
server = "zmq://ccwall.example:5570"
server_key = "the content of the server's NAME.public"
secret = { file = "pc-12.secret" }

[[source]]
name = "headset"
type = "serial-headset"
url = "serial:///dev/serial/by-id/usb-…"
"""


@app.command(short_help="Tell a server what hangs at this PC: headsets, phone lines.")
@guarded
def edge(
    config: ConfigOption = None,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", metavar="NAME", help="Make NAME.secret and NAME.public, and do nothing else."),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every attempt to connect.")] = False,
) -> None:
    """Read the devices of this PC and tell the server what they say, for ever.

    What the server has not taken into its journal yet is kept on this PC's disk.

    \b
    Examples:
      ccwall edge --keys pc-12
      ccwall edge -c /etc/ccwall-edge.toml
    """
    from ccwall.edge import load, make_keys

    if keys is not None:
        secret, public, key = make_keys(keys)
        typer.echo(key)
        say(
            f"{secret}: for this end alone. {public}: what is printed above, for the other end's list or server_key."
        )
        return
    if config is None:
        raise ConfigError("ccwall edge", [("-c", f"is missing. {SMALLEST}")])
    from ccwall.main.edge import edge as run

    run(load(config), say, verbose)
