"""What kind of not-ready a reason is: the floor's own words by configuration, else the words everybody uses."""

from collections.abc import Mapping

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
    if told in KINDS:
        return told
    alone = "".join(letter if letter.isalnum() else " " for letter in text).split()[:MAX_WORDS]
    for word, kind in WORDS.items():
        if word in alone or (not word.isascii() and word in text):
            return kind
    return "away"
