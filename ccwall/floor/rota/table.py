"""A rota in a spreadsheet (CSV), in the two shapes that people write.

*A row a shift*: ``agent, date, begins, ends, seat, kind, duty, breaks, note``; ``breaks`` is ``12:00-12:45 meal; 15:00-15:10 short``.
*A row a person*: the first column is the person, every other one a day; a cell is a code of ``[[shift]]``, a span
(``09:00-18:00``), a word for a day off, or empty. Column names are known in Chinese, too.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ccwall.events import BREAK_KINDS, AgentId, BreakKind, PlannedBreak, Shift, ShiftId, ShiftQuota
from ccwall.floor.rota import times
from ccwall.floor.rota.roster import Roster
from ccwall.sheet import meant, seconds, shown

LARGEST = 8 * 1024 * 1024
MOST_ROWS = 50_000
MOST_MISTAKES = 200
MOST_CELL = 300
MOST_BREAKS = 12
LONGEST_QUOTA = 8 * 3600.0
TIMES = re.compile(r"\d{1,2}x", re.ASCII)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "agent": ("agent", "id", "name", "工号", "姓名", "坐席", "值機人員", "人员", "人員", "员工", "員工"),
    "date": ("date", "day", "日期"),
    "begins": ("begins", "start", "from", "上班", "上班时间", "上班時間", "开始", "開始"),
    "ends": ("ends", "end", "to", "下班", "下班时间", "下班時間", "结束", "結束"),
    "code": ("code", "shift", "班次", "班别", "班別"),
    "seat": ("seat", "座位", "工位", "席位"),
    "kind": ("kind", "type", "类别", "類別", "类型", "類型"),
    "duty": ("duty", "值班", "职责", "職責"),
    "breaks": ("breaks", "休息", "小休", "用餐"),
    "quotas": ("quotas", "quota", "额度", "額度", "休息额度", "休息額度"),
    "note": ("note", "备注", "備註", "说明", "說明"),
}
OFF: Mapping[str, str] = {
    "off": "off", "休": "off", "休息": "off", "例休": "off", "leave": "leave", "请假": "leave", "請假": "leave",
    "年假": "leave", "特休": "leave", "sick": "sick", "病假": "sick", "training": "training", "培训": "training",
    "培訓": "training", "教育訓練": "training",
}  # fmt: skip
"""Words of a day on which nobody is at the desk. ``off`` makes no shift at all."""
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030", "big5")


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A shift by its letter: seconds after midnight."""

    begins: float
    ends: float
    breaks: tuple[tuple[float, float, str], ...] = ()
    kind: str = "work"
    quotas: tuple[ShiftQuota, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """``mistakes``: (where, what), where as ``line 7, column 3``. ``more``: mistakes that are not listed."""

    shifts: tuple[Shift, ...] = ()
    mistakes: tuple[tuple[str, str], ...] = ()
    more: int = 0


def decoded(content: bytes) -> str:
    """The text of a file as Excel saves it; ValueError when it is none."""
    if len(content) > LARGEST:
        raise ValueError(f"is larger than {LARGEST // 1024 // 1024} MiB: not a rota")
    encodings = ENCODINGS if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030", "big5")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValueError('is no text: save it as "CSV UTF-8"')


class Table:
    """One file, read for one house: ``zone`` is the site's, ``kinds`` are its kinds of breaks, by id or by any of their names."""

    def __init__(
        self,
        roster: Roster,
        codes: Mapping[str, Code],
        zone: ZoneInfo,
        kinds: Mapping[str, BreakKind] = BREAK_KINDS,
    ) -> None:
        self._roster, self._zone = roster, zone
        self._kinds = {name.casefold(): id for id, kind in kinds.items() for name in kind.names.values()}
        self._kinds |= {id.casefold(): id for id in kinds}
        self._codes = {code.casefold(): meaning for code, meaning in codes.items()}
        self._mistakes: list[tuple[str, str]] = []
        self._more = 0
        self._seen: dict[ShiftId, str] = {}

    def read(self, text: str) -> Found:
        rows = list(self._rows(text))
        shifts: list[Shift] = []
        if rows:
            _, head = rows[0]
            known = _columns(head)
            if "date" in known and "agent" in known:
                shifts = [shift for row in rows[1:] for shift in self._row(known, *row)]
            elif (days := self._days(head)) is not None:
                shifts = [shift for row in rows[1:] for shift in self._person(days, *row)]
            else:
                self._wrong(1, None, _hint(head))
        else:
            self._wrong(1, None, "is empty")
        return Found(shifts=tuple(shifts), mistakes=tuple(self._mistakes), more=self._more)

    def _rows(self, text: str) -> Iterator[tuple[int, Sequence[str]]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        for count in range(MOST_ROWS + 1):
            begins = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                self._wrong(max(begins, reader.line_num), None, f"is not CSV: {error}")
                return
            if cells is None:
                return
            if count == MOST_ROWS:
                self._wrong(begins, None, f"there are more than {MOST_ROWS:,} lines")
                return
            if any(cell.strip() for cell in cells):
                yield begins, [cell.strip()[:MOST_CELL] for cell in cells]

    # ── a row a shift ──

    def _row(self, columns: Mapping[str, int], line: int, cells: Sequence[str]) -> Iterator[Shift]:
        told = {key: cells[place] for key, place in columns.items() if place < len(cells)}
        agent = self._agent(line, columns["agent"], told.get("agent", ""))
        on = self._day(line, columns["date"], told.get("date", ""))
        if agent is None or on is None:
            return
        word = told.get("code", "") or told.get("kind", "")
        if not told.get("begins") and not told.get("ends"):
            yield from self._cell(line, columns.get("code", columns["date"]), agent, on, word, told)
            return
        try:
            span = times.between(
                on, times.clock(told.get("begins", "")), times.clock(told.get("ends", "")), self._zone
            )
        except ValueError as error:
            self._wrong(line, columns.get("begins"), f"{shown(told.get('begins', ''))} {error}")
            return
        breaks = self._breaks(line, columns.get("breaks"), on, span[0], told.get("breaks", ""))
        quotas = self._quotas(line, columns.get("quotas"), told.get("quotas", ""))
        for shift in self._shift(
            line, agent, on, span, OFF.get(word.casefold(), word or "work"), breaks, told
        ):
            yield msgspec.structs.replace(shift, quotas=quotas)

    # ── a row a person ──

    def _days(self, head: Sequence[str]) -> dict[int, date] | None:
        """The column of each day; None when this is no such table."""
        found: dict[int, date] = {}
        for place, cell in enumerate(head[1:], 1):
            try:
                found[place] = times.day(cell)
            except ValueError:
                continue
        return found or None

    def _person(self, days: Mapping[int, date], line: int, cells: Sequence[str]) -> Iterator[Shift]:
        agent = self._agent(line, 0, cells[0])
        if agent is None:
            return
        for place, on in days.items():
            if place < len(cells) and cells[place]:
                yield from self._cell(line, place, agent, on, cells[place], {})

    def _cell(
        self, line: int, place: int, agent: AgentId, on: date, word: str, told: Mapping[str, str]
    ) -> Iterator[Shift]:
        """A code, a span, or a word for not working."""
        if (why := OFF.get(word.casefold())) is not None:
            if why != "off":
                whole = times.between(on, timedelta(0), timedelta(0), self._zone)
                yield from self._shift(line, agent, on, whole, why, (), told)
            return
        if (span := times.SPAN.fullmatch(word)) is not None:
            begins, ends = times.clock(span[1]), times.clock(span[2])
            yield from self._shift(
                line, agent, on, times.between(on, begins, ends, self._zone), "work", (), told
            )
            return
        code = self._codes.get(word.casefold())
        if code is None:
            known = [*self._codes, *OFF]
            self._wrong(
                line,
                place,
                f"{shown(word)} is no shift I know: a code of [[shift]], a span like 09:00-18:00, or a word for a day off{meant(word.casefold(), known)}",
            )
            return
        seconds = (timedelta(seconds=code.begins), timedelta(seconds=code.ends))
        breaks = tuple(
            PlannedBreak(
                begins=times.at(on, timedelta(seconds=a), self._zone),
                ends=times.at(on, timedelta(seconds=b), self._zone),
                kind=kind,
            )
            for a, b, kind in code.breaks
        )
        for shift in self._shift(
            line, agent, on, times.between(on, *seconds, self._zone), code.kind, breaks, told
        ):
            yield msgspec.structs.replace(shift, quotas=code.quotas)

    # ── words ──

    def _shift(
        self,
        line: int,
        agent: AgentId,
        on: date,
        span: tuple[float, float],
        kind: str,
        breaks: tuple[PlannedBreak, ...],
        told: Mapping[str, str],
    ) -> Iterator[Shift]:
        begins, ends = span
        id = ShiftId(f"{agent}@{on.isoformat()}T{int(begins)}")
        if id in self._seen:
            self._wrong(line, None, f"is the same shift as {self._seen[id]}")
            return
        self._seen[id] = f"line {line}"
        outside = [b for b in breaks if not begins <= b.begins < b.ends <= ends]
        if outside:
            self._wrong(line, None, "has a break outside of the shift")
            return
        yield Shift(
            shift_id=id,
            agent=agent,
            begins=begins,
            ends=ends,
            kind=kind,
            seat=told.get("seat", "")[:64],
            duty=told.get("duty", "")[:64],
            breaks=breaks,
            note=told.get("note", "")[:200],
        )

    def _breaks(
        self, line: int, place: int | None, on: date, since: float, text: str
    ) -> tuple[PlannedBreak, ...]:
        found = []
        for part in filter(None, (p.strip() for p in text.replace("；", ";").split(";"))):
            span, _, kind = part.partition(" ")
            match = times.SPAN.fullmatch(span)
            if match is None:
                self._wrong(line, place, f"{shown(part)} is no break like 12:00-12:45 meal")
                continue
            span_of = times.clock(match[1]), times.clock(match[2])
            begins, ends = times.between(on, *span_of, self._zone)
            if begins < since:  # of a night, 02:00 is on the day after
                begins, ends = times.between(on + timedelta(days=1), *span_of, self._zone)
            if (known := self._kind(line, place, kind.strip() or "meal")) is not None:
                found.append(PlannedBreak(begins=begins, ends=ends, kind=known))
        if len(found) > MOST_BREAKS:
            self._wrong(line, place, f"has {len(found)} breaks, and {MOST_BREAKS} are the most")
        return tuple(sorted(found[:MOST_BREAKS], key=lambda each: each.begins))

    def _quotas(self, line: int, place: int | None, text: str) -> tuple[ShiftQuota, ...]:
        """``meal 60m; short 20m 2x``: a kind of break with its time, how often, or both."""
        found = dict[str, ShiftQuota]()
        for part in filter(None, (p.strip() for p in text.replace("；", ";").split(";"))):
            words = part.split()
            # A name may have several words, and begins none of them with a digit.
            named = next((n for n, word in enumerate(words[1:], 1) if word[0].isdigit()), 1)
            kind, said = self._kind(line, place, " ".join(words[:named])), words[named:]
            if kind is None:
                continue
            times = [word for word in said if TIMES.fullmatch(word)]
            spans = [word for word in said if word not in times]
            try:
                if kind in found or not said or len(times) > 1 or len(spans) > 1:
                    raise ValueError
                found[kind] = ShiftQuota(
                    kind=kind,
                    times=int(times[0][:-1]) if times else None,
                    seconds=min(seconds(spans[0]), LONGEST_QUOTA) if spans else None,
                )
            except ValueError:
                self._wrong(line, place, f'{shown(part)} is no quota like "meal 60m" or "short 20m 2x"')
        if len(found) > MOST_BREAKS:
            self._wrong(line, place, f"has {len(found)} quotas, and {MOST_BREAKS} are the most")
        return tuple(found.values())[:MOST_BREAKS]

    def _kind(self, line: int, place: int | None, word: str) -> str | None:
        found = self._kinds.get(word.casefold())
        if found is None:
            self._wrong(
                line, place, f"{shown(word)} is no kind of break{meant(word.casefold(), self._kinds)}"
            )
        return found

    def _agent(self, line: int, place: int, word: str) -> AgentId | None:
        found = self._roster.find(word)
        if found is None:
            several = self._roster.called(word)
            why = (
                f"could be {' or '.join(several[:5])}: write the id"
                if several
                else f"is nobody of the roster{meant(word.casefold(), self._roster.words())}"
            )
            self._wrong(line, place, f"{shown(word)} {why}")
        return found

    def _day(self, line: int, place: int, word: str) -> date | None:
        try:
            return times.day(word)
        except ValueError as error:
            self._wrong(line, place, f"{shown(word)} {error}")
            return None

    def _wrong(self, line: int, place: int | None, what: str) -> None:
        if len(self._mistakes) >= MOST_MISTAKES:
            self._more += 1
            return
        where = f"line {line}" if place is None else f"line {line}, column {place + 1}"
        self._mistakes.append((where, what))


def _columns(head: Sequence[str]) -> dict[str, int]:
    known = {word: key for key, words in COLUMNS.items() for word in words}
    found: dict[str, int] = {}
    for place, cell in enumerate(head):
        key = known.get(cell.casefold())
        if key is not None:
            found.setdefault(key, place)
    return found


def _delimiter(text: str) -> str:
    """What parts the columns: the first line says."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    return max(",\t;", key=first.count)


def _hint(head: Sequence[str]) -> str:
    return (
        f"names {shown(', '.join(head[:6]))}: the first line must name agent and date (工号, 日期), "
        "or have a day like 2026-11-02 over each column"
    )
