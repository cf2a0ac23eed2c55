"""What holds of the senses together, whatever they say and in whichever order; and a second account of contradictions and ghosts,
kept the plain way: the whole story is read again at every question.
"""

from collections.abc import Iterator
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall import events
from ccwall.events import AnyEvent, ContactId, DeviceId, SourceId
from tests.engine.journal import (
    ANNA,
    NOON,
    PBX,
    Floor,
    Q,
    answered,
    not_ready,
    queued,
    ready,
    released,
    replayed,
)
from tests.engine.workplaces import (
    BUS,
    LINE,
    MATS,
    SIP,
    conflicts,
    extension,
    floor,
    gone,
    headset,
    occupied,
    restored,
    tick,
    vacated,
)

T = NOON
GHOST = 120.0
KEPT = {
    "ready_docked": 30.0,
    "ready_vacant": 30.0,
    "ready_unreachable": 5.0,
    "idle_talking": 10.0,
    "call_ended": 10.0,
}
SECOND = DeviceId("sip/1009")
Fact = tuple[float, SourceId, str]
SAID: dict[SourceId, list[str]] = {
    PBX: ["ready", "not_ready", "answer", "answer", "release", "release", "hold"],
    SIP: [
        "idle",
        "idle",
        "in_use",
        "in_use",
        "ringing",
        "unavailable",
        "idle2",
        "in_use2",
        "found",
        "down",
        "up",
    ],
    BUS: ["docked", "worn", "loose", "lost", "off_hook", "hung_up", "down", "up"],
    MATS: ["occupied", "vacant", "vacant", "broken", "mended", "down", "up"],
}

instants = st.lists(
    st.tuples(
        st.sampled_from([1.0, 4.0, 9.0, 20.0, 61.0, 121.0, 200.0]),
        st.lists(
            st.sampled_from(sorted(SAID)).flatmap(lambda s: st.tuples(st.just(s), st.sampled_from(SAID[s]))),
            min_size=1,
            max_size=4,
        ),
    ),
    max_size=14,
)
Instants = list[tuple[float, list[tuple[SourceId, str]]]]


def told(drawn: Instants) -> list[Fact]:
    at, found = T, list[Fact]()
    for step, said in drawn:
        at += step
        found += [(at, source, word) for source, word in said]
    return found


def facts_of(at: float, word: str, calls: int) -> list[AnyEvent]:
    """``calls``: how many were answered before."""
    contact = f"c{calls}"
    words: dict[str, list[AnyEvent]] = {
        "ready": [ready(at)],
        "not_ready": [not_ready(at, "lunch")],
        "answer": [queued(at, f"c{calls + 1}"), answered(at, f"c{calls + 1}")],
        "release": [released(at, contact)] if calls else [],
        "hold": [events.ContactHeld(at=at, contact=ContactId(contact), queue=Q, agent=ANNA)] if calls else [],
        "idle": [extension(at)],
        "in_use": [extension(at, "in_use")],
        "ringing": [extension(at, "ringing")],
        "unavailable": [extension(at, "unavailable")],
        "idle2": [extension(at, "idle", SECOND)],
        "in_use2": [extension(at, "in_use", SECOND)],
        "found": [extension(at, age_known=False)],
        "docked": [headset(at, docked=True)],
        "worn": [headset(at, docked=False, worn=True)],
        "loose": [headset(at, docked=False, worn=False)],
        "lost": [headset(at, connected=False)],
        "off_hook": [extension(at, "in_use", LINE)],
        "hung_up": [extension(at, "idle", LINE)],
        "occupied": [occupied(at)],
        "vacant": [vacated(at)],
        "broken": [events.SeatSensor(at=at, seat=events.SeatId("A-12"), available=False)],
        "mended": [events.SeatSensor(at=at, seat=events.SeatId("A-12"), available=True)],
        "down": [gone(at)],
        "up": [events.SourceUp(at=at), events.SourceResyncStarted(at=at), events.SourceResyncFinished(at=at)],
    }
    return words[word]


def play(facts: list[Fact]) -> Floor:
    f, calls = floor(), 0
    for at, source, word in facts:
        f.say(*facts_of(at, word, calls), source=source, received=at)
        calls += word == "answer"
    return f


# ── the second account ─────────────────────────────────────────────────────────────────────────────────────────────


class Account:
    """What was said, read from the beginning."""

    def __init__(self) -> None:
        self.calls: dict[str, float] = {}
        self.spoken: dict[str, float] = {}
        self.number = 0
        self.paused = False
        self.ready = T
        self.ghosts: dict[str, float] = {}
        self.away: set[SourceId] = set()
        self.words: dict[tuple[SourceId, str], tuple[str, float, bool, bool]] = {}
        """by source and thing: says, since, age known, heard to hang up"""
        self.mute: float | None = None
        self.sat = 0.0

    def hear(self, at: float, source: SourceId, word: str) -> None:
        if source == PBX:
            self._acd(at, word)
        elif word == "down":
            self.away.add(source)
        elif word == "up":
            self.away.discard(source)
            self.words = {key: value for key, value in self.words.items() if key[0] != source}
            self.mute = None if source == MATS else self.mute
        elif source == MATS:
            self._seat(at, word)
        else:
            thing = {"idle2": "2", "in_use2": "2", "off_hook": "line", "hung_up": "line"}.get(word, "1")
            says = {
                "idle2": "idle",
                "in_use2": "in_use",
                "off_hook": "in_use",
                "hung_up": "idle",
                "found": "idle",
            }
            self._say(at, source, thing, says.get(word, word), age_known=word != "found")

    def _say(self, at: float, source: SourceId, thing: str, says: str, *, age_known: bool) -> None:
        before = self.words.get((source, thing))
        if source in self.away:
            before = None
        if before is not None and before[0] == "lost" and says == "docked":
            says = "lost"  # it never said that it is connected again
        if before is None or before[0] != says:
            ended = before is not None and before[0] == "in_use" and says == "idle"
            self.words[source, thing] = says, at, age_known, ended

    def _seat(self, at: float, word: str) -> None:
        if word == "broken":
            self.mute = at if self.mute is None else self.mute
        elif word == "mended":
            if self.mute is not None and self.sat <= self.mute:
                self.words.pop((MATS, "seat"), None)
            self.mute = None
        else:
            self._say(at, MATS, "seat", word, age_known=True)
            self.sat = at

    def _acd(self, at: float, word: str) -> None:
        last = f"c{self.number}"
        if word == "answer":
            self.number += 1
            self.calls[f"c{self.number}"] = self.spoken[f"c{self.number}"] = at
        elif word == "hold" and last in self.calls:
            self.spoken[last] = at
        elif word == "release":
            self.ghosts.pop(last, None)
            if self.calls.pop(last, None) is not None and not self.calls:
                self.ready = at
        elif word in ("ready", "not_ready"):
            if word == "ready" and self.paused and not self.calls:
                self.ready = at
            self.paused = word == "not_ready"

    def heard(self) -> dict[tuple[SourceId, str], tuple[str, float, bool, bool]]:
        return {key: word for key, word in self.words.items() if key[0] not in self.away}

    def phone(self) -> tuple[str, float, bool, bool] | None:
        lines = {
            key: word for key, word in self.heard().items() if key in ((SIP, "1"), (SIP, "2"), (BUS, "line"))
        }
        best = [word for key, word in lines.items() if key[0] == SIP] or list(lines.values())
        for says in ("in_use", "ringing"):
            if mine := [word for word in best if word[0] == says]:
                return says, min(word[1] for word in mine), True, False
        if not best:
            return None
        says = "idle" if any(word[0] == "idle" for word in best) else "unavailable"
        return says, max(w[1] for w in best), all(w[2] for w in best), any(w[3] for w in best)

    def lay(self, until: float) -> None:
        """The ghosts of that time."""
        phone = self.phone()
        if phone is None or phone[0] != "idle" or not (phone[2] and phone[3]):
            return
        for call, answered_at in list(self.calls.items()):
            if answered_at < phone[1] and max(phone[1], self.spoken[call]) + GHOST <= until:
                del self.calls[call]
                self.ghosts[call] = phone[1]
                if not self.calls:
                    self.ready = phone[1]

    def contradictions(self, now: float) -> set[tuple[str, float]]:
        phone, found = self.phone(), set[tuple[str, float]]()
        if self.calls:
            if phone is not None and phone[0] == "idle" and any(at < phone[1] for at in self.calls.values()):
                found.add(("call_ended", phone[1]))
        elif not self.paused:
            wear, seat = self.heard().get((BUS, "1")), self.heard().get((MATS, "seat"))
            if wear is not None and wear[0] in ("docked", "loose", "lost"):
                found.add(("ready_docked", wear[1]))
            if seat is not None and seat[0] == "vacant" and self.mute is None:
                found.add(("ready_vacant", seat[1]))
            if phone is not None and phone[0] == "unavailable":
                found.add(("ready_unreachable", phone[1]))
            if phone is not None and phone[0] == "in_use":
                found.add(("idle_talking", phone[1]))
        both = {(kind, since if kind == "call_ended" else max(since, self.ready)) for kind, since in found}
        return {(kind, since) for kind, since in both if since + KEPT[kind] <= now}


def account_of(facts: list[Fact], now: float) -> Account:
    account, last = Account(), T
    for at, source, word in facts:
        if at > last:
            account.lay(at)
        last = at
        account.hear(at, source, word)
    account.lay(now)
    return account


def sensible(facts: list[Fact]) -> Iterator[Fact]:
    """A headset that is lost is not at the same time worn; the bits of a headset add up, and that is another test's."""
    lost = False
    for fact in facts:
        if fact[1] == BUS and fact[2] in ("worn", "loose") and lost:
            continue
        if fact[1] == BUS and fact[2] in ("lost", "up", "down"):
            lost = fact[2] == "lost"
        yield fact


@given(instants, st.sampled_from([0.0, 3.0, 31.0, 119.5, 500.0]))
@settings(max_examples=120)
def test_contradictions_and_ghosts_are_those_of_the_second_account(drawn: Instants, later: float) -> None:
    facts = list(sensible(told(drawn)))
    now = max((at for at, _, _ in facts), default=T) + later
    f, account = tick(play(facts), now), account_of(facts, now)
    assert set(conflicts(f, now)) == account.contradictions(now)
    assert f.at(now, "floor", "conflicts") == (1 if account.contradictions(now) else 0)
    assert {c.id: c.ended for c in f.engine.contacts() if c.is_ghost} == account.ghosts
    assert (f.at(now, "floor", "ghosts") or 0) == len(account.ghosts)
    assert {c.id for c in f.engine.contacts() if c.is_talking} == set(account.calls)


@given(instants, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_who_is_heard_first_of_one_instant_changes_nothing(drawn: Instants, chance: Random) -> None:
    """Each source keeps its own order; what several say at the same instant may be heard in any."""
    facts = told(drawn)
    mixed: list[Fact] = []
    for at in sorted({at for at, _, _ in facts}):
        waiting: dict[SourceId, list[Fact]] = {}
        for fact in facts:
            if fact[0] == at:
                waiting.setdefault(fact[1], []).append(fact)
        while waiting:
            source = chance.choice(sorted(waiting))
            mixed.append(waiting[source].pop(0))
            if not waiting[source]:
                del waiting[source]
    one, other = play(facts), play(mixed)
    end = max((at for at, _, _ in facts), default=T)
    for now in (end, end + 31, end + 400):
        assert one.engine.board(now) == other.engine.board(now)
    assert list(one.engine.contacts()) == list(other.engine.contacts())


@given(instants, st.lists(st.sampled_from([0.0, 1.0, 6.0, 31.0]), max_size=30))
@settings(max_examples=50)
def test_a_screen_that_follows_shows_what_a_new_one_would(drawn: Instants, looks: list[float]) -> None:
    from tests.engine.journal import fold

    f, screen, facts = floor(), dict[str, object](), told(drawn)
    engine = f.engine
    journal, now = play(facts).journal[len(f.journal) :], T
    for number, envelope in enumerate(journal):
        f.hear(envelope)
        now = max(now, envelope.received)
        if number < len(looks):
            fold(screen, engine.changes(now + min(looks[number], 0.9)))
    for look in looks:
        now += look
        fold(screen, engine.changes(now))
        assert screen == engine.board(now)


@given(instants, st.integers(0, 40))
@settings(max_examples=50)
def test_a_restart_in_the_middle_of_anything_changes_nothing(drawn: Instants, cut: int) -> None:
    whole = tick(play(told(drawn)), T + 9000)
    half = Floor.__new__(Floor)
    half.engine, half.journal = replayed(whole.journal[:cut]), []
    half = restored(half)
    for envelope in whole.journal[cut:]:
        half.hear(envelope)
    assert half.engine.dump() == whole.engine.dump()
    assert half.engine.board(T + 9100) == whole.engine.board(T + 9100)
