"""`ccwall simulate`: switches that do not exist, to connect one's own wall to."""

from typing import TYPE_CHECKING, Annotated

import typer

from ccwall.cli import app, guarded, say

if TYPE_CHECKING:
    from ccwall.main.practising import Wanted

simulate = typer.Typer(
    help="Run a simulated switch alone, to connect something to and to break on purpose.",
    short_help="Run a simulated switch to practise on.",
    epilog="Example: ccwall simulate asterisk --port 5038",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(simulate, name="simulate")


Port = Annotated[
    int, typer.Option(min=0, max=65535, metavar="PORT", help="Where it listens; 0: wherever is free.")
]
Host = Annotated[str, typer.Option(metavar="HOST", help="Beyond loopback only with a --secret.")]
Plan = Annotated[
    str, typer.Option("--scenario", metavar="NAME|FILE", help="What kind of day the simulated floor has.")
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same floor again.")]
Speed = Annotated[float, typer.Option(min=0.1, max=100, metavar="N", help="Floor seconds per real second.")]
Control = Annotated[
    int | None,
    typer.Option(min=0, max=65535, metavar="PORT", help="Serve the page and API that break it, on loopback."),
]
Secret = Annotated[
    str, typer.Option(metavar="TEXT", envvar="CCWALL_SIMULATE_SECRET", help='[default: "practice"]')
]
LOOPBACK, SCENARIO = "127.0.0.1", "demo"


@simulate.command(short_help="An Asterisk manager port (AMI) with a busy call centre behind it.")
@guarded
def asterisk(
    port: Port = 5038,
    host: Host = LOOPBACK,
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
    user: Annotated[str, typer.Option(metavar="NAME", help="Who may log in.")] = "ccwall",
    secret: Secret = "",
) -> None:
    """Simulate an Asterisk with queues, agents and callers at its manager port, until Ctrl-C.

    In a terminal single keys break it: cut the line, kill the switch, …; it says which.

    \b
    Examples:
      ccwall simulate asterisk
      ccwall simulate asterisk --port 5038 --scenario monday_peak --speed 10
      ccwall simulate asterisk --control 8900
    """
    from ccwall.main.practising import Wanted

    wanted = Wanted(
        scenario=scenario, seed=seed, speed=speed, secret=secret, username=user, host=host, ports=(port,)
    )
    _run(wanted, control)


@simulate.command(short_help="A FreeSWITCH Event Socket (mod_callcenter) with the same behind it.")
@guarded
def freeswitch(
    port: Port = 8021,
    host: Host = LOOPBACK,
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
    secret: Secret = "",
) -> None:
    """Simulate a FreeSWITCH with mod_callcenter at its Event Socket, until Ctrl-C.

    In a terminal single keys break it: cut the line, kill the switch, …; it says which.

    \b
    Examples:
      ccwall simulate freeswitch
      ccwall simulate freeswitch --port 8021 --scenario lunch --speed 10
      ccwall simulate freeswitch --control 8900
    """
    from ccwall.main.practising import Wanted

    wanted = Wanted(
        product="freeswitch",
        scenario=scenario,
        seed=seed,
        speed=speed,
        secret=secret,
        host=host,
        ports=(port,),
    )
    _run(wanted, control)


def _run(wanted: "Wanted", control: int | None) -> None:
    from ccwall import main as composition

    composition.simulate(wanted, control=control, say=say)
