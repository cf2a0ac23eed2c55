"""Every queue visit right, judged by the PBX's own log; and the same facts however the bytes are cut, lazy or not."""

import json
import random
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from ccwall_adapters.asterisk_ami import AmiSession, AmiSettings
from tests.adapters.asterisk_ami.test_session import CAPTURES, first_bytes, steps
from tests.adapters.contract import PlainDirectory, Step, encoded, play

JUDGE = CAPTURES.parent / "compare_visits.py"
VISITS = {
    "a-midshift": 64,
    "b-steady": 58,
    "d-breaks": 69,
    "e-restart": 76,
    "f-reload": 56,
    "g-resetstats": 44,
    "h-timestamp-chanvars": 39,
    "j-local-optimised": 33,
}


def session(*, lazy: bool = True) -> AmiSession:
    return AmiSession(AmiSettings(username="", secret="", lazy=lazy), PlainDirectory(wrap_up=5.0), "observe")


def judged(scenario: str, client: str, contacts: Path, *flags: str) -> str:
    """Replay as a user would, and what the judge says of it."""
    transcript = CAPTURES / scenario / f"{client}.wire.ndjson.gz"
    replay = ["replay", str(transcript), "--contacts", str(contacts)]
    subprocess.run([Path(sys.executable).with_name("ccwall"), *replay], check=True, capture_output=True)
    visits = CAPTURES / scenario / "visits.ndjson"
    verdict = subprocess.run(
        [sys.executable, str(JUDGE), str(visits), str(contacts), str(transcript), *flags],
        check=False,
        capture_output=True,
        text=True,
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    return verdict.stdout


@pytest.mark.parametrize(("scenario", "visits"), VISITS.items())
def test_every_visit_of_a_genuine_transcript_is_right(scenario: str, visits: int, tmp_path: Path) -> None:
    said = judged(scenario, "ami", tmp_path / "contacts.ndjson")
    assert said.startswith(f"{visits}/{visits} visits right, {{'right': {visits}}}")


@pytest.mark.parametrize("scenario", VISITS)
def test_nothing_a_genuine_asterisk_says_is_unknown(scenario: str) -> None:
    listening = session()
    play(listening, list(steps(CAPTURES / scenario / "ami.wire.ndjson.gz")))
    assert not [kind for kind in listening.counts if kind.startswith("unknown:")]


def test_a_filtered_client_gets_all_it_can_know_and_says_what_it_cannot(tmp_path: Path) -> None:
    said = judged("b-steady", "ami-filtered", tmp_path / "contacts.ndjson", "--filtered")
    assert said.startswith("58/58 visits right")
    contacts = [json.loads(line) for line in (tmp_path / "contacts.ndjson").read_text("utf-8").splitlines()]
    assert {contact["cause"] for contact in contacts if contact["outcome"] == "abandoned"} == {"unknown"}


def test_the_judge_can_say_no(tmp_path: Path) -> None:
    transcript, contacts = CAPTURES / "j-local-optimised" / "ami.wire.ndjson.gz", tmp_path / "contacts.ndjson"
    contacts.write_text("")
    visits = CAPTURES / "j-local-optimised" / "visits.ndjson"
    said = subprocess.run(
        [sys.executable, JUDGE, visits, contacts, transcript], check=False, capture_output=True, text=True
    )
    assert said.returncode == 1
    assert "missing" in said.stdout


@pytest.mark.parametrize("scenario", VISITS)
def test_laziness_changes_nothing(scenario: str) -> None:
    wire = list(steps(CAPTURES / scenario / "ami.wire.ndjson.gz"))
    assert encoded(play(session(), wire)) == encoded(play(session(lazy=False), wire))


APART = 2048
"""Bytes from one cut of a read to its next: more than any message is long, so none is cut twice."""


@pytest.mark.slow
def test_every_single_split_of_64_kib_gives_the_same_facts() -> None:
    """A stretch with lists, UTF-8 names, waiting callers and conversations. In round `n` every recorded read is cut
    after its byte `n` and every APART bytes from there, so each place there is has been a border once."""
    whole = first_bytes(CAPTURES / "a-midshift" / "ami.wire.ndjson.gz", 64 << 10)
    wanted = encoded(play(session(), whole))
    received = b"".join(step.data for step in whole if step.kind == "rx")
    assert len(received) == 64 << 10
    assert max(len(message) for message in received.split(b"\r\n\r\n")) < APART
    borders = 0
    for place in range(1, APART + 1):
        pieces = split(whole, place)
        borders += len(pieces) - len(whole)
        assert encoded(play(session(), pieces)) == wanted, place
    assert borders == sum(len(step.data) - 1 for step in whole if step.kind == "rx")


def split(wire: list[Step], place: int) -> list[Step]:
    """Every read that is longer than `place` in pieces."""
    pieces: list[Step] = []
    for step in wire:
        places = range(place, len(step.data), APART) if step.kind == "rx" else ()
        borders = [0, *places, len(step.data)]
        pieces += [Step(step.kind, step.data[a:b], step.at) for a, b in pairwise(borders)]
    return pieces


@pytest.mark.slow
def test_a_whole_transcript_byte_by_byte_gives_the_same_facts() -> None:
    wire = list(steps(CAPTURES / "j-local-optimised" / "ami.wire.ndjson.gz"))
    crumbs = [Step(s.kind, s.data[i : i + 1], s.at) for s in wire for i in range(max(1, len(s.data)))]
    assert encoded(play(session(), crumbs)) == encoded(play(session(), wire))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_fifty_random_cuttings_of_a_whole_transcript_give_the_same_facts(seed: int) -> None:
    """Cut anywhere, joined over the borders of the recorded reads: only the instants may differ, so they are one."""
    dice = random.Random(seed)
    wire, wanted = at_one_instant(list(VISITS)[seed % len(VISITS)])
    assert encoded(play(session(), recut(wire, dice))) == wanted


@cache
def at_one_instant(scenario: str) -> tuple[list[Step], list[bytes]]:
    """A transcript all of which was said at one instant, and its facts."""
    recorded = steps(CAPTURES / scenario / "ami.wire.ndjson.gz")
    wire = [Step(step.kind, step.data, 1_795_307_400.0) for step in recorded]
    return wire, encoded(play(session(), wire))


def recut(wire: list[Step], dice: random.Random) -> list[Step]:
    """Received bytes joined until a question, an opening or a close, and cut anew."""
    pieces: list[Step] = []
    joined = b""
    longest = dice.choice((400, 1500, 70_000))
    for step in [*wire, Step("end")]:
        if step.kind == "rx":
            joined += step.data
            continue
        while joined:
            size = dice.randint(1, longest)
            pieces.append(Step("rx", joined[:size], step.at if step.kind != "end" else wire[-1].at))
            joined = joined[size:]
        if step.kind != "end":
            pieces.append(step)
    return pieces
