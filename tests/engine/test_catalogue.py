"""The catalogue is complete: three languages everywhere, terms that exist, symbols that say what the terms say."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest

from ccwall.engine.catalogue import (
    LANGUAGES,
    METRICS,
    PARTS,
    SYMBOLS,
    TERMS,
    VARIANTS,
    Metric,
    cause_names,
    in_symbols,
    sides,
    state_names,
)
from ccwall.engine.metrics import SERVICE_LEVELS, Tally
from ccwall.events import FlowOutCause, RefusedCause, Variant

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LETTERS = {"zh-CN": "gb2312", "zh-TW": "big5"}
"""Character sets that lack most letters of the other script."""
SIMPLIFIED = set("与么余几划听复后愿挂据机离")
"""Letters of the mainland that Big5 has, for other words."""


def every_text() -> Iterator[tuple[str, dict[str, str]]]:
    for key, metric in METRICS.items():
        yield f"{key}.names", metric.names
        yield f"{key}.plain", metric.plain
        yield f"{key}.words", metric.words
        if metric.edge:
            yield f"{key}.edge", metric.edge
    for name, variant in VARIANTS.items():
        yield from (
            (f"{name}.{part}", getattr(variant, part)) for part in ("names", "short_names", "words", "users")
        )
    yield from TERMS.items()


def test_every_text_is_in_three_languages_each_in_its_own_letters() -> None:
    wrong = []
    for place, texts in every_text():
        assert set(texts) == set(LANGUAGES), place
        if CHINESE.search(texts["en"].replace("20秒接通率", "")):
            wrong.append((place, texts["en"]))
        for language, letters in LETTERS.items():
            found = "".join(CHINESE.findall(texts[language]))
            if not found or found != found.encode(letters, "ignore").decode(letters):
                wrong.append((place, texts[language]))
        wrong += [(place, letter) for letter in texts["zh-TW"] if letter in SIMPLIFIED]
    assert wrong == []


@pytest.mark.parametrize("metric", list(METRICS.values()), ids=list(METRICS))
def test_a_metric_is_one_sentence_and_its_terms_have_names(metric: Metric) -> None:
    assert metric.plain["en"].endswith(".")
    assert metric.plain["zh-CN"].endswith("。")
    assert metric.scopes
    for term in (*metric.numerator, *metric.denominator):
        assert term.term in TERMS
        assert term.term in SYMBOLS
    assert (metric.kind in ("rate", "mean")) <= bool(metric.numerator and metric.denominator)
    assert (metric.basis == "now") == (not metric.windows)


def test_the_glossary_of_the_floor_wins() -> None:
    names = {key: METRICS[key].names["zh-CN"] for key in METRICS}
    assert names["service_level"] == "服务水平"
    assert names["answer_rate"] == "接通率"
    assert names["pickup_rate"] == "接起率"
    assert names["lost_rate"] == "呼损率"
    assert names["connect_rate"] == "外呼接通率"
    assert len(set(names.values())) == len(names), "two numbers of one name"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_metrics_have_one_name(language: str) -> None:
    names = [metric.names[language] for metric in METRICS.values()]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_cause_and_state_has_a_name() -> None:
    for cause in get_args(FlowOutCause):
        assert cause == "error" or f"flowed_out.{cause}" in TERMS
    for cause in get_args(RefusedCause):
        assert f"refused.{cause}" in TERMS
    states = "ready ringing talking hold wrap break meal breather training away busy fault unknown off"
    assert len({state_names(state)["zh-CN"] for state in states.split()}) == 14
    assert cause_names("flowed_out", "a cause of its own")["en"] == "flowed out: a cause of its own"


def test_parts_belong_to_metrics() -> None:
    assert set(PARTS.values()) <= set(METRICS)
    assert not set(PARTS) & set(METRICS)


COUNTS = {
    "answered": 60,
    "answered_within": 41,
    "abandoned_total": 17,
    "abandoned_within": 9,
    "short": 4,
    "overdue": 3,
    "flowed_out": 7,
    "callbacks": 5,
    "callbacks_within": 2,
}


def test_all_five_formulas_are_there() -> None:
    assert set(VARIANTS) == set(SERVICE_LEVELS) == set(get_args(Variant))
    assert sorted(variant.four_ps for variant in VARIANTS.values()) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("callbacks", [False, True])
@pytest.mark.parametrize("flow_outs", [False, True])
@pytest.mark.parametrize("variant", get_args(Variant))
def test_the_terms_of_a_formula_add_up_to_what_the_engine_computes(
    variant: Variant, flow_outs: bool, callbacks: bool
) -> None:
    above, below = (
        sum(term.sign * COUNTS[term.term] for term in side)
        for side in sides(variant, flow_outs=flow_outs, callbacks=callbacks)
    )
    counted = (
        COUNTS if callbacks and variant != "answered" else COUNTS | {"callbacks": 0, "callbacks_within": 0}
    )
    tally = Tally(
        answered=COUNTS["answered"],
        within=COUNTS["answered_within"],
        abandoned=COUNTS["abandoned_total"] + counted["callbacks"],
        abandoned_within=COUNTS["abandoned_within"] + counted["callbacks_within"],
        short=COUNTS["short"],
        overdue=COUNTS["overdue"],
        flow_outs=COUNTS["flowed_out"] if flow_outs else 0,
    )
    assert above / below == SERVICE_LEVELS[variant](tally)


def test_letters_say_what_terms_say() -> None:
    assert in_symbols(*sides("offered_less_short")) == "A_T / (A + B − B_S + W_T)"
    assert METRICS["lost_rate"].symbols == "(O + R − A) / (O + R)"
    assert METRICS["abandon_rate"].symbols == "(B − B_S) / (A + B − B_S)"
    assert METRICS["aht"].words["en"] == "(talk + hold + wrap-up) ÷ handled"
