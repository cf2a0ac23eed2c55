"""What zigbee2mqtt says (https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html).

<base>/<friendly name>                {"occupancy": true, "battery": 97, "linkquality": 120, "last_seen": …}
<base>/<friendly name>                {"contact": false}     false is open
<base>/<friendly name>                {"action": "single"}   a button
<base>/<friendly name>/availability   {"state": "online"}, or the word alone
<base>/bridge/state                   the same, of the bridge: when it is gone, so are all its sensors
"""

from collections.abc import Mapping, Sequence

from ccwall.wire.memory import Recent

from .said import LONGEST_KEY, Said, instant, read
from .settings import MqttSettings

ACTIONS: Mapping[str, str] = {"single": "help", "double": "patrol", "hold": "break", "long": "break"}
"""What a press is for, unless `actions` says otherwise. Other actions keep their own name."""
MOST_SENSORS = 5000
_BRIDGE = "bridge"
_OCCUPIED = ("occupancy", "presence")


class Zigbee:
    def __init__(self, settings: MqttSettings) -> None:
        self._base = settings.base.rstrip("/")
        self._closed = settings.contact == "occupied"
        self._actions = {**ACTIONS, **settings.actions}
        self._seats: Recent[str, bool] = Recent(MOST_SENSORS)
        """by friendly name, whether the sensor itself was last said to be there"""

    def filters(self) -> Sequence[str]:
        return f"{self._base}/+", f"{self._base}/+/availability", f"{self._base}/{_BRIDGE}/state"

    def read(self, topic: str, payload: object) -> list[Said] | None:
        """What the message says; None when it is not of this product."""
        if not topic.startswith(self._base + "/"):
            return None
        name, _, rest = topic[len(self._base) + 1 :].partition("/")
        if not 0 < len(name) <= LONGEST_KEY or not name.isprintable():
            return None
        if name == _BRIDGE:
            return self._bridge(payload) if rest == "state" else []
        if rest == "availability":
            return self._availability(name, _is_online(payload))
        return self._device(name, payload) if not rest and isinstance(payload, dict) else None

    def _bridge(self, payload: object) -> list[Said]:
        online = _is_online(payload)
        if online is None:
            return []
        return [Said(name, "seat.sensor", online and own) for name, own in self._seats.items()]

    def _availability(self, name: str, online: bool | None) -> list[Said]:
        if online is None or (name not in self._seats and online):
            return []
        self._seats[name] = online
        return [Said(name, "seat.sensor", online)]

    def _device(self, name: str, payload: dict[str, object]) -> list[Said]:
        at = instant(payload.get("last_seen"))
        found: list[Said] = []
        for key in _OCCUPIED:
            if isinstance(there := payload.get(key), bool):
                since = payload.get("no_occupancy_since")
                if at is not None and not there and isinstance(since, int) and 0 <= since <= 86400:
                    at -= since
                found.append(Said(name, "seat", there, at))
                break
        else:
            if isinstance(closed := payload.get("contact"), bool):
                found.append(Said(name, "seat", closed is self._closed, at))
        if found:
            self._seats.setdefault(name, True)
        level = read("seat.battery", payload.get("battery"), 100.0)
        if name in self._seats and level is not None:
            found.append(Said(name, "seat.battery", level, at))
        action = payload.get("action")
        if isinstance(action, str) and action:
            found.append(Said(name, "button", self._actions.get(action, action)[:LONGEST_KEY], at))
        return found


def _is_online(payload: object) -> bool | None:
    state = payload.get("state") if isinstance(payload, dict) else payload
    return {"online": True, "offline": False}.get(state) if isinstance(state, str) else None
