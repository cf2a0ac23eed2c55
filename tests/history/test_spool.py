"""What goes to the disk together."""

from collections.abc import Sequence

from ccwall.events import AnyEvent, SeatId, SeatOccupied, SiteId, SourceId, SourceTook
from ccwall.history.rows import row_of
from ccwall.history.spool import Spool
from ccwall.intake import Intake


def filled(*breaths: tuple[float, int]) -> Spool:
    """Of each breath when it was heard, and how many facts it had before its mark."""
    spool = Spool()
    intake = Intake(SiteId("site"), lambda envelope: spool.add(row_of(envelope)))
    for received, facts in breaths:
        said: Sequence[AnyEvent] = [SeatOccupied(at=1e9, seat=SeatId(f"A-{n}")) for n in range(facts)]
        intake.take(SourceId("desks"), [*said, SourceTook(at=1e9, stream="x", mark="1")], received)
    return spool


def groups(spool: Spool, count: int) -> list[int]:
    sizes = []
    while rows := spool.head(count, 1 << 20):
        spool.forget(rows)
        sizes.append(len(rows))
    return sizes


def test_no_fact_is_committed_without_the_mark_that_was_said_with_it() -> None:
    assert groups(filled((1.0, 2), (2.0, 2), (3.0, 4)), 4) == [6, 5]


def test_what_is_said_at_one_instant_for_ever_is_cut_nevertheless() -> None:
    assert groups(filled(*((1.0, 3) for _ in range(10))), 4) == [8] * 5
