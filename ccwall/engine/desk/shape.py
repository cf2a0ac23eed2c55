"""The state of the desk. Everything here is changed by the reducers of its domains and by nobody else."""

import msgspec

from ccwall.engine.desk.alert import Alerts
from ccwall.engine.desk.breaks import Breaks
from ccwall.engine.desk.cases import Cases
from ccwall.engine.desk.faults import Fault
from ccwall.engine.desk.helping import Call
from ccwall.engine.desk.incidents import Incident
from ccwall.engine.desk.moves import Moves
from ccwall.engine.desk.notices import Notices
from ccwall.engine.desk.patrols import Rounds
from ccwall.engine.desk.presses import Press
from ccwall.engine.desk.rota import Rota
from ccwall.engine.desk.who import Who
from ccwall.events import DeviceId, FaultId, HelpId, IncidentId

__all__ = ["Desk", "Who"]


class Desk(msgspec.Struct, kw_only=True, gc=False):
    """By domain, in the order of `ccwall.engine.desk.domains.DOMAINS`."""

    cases: Cases = msgspec.field(default_factory=Cases)
    rota: Rota = msgspec.field(default_factory=Rota)
    alerts: Alerts = msgspec.field(default_factory=Alerts)
    breaks: Breaks = msgspec.field(default_factory=Breaks)
    moves: Moves = msgspec.field(default_factory=Moves)
    help: dict[HelpId, Call] = {}
    incidents: dict[IncidentId, Incident] = {}
    notices: Notices = msgspec.field(default_factory=Notices)
    patrols: Rounds = msgspec.field(default_factory=Rounds)
    faults: dict[FaultId, Fault] = {}
    presses: list[Press] = []
    dropouts: dict[DeviceId, list[float]] = {}
