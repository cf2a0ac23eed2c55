"""From a CSTA switch's bytes to facts, against a plain `xml.etree` parse of the same bytes.

The wire is a simulated floor's, made anew with the same seed: ten minutes of the scenario `monday_peak`. `xml.etree` stops at
a tree of elements, and gets the messages already cut; ccwall cuts them, refuses what is dangerous in them, and goes on to
normalised facts with ids.
"""

import xml.etree.ElementTree as Plain
from statistics import median

from benchmarks.timing import Work, interleaved, spread, table
from ccwall.config import Config
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AnyEvent, SourceId
from ccwall_adapters.csta_xml import CstaSession, CstaSettings
from ccwall_adapters.csta_xml.frame import Frames
from ccwall_simulators.callcentre import CallCentre, load_scenario
from ccwall_simulators.csta import CstaSwitch

WANTED = 0.25
"""Times as fast as the parse alone: below it, the run fails."""
START = 1_795_312_800.0
SECONDS = 600.0
STEP = 0.25
SOURCE = SourceId("switch")

Record = tuple[str, bytes, float]


def session(settings: CstaSettings, mode: str = "observe") -> CstaSession:
    return CstaSession(
        settings, ConfiguredDirectory(SOURCE, Config()), "live" if mode == "live" else "observe"
    )


def wire() -> tuple[CstaSettings, list[Record]]:
    """What a living session heard and asked."""
    floor = CallCentre(load_scenario("monday_peak"), seed=1, start=START)
    far_end = CstaSwitch(floor, start=START, seed=1)
    groups = {number: queue for queue, number in far_end.groups.items()}
    settings = CstaSettings(devices=tuple(far_end.phones), groups=groups)
    living, line, records = session(settings, "live"), far_end.connect(), list[Record]()
    living.open(START)
    while far_end.now < START + SECONDS:
        while asked := living.outgoing():
            records.append(("tx", asked, far_end.now))
            line.receive(asked)
            if heard := line.outgoing():
                records.append(("rx", heard, far_end.now))
                living.receive(heard, far_end.now)
        far_end.advance(far_end.now + STEP)
        if heard := line.outgoing():
            records.append(("rx", heard, far_end.now))
            living.receive(heard, far_end.now)
        living.tick(far_end.now)
    return settings, records


def facts(settings: CstaSettings, records: list[Record]) -> list[AnyEvent]:
    """All that an observing session has to say to it."""
    told: list[AnyEvent] = []
    observer = session(settings)
    observer.open(START)
    for kind, data, at in records:
        if kind == "rx":
            told += observer.receive(data, at)
        else:
            observer.sent(data, at)
    return told


def run(rounds: int) -> bool:
    """Print the table; whether the speed is as it must be."""
    settings, records = wire()
    received = [(data, at) for kind, data, at in records if kind == "rx"]
    frames = Frames()
    messages = [xml for data, _ in received for _, xml in frames.feed(data)]
    size, told = sum(len(data) for data, _ in received), facts(settings, records)
    rivals: dict[str, Work] = {
        "ccwall: bytes to facts": lambda: facts(settings, records),
        "xml.etree: fromstring alone": lambda: [Plain.fromstring(xml) for xml in messages],
    }
    taken = interleaved(rivals, rounds)
    print(
        f"csta: {size:,} bytes, {len(messages):,} messages, {len(told):,} facts; medians of {rounds} rounds\n"
    )
    table(
        ["", "ms", "± %", "MB/s", "messages/s", "facts/s"],
        [
            [
                name,
                f"{median(times) * 1e3:.1f}",
                f"{spread(times) * 100:.0f}",
                f"{size / median(times) / 1e6:.1f}",
                f"{len(messages) / median(times):,.0f}",
                f"{len(told) / median(times):,.0f}" if name.startswith("ccwall") else "",
            ]
            for name, times in taken.items()
        ],
    )
    plain, ours = taken["xml.etree: fromstring alone"], taken["ccwall: bytes to facts"]
    ratio = median(theirs / own for theirs, own in zip(plain, ours, strict=True))
    print(f"  {ratio:.2f} times as fast as the parse alone (median of the rounds); wanted: {WANTED}\n")
    return len(told) > 1000 and ratio >= WANTED
