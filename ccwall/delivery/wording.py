"""A message's words in three languages, within a far end's bytes, and with nothing in them that it would obey."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from ccwall.delivery.note import LONGEST_NAME, SEVERITIES, Note, clean, said, worst_first

LONGEST_LINE = 240
"""Bytes of one note in a digest."""
TAIL = 160
"""Bytes kept for the line that says how many more there are."""
LONGEST_CLUSTER = 16

_ZH_CN = {
    "fired": "告警", "worsened": "加重", "escalated": "升级", "resolved": "恢复", "test": "测试", "digest": "汇总",
    "info": "提示", "warn": "预警", "breach": "越线", "critical": "严重", "now": "当前", "limit": "界限", "since": "自",
    "lasted": "历时", "todo": "怎么做", "open": "打开", "many": "共 {n} 条", "more": "另有 {n} 条未列出，请看值班台",
    "person": "请看", "trial": "这是一条测试消息：通道可用。", "seconds": "{n} 秒", "minutes": "{n} 分钟", "colon": "：", "comma": "，",
}  # fmt: skip
_ZH_TW = {
    "fired": "警示", "worsened": "加劇", "escalated": "升級", "resolved": "恢復", "test": "測試", "digest": "彙總",
    "info": "提示", "warn": "預警", "breach": "越線", "critical": "嚴重", "now": "目前", "limit": "界限", "since": "自",
    "lasted": "歷時", "todo": "怎麼做", "open": "開啟", "many": "共 {n} 則", "more": "另有 {n} 則未列出，請看值班台",
    "person": "請看", "trial": "這是一則測試訊息：通道可用。", "seconds": "{n} 秒", "minutes": "{n} 分鐘", "colon": "：", "comma": "，",
}  # fmt: skip
_EN = {
    "fired": "Alert", "worsened": "Worse", "escalated": "Escalated", "resolved": "Resolved", "test": "Test",
    "digest": "Summary", "info": "Info", "warn": "Warning", "breach": "Breach", "critical": "Critical", "now": "now",
    "limit": "limit", "since": "since", "lasted": "lasted", "todo": "What to do", "open": "Open", "many": "{n} messages",
    "more": "{n} more are not listed: see the lead desk", "person": "Please look",
    "trial": "This is a test message: the channel works.", "seconds": "{n} s", "minutes": "{n} min",
    "colon": ": ", "comma": ", ",
}  # fmt: skip
WORDS: Mapping[str, Mapping[str, str]] = {"zh-CN": _ZH_CN, "zh-TW": _ZH_TW, "en": _EN}

_ID = re.compile(r"[\w.@+-]{1,100}", re.ASCII)
"""A user id, a number or a mail address; nothing that could be markup."""
Tame = Callable[[str], str]
"""Takes the far end's markup and mentions out of a text."""
_WIDE = str.maketrans({letter: chr(ord(letter) + 0xFEE0) for letter in "<>@*[]`|#&~\\"})


def tamed(text: str) -> str:
    """What robots read as markup, links or mentions, in the full-width letters that people read the same.

    The robots' dialects have no common way to escape, and none that is documented.

    >>> tamed('<at user_id="all"></at> @all [x](http://y)')
    '＜at user_id="all"＞＜/at＞ ＠all ［x］(http：//y)'
    """
    return text.translate(_WIDE).replace("://", "：//")


def plain(text: str) -> str:
    return text


def cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, cut between what a reader takes for letters, with an ellipsis where it was.

    >>> cut("最久等待", 9), cut("ok", 9)
    ('最久…', 'ok')
    """
    if len(text.encode()) <= most:
        return text
    if most < 3:
        return ""
    kept = text.encode()[: most - 3].decode("utf-8", "ignore")
    for _ in range(LONGEST_CLUSTER):
        if kept and (_joins(text[len(kept)]) or kept[-1] == "\u200d"):
            kept = kept[:-1]
    return kept + "…"


def _joins(letter: str) -> bool:
    """Whether it is a part of the letter before it: an accent, a skin colour, a variant."""
    return unicodedata.combining(letter) != 0 or letter in "\u200d\ufe0e\ufe0f" or "🏻" <= letter <= "🏿"


class Composed(msgspec.Struct, frozen=True):
    """A heading and lines below it; ``left_out`` notes are only counted. ``shown``: the worst severity's note."""

    head: str
    lines: tuple[str, ...]
    left_out: int = 0


def compose(
    notes: Sequence[Note],
    language: str,
    zone: str,
    *,
    most: int,
    per_line: int = 1,
    tame: Tame = tamed,
    links: bool = True,
) -> Composed:
    """Head and lines, together at most ``most`` bytes with ``per_line`` more for each line. ``links``: with the url."""
    if len(notes) == 1:
        found = _single(notes[0], language, zone, tame, links)
        return _fitted(found, most, per_line)
    return _digest(worst_first(notes), language, tame, most, per_line)


def title(note: Note, language: str, tame: Tame = tamed) -> str:
    """What a person must know if they read nothing else."""
    words = WORDS[language]
    kind = "" if note.kind == "fired" else f" {words[note.kind]}"
    level = words["test"] if note.kind == "test" else f"{words[note.severity]}{kind}"
    scope = f"{_word(note.scope, tame)} · " if note.scope else ""
    return f"【{level}】{scope}{_word(said(note.title, language), tame)}"


def _word(text: str, tame: Tame) -> str:
    """Of one line, whoever made the note: a line break would begin a header or a heading."""
    return tame(clean(text, LONGEST_NAME))


def _single(note: Note, language: str, zone: str, tame: Tame, links: bool) -> Composed:
    words = WORDS[language]
    lines: list[str] = []
    measured = [
        f"{words[word]} {_word(text, tame)}"
        for word, text in (("now", note.value), ("limit", note.threshold))
        if text
    ]
    if measured:
        lines.append(" · ".join(measured))
    if note.since is not None:
        clock = datetime.fromtimestamp(note.since, ZoneInfo(zone)).strftime("%H:%M:%S")
        lines.append(f"{words['since']} {clock} · {words['lasted']} {_lasted(note.at - note.since, words)}")
    lines += [tame(line) for line in said(note.text, language).splitlines() if line.strip()]
    todo = [tame(line) for line in said(note.todo, language).splitlines() if line.strip()]
    if todo:
        lines.append(f"{words['todo']}{words['colon']}{todo[0]}")
        lines += todo[1:]
    if links and note.url:
        lines.append(note.url)
    return Composed(title(note, language, tame), tuple(lines))


def _lasted(seconds: float, words: Mapping[str, str]) -> str:
    whole = max(0, round(seconds))
    return words["seconds"].format(n=whole) if whole < 120 else words["minutes"].format(n=whole // 60)


def _fitted(found: Composed, most: int, per_line: int) -> Composed:
    """The first lines, the last one cut; a link is whole or not there at all."""
    head = cut(found.head, most - per_line)
    room = most - len(head.encode()) - per_line
    lines: list[str] = []
    for line in found.lines:
        fitting = cut(line, room - per_line)
        if not fitting or (fitting != line and line.startswith(("https://", "http://"))):
            break
        lines.append(fitting)
        room -= len(fitting.encode()) + per_line
    return Composed(head, tuple(lines))


def _digest(notes: Sequence[Note], language: str, tame: Tame, most: int, per_line: int) -> Composed:
    words = WORDS[language]
    counts = Counter("resolved" if note.kind == "resolved" else note.severity for note in notes)
    parts = words["comma"].join(
        f"{words[each]} {counts[each]}" for each in (*reversed(SEVERITIES), "resolved") if counts[each]
    )
    head = f"【{words['digest']}】{words['many'].format(n=len(notes))}{words['colon']}{parts}"
    room = most - len(head.encode()) - per_line - TAIL
    lines: list[str] = []
    for note in notes:
        line = cut(_line(note, language, tame), LONGEST_LINE)
        if len(line.encode()) + per_line > room:
            break
        lines.append(line)
        room -= len(line.encode()) + per_line
    left_out = len(notes) - len(lines)
    if left_out:
        lines.append(words["more"].format(n=left_out))
    return Composed(head, tuple(lines), left_out)


def _line(note: Note, language: str, tame: Tame) -> str:
    measured = " / ".join(_word(text, tame) for text in (note.value, note.threshold) if text)
    return title(note, language, tame) + (f" ({measured})" if measured else "")


def mentioned(notes: Sequence[Note], field: str, *, unless: str = "", most: int = 20) -> list[str]:
    """What a far end knows the people as who are to be named, each once; nobody for what is over, and never everybody.

    ``unless``: not those who have this field as well.
    """
    found = dict.fromkeys(
        told
        for note in worst_first(notes)
        if note.kind != "resolved"
        for person in note.mentions
        if not (unless and getattr(person, unless))
        if _ID.fullmatch(told := getattr(person, field)) and told.lower() not in ("all", "@all")
    )
    return list(found)[:most]
