"""A SIP server that tells of the phones of a simulated floor: dialog events and presence over UDP and TCP."""

from .behaviour import Behaviour
from .notifier import Notifier
from .pbx import SipPbx
from .phones import Phones
from .server import SipServer
from .way import Mischief, Way

__all__ = ["Behaviour", "Mischief", "Notifier", "Phones", "SipPbx", "SipServer", "Way"]
