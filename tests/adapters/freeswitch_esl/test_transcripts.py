"""Every queue visit right, judged by the PBX's own log; and the same facts however the bytes are cut, lazy or not, plain
or JSON."""

import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest

from ccwall.config import Config
from ccwall.events import (
    AnyEvent,
    ContactAnswered,
    ContactHeld,
    ContactNotAnswered,
    ContactReleased,
    ContactTransferred,
    SourceLimited,
    SourceResyncFinished,
)
from ccwall.offline import replay, write_visits
from ccwall.transcript import read
from ccwall_adapters.freeswitch_esl import EslSession, EslSettings
from tests.adapters.contract import PlainDirectory, Step, encoded, play
from tests.adapters.freeswitch_esl.pbx import CAPTURES, steps

JUDGE = CAPTURES.parent / "compare_visits.py"
VISITS = {
    "churn/esl": 25,
    "churn/esl-json": 25,
    "loopback/esl": 6,
    "loopback/esl-json": 6,
    "midshift/esl": 42,
    "midshift/esl-json": 42,
    "midshift/esl-snapshot-first": 42,
    "midshift/esl-late": 17,
    "restart/esl": 61,
    "restart/esl-json": 61,
    "smoke/esl": 4,
    "smoke/esl-json": 4,
    "smoke/esl-brief-order": 4,
    "steady/esl": 41,
    "steady/esl-json": 41,
}
PROTOCOL = sorted(path.name.partition(".")[0] for path in (CAPTURES / "protocol").glob("*.wire.ndjson.gz"))
WHOLE = ["churn", "loopback", "smoke", "steady"]
"""Scenarios in which the client was there from the beginning to the end."""

CANCELLED = {"LOSE_RACE", "ORIGINATOR_CANCEL", "SYSTEM_SHUTDOWN"}
RANG = {"NO_ANSWER", "ALLOTTED_TIMEOUT"}


def transcript(name: str) -> Path:
    return CAPTURES / f"{name}.wire.ndjson.gz"


def session(*, lazy: bool = True) -> EslSession:
    return EslSession(EslSettings(password="", lazy=lazy), PlainDirectory(), "observe")


def ticked(wire: Sequence[Step], listening: EslSession) -> list[AnyEvent]:
    """All facts, with time passing in between as `ccwall replay` lets it pass."""
    facts: list[AnyEvent] = []
    now = wire[0].at
    for step in wire:
        while now + 0.5 <= step.at:
            now += 0.5
            facts += listening.tick(now)
        facts += play(listening, [step])
    return facts


def heard(name: str) -> list[AnyEvent]:
    return ticked(list(steps(transcript(name))), session())


def judged(name: str, tmp_path: Path) -> tuple[int, str]:
    """Replayed as a user would, and the judge's exit code and last line."""
    with read(transcript(name)) as recording:
        outcome = replay(recording, Config())
    contacts = tmp_path / "contacts.ndjson"
    with BytesIO() as out:
        write_visits(outcome.contacts, out)
        contacts.write_bytes(out.getvalue())
    return judge(name, contacts)


def judge(name: str, contacts: Path) -> tuple[int, str]:
    visits, wire = transcript(name).parent / "visits.ndjson", transcript(name)
    said = subprocess.run(
        [sys.executable, JUDGE, visits, contacts, wire], check=False, capture_output=True, text=True
    )
    return said.returncode, said.stdout.strip()


@pytest.mark.parametrize(("name", "visits"), VISITS.items())
def test_every_visit_of_a_genuine_transcript_is_right(name: str, visits: int, tmp_path: Path) -> None:
    assert judged(name, tmp_path) == (0, f"{visits}/{visits} visits right, {{'right': {visits}}}")


def test_the_judge_can_say_no(tmp_path: Path) -> None:
    contacts = tmp_path / "contacts.ndjson"
    contacts.write_text("")
    code, said = judge("smoke/esl", contacts)
    assert (code, "missing" in said) == (1, True)


@pytest.mark.parametrize("scenario", WHOLE)
def test_the_totals_are_those_of_the_pbx(scenario: str) -> None:
    """Per agent how many were answered and how their phones failed, the holds, and who ended each conversation."""
    facts = heard(f"{scenario}/esl")
    expected = json.loads((CAPTURES / scenario / "expected.json").read_text("utf-8"))
    answered = Counter(fact.agent.removeprefix("src/") for fact in facts if isinstance(fact, ContactAnswered))
    failed: dict[str, Counter[str]] = {}
    for fact in facts:
        if isinstance(fact, ContactNotAnswered):
            how = "cancelled" if fact.cancelled else "rang" if fact.ring_time > 0 else "declined"
            failed.setdefault(fact.agent.removeprefix("src/"), Counter())[how] += 1
    for name, told in expected["agents"].items():
        assert answered[name] == told["answered"], name
        wanted: Counter[str] = Counter()
        for cause, times in told["offers_failed"].items():
            wanted["cancelled" if cause in CANCELLED else "rang" if cause in RANG else "declined"] += times
        got = failed.get(name, Counter())
        assert (got["rang"], got["declined"]) == (wanted["rang"], wanted["declined"]), name
        assert got["cancelled"] >= wanted["cancelled"], (
            name
        )  # the truth leaves out callers who left while it rang
    assert sum(isinstance(fact, ContactHeld) for fact in facts) == expected["holds"]


@pytest.mark.parametrize("scenario", WHOLE)
def test_who_ended_a_conversation_is_who_hung_up(scenario: str) -> None:
    facts = heard(f"{scenario}/esl-json")
    calls = {fact.contact: fact.call for fact in facts if hasattr(fact, "call") and hasattr(fact, "contact")}
    by = {calls[fact.contact]: fact.by for fact in facts if isinstance(fact, ContactReleased)}
    for line in (CAPTURES / scenario / "visits.ndjson").read_text("utf-8").splitlines():
        visit = json.loads(line)
        if visit["outcome"] == "answered" and by[visit["session"]] != "transfer":
            assert by[visit["session"]] == visit["ended_by"], visit


def test_a_caller_moved_by_another_application_is_a_transfer_and_the_agent_is_free() -> None:
    moved = [fact for fact in heard("steady/esl") if isinstance(fact, ContactTransferred)]
    assert [(fact.kind, fact.to) for fact in moved] == [("blind", "9999"), ("blind", "9999")]


def test_plain_and_json_tell_the_same_story() -> None:
    """Two clients of one PBX: their bytes came at other instants, but the same visits began and ended in the same way."""

    def story(name: str) -> list[object]:
        told = []
        for fact in heard(name):
            if type(fact).__struct_config__.tag in (
                "contact.queued",
                "contact.abandoned",
                "contact.flowed_out",
            ):
                told.append((type(fact).__name__, getattr(fact, "contact", ""), round(fact.at, 1)))
            elif isinstance(fact, ContactAnswered):
                told.append((fact.contact, fact.agent, round(fact.at, 1)))
        return sorted(told, key=str)

    assert story("steady/esl") == story("steady/esl-json")
    assert story("churn/esl") == story("churn/esl-json")


@pytest.mark.parametrize("name", VISITS)
def test_nothing_a_genuine_freeswitch_says_is_unknown(name: str) -> None:
    listening = session()
    play(listening, list(steps(transcript(name))))
    assert not [kind for kind in listening.counts if kind.startswith("unknown:")]


@pytest.mark.parametrize("name", PROTOCOL)
def test_unusual_clients_are_understood_and_only_the_forged_action_is_unknown(name: str) -> None:
    listening = session()
    ticked(list(steps(transcript(f"protocol/{name}"))), listening)
    unknown = {kind for kind in listening.counts if kind.startswith("unknown:")}
    assert unknown <= {"unknown:callcenter::info forged"}
    assert listening.state == "closed"


def test_a_subscription_in_the_wrong_order_is_told_in_words() -> None:
    facts = heard("smoke/esl-brief-order")
    (limited,) = [fact for fact in facts if isinstance(fact, SourceLimited)]
    assert limited.limit.startswith("holds, who hung up first, states of phones (CHANNEL_CREATE")
    assert limited.limit.endswith("put CUSTOM last)")
    finished = [fact for fact in facts if isinstance(fact, SourceResyncFinished)]
    assert limited.limit in finished[-1].limits
    assert not [fact for fact in heard("smoke/esl") if isinstance(fact, SourceLimited)]


@pytest.mark.parametrize("name", [name for name in VISITS if not name.endswith("late")])
def test_laziness_changes_nothing(name: str) -> None:
    wire = list(steps(transcript(name)))
    assert encoded(play(session(), wire)) == encoded(play(session(lazy=False), wire))


def test_names_of_thousands_of_bytes_hide_nothing() -> None:
    """What tells of the channel stands before its variables, however far a long name pushes it back."""
    wire = list(steps(transcript("smoke/esl")))
    received = b"".join(step.data for step in wire if step.kind == "rx")
    padded = _padded(received, b"Channel-Note: " + b"n" * 3000 + b"\n")

    def told(data: bytes, *, lazy: bool = True) -> Sequence[object]:
        open_, close = wire[0], wire[-1]
        asked = [step for step in wire[1:-1] if step.kind == "tx"]
        return encoded(play(session(lazy=lazy), [open_, *asked, Step("rx", data, open_.at), close]))

    assert len(told(padded)) > 40
    assert told(padded) == told(padded, lazy=False) == told(received)


def _padded(wire: bytes, header: bytes) -> bytes:
    """Each plain event with a header more behind its name."""
    told, at = b"", 0
    for found in re.finditer(rb"Content-Length: (\d+)\nContent-Type: text/event-plain\n\n", wire):
        if found.start() < at:
            continue
        told += wire[at : found.start()]
        told += b"Content-Length: %d\nContent-Type: text/event-plain\n\n" % (int(found[1]) + len(header))
        at = found.end() + int(found[1])
        name = wire.index(b"\n", found.end()) + 1
        told += wire[found.end() : name] + header + wire[name:at]
    return told + wire[at:]


@pytest.mark.parametrize("seed", range(len(VISITS) + len(PROTOCOL)))
def test_cut_anywhere_a_whole_transcript_gives_the_same_facts(seed: int) -> None:
    """Cut anywhere, joined over the borders of the recorded reads: only the instants may differ, so they are one."""
    name = [*VISITS, *(f"protocol/{name}" for name in PROTOCOL)][seed]
    dice = random.Random(seed)
    wire = [Step(step.kind, step.data, 1_795_307_400.0) for step in steps(transcript(name))]
    assert encoded(play(session(), recut(wire, dice))) == encoded(play(session(), wire))


@pytest.mark.slow
def test_a_whole_transcript_byte_by_byte_gives_the_same_facts() -> None:
    wire = list(steps(transcript("smoke/esl-json")))
    crumbs = [Step(s.kind, s.data[i : i + 1], s.at) for s in wire for i in range(max(1, len(s.data)))]
    assert encoded(play(session(), crumbs)) == encoded(play(session(), wire))


def recut(wire: list[Step], dice: random.Random) -> list[Step]:
    """Received bytes joined until a question, an opening or a close, and cut anew."""
    pieces: list[Step] = []
    joined = b""
    longest = dice.choice((400, 1500, 70_000))
    for step in [*wire, Step("end")]:
        if step.kind == "rx":
            joined += step.data
            continue
        start = 0
        while start < len(joined):
            size = dice.randint(1, longest)
            pieces.append(Step("rx", joined[start : start + size], wire[-1].at))
            start += size
        joined = b""
        if step.kind != "end":
            pieces.append(step)
    return pieces
