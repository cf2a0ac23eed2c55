"""The five service-level formulas: names, terms, and who uses each. The sums themselves are in `ccwall.engine.metrics`."""

from collections.abc import Mapping
from typing import Final

import msgspec

from ccwall.engine.catalogue.shape import Term, in_symbols, in_words, terms
from ccwall.engine.catalogue.terms import Texts, texts
from ccwall.events import Variant


class Formula(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One service-level formula. ``short_names`` fit beside the number; ``users`` says who else computes it so.

    ``four_ps`` is its number in the Chinese contact-centre standard 4PS, 0 where that has none.
    """

    key: Variant
    names: Texts
    short_names: Texts
    symbols: str
    words: Texts
    users: Texts
    four_ps: int
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]


def sides(
    variant: Variant, *, flow_outs: bool = False, callbacks: bool = False
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Numerator and denominator of a formula when flow-outs count, and when a callback counts as an abandon does.

    >>> in_symbols(*sides("abandon_positive", flow_outs=True, callbacks=True))
    '(A_T + B_T + C_T) / (A + B + C + W_T + F)'
    """
    numerator, denominator = (terms(side) for side in _SIDES[variant])
    if variant == "answered":
        return numerator, denominator
    if callbacks:
        numerator, denominator = _with_callbacks(numerator), _with_callbacks(denominator)
    if flow_outs:
        denominator = (*denominator, Term("flowed_out"))
    return numerator, denominator


def _with_callbacks(side: tuple[Term, ...]) -> tuple[Term, ...]:
    found: list[Term] = []
    for part in side:
        found.append(part)
        if part.term in _CALLBACK_OF:
            found.append(Term(_CALLBACK_OF[part.term], part.sign))
    return tuple(found)


_CALLBACK_OF: Final = {"abandoned_total": "callbacks", "abandoned_within": "callbacks_within"}

_SIDES: Final[Mapping[Variant, tuple[str, str]]] = {
    "answered": ("answered_within", "answered"),
    "offered": ("answered_within", "answered + abandoned_total + overdue"),
    "offered_less_short": ("answered_within", "answered + abandoned_total - short + overdue"),
    "abandon_ignored": ("answered_within", "answered + abandoned_total - abandoned_within + overdue"),
    "abandon_positive": ("answered_within + abandoned_within", "answered + abandoned_total + overdue"),
}


def _formula(key: Variant, four_ps: int, names: Texts, short_names: Texts, users: Texts) -> Formula:
    numerator, denominator = sides(key)
    return Formula(
        key=key,
        names=names,
        short_names=short_names,
        symbols=in_symbols(numerator, denominator),
        words=in_words(numerator, denominator),
        users=users,
        four_ps=four_ps,
        numerator=numerator,
        denominator=denominator,
    )


VARIANTS: Final[Mapping[Variant, Formula]] = {
    formula.key: formula
    for formula in (
        _formula(
            "offered_less_short",
            0,
            texts(
                "abandons count against it, short ones left out",
                "放弃计入分母，剔除短时放弃",
                "放棄計入分母，剔除短時放棄",
            ),
            texts("offered − short", "减短放弃", "減短放棄"),
            texts(
                "our default; Genesys Cloud without short abandons; RingCentral; Cisco, which never counts short calls",
                "本系统默认；Genesys Cloud（不含短时放弃）；RingCentral；Cisco（短时来电从不计入）",
                "本系統預設；Genesys Cloud（不含短時放棄）；RingCentral；Cisco（短時來電從不計入）",
            ),
        ),
        _formula(
            "abandon_positive",
            1,
            texts(
                "abandons within T count as reached",
                "4PS 公式一：T 秒内放弃算达标",
                "4PS 公式一：T 秒內放棄算達標",
            ),
            texts("abandons within T good", "公式一", "公式一"),
            texts(
                "4PS formula 1; Cisco “Positive”; Asterisk ServicelevelPerf2; Amazon Connect SERVICE_LEVEL",
                "4PS 公式一；Cisco“Positive”；Asterisk ServicelevelPerf2；Amazon Connect SERVICE_LEVEL",
                "4PS 公式一；Cisco「Positive」；Asterisk ServicelevelPerf2；Amazon Connect SERVICE_LEVEL",
            ),
        ),
        _formula(
            "answered",
            2,
            texts("of the answered alone", "4PS 公式二：只看接通的来电", "4PS 公式二：只看接聽的來電"),
            texts("answered only", "公式二", "公式二"),
            texts(
                "4PS formula 2; Cisco UCCX “Only Handled”; AT&T and Lucent CMS; Asterisk ServicelevelPerf; AltiGen",
                "4PS 公式二；Cisco UCCX“Only Handled”；AT&T、Lucent CMS；Asterisk ServicelevelPerf；AltiGen",
                "4PS 公式二；Cisco UCCX「Only Handled」；AT&T、Lucent CMS；Asterisk ServicelevelPerf；AltiGen",
            ),
        ),
        _formula(
            "offered",
            3,
            texts("every abandon counts against it", "4PS 公式三：放弃全部计入", "4PS 公式三：放棄全部計入"),
            texts("all abandons", "公式三", "公式三"),
            texts(
                "4PS formula 3; 20秒接通率 of Chinese tenders (T = 20); Cisco “Negative”; Avaya CMS, with flow-outs; "
                "Genesys Cloud by default",
                "4PS 公式三；招标文件中的“20秒接通率”（T = 20）；Cisco“Negative”；Avaya CMS（另计溢出）；Genesys Cloud 默认",
                "4PS 公式三；標案中的「20秒接通率」（T = 20）；Cisco「Negative」；Avaya CMS（另計溢出）；Genesys Cloud 預設",
            ),
        ),
        _formula(
            "abandon_ignored",
            4,
            texts("abandons within T left out", "4PS 公式四：剔除 T 秒内放弃", "4PS 公式四：剔除 T 秒內放棄"),
            texts("abandons within T out", "公式四", "公式四"),
            texts(
                "4PS formula 4; Cisco UCCX “Without Abandon”, UCCE “Ignore”",
                "4PS 公式四；Cisco UCCX“Without Abandon”、UCCE“Ignore”",
                "4PS 公式四；Cisco UCCX「Without Abandon」、UCCE「Ignore」",
            ),
        ),
    )
}
"""By key, our default first, then in the order of 4PS."""
