"""``[roster]``: the people of `[[agent]]` once more, as a table that any spreadsheet can write.

A CSV file, the first line names the columns: ``id, name, name.zh-CN, …, team, seat, extension, skills,
interfaces.<source>, …`` and ``note``, which is for people. Mistakes are named as ``file:line:column``.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ccwall.sheet import LANGUAGES, Mistakes, Sheet, meant, shown

LARGEST_ROSTER = 16 * 1024 * 1024
ENCODINGS = ("utf-8", "gb18030")
COLUMNS = (
    "id",
    "name",
    *(f"name.{language}" for language in LANGUAGES),
    "team",
    "seat",
    "extension",
    "skills",
    "note",
)
INTERFACES = "interfaces."
MANY = ";"
"""Between several skills or interfaces in one cell."""


class Row(Sheet):
    """One line of it, read like a table of the configuration; its keys are where its columns are."""

    def __init__(
        self, place: str, table: Mapping[str, object], mistakes: Mistakes, columns: Mapping[str, int]
    ) -> None:
        super().__init__(place, table, mistakes)
        self._columns = columns

    def at(self, key: str) -> str:
        found = self._columns.get(key) or self._columns.get(f"{key}.{LANGUAGES[0]}")
        return f"{self.path}:{found} ({key})" if found is not None else self.path

    def table(self, key: str) -> Sheet:
        below = {
            name.removeprefix(f"{key}."): n for name, n in self._columns.items() if name.startswith(f"{key}.")
        }
        value = self.raw(key)
        return Row(self.path, value if isinstance(value, dict) else {}, self.mistakes, below)


def roster(sheet: Sheet, folder: Path) -> tuple[list[Sheet], str, bytes]:
    """The rows of the file that ``[roster]`` names, the file, and its bytes; nothing where there is none."""
    name, encoding = sheet.text("file"), sheet.choice("encoding", ENCODINGS, "utf-8")
    if sheet.has("file") and not name:
        sheet.wrong("file", "must name a file")
    sheet.finish()
    content = _content(sheet, folder / name) if name else None
    if content is None:
        return [], "", b""
    mistakes = sheet.mistakes
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        hint = (
            'save it as "CSV UTF-8", or write encoding = "gb18030" in [roster]'
            if encoding == "utf-8"
            else "save it in that encoding, or as UTF-8 and without the key encoding"
        )
        mistakes.append((f"{name}:{line}", f"byte {error.start + 1} is not {encoding.upper()}: {hint}"))
        return [], name, content
    return list(_rows(name, text, mistakes)), name, content


def _content(sheet: Sheet, path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_ROSTER + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        sheet.wrong("file", f"{shown(str(path))} cannot be read: {reason}")
        return None
    if len(content) > LARGEST_ROSTER:
        sheet.wrong(
            "file", f"{shown(str(path))} is larger than {LARGEST_ROSTER // 1024 // 1024} MiB: not a roster"
        )
        return None
    return content


def _rows(name: str, text: str, mistakes: Mistakes) -> Iterator[Row]:
    lines = _lines(name, text, mistakes)
    head = next(lines, None)
    columns = _columns(name, head, mistakes)
    if columns is None:
        return
    for line, cells in lines:
        place = f"{name}:{line}"
        if not any(cell.strip() for cell in cells):
            continue
        for column, cell in enumerate(cells[len(columns) :], len(columns) + 1):
            if cell.strip():
                mistakes.append(
                    (
                        f"{place}:{column}",
                        f"{shown(cell)} is in no column: the first line names {len(columns)}",
                    )
                )
        table = _table(dict(zip(columns, (cell.strip() for cell in cells), strict=False)))
        yield Row(place, table, mistakes, {column: n for n, column in enumerate(columns, 1)})


def _lines(name: str, text: str, mistakes: Mistakes) -> Iterator[tuple[int, Sequence[str]]]:
    """Each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            mistakes.append((f"{name}:{max(begins, reader.line_num)}", f"is not CSV: {error}"))
            return
        if cells is None:
            return
        yield begins, cells


def _columns(name: str, head: tuple[int, Sequence[str]] | None, mistakes: Mistakes) -> list[str] | None:
    """The names of the columns; None when no line can be read under them."""
    line, cells = head if head is not None else (1, [])
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) == 1 and (";" in columns[0] or "\t" in columns[0]):
        mistakes.append((f"{name}:{line}", "has no commas between its columns: save it as CSV with commas"))
        return None
    if "id" not in columns:
        mistakes.append((f"{name}:{line}", "has no column id: the first line names the columns"))
        return None
    for number, column in enumerate(columns, 1):
        place = f"{name}:{line}:{number}"
        if columns.index(column) < number - 1:
            mistakes.append((place, f"{shown(column)} is already column {columns.index(column) + 1}"))
        elif column not in COLUMNS and not column.startswith(INTERFACES):
            known = [*COLUMNS, INTERFACES]
            mistakes.append((place, f"{shown(column)} is not a column I know{meant(column, known)}"))
    return columns


def _table(cells: Mapping[str, str]) -> dict[str, object]:
    """The cells as `[[agent]]` would have them; what is empty is not there."""
    table: dict[str, object] = {
        key: cells[key] for key in ("id", "name", "team", "seat", "extension") if cells.get(key)
    }
    if skills := _several(cells.get("skills", "")):
        table["skills"] = skills
    names = {language: cells[f"name.{language}"] for language in LANGUAGES if cells.get(f"name.{language}")}
    if names:
        usual = table.get("name")
        table["name"] = (dict.fromkeys(LANGUAGES, usual) if usual else {}) | names
    found = {
        column.removeprefix(INTERFACES): several
        for column, cell in cells.items()
        if column.startswith(INTERFACES) and (several := _several(cell))
    }
    if found:
        table["interfaces"] = found
    return table


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(MANY) if part.strip()]
