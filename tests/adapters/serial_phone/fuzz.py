"""For the fuzzer: sessions, and genuine stretches of wire."""

from collections.abc import Sequence

from ccwall.adapter import Session
from ccwall_adapters.serial_phone import ModemSession, ModemSettings, WhozzSession, WhozzSettings
from tests.adapters.contract import NOW, PlainDirectory

SEEDS: Sequence[bytes] = (
    (
        b"01 R     11/07 07:43:52\r\n01 I S 0276 G B3 09/26 11:28 AM 800-240-4637   CallerID.com   \r\n"
        b"01 F     11/07 07:43:58\r\n01 H     11/07 07:44:00\r\n01 N     11/07 07:45:00\r\n"
        b"01 I E 0062 G A2 11/07 07:45 AM 800-240-4637   CallerID.com   \r\n"
        b"02 O S 0000 G A0 11/07 07:46 AM 18005551212                   \r\n02 O E 0010 G A0 11/07 07:46 AM 18005551212    \r\n"
    ),
    b"$01 09/26 02:30 PM 8002404637 I CallerID.com\r\n^^<U>0001<S>123456$02     09/26     02:31 PM     Private     I     \r\n",
)
MODEM_SEEDS: Sequence[bytes] = (
    b"\r\nOK\r\n\r\nRING\r\n\r\nDATE = 0321\r\n\r\nTIME = 1405\r\n\r\nNMBR = 02187654321\r\n\r\nNAME = LI WEI\r\n\r\nRING\r\n",
    b"\r\nRING\r\nNMBR=P\r\nNAME=O\r\nMESG = 041230333231313430353032313837363534333254\r\nDRON=20 DROF=40\r\nNO CARRIER\r\n",
)


def make() -> Session:
    session = WhozzSession(WhozzSettings(), PlainDirectory(), "live")
    session.open(NOW)
    return session


def make_modem() -> Session:
    session = ModemSession(ModemSettings(), PlainDirectory(), "live")
    session.open(NOW)
    session.receive(b"OK\r\nOK\r\nOK\r\n", NOW)
    return session
