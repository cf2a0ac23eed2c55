"""A floor plan as a grid of characters, as it looks in any editor with letters of one width.

A word is a seat, `#` a wall, `=` a window, `[…]` a room, `{…}` the name of the zone whose seats follow below. East Asian wide
characters take two columns, a tab goes on to the next eighth one. What a Chinese keyboard makes of the signs is understood.
"""

import unicodedata

import msgspec

from ccwall.boards.plan_parts import (
    LONGEST_NAME,
    MOST_PARTS,
    MOST_SEATS,
    Facing,
    Mistake,
    Plan,
    PlanError,
    shown,
    wrong,
)
from ccwall.boards.plan_sizes import Drawn, Word, sized

MOST_LINES, MOST_COLUMNS = 1_000, 2_000
FACES: dict[str, Facing] = {"^": "up", "_": "down", "<": "left", ">": "right"}
"""Before a seat's id: where the person sits, when it is not as the rows have it."""
_KEYS = str.maketrans(
    {
        "＃": "#",
        "＝": "=",
        "［": "[",
        "］": "]",
        "【": "[",
        "】": "]",
        "｛": "{",
        "｝": "}",
        "＾": "^",
        "＿": "_",
        "＜": "<",
        "＞": ">",
    }
)
_ENDS = frozenset("#=[]{}")
_CLOSED_BY = {"[": "]", "{": "}"}


def of_grid(text: str) -> Plan:
    """The plan in this grid; PlanError names line and column of each mistake."""
    lines = text.splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) > MOST_LINES:
        raise wrong(f"a plan has at most {MOST_LINES} lines", line=MOST_LINES + 1, column=1)
    drawn = Drawn()
    for line in lines:
        if not line.startswith(";"):
            _read(drawn, line, drawn.lines)
            drawn.lines += 1
    _check(drawn, [number for number, line in enumerate(lines) if not line.startswith(";")])
    return sized(drawn)


# ── reading ──


def _read(drawn: Drawn, line: str, number: int) -> None:
    signs = _columns(line, drawn, number)
    i = 0
    while i < len(signs):
        sign, column = signs[i]
        if sign in "#=":
            drawn.walls[number, column] = sign
            i += 1
        elif sign in _CLOSED_BY:
            i = _enclosed(drawn, signs, i, number)
        elif sign in "]}":
            drawn.wrong(
                f'"{sign}" closes nothing; write what it closes before it, or take it away', number, column
            )
            i += 1
        elif sign.isspace():
            i += 1
        else:
            i = _seat(drawn, signs, i, number)
    if signs:
        drawn.columns = max(drawn.columns, signs[-1][1] + width(signs[-1][0]))


def width(sign: str) -> int:
    """Columns a character takes."""
    if unicodedata.combining(sign) or sign in "\u200b\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _columns(line: str, drawn: Drawn, number: int) -> list[tuple[str, int]]:
    """Each character with the column it begins in; what a wide sign stands for stays where it was."""
    signs: list[tuple[str, int]] = []
    column = 0
    for sign in line.rstrip():
        if column >= MOST_COLUMNS:
            drawn.wrong(f"a line has at most {MOST_COLUMNS} columns; break it up", number, column)
            break
        if sign == "\t":
            column += 8 - column % 8
        elif sign < " " or sign == "\x7f":
            drawn.wrong("a control character; delete it", number, column)
            column += 1
        else:
            signs.append((sign.translate(_KEYS), column))
            column += width(sign)
    return signs


def _enclosed(drawn: Drawn, signs: list[tuple[str, int]], i: int, number: int) -> int:
    opening, column = signs[i]
    closing = _CLOSED_BY[opening]
    inside = ""
    for j in range(i + 1, len(signs)):
        sign, at = signs[j]
        if sign == closing:
            word = Word(inside.strip(), number, column, at + 1)
            if opening == "[":
                drawn.rooms.append(word)
            elif word.text:
                drawn.zones.append(word)
            else:
                drawn.wrong("a zone without a name; write it between { and }", number, column)
            return j + 1
        if sign in _ENDS:
            break
        # The space between two columns may be wider than a character.
        inside += " " * max(0, at - signs[j - 1][1] - width(signs[j - 1][0])) + sign
    drawn.wrong(f'"{opening}" is not closed in this line; write "{closing}" after the name', number, column)
    return i + 1 + len(inside)


def _seat(drawn: Drawn, signs: list[tuple[str, int]], i: int, number: int) -> int:
    end = i
    while end < len(signs) and not signs[end][0].isspace() and signs[end][0] not in _ENDS:
        if end > i and signs[end][1] > signs[end - 1][1] + 2:  # a tab between
            break
        end += 1
    text = "".join(sign for sign, _ in signs[i:end])
    face = FACES.get(text[0])
    column = signs[i][1]
    if face is not None:
        text, column = text[1:], column + 1
        if not text:
            drawn.wrong(
                f'"{signs[i][0]}" says where somebody sits; write a seat\'s id right after it',
                number,
                column - 1,
            )
            return end
    last, at = signs[end - 1]
    if len(text) > LONGEST_NAME:
        drawn.wrong(f"a seat's id has at most {LONGEST_NAME} characters", number, column)
    elif width(text[0]) == 0 or not text.isprintable():
        drawn.wrong(f"{shown(text)} has characters that nobody sees; type it again", number, column)
    else:
        drawn.seats.append(Word(text, number, column, at + width(last), face))
    return end


def _check(drawn: Drawn, numbers: list[int]) -> None:
    """Raises what is wrong, with the lines as they are in the file (`numbers`, without comments)."""
    known: dict[str, Word] = {}
    for seat in drawn.seats:
        first = known.setdefault(seat.text, seat)
        if first is not seat:
            where = f"line {numbers[first.line] + 1}, column {first.at + 1}"
            drawn.wrong(
                f"the seat {shown(seat.text)} is already at {where}; give one of them another id",
                seat.line,
                seat.at,
            )
    for word in (*drawn.rooms, *drawn.zones):
        if len(word.text) > LONGEST_NAME:
            drawn.wrong(f"a name has at most {LONGEST_NAME} characters", word.line, word.at)
    if drawn.mistakes:
        raise PlanError(
            [
                msgspec.structs.replace(each, line=numbers[each.line - 1] + 1)
                for each in sorted(drawn.mistakes, key=_place)
            ]
        )
    if not drawn.seats:
        raise wrong(
            "there is no seat in this plan; write seats' ids as words, as: A-01 A-02 A-03", line=1, column=1
        )
    if len(drawn.seats) > MOST_SEATS:
        raise wrong(
            f"this plan has {len(drawn.seats)} seats; at most {MOST_SEATS} are shown, make a plan for each floor",
            line=1,
            column=1,
        )
    if len(drawn.walls) > MOST_PARTS * 4 or len(drawn.rooms) + len(drawn.zones) > MOST_PARTS:
        raise wrong("this plan has too many walls or rooms; leave some out", line=1, column=1)


def _place(mistake: Mistake) -> tuple[int, int]:
    return mistake.line, mistake.column
