"""What kind of not-ready a reason is: the floor's own words by configuration, else the words everybody uses."""

from collections.abc import Mapping

from ccwall.events import BreakPolicy

KINDS = frozenset({"break", "meal", "breather", "training", "away"})

WORDS: Mapping[str, str] = {
    "meal": "meal", "lunch": "meal", "dinner": "meal", "breakfast": "meal", "用餐": "meal", "午餐": "meal",
    "午休": "meal", "晚餐": "meal", "吃饭": "meal", "обед": "meal", "ужин": "meal",
    "breather": "breather", "调整": "breather", "調整": "breather",
    "break": "break", "tea": "break", "coffee": "break", "toilet": "break", "wc": "break", "rest": "break",
    "小休": "break", "休息": "break", "перерыв": "break",
    "training": "training", "coaching": "training", "meeting": "training", "培训": "training", "培訓": "training",
    "辅导": "training", "会议": "training", "會議": "training", "обучение": "training",
}  # fmt: skip
"""Latin words must stand alone in the reason, others may stand anywhere in it. Earlier ones win."""

NARROWER: Mapping[str, str] = {
    "meeting": "meeting", "会议": "meeting", "會議": "meeting", "班会": "meeting", "班會": "meeting", "собрание": "meeting",
    "coaching": "coaching", "辅导": "coaching", "輔導": "coaching",
}  # fmt: skip
"""Words for kinds of break that show as another state."""

MAX_WORDS = 16


def kind_of(reason: str, configured: Mapping[str, str]) -> str:
    """The kind of a raw reason; ``away`` for all that nobody has a word for.

    >>> kind_of("Lunch", {}), kind_of("training, group B", {}), kind_of("下午小休", {}), kind_of("Steak", {})
    ('meal', 'training', 'break', 'away')
    >>> kind_of("A7", {"a7": "breather"})
    'breather'
    """
    text = reason.strip().lower()
    told = configured.get(text, "")
    return told if told in KINDS else _word_in(text, WORDS) or "away"


def _word_in(text: str, words: Mapping[str, str]) -> str:
    alone = "".join(letter if letter.isalnum() else " " for letter in text).split()[:MAX_WORDS]
    for word, kind in words.items():
        if word in alone or (not word.isascii() and word in text):
            return kind
    return ""


def state_of(breaks: BreakPolicy, configured: Mapping[str, str], source: str, reason: str) -> str:
    """As `kind_of`, with what the break desk's own kinds say of reasons.

    >>> state_of(BreakPolicy(reasons={"pbx1/7": "coaching"}), {}, "pbx1", "7"), state_of(BreakPolicy(), {}, "pbx1", "short")
    ('training', 'break')
    """
    named = breaks.kind_of(source, reason)
    text = reason.strip().lower()
    if not named and text not in configured and text in breaks.known:
        named = text
    state = breaks.known[named].state if named else ""
    return state if state in KINDS else kind_of(reason, configured)


def break_kind(breaks: BreakPolicy, configured: Mapping[str, str], source: str, reason: str) -> str:
    """The kind of break that a not-ready reason means; empty where the house has none that shows so.

    >>> [break_kind(BreakPolicy(), {}, "pbx1", reason) for reason in ("lunch", "training", "辅导", "short", "A7")]
    ['meal', 'training', 'coaching', 'short', 'away']
    """
    if named := breaks.kind_of(source, reason):
        return named
    text = reason.strip().lower()
    if text not in configured:
        if text in breaks.known:
            return text
        if (narrower := _word_in(text, NARROWER)) in breaks.known:
            return narrower
    state = kind_of(reason, configured)
    if state in breaks.known and breaks.known[state].state == state:
        return state
    return next((kind for kind, card in breaks.known.items() if card.state == state), "")
