"""What a recording comes to."""

from pathlib import Path

import msgspec

from ccwall.config import Config
from ccwall.offline import Performance, visit
from ccwall.transcript import Record, read
from ccwall_simulators import rounds

RECORDING = rounds.shipped()[0]
DAY = 86_400


def moved_to_midnight(path: Path) -> list[Record]:
    """The records, with midnight (UTC) in their middle."""
    with read(path) as recording:
        records = list(recording)
    middle = (records[0].t + records[-1].t) / 2
    seconds = DAY - round(middle) % DAY
    shift = rounds.Shift(middle, seconds)
    return [
        msgspec.structs.replace(record, t=record.t + seconds, body=shift.feed(record.body))
        if record.kind == "rx"
        else msgspec.structs.replace(record, t=record.t + seconds)
        for record in records
    ]


def test_visits_of_yesterday_are_not_forgotten() -> None:
    records = moved_to_midnight(RECORDING)
    assert int(records[0].t // DAY) + 1 == int(records[-1].t // DAY)
    with read(RECORDING) as recording:
        performance, reference = Performance(recording, Config()), Performance(recording, Config())
        for record in records:
            performance.play(record)
        for record in recording:
            reference.play(record)
    found, expected = performance.outcome().contacts, reference.outcome().contacts
    assert [(each.caller, each.outcome) for each in found] == [
        (each.caller, each.outcome) for each in expected
    ]
    assert len(list(performance.engine.contacts())) < len(found)


def test_a_replay_gives_the_same_visits_every_time() -> None:
    def once() -> bytes:
        with read(RECORDING) as recording:
            performance = Performance(recording, Config())
            for record in recording:
                performance.play(record)
        return msgspec.json.encode([visit(each) for each in performance.outcome().contacts])

    assert once() == once()
