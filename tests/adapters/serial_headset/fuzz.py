"""For the fuzzer: a session, and genuine stretches of wire."""

from collections.abc import Sequence

from ccwall.adapter import Session
from ccwall_adapters.serial_headset import HeadsetSession, HeadsetSettings
from tests.adapters.contract import NOW, PlainDirectory

SEEDS: Sequence[bytes] = (
    (
        b"AT+BRSF=758\rAT+BAC=1,2\rAT+CIND=?\rAT+CIND?\rAT+CMER=3,0,0,1\rAT+CHLD=?\rAT+BIND=2\rAT+BIND=?\rAT+BIND?\r"
        b"AT+XAPL=0047-B001-0100,6\rAT+IPHONEACCEV=2,1,7,2,0\rAT+VGS=9\rAT+VGM=7\r"
    ),
    b"AT+CKPD=200\rATA\rAT+CHUP\rAT+BLDN\rATD10086;\rAT+BVRA=1\rAT+BIEV=2,80\rAT+XEVENT=BATTERY,3,8,90,0\rAT+XEVENT=DON\r",
    b'+CIND: ("call",(0,1)),("callsetup",(0-3)),("callheld",(0-2))\r\n+CIND: 0,0,0\r\n+CIEV: 2,1\r\n+CIEV: 1,1\r\n+CIEV: 3,2\r\n',
    b"DOCKED\r\nBATT 80\r\nUNDOCKED\r\nWORN\r\nMUTE 1\r\nMUTE 0\r\nBUTTON help\r\nVOL 60\r\nOFF HOOK\r\n",
)


def make() -> Session:
    session = HeadsetSession(HeadsetSettings(), PlainDirectory(), "live")
    session.open(NOW)
    return session
