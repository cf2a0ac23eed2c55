"""``[promises]``: what customers are promised, and by when."""

from ccwall.events import Promises
from ccwall.sheet import Sheet

MOST_DAYS = 250
LONGEST = 60 * 86_400.0


def promises(sheet: Sheet) -> Promises:
    usual = Promises()
    found = Promises(
        complaint_days=sheet.whole("complaint_days", usual.complaint_days, 0, MOST_DAYS),
        first_answer=sheet.duration("first_answer", usual.first_answer, LONGEST),
        callback_days=sheet.whole("callback_days", usual.callback_days, 0, MOST_DAYS),
        agreed_hours=sheet.duration("agreed", usual.agreed_hours * 3600, LONGEST) / 3600,
        service_hours=sheet.duration("service", usual.service_hours * 3600, LONGEST) / 3600,
    )
    sheet.finish()
    return found
