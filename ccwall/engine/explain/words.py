"""The names of terms and parts, with the seconds of the scope put in where they are the same for all of it."""

import re
from collections.abc import Mapping

from ccwall.engine.catalogue import TERMS
from ccwall.engine.explain.question import View

Names = dict[str, str]


class Words:
    """``threshold`` and ``short``: seconds, None where the queues of the scope differ."""

    def __init__(self, threshold: float | None = None, short: float | None = None) -> None:
        self._seconds = {"T": threshold, "S": short}

    @classmethod
    def of(cls, view: View) -> "Words":
        measures = view.measures
        if len(measures) != 1:
            return cls()
        threshold, short = next(iter(measures))
        return cls(threshold, short)

    def name(self, key: str) -> Names:
        """The names of a term, a part or a reason; a key nobody has named is its own name."""
        names = TERMS.get(key)
        return {"en": key.replace("_", " ")} if names is None else self.fill(names)

    def fill(self, names: Mapping[str, str]) -> Names:
        """T and S as seconds.

        >>> Words(20.0).fill({"en": "answered within T", "zh-CN": "T 秒内接通"})
        {'en': 'answered within 20 s', 'zh-CN': '20 秒内接通'}
        """
        return {language: self._filled(text) for language, text in names.items()}

    def _filled(self, text: str) -> str:
        return _LETTER.sub(self._put, text)

    def _put(self, found: re.Match[str]) -> str:
        seconds = self._seconds[found["letter"]]
        if seconds is None:
            return found[0]
        return f"{seconds:g}{found['unit'] or ' s'}"


_LETTER = re.compile(r"(?<![A-Za-z_])(?P<letter>[TS])(?![A-Za-z_])(?P<unit> 秒)?")
