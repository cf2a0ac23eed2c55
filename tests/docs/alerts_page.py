"""The table of docs/alerts.md, made from the pack."""

from collections.abc import Iterator, Mapping
from typing import Any

from ccwall.alerts.pack import words

TESTS = {"above": "above", "at_least": "from", "below": "below"}
FIRST, LAST = "<!-- the pack -->", "<!-- end of the pack -->"


def table() -> str:
    return "\n".join(
        [
            FIRST,
            "| rule | what it says | fires | severity | worse |",
            "| --- | --- | --- | --- | --- |",
            *_rows(),
            LAST,
        ]
    )


def _rows() -> Iterator[str]:
    for id, rule in words().items():
        test = next(test for test in TESTS if test in rule)
        worse = (
            f"`{rule.get('worse_severity', 'breach')}` from {_bound(rule['worse'])}"
            if "worse" in rule
            else ""
        )
        yield f"| `{id}` | {rule['name']['en']} {rule['name']['zh-CN']} | {_metric(rule)} {TESTS[test]} {_bound(rule[test])}{_more(rule)} | `{rule.get('severity', 'warn')}` | {worse} |"


def _metric(rule: Mapping[str, Any]) -> str:
    per = f" per `{rule['per']}`" if "per" in rule else ""
    states = f" ({', '.join(rule['states'])})" if "states" in rule else ""
    window = f", {rule['window']}" if "window" in rule else ""
    return f"`{rule['metric']}`{per}{states}{window}"


def _bound(bound: Any) -> str:
    return f"`{bound}`" if isinstance(bound, str) and "." in bound else str(bound)


def _more(rule: Mapping[str, Any]) -> str:
    needs = f", {rule['needs']} {rule.get('needs_of', 'offered')} at least" if "needs" in rule else ""
    lasts = f", for {rule['for']}" if "for" in rule else ""
    return lasts + needs
