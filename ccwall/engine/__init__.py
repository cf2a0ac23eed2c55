"""The state of the floor as a fold over facts; pure. `Engine` is all that others need."""

from ccwall.engine.board import Changes
from ccwall.engine.commands import Command
from ccwall.engine.engine import Engine
from ccwall.engine.visits import Contact

__all__ = ["Changes", "Command", "Contact", "Engine"]
