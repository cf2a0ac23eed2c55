"""The numbers on the board agree with the PBX's own log, queue by queue."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.asterisk_ami.test_session import CAPTURES

WHOLE = [
    "b-steady",
    "d-breaks",
    "e-restart",
    "f-reload",
    "g-resetstats",
    "h-timestamp-chanvars",
    "j-local-optimised",
]
"""Transcripts that begin before the first call; a-midshift does not."""


@pytest.mark.parametrize("scenario", WHOLE)
def test_the_counters_are_those_of_the_queue_log(scenario: str) -> None:
    transcript = CAPTURES / scenario / "ami.wire.ndjson.gz"
    said = subprocess.run(
        [Path(sys.executable).with_name("ccwall"), "replay", transcript, "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    queues = json.loads(said.stdout)["queues"]
    wanted = Counter[tuple[str, str]]()
    for line in (CAPTURES / scenario / "visits.ndjson").read_text("utf-8").splitlines():
        visit = json.loads(line)
        wanted[visit["queue"], "lost" if visit["outcome"] == "open" else visit["outcome"]] += 1
    counted = Counter[tuple[str, str]]()
    for queue, numbers in queues.items():
        counted[queue, "answered"] = numbers["answered"]
        counted[queue, "abandoned"] = numbers["abandoned"] + numbers["short"]
        counted[queue, "flowed_out"] = sum(numbers["flowed_out"].values())
        counted[queue, "lost"] = numbers["lost"]
    assert +counted == wanted
