"""Facts of people who are sent to another queue for a while."""

from ccwall.events.base import AgentId, CommandId, DeskEvent, MoveId, QueueId


class MoveMade(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="move.made", gc=False):
    """Somebody was sent from one queue to another (F5), by these commands at the PBX. ``joined``: they did not serve
    ``to_queue`` before."""

    move_id: MoveId
    agent: AgentId
    from_queue: QueueId
    to_queue: QueueId
    commands: tuple[CommandId, ...] = ()
    joined: bool = True
    reason: str = ""


class MoveUndone(DeskEvent, frozen=True, kw_only=True, omit_defaults=True, tag="move.undone", gc=False):
    """Back where they were, by these commands."""

    move_id: MoveId
    commands: tuple[CommandId, ...] = ()
    reason: str = ""


Fact = MoveMade | MoveUndone
