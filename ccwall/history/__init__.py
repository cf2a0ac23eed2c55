"""What was: the journal of every fact, snapshots of the state, and the whole wire for some days."""

from ccwall.history.documents import Documents
from ccwall.history.habits import Habits, Status
from ccwall.history.journal import Journal
from ccwall.history.opening import Opened, cannot_write, open_folder, recording
from ccwall.history.past import Past
from ccwall.history.restart import known_visits, outage

__all__ = [
    "Documents",
    "Habits",
    "Journal",
    "Opened",
    "Past",
    "Status",
    "cannot_write",
    "known_visits",
    "open_folder",
    "outage",
    "recording",
]
