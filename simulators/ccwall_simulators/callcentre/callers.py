"""Who calls: numbers and names as a Chinese centre meets them, and some that break programs."""

from .chance import Stream
from .scenario import Callers

MOBILE = ("130", "133", "135", "136", "138", "139", "150", "158", "177", "186", "189", "198")
AREA = ("010", "021", "020", "0755", "0571", "028", "0512")
ABROAD = ("+442079460", "+14155550", "+85228", "+88622", "+79161", "+4930")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
GIVEN = (
    "伟",
    "芳",
    "娜",
    "秀英",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "霞",
    "平",
)
FOREIGN = (
    "Ivan Petrov",
    "J. Müller",
    "María José",
    "Nguyễn Văn An",
    "Kim Min-jun",
    "Иванова Анна",
    "Sato Yuki",
)
HOSTILE = (
    "O'Hara",
    "Smith, John",
    'Петров "Пётр"',
    "C:\\temp\\new",
    "ACME: Sales; Support",
    "😀 开心客服 🎉",
    "a=b&c=<i>d</i>",
    "100% sure %s %n",
    "${CALLERID(num)}",
    "١٢٣ مرحبا",
    "客户\u202e反转",
    "   ",
    "unknown",
    "<unknown>",
    "王" * 40,
    "Re: Event: Hangup",
    "|pipe|line|",
    "e\u0301 combining",
)


def number(callers: Callers, chance: Stream) -> str:
    """Empty when withheld."""
    kind = chance.random()
    if kind < callers.withheld:
        return ""
    kind -= callers.withheld
    if kind < callers.international:
        return chance.choice(ABROAD) + _digits(chance, 6)
    if kind < callers.international + callers.landline:
        return chance.choice(AREA) + str(chance.randrange(2, 9)) + _digits(chance, 7)
    return chance.choice(MOBILE) + _digits(chance, 8)


def name(callers: Callers, chance: Stream) -> str:
    """Empty when the network gives none."""
    kind = chance.random()
    if kind < callers.hostile:
        return chance.choice(HOSTILE)
    if kind < callers.hostile + callers.unnamed:
        return ""
    if chance.happens(0.1):
        return chance.choice(FOREIGN)
    return chance.choice(SURNAMES) + chance.choice(GIVEN)


def _digits(chance: Stream, many: int) -> str:
    return str(chance.randrange(10**many)).zfill(many)
