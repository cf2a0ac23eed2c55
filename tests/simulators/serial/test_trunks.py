"""What boxes, modems and printers beside the lines of a floor notice, against the calls as they were."""

from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.callcentre import happening as h
from ccwall_simulators.callcentre.shared import SharedFloor
from ccwall_simulators.serial.trunks import RING_EVERY, Call, Trunks

START = 1_795_312_800.0
MANY = 200


class Notes:
    def __init__(self) -> None:
        self.told: list[tuple[str, int, float, str]] = []

    def rings(self, call: Call, t: float) -> None:
        self.told.append(("rings", call.line, t, call.number))

    def lifted(self, call: Call, t: float) -> None:
        self.told.append(("lifted", call.line, t, call.agent))

    def over(self, call: Call, t: float) -> None:
        self.told.append(("over", call.line, t, call.number))


def lived(lines: int) -> tuple[Notes, list[h.AnyHappening]]:
    shared = SharedFloor(CallCentre(load_scenario("small_floor"), 5, START))
    notes, view = Notes(), shared.view()
    trunks = Trunks(shared.view(), lines, notes)
    happened: list[h.AnyHappening] = []
    for step in range(180):
        trunks.advance(START + 10.0 * step)
        happened += view.advance(START + 10.0 * step)
    return notes, happened


def test_every_caller_rings_is_answered_and_gone_when_it_was_so() -> None:
    notes, happened = lived(MANY)
    said = set(notes.told)
    answered = {each.call: each for each in reversed(happened) if isinstance(each, h.CallAnswered)}
    arrived = [each for each in happened if isinstance(each, h.CallArrived)]
    assert len(arrived) > 50
    for each in arrived:
        assert any((what, t, number) == ("rings", each.t, each.number) for what, _, t, number in said)
        if (first := answered.get(each.call)) is not None:
            assert any((what, t, who) == ("lifted", first.t, first.agent) for what, _, t, who in said)
    ended = {each.call for each in happened if isinstance(each, h.CallEnded)} & {
        each.call for each in arrived
    }
    outside = sum(isinstance(each, h.SideCallEnded) for each in happened)
    over = sum(what == "over" for what, *_ in notes.told)
    assert len(ended) <= over <= len(ended) + outside


def test_a_line_rings_every_six_seconds_until_somebody_answers_and_has_one_call_at_a_time() -> None:
    notes, _ = lived(2)
    last: dict[int, tuple[str, float]] = {}
    for what, line, t, _ in notes.told:
        before, when = last.get(line, ("over", 0.0))
        assert t >= when
        assert line in (1, 2)
        if what == "rings" and before == "rings":
            assert t == when + RING_EVERY
        else:
            assert (before, what) in {
                ("over", "rings"), ("over", "lifted"), ("rings", "lifted"), ("rings", "over"), ("lifted", "over"),
            }  # fmt: skip
        last[line] = what, t
    assert len(notes.told) > 50
