"""For the fuzzer: a session, and genuine stretches of wire."""

from collections.abc import Sequence

from ccwall.adapter import Session
from ccwall_adapters.smdr import SmdrSession, SmdrSettings
from tests.adapters.contract import NOW, PlainDirectory

PANASONIC = """\
  Date    Time   Ext  CO        Dial Number         Ring  Duration  Acc Code   CD
--------------------------------------------------------------------------------
01/02/26 10:03AM 1200  01 <I>12345678901234567890   5'15 00:00'00            NA
01/02/26 10:15AM 1200  01 1234567890123456               00:01'05 9876543210 TR
01/02/26 10:15AM *123  01 1234567890123456               00:01'05 9876543210
01/02/26 01:07PM 1234  01 <I>ABC COMPANY12345678    0'05 00:01'05 9876543210
01/02/26 01:07PM 1234  01 <D>CDE9876<I>Q COMPANY    0'05 00:01'05 9876543210
01/02/26 01:07PM 1234     In the office
01/02/26 01:07PM 1234     LOG IN
01/02/26 01:07PM 1234     EXT1235                        00:00'33
01/02/26 03:35PM 1234     Timed Reminder/No Answer
"""
PANASONIC_B = """\
01/02/26 10:03AM 1210  01 <I>                  00:00'05 00560.00EU 9876543210 TR
"""
PANASONIC_C = """\
01/02/26 10:07AM 1230  0001 <I>ABC COMPANY123456789012345                      0'05 00:00'05 00560.00EUR 9876543210 TR
"""
AVAYA = """\
2008/06/28 09:28:41,00:00:00,9,8004206,I,4324,4324,,0,1000014155,0,E4324,Joe Bloggs,T9161,LINE 5.1,0,0,,,,,,,,,,,,,
2008/08/01 15:14:19,00:00:05,7,01707299900,I,403,390664,,0,1000013,0,E403,Extn403,T9001,Line 1.2,0,0,,,,,,,,,,,,,,
2008/06/28 09:30:57,00:00:13,7,01707392200,I,299999,299999,,0,1000014160,1,E4750,John Smith,T9002,LINE 1.2,11,0,,,,,,,,,,,,,
"""
NEC = """\
CLASS TIME DATE LINE DURATION STATION DIALLED No./CLI ACCOUNT
POT  10:52 12/09 002  00:00:10 2001       2142623801           08754
PIN  10:52 12/09 001  00:00:20 2017       2142623802           NECinfrontia
NEXT                                                           NECinfrontia Corp.
PIN  10:53 12/09 002                      2142623801           NO ANSWER
"""
NEC_UNDATED = """\
                                                            12/09/2026 PAGE 001
CLASS TIME     LINE       DURATION STATION    DIALLED No./CLI      ACCOUNT
IVIN 10:52 001        00:00:20 2017       2142623802           NECinfrontia
BRD  10:53 12
"""
SEEDS: Sequence[bytes] = tuple(
    text.replace("\n", "\r\n").encode()
    for text in (PANASONIC, PANASONIC_B, PANASONIC_C, AVAYA, NEC, NEC_UNDATED)
)


def make() -> Session:
    session = SmdrSession(SmdrSettings(), PlainDirectory(), "live")
    session.open(NOW)
    return session
