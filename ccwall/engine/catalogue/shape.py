"""The shape of a catalogue entry. Everything a person reads is there in every language of the wall."""

from typing import Literal, TypedDict

import msgspec

from ccwall.engine.catalogue.terms import SYMBOLS, TERMS, Texts
from ccwall.engine.scope import ScopeKind

Unit = Literal["count", "calls", "people", "share", "seconds", "instant", "per_second", "level"]
"""``calls`` is a mean number of calls, ``level`` the load from 1 to 5. Of ``instant`` people see the time of day."""
Kind = Literal["count", "rate", "mean", "max", "percentile", "gauge", "people", "outlook"]
Basis = Literal["event", "cohort", "asked", "now"]
"""``asked``: by event or by arrival, as asked. ``event`` and ``cohort``: always so. ``now``: of this moment."""
WindowKind = Literal["today", "interval", "rolling"]
LANGUAGES = ("en", "zh-CN", "zh-TW")


class Term(msgspec.Struct, frozen=True, gc=False):
    """One term of a sum, and whether it is added or taken away."""

    term: str
    sign: int = 1


class Metric(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One number that a screen can show.

    ``key`` is its name in questions and, unless ``path`` says otherwise, on the board. ``numerator`` and ``denominator`` are
    the terms of a quotient; ``symbols`` and ``words`` the formula, ``edge`` what happens in the corners (may be empty).
    ``windows`` is empty for what is of this moment. ``since``: the board carries the instant at which it began, and its
    value is the age. ``better`` and ``target``: which way is good, and the name of what it is judged by.
    """

    key: str
    kind: Kind
    unit: Unit
    basis: Basis
    names: dict[str, str]
    plain: dict[str, str]
    words: dict[str, str]
    edge: dict[str, str] = {}
    symbols: str = ""
    numerator: tuple[Term, ...] = ()
    denominator: tuple[Term, ...] = ()
    scopes: tuple[ScopeKind, ...]
    windows: tuple[WindowKind, ...]
    path: tuple[str, ...] = ()
    since: bool = False
    better: Literal["high", "low", ""] = ""
    target: str = ""


class More(TypedDict, total=False):
    """What only some entries of a kind say of themselves."""

    basis: Basis
    symbols: str
    scopes: tuple[ScopeKind, ...]
    path: tuple[str, ...]
    since: bool
    better: Literal["high", "low", ""]
    target: str


CONTACTS: tuple[ScopeKind, ...] = ("floor", "site", "line", "team", "queue")
PERSONAL: tuple[ScopeKind, ...] = (*CONTACTS, "agent")
AHEAD: tuple[ScopeKind, ...] = ("floor", "queue")
WINDOWS: tuple[WindowKind, ...] = ("today", "interval", "rolling")
SHIFT: tuple[WindowKind, ...] = ("today", "interval")


def terms(text: str) -> tuple[Term, ...]:
    """The terms of a written sum.

    >>> terms("answered - short")
    (Term(term='answered', sign=1), Term(term='short', sign=-1))
    """
    found, sign = [], 1
    for word in text.split():
        if word in ("+", "-"):
            sign = 1 if word == "+" else -1
        else:
            found.append(Term(word, sign))
            sign = 1
    return tuple(found)


def in_symbols(numerator: tuple[Term, ...], denominator: tuple[Term, ...]) -> str:
    """The quotient in letters.

    >>> in_symbols(terms("answered_within"), terms("answered + abandoned_total - short + overdue"))
    'A_T / (A + B − B_S + W_T)'
    """
    return _quotient(numerator, denominator, SYMBOLS, " / ")


def in_words(numerator: tuple[Term, ...], denominator: tuple[Term, ...]) -> Texts:
    """The quotient in the words of the terms, in every language.

    >>> in_words(terms("answered"), terms("offered + refused"))["en"]
    'answered ÷ (offered + refused)'
    """
    found = {}
    for language in LANGUAGES:
        named = {key: names[language] for key, names in TERMS.items()}
        found[language] = _quotient(numerator, denominator, named, " ÷ ")
    return found


def _quotient(
    numerator: tuple[Term, ...], denominator: tuple[Term, ...], named: dict[str, str], over: str
) -> str:
    return over.join(_sum(side, named, bool(denominator)) for side in (numerator, denominator) if side)


def _sum(parts: tuple[Term, ...], named: dict[str, str], bracketed: bool) -> str:
    text = named[parts[0].term]
    for part in parts[1:]:
        text += f" {'+' if part.sign > 0 else '−'} {named[part.term]}"
    return f"({text})" if bracketed and len(parts) > 1 else text
