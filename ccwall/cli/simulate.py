"""`ccwall simulate`: switches and devices that do not exist, to connect one's own wall to."""

from typing import TYPE_CHECKING, Annotated

import typer

from ccwall.cli import app, guarded, say

if TYPE_CHECKING:
    from ccwall.main.practising import Wanted

simulate = typer.Typer(
    help="Run a simulated switch, SIP server, bus or serial device alone, to connect something to and to break on purpose.",
    short_help="Run a simulated switch or device to practise on.",
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


@simulate.command(short_help="An ACD that speaks CSTA III (XML over TCP) with the same behind it.")
@guarded
def csta(
    port: Port = 1040,
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
) -> None:
    """Simulate an ACD that speaks CSTA III, on this machine alone (the standard has no password), until Ctrl-C.

    In a terminal single keys break it: cut the line, kill the switch, …; it says which.

    \b
    Examples:
      ccwall simulate csta
      ccwall simulate csta --port 1040 --scenario witness
    """
    from ccwall.main.practising import Wanted

    _run(
        Wanted(product="csta", scenario=scenario, seed=seed, speed=speed, ports=(port,)),
        control,
    )


@simulate.command(short_help="A SIP server that tells of the phones of a floor (UDP and TCP).")
@guarded
def sip(
    port: Port = 5060,
    host: Host = LOOPBACK,
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
    user: Annotated[str, typer.Option(metavar="NAME", help="Who may subscribe.")] = "ccwall",
    secret: Secret = "",
) -> None:
    """Simulate a SIP server that tells whoever subscribes what the phones of a floor do, until Ctrl-C.

    In a terminal single keys break it: silence, lost packets, forgotten subscriptions, …; it says which.

    \b
    Examples:
      ccwall simulate sip
      ccwall simulate sip --port 5070 --scenario lunch --speed 10
    """
    from ccwall.main.practising import Wanted

    wanted = Wanted(
        product="sip",
        scenario=scenario,
        seed=seed,
        speed=speed,
        secret=secret,
        username=user,
        host=host,
        ports=(port,),
    )
    _run(wanted, control)


@simulate.command(short_help="An MQTT broker with seat sensors, buttons and a door (zigbee2mqtt).")
@guarded
def mqtt(
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65534, metavar="PORT", help="For MQTT 3.1.1; the next one is for 5. 0: any two."
        ),
    ] = 1883,
    broker: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", help="Publish to this broker instead of one of our own."),
    ] = "",
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
) -> None:
    """Simulate the sensors on the desks of a floor, and the broker they publish to, until Ctrl-C.

    In a terminal single keys break it: kill the broker, let somebody walk away, …; it says which.

    \b
    Examples:
      ccwall simulate mqtt
      ccwall simulate mqtt --broker 127.0.0.1:1883 --speed 10
    """
    from ccwall.main.practising import Wanted

    wanted = Wanted(product="mqtt", scenario=scenario, seed=seed, speed=speed, ports=(port,), broker=broker)
    _run(wanted, control)


Link = Annotated[
    str, typer.Option(metavar="PATH", help="A symbolic link that names the line, as udev would make one.")
]


@simulate.command(short_help="The headset of one person, on a serial line.")
@guarded
def headset(
    agent: Annotated[
        str, typer.Option(metavar="ID", help="Whose it is; the first one's of the scenario.")
    ] = "",
    words: Annotated[
        bool, typer.Option("--words", help="A dock that writes words, instead of Bluetooth hands-free.")
    ] = False,
    link: Link = "",
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
) -> None:
    """Simulate a headset that its person takes off its dock and puts back, on a pseudo-terminal, until Ctrl-C.

    In a terminal single keys break it: pull it out, noise, the wrong speed, …; it says which.

    \b
    Examples:
      ccwall simulate headset --link ./headset
      ccwall simulate headset --agent 1002 --words --speed 10
    """
    _line("headset", link, scenario, seed, speed, control, agent=agent, format="words" if words else "")


@simulate.command(short_help="A Whozz Calling? box beside telephone lines, on a serial line.")
@guarded
def whozz(
    link: Link = "",
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
) -> None:
    """Simulate a box that writes what four telephone lines do, on a pseudo-terminal, until Ctrl-C.

    \b
    Example:
      ccwall simulate whozz --link ./box
    """
    _line("whozz", link, scenario, seed, speed, control)


@simulate.command(short_help="A modem with caller id beside a telephone line, on a serial line.")
@guarded
def modem(
    link: Link = "",
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
) -> None:
    """Simulate a modem that says RING and who calls, on a pseudo-terminal, until Ctrl-C.

    \b
    Example:
      ccwall simulate modem --link ./modem
    """
    _line("modem", link, scenario, seed, speed, control)


@simulate.command(short_help="A switch's printer port: a line for every call (SMDR), on a serial line.")
@guarded
def smdr(
    format: Annotated[  # noqa: A002  # the word of the configuration
        str, typer.Option(metavar="NAME", help="panasonic-kx, avaya-ipo or nec-sl.")
    ] = "panasonic-kx",
    link: Link = "",
    scenario: Plan = SCENARIO,
    seed: Seed = 1,
    speed: Speed = 1.0,
    control: Control = None,
) -> None:
    """Simulate the records that a switch prints of its calls, on a pseudo-terminal, until Ctrl-C.

    \b
    Example:
      ccwall simulate smdr --format avaya-ipo --speed 10
    """
    _line("smdr", link, scenario, seed, speed, control, format=format)


def _line(
    product: str,
    link: str,
    scenario: str,
    seed: int,
    speed: float,
    control: int | None,
    *,
    agent: str = "",
    format: str = "",  # noqa: A002
) -> None:
    from ccwall.main.practising import Wanted

    wanted = Wanted(
        product=product, scenario=scenario, seed=seed, speed=speed, link=link, agent=agent, format=format
    )
    _run(wanted, control)


def _run(wanted: "Wanted", control: int | None) -> None:
    from ccwall import main as composition

    composition.simulate(wanted, control=control, say=say)
