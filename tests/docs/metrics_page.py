"""The tables of docs/metrics.md and docs/metrics.zh-CN.md from the catalogue, and the one of docs/adapters/asterisk.md from the
recordings: `make docs` writes them, a test compares."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from ccwall.engine.catalogue import METRICS, VARIANTS, Metric
from ccwall.engine.catalogue.counts import CONVERSATIONS, OUTBOUND, RATINGS, RINGING, VISITS
from ccwall.engine.catalogue.outlook import OUTLOOK
from ccwall.engine.catalogue.people import HEADS, OWN, SHARES
from ccwall.engine.catalogue.rates import RATES
from ccwall.engine.catalogue.times import GAUGES, TIMES
from ccwall.engine.metrics import SERVICE_LEVELS, Tally
from tests.integration import captured

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": DOCS / "metrics.md", "zh-CN": DOCS / "metrics.zh-CN.md"}
ASTERISK = DOCS / "adapters" / "asterisk.md"
_PART = re.compile(r"(?s)<!-- made by make docs: (\w+) -->\n.*?<!-- end -->")

EXAMPLE = Tally(answered=90, within=70, abandoned=10, abandoned_within=10, short=4)
"""Cisco's own: 100 offered, 70 answered and 10 abandoned within T, 20 answered later; that 4 of the 10 were short is ours."""

HEAD = {
    "en": ("key", "name", "中文", "is", "formula, or how it is counted", "at the edges"),
    "zh-CN": ("键", "名称", "English", "含义", "公式或计法", "注意"),
}
OTHER = {"en": "zh-CN", "zh-CN": "en"}
FORMULAS = {
    "en": ("key", "English · 中文", "formula", "4PS", "example", "who computes it so"),
    "zh-CN": ("键", "名称", "公式", "4PS", "示例", "谁这样算"),
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [list(row) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def metric_row(metric: Metric, language: str) -> list[str]:
    formula = metric.words[language]
    if metric.symbols:
        formula = f"`{metric.symbols}`<br>{formula}"
    return [
        f"`{metric.key}`",
        metric.names[language],
        metric.names[OTHER[language]],
        metric.plain[language],
        formula,
        metric.edge.get(language, ""),
    ]


def metrics(chosen: Iterable[Metric]) -> Callable[[str], str]:
    listed = tuple(chosen)
    return lambda language: table(HEAD[language], (metric_row(metric, language) for metric in listed))


def variants(language: str) -> str:
    rows = []
    for key, variant in VARIANTS.items():
        names = variant.names[language]
        if language == "en":
            names += f" · {variant.names['zh-CN']}"
        share = SERVICE_LEVELS[key](EXAMPLE)
        assert share is not None
        number = str(variant.four_ps or "–")
        rows.append(
            [
                f"`{key}`",
                names,
                f"`{variant.symbols}`",
                number,
                f"{100 * share:.1f} %",
                variant.users[language],
            ]
        )
    return table(FORMULAS[language], rows)


PARTS: dict[str, Callable[[str], str]] = {
    "visits": metrics(VISITS),
    "ringing": metrics(RINGING),
    "conversations": metrics(CONVERSATIONS),
    "ratings": metrics(RATINGS),
    "outbound": metrics(OUTBOUND),
    "variants": variants,
    "rates": metrics(RATES),
    "times": metrics(TIMES),
    "gauges": metrics(GAUGES),
    "heads": metrics(HEADS),
    "shares": metrics(SHARES),
    "own": metrics(OWN),
    "outlook": metrics(OUTLOOK),
    "asterisk": lambda _language: captured.table(),
}


def made(text: str, language: str) -> str:
    """A page with its tables made anew."""
    return _PART.sub(
        lambda found: f"<!-- made by make docs: {found[1]} -->\n{PARTS[found[1]](language)}\n<!-- end -->",
        text,
    )


def parts_of(text: str) -> list[str]:
    return _PART.findall(text)


def every_page() -> dict[Path, str]:
    """Each page, and its language."""
    return {page: language for language, page in PAGES.items()} | {ASTERISK: "en"}


def write() -> None:
    for page, language in every_page().items():
        page.write_text(made(page.read_text(encoding="utf-8"), language), encoding="utf-8")


assert set(METRICS) == {
    metric.key
    for part in (
        VISITS,
        RINGING,
        CONVERSATIONS,
        RATINGS,
        OUTBOUND,
        RATES,
        TIMES,
        GAUGES,
        HEADS,
        SHARES,
        OWN,
        OUTLOOK,
    )
    for metric in part
}

if __name__ == "__main__":
    write()
