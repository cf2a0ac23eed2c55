"""What may be objected to a wish about accounts; nothing has happened then."""

from ccwall.errors import CcwallError


class AccountObjection(CcwallError):
    """`code` is for pages, which have words of their own for it."""

    code = "objection"


class NotAllowed(AccountObjection):
    """More than this person may do."""

    code = "not_allowed"


class Unknown(AccountObjection):
    """Nobody, or no link, of this id."""

    code = "unknown"


class Taken(AccountObjection):
    """There is one of this id."""

    code = "taken"


class LastManager(AccountObjection):
    """Nobody would be left who may manage accounts."""

    code = "last_manager"


class NotGood(AccountObjection):
    """A field is wrong, or a password is none."""

    def __init__(self, code: str, what: str) -> None:
        self.code = code
        super().__init__(what)


class Busy(AccountObjection):
    """Too much at once, or too many of them."""

    code = "busy"


class NotStored(AccountObjection):
    """The disk did not take it."""

    code = "not_stored"
