"""``[defaults]``, ``[[queue]]`` and ``[[line]]``: what queues and business lines are judged by."""

from collections.abc import Callable
from typing import get_args

import msgspec

from ccwall.config.shape import Queue, line_card
from ccwall.events import LineCard, Measure, QueueCard, QueueId, SourceId, Variant
from ccwall.sheet import Sheet, shown

VARIANTS: tuple[Variant, ...] = get_args(Variant)
LONGEST_MEASURE = 600
"""Seconds up to which the histograms of the engine know every whole one."""
KnownSource = Callable[[Sheet, str, str], bool]
"""Notes the mistake when the text under a key of a sheet is no source."""


def card(sheet: Sheet, base: QueueCard, wrap_up: float, **more: object) -> tuple[QueueCard, float]:
    """A queue's card and its wrap-up, with ``base`` where the sheet says nothing."""
    found = msgspec.structs.replace(
        base,
        team=sheet.text("team", base.team),
        threshold=sheet.duration("threshold", base.threshold, 3600),
        short=sheet.duration("short", base.short, 3600),
        variant=sheet.choice("variant", VARIANTS, base.variant),
        measures=_measures(sheet.table("service_levels"), base.measures),
        flow_outs=sheet.choice("flow_outs", ("exclude", "count"), base.flow_outs),
        callbacks=sheet.choice("callbacks", ("exclude", "removed"), base.callbacks),
        patience=sheet.duration("patience", base.patience or 0.0) or None,
        service_level_target=sheet.share("service_level_target", base.service_level_target),
        answer_rate_target=sheet.share("answer_rate_target", base.answer_rate_target),
        satisfaction_target=sheet.share("satisfaction_target", base.satisfaction_target),
        longest_wait_limit=sheet.duration("longest_wait_limit", base.longest_wait_limit),
        waiting_limit=sheet.whole("waiting_limit", base.waiting_limit, 0, 100_000),
        **more,
    )
    wrap_up = sheet.duration("wrap_up", wrap_up, 3600)
    sheet.finish()
    return found, wrap_up


def _measures(sheet: Sheet, base: dict[str, Measure]) -> dict[str, Measure]:
    """Thresholds of single formulas; what a queue leaves out it has from the defaults."""
    found: dict[str, Measure] = {}
    for variant in VARIANTS:
        own, usual = sheet.table(variant), base.get(variant, Measure())
        measure = Measure(
            threshold=own.whole_seconds("threshold", usual.threshold, LONGEST_MEASURE),
            short=own.whole_seconds("short", usual.short, LONGEST_MEASURE),
        )
        own.finish()
        if measure != Measure():
            found[variant] = measure
    sheet.finish()
    return found


def queues(
    sheets: list[Sheet], default: QueueCard, wrap_up: float, sources: set[str], known: KnownSource
) -> tuple[Queue, ...]:
    found: dict[QueueId, Queue] = {}
    taken: dict[tuple[SourceId, str], str] = {}
    for place, sheet in enumerate(sheets, 1):
        natives = _natives(sheet, sources, known)
        for native in natives:
            if native in taken:
                sheet.wrong("native", f"{native[1]} of {native[0]} is already {taken[native]}")
            taken[native] = sheet.path
        first = f"{natives[0][0]}/{natives[0][1]}" if natives else ""
        key = QueueId(sheet.text("id", first))
        if key in found and key:
            sheet.wrong("id", f"{shown(key)} is already the id of another queue")
        own, own_wrap_up = card(
            sheet,
            default,
            wrap_up,
            names=sheet.names("name", {}),
            line=sheet.text("line"),
            order=sheet.whole("order", place, -100_000, 100_000),
        )
        found[key] = Queue(id=key, natives=natives, card=own, wrap_up=own_wrap_up)
    return tuple(found.values())


def _natives(sheet: Sheet, sources: set[str], known: KnownSource) -> tuple[tuple[SourceId, str], ...]:
    """``source`` and ``native``, or a list of ``{ source, name }`` in ``native``."""
    if not isinstance(sheet.raw("native"), list):
        native = sheet.text("native", required=True)
        only = next(iter(sources)) if len(sources) == 1 else ""
        source = sheet.text("source", only, required=not only)
        return ((SourceId(source), native),) if native and known(sheet, "source", source) else ()
    found = []
    for part in sheet.tables("native"):
        source, native = part.text("source", required=True), part.text("name", required=True)
        if source and known(part, "source", source) and native:
            found.append((SourceId(source), native))
        part.finish()
    return tuple(found)


def lines(sheets: list[Sheet], default: QueueCard) -> dict[str, LineCard]:
    found: dict[str, LineCard] = {}
    for place, sheet in enumerate(sheets, 1):
        key = sheet.text("id", required=True)
        if key and key in found:
            sheet.wrong("id", f"{shown(key)} is already the id of another line")
        usual = line_card(default, {}, place)
        found[key] = LineCard(
            names=sheet.names("name", {}),
            direction=sheet.choice("direction", ("in", "out"), usual.direction),
            order=sheet.whole("order", place, -100_000, 100_000),
            service_level_target=sheet.share("service_level_target", usual.service_level_target),
            answer_rate_target=sheet.share("answer_rate_target", usual.answer_rate_target),
            satisfaction_target=sheet.share("satisfaction_target", usual.satisfaction_target),
            connect_rate_target=sheet.share("connect_rate_target", usual.connect_rate_target),
            completion_target=sheet.share("completion_target", usual.completion_target),
        )
        sheet.finish()
    return found
