"""Who may come in, what they may see, and the record of what they looked up."""

from ccwall.access.accounts import Accounts
from ccwall.access.audit import Audit
from ccwall.access.door import Access, Begun, Key, MustChange, Refused, TooManyTries
from ccwall.access.sight import (
    is_staff,
    mask,
    may_explain,
    may_list_contacts,
    may_list_people,
    may_see_callers,
)

__all__ = [
    "Access",
    "Accounts",
    "Audit",
    "Begun",
    "Key",
    "MustChange",
    "Refused",
    "TooManyTries",
    "is_staff",
    "mask",
    "may_explain",
    "may_list_contacts",
    "may_list_people",
    "may_see_callers",
]
