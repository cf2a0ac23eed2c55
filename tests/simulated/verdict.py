"""What ccwall told of a day against what happened: contact by contact, gap by gap.

Contacts are as `/api/contacts` shows them; the truth is the simulator's, in the words of its visits. All times are floor
seconds. *blind* are the stretches in which the test knows that nothing could be heard; *marked* what ccwall itself says it missed.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

Span = tuple[float, float]
Told = Mapping[str, object]


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """One visit as it was. `ended` is infinite while it lasts; `agent` is the person who answered."""

    call: str
    queue: str
    queued: float
    ended: float
    outcome: str
    cause: str = ""
    wait: float | None = None
    agent: str = ""


class Tolerance(msgspec.Struct, frozen=True, kw_only=True):
    """How exact one may be. `moment`: two clocks' readings of one moment. `early`: a link is silent before it is called so, and what
    was heard last is older than the fault by a ping. `late`: from the far end's health to the end of the resync."""

    moment: float
    early: float
    late: float


class Verdict(msgspec.Struct, kw_only=True):
    """`mistakes` is empty when all is well; the rest says how much was looked at."""

    mistakes: list[str]
    truth: int = 0
    told: int = 0
    before: int = 0
    """of the unseen, those that were over before ccwall came"""
    equal: int = 0
    touched: int = 0
    unseen: int = 0
    lost: int = 0
    gaps: int = 0


def judge(
    truth: Sequence[Truth],
    told: Sequence[Told],
    *,
    marked: Sequence[Span],
    began: float,
    exact: Tolerance,
) -> Verdict:
    """`began` is when ccwall first heard the floor: what was before is no gap, but nothing is known of it."""
    verdict = Verdict(mistakes=[], truth=len(truth), told=len(told), gaps=len(marked))
    marked = [*marked, (-math.inf, began)]
    paired, left = _pair(truth, told, exact, verdict.mistakes)
    for number, visit in enumerate(truth):
        _judge_visit(visit, paired.get(number), marked, began, exact, verdict)
    verdict.mistakes.extend(f"invented: {_short(card)}" for card in left)
    return verdict


def judge_marks(
    blind: Sequence[Span],
    marked: Sequence[Span],
    exact: Tolerance,
    mistakes: list[str],
    perhaps: Sequence[Span] = (),
) -> None:
    """Every gap is marked, and nothing else but what may have been one."""
    for start, end in blind:
        if not any(a <= start + exact.moment and b >= end - exact.moment for a, b in marked):
            mistakes.append(f"a gap is not marked: {start:.1f} to {end:.1f} ({end - start:.1f} s)")
    known = _joined([*blind, *perhaps], exact)
    for a, b in marked:
        if not any(start - exact.early <= a and b <= end + exact.late for start, end in known):
            mistakes.append(f"marked falsely: {a:.1f} to {b:.1f}")


def _joined(blind: Sequence[Span], exact: Tolerance) -> list[Span]:
    """Faults so close that ccwall cannot have been well in between are one."""
    joined: list[Span] = []
    for start, end in sorted(blind):
        if joined and start - joined[-1][1] <= exact.early + exact.late:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _pair(
    truth: Sequence[Truth], told: Sequence[Told], exact: Tolerance, mistakes: list[str]
) -> tuple[dict[int, Told], list[Told]]:
    """Each card with its visit, nearest first: one call may visit a queue twice, and one of the two may not have been seen."""
    ids = Counter(str(card["id"]) for card in told)
    mistakes.extend(f"told twice: {id}" for id, times in ids.items() if times > 1)
    visits: dict[tuple[str, str], list[int]] = {}
    for number, visit in enumerate(truth):
        visits.setdefault((visit.call, visit.queue), []).append(number)
    possible = sorted(
        (_distance(truth[number], card), number, place)
        for place, card in enumerate(told)
        for number in visits.get((str(card.get("call", "")), str(card["queue_name"])), ())
        if _may_be(truth[number], card, exact)
    )
    paired: dict[int, Told] = {}
    used: set[int] = set()
    for _, number, place in possible:
        if number not in paired and place not in used:
            paired[number] = told[place]
            used.add(place)
    return paired, [card for place, card in enumerate(told) if place not in used]


def _may_be(visit: Truth, card: Told, exact: Tolerance) -> bool:
    """Of a call met in conversation only its beginning is known, which may lie before this queue."""
    queued = _number(card, "queued")
    return queued <= visit.ended + exact.moment and (
        queued >= visit.queued - exact.moment or bool(card.get("inferred"))
    )


def _distance(visit: Truth, card: Told) -> float:
    ends = abs(_number(card, "ended") - visit.ended)
    return ends if math.isfinite(ends) else abs(_number(card, "queued") - visit.queued)


def _judge_visit(
    visit: Truth,
    card: Told | None,
    marked: Sequence[Span],
    began: float,
    exact: Tolerance,
    verdict: Verdict,
) -> None:
    what = f"{visit.call} in {visit.queue} ({visit.outcome} {visit.queued:.1f}–{visit.ended:.1f})"
    if card is None:
        inside = any(a - exact.moment <= visit.queued and visit.ended <= b + exact.moment for a, b in marked)
        if inside:
            verdict.unseen += 1
            verdict.before += visit.ended <= began + exact.moment
        else:
            verdict.mistakes.append(f"not told: {what}")
        return
    touches = any(visit.queued <= b and visit.ended >= a for a, b in marked)
    if touches:
        verdict.touched += 1
        outcome = card.get("outcome")
        verdict.lost += outcome == "lost"
        if outcome not in (visit.outcome, "lost"):
            verdict.mistakes.append(f"touched by an outage and told wrong: {what}: {_short(card)}")
    elif wrong := _differs(visit, card, exact):
        verdict.mistakes.append(f"{wrong}: {what}: {_short(card)}")
    else:
        verdict.equal += 1
    if visit.queued <= began + exact.moment:
        return  # it was under way when we came: no outage, and no mark
    clear = not any(visit.queued - exact.moment <= b and visit.ended + exact.moment >= a for a, b in marked)
    deep = any(visit.queued + exact.moment <= b and visit.ended - exact.moment >= a for a, b in marked)
    if (card.get("incomplete") and clear) or (deep and not card.get("incomplete")):
        verdict.mistakes.append(f"its incomplete mark is wrong: {what}: {_short(card)}")


def _differs(visit: Truth, card: Told, exact: Tolerance) -> str:
    if card.get("outcome") != visit.outcome:
        return "outcome"
    if visit.cause and card.get("cause", "") != visit.cause:
        return "cause"
    if not abs(_number(card, "queued") - visit.queued) <= exact.moment:  # also when it is missing
        return "queued"
    if visit.outcome == "answered" and visit.agent and card.get("agent") != visit.agent:
        return "agent"
    if (
        visit.wait is not None
        and visit.outcome != "lost"
        and not abs(_number(card, "wait") - visit.wait) <= exact.moment
    ):
        return "wait"
    return ""


def _number(card: Told, key: str) -> float:
    value = card.get(key)
    return float(value) if isinstance(value, int | float) else float("nan")


def _short(card: Told) -> str:
    kept = ("id", "outcome", "cause", "queued", "ended", "wait", "interface", "incomplete", "inferred")
    return ", ".join(f"{key}={card[key]}" for key in kept if key in card)
