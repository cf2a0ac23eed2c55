"""What a person may do beside looking, in one place for the pages that offer it. Each route and act asks again by itself."""

from ccwall.access.account_changes import may_manage, may_reset
from ccwall.access.sight import is_staff, may_list_contacts, may_see_callers
from ccwall.events import Principal
from ccwall.floor.wish import MAY_COMMAND


def may(principal: Principal, *, edit: bool) -> dict[str, bool]:
    """``edit``: whether they may change what hangs on the walls (`Access.may_edit`).

    >>> [what for what, is_so in may(Principal(id="wu", role="lead"), edit=False).items() if is_so]
    ['command', 'contacts']
    """
    return {
        "command": principal.role in MAY_COMMAND,
        "edit": edit,
        "accounts": may_manage(principal),
        "reset": may_reset(principal),
        "links": may_manage(principal),
        "contacts": may_list_contacts(principal),
        "callers": may_see_callers(principal),
        "staff": is_staff(principal),
    }
