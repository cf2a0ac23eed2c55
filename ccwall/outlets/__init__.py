"""Where ccwall tells others what it knows: a bus of queues, agents and alerts, a stream of facts.

An outlet reads the house's own stream and board like a screen does, and can hold up nobody: what it does not take in time
is dropped and counted. docs/outlets.md.
"""

from ccwall.outlets.contract import BY_TYPE, Callers, Feed, Outlet, OutletType

__all__ = ["BY_TYPE", "Callers", "Feed", "Outlet", "OutletType"]
