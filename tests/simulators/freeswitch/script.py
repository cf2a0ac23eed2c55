"""A switch on a small floor, and clients of it, without a line between them."""

from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.freeswitch import PLAIN, FreeSwitchPbx, Variant
from ccwall_simulators.freeswitch.connection import EslConnection

START = 1_795_312_800.0


def switch(seed: int = 1, variant: Variant = PLAIN, scenario: str = "small_floor") -> FreeSwitchPbx:
    floor = CallCentre(load_scenario(scenario), seed=seed, start=START)
    return FreeSwitchPbx(floor, start=START, seed=seed, variant=variant)


def client(pbx: FreeSwitchPbx, *commands: str) -> EslConnection:
    """One that is let in; what it was told until now is thrown away."""
    connection = pbx.connect()
    for command in ("auth ClueCon", *commands):
        connection.receive(f"{command}\n\n".encode())
    connection.outgoing()
    return connection


def told(connection: EslConnection, command: str) -> bytes:
    """Everything that comes of a command."""
    connection.receive(f"{command}\n\n".encode())
    return connection.outgoing()
