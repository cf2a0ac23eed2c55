"""Who did something, as the desk remembers it."""

import msgspec

from ccwall.events import Principal


class Who(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An account's id and name, and the role it was done in."""

    id: str
    name: str = ""
    role: str = ""

    @classmethod
    def of(cls, actor: Principal | None) -> "Who | None":
        return None if actor is None else cls(id=actor.id, name=actor.name, role=actor.role)
