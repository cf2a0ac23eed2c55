"""`ccwall simulate`: switches that do not exist, to connect one's own wall to."""

from typing import Annotated

import typer

from ccwall.cli import app, guarded, say

simulate = typer.Typer(
    help="Run a simulated switch alone, to connect something to and to break on purpose.",
    short_help="Run a simulated switch to practise on.",
    epilog="Example: ccwall simulate asterisk --port 5038",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(simulate, name="simulate")


@simulate.command(short_help="An Asterisk manager port (AMI) with a busy call centre behind it.")
@guarded
def asterisk(
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="Where it listens; 0: wherever is free.")
    ] = 5038,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Beyond loopback only with a --secret.")
    ] = "127.0.0.1",
    scenario: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="What kind of day the simulated floor has.")
    ] = "demo",
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="The same seed gives the same floor again.")
    ] = 1,
    speed: Annotated[
        float, typer.Option(min=0.1, max=100, metavar="N", help="Floor seconds per real second.")
    ] = 1.0,
    control: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, metavar="PORT", help="Serve the page and API that break it, on loopback."
        ),
    ] = None,
    user: Annotated[str, typer.Option(metavar="NAME", help="Who may log in.")] = "ccwall",
    secret: Annotated[
        str,
        typer.Option(metavar="TEXT", envvar="CCWALL_SIMULATE_SECRET", help='[default: "practice"]'),
    ] = "",
) -> None:
    """Simulate an Asterisk with queues, agents and callers at its manager port, until Ctrl-C.

    In a terminal single keys break it: cut the line, kill the switch, …; it says which.

    \\b
    Examples:
      ccwall simulate asterisk
      ccwall simulate asterisk --port 5038 --scenario monday_peak --speed 10
      ccwall simulate asterisk --control 8900
    """
    from ccwall import main as composition
    from ccwall.main.practising import Wanted

    wanted = Wanted(
        scenario=scenario, seed=seed, speed=speed, secret=secret, username=user, host=host, ports=(port,)
    )
    composition.simulate(wanted, control=control, say=say)
