"""True but needless things, by the thousand: what a busy exchange says all day beside what matters."""

from random import Random

from .acd import Acd
from .channel import Channel
from .speaker import lines
from .switch import Switch

QUALITY = (
    "ssrc={};themssrc=0;lp=0;rxjitter=0.000000;rxcount=0;txjitter=0.000000;txcount={};rlp=0;rtt=0.000000"
)


class Flood:
    def __init__(self, acd: Acd, switch: Switch, dice: Random) -> None:
        self._acd, self._switch, self._dice = acd, switch, dice

    def say(self, events: int) -> None:
        """So many of them: about channels if there are any, else about phones and members as they are."""
        channels = list(self._switch.channels.values())
        members = list(self._acd.memberships())
        devices = list(self._acd.devices)
        for _ in range(events):
            kind = self._dice.randrange(4)
            if channels and kind == 0:
                self._say_quality(self._dice.choice(channels))
            elif channels and kind == 1:
                self._say_packets(self._dice.choice(channels))
            elif members and kind == 2:
                self._acd.say_member("QueueMemberStatus", self._dice.choice(members))
            else:
                self._acd.say_device(self._dice.choice(devices) if devices else "PJSIP/carrier")

    def _say_quality(self, channel: Channel) -> None:
        dice = self._dice
        told = QUALITY.format(dice.getrandbits(32), dice.randrange(5000))
        self._switch.set(channel, RTPAUDIOQOS=told)

    def _say_packets(self, channel: Channel) -> None:
        packets = int(50 * (self._switch.now - channel.created))
        told = lines(
            ("To", "127.0.0.2:33003"),
            ("From", f"127.0.0.1:{20_000 + 2 * self._dice.randrange(5000)}"),
            ("MES", "88.0"),
            ("SSRC", f"0x{self._dice.getrandbits(32):08x}"),
            ("PT", "200(SR)"),
            ("ReportCount", "0"),
            ("SentNTP", f"{self._switch.now:.6f}"),
            ("SentRTP", str(160 * packets)),
            ("SentPackets", str(packets)),
            ("SentOctets", str(160 * packets)),
        )
        self._switch.say("RTCPSent", "reporting", channel.block(), told)
