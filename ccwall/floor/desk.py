"""All acts of the desk: one list, from which the house takes what people may do."""

from ccwall.floor import (
    desk_alerts,
    desk_breaks,
    desk_cases,
    desk_faults,
    desk_help,
    desk_incidents,
    desk_moves,
    desk_notices,
    desk_patrols,
    desk_rota,
)
from ccwall.floor.acts import Act

ACTS: tuple[Act, ...] = (
    *desk_alerts.ACTS,
    *desk_breaks.ACTS,
    *desk_cases.ACTS,
    *desk_faults.ACTS,
    *desk_help.ACTS,
    *desk_incidents.ACTS,
    *desk_moves.ACTS,
    *desk_notices.ACTS,
    *desk_patrols.ACTS,
    *desk_rota.ACTS,
)
