"""Who sees what of the desk: by example, and that patches keep every audience at exactly its part of the board."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccwall.clock import ManualClock
from ccwall.events import AgentId, Principal, QueueId, Role
from ccwall.hub import Audience
from ccwall.mirror import Mirror, Path, Sight
from tests.hub.glass import Board, Difference, Glass, hub_of, waiting

BOARD: dict[str, Any] = {
    "agents": {
        "a": {"team": "A", "queues": ["q1"]},
        "b": {"team": "B", "queues": ["q2"]},
    },
    "alerts": {
        "floor": {"severity": "warn", "state": "firing", "wall": True, "told": [1]},
        "quiet": {"severity": "warn", "state": "firing"},
        "person": {"severity": "warn", "state": "firing", "wall": True, "agent": "a", "team": "A"},
        "queue": {"severity": "warn", "state": "firing", "queue": "q2"},
        "case": {"severity": "breach", "state": "firing", "scope": "case:k1", "told": [1]},
    },
    "cases": {"k1": {"kind": "complaint", "level": 2}},
    "alert_rules": {"wait": {"unit": "seconds"}},
    "breaks": {"one": {"agent": "a", "team": "A"}, "two": {"agent": "b", "team": "B"}},
    "break_desk": {
        "kinds": {"meal": {}},
        "scopes": {"floor": {"away": 1}, "team:A": {"away": 1}, "team:B": {"away": 2}},
        "used": {"a": {"meal": [1, 2]}, "b": {"meal": [0, 0]}},
        "budgets": {"a": {"shift": "s1"}, "b": {"shift": "s2"}},
    },
    "help": {"one": {"agent": "a", "team": "A"}, "two": {"agent": "b"}, "nobody": {"topic": "x"}},
    "help_limit": 60,
    "incidents": {
        "thought": {"state": "proposed", "kind": "surge", "evidence": {}},
        "told": {"state": "confirmed", "kind": "surge", "evidence": {}, "by": {"name": "Song"}},
        "over": {"state": "closed", "kind": "surge"},
    },
    "announcements": {"all": {"texts": {}, "by": {}}, "for_b": {"texts": {}, "teams": ["B"]}},
    "thanks": {"one": {"text": "!", "agent": "a", "by": {}}},
    "patrols": {"A": {"made": []}, "B": {"made": []}, "": {"made": []}},
    "handover": {"one": {"text": "x", "team": "B"}, "all": {"text": "y"}},
    "faults": {"one": {"agent": "a", "team": "A"}, "seat": {"seat": "S1"}},
}


def of(role: Role, **scope: Any) -> Principal:
    return Principal(id=role, role=role, **scope)


A_LEAD, Q1_LEAD = of("lead", teams=("A",)), of("lead", queues=(QueueId("q1"),))
AGENT = of("agent", teams=("A",), agent=AgentId("a"))
EVERYBODY = [
    *(of(role) for role in ("manager", "operations", "supervisor", "lead", "quality")),
    of("complaints"),
    of("display"),
    of("display", teams=("A",)),
    of("supervisor", teams=("A",)),
    A_LEAD,
    Q1_LEAD,
    of("lead", teams=("A",), queues=(QueueId("q2"),)),
    of("quality", teams=("B",)),
    AGENT,
    of("agent"),
]


def seen(principal: Principal) -> dict[str, Any]:
    mirror = Mirror()
    mirror.apply(Difference(set=[((), BOARD)]))
    return Sight.of(principal).board(mirror)


def keys(board: dict[str, Any], part: str) -> set[str]:
    return set(board.get(part, {}))


@pytest.mark.parametrize("role", ["manager", "operations", "supervisor", "lead", "quality"])
def test_who_leads_everybody_sees_all_of_the_desk(role: Role) -> None:
    board = seen(of(role))
    assert {part: board[part] for part in BOARD if part != "agents"} == {
        part: value for part, value in BOARD.items() if part != "agents"
    }


@pytest.mark.parametrize("role", ["display", "complaints"])
def test_in_the_room_hangs_what_is_for_everybody_without_names_of_who_decided(role: Role) -> None:
    board = seen(of(role))
    assert keys(board, "alerts") - {"case"} == {"floor"}
    assert "told" not in board["alerts"]["floor"]
    assert board["incidents"] == {"told": {"state": "confirmed", "kind": "surge"}}
    assert keys(board, "announcements") == {"all", "for_b"}
    assert board["announcements"]["all"] == {"texts": {}}
    assert board["thanks"] == {"one": {"text": "!", "agent": "a"}}
    assert not {"breaks", "break_desk", "help", "help_limit", "patrols", "handover", "faults"} & board.keys()


def test_who_keeps_the_register_sees_what_is_of_a_case() -> None:
    assert seen(of("complaints"))["alerts"]["case"] == BOARD["alerts"]["case"]
    assert seen(of("complaints"))["cases"] == BOARD["cases"]
    assert "case" not in seen(of("display"))["alerts"]
    assert "cases" not in seen(of("display"))


def test_a_lead_of_one_team_sees_that_team_and_nobodys() -> None:
    board = seen(A_LEAD)
    assert keys(board, "help") == {"one", "nobody"}
    assert keys(board, "breaks") == {"one"}
    assert keys(board["break_desk"], "scopes") == {"floor", "team:A"}
    assert keys(board["break_desk"], "used") == keys(board["break_desk"], "budgets") == {"a"}
    assert keys(board, "patrols") == {"A", ""}
    assert keys(board, "handover") == {"all"}
    assert keys(board, "incidents") == {"thought", "told", "over"}
    assert keys(board, "announcements") == {"all"}
    assert keys(board, "faults") == {"one", "seat"}


def test_a_lead_of_one_queue_sees_the_people_in_it() -> None:
    board = seen(Q1_LEAD)
    assert keys(board, "help") == {"one", "nobody"}
    assert keys(board, "alerts") == {"floor", "quiet", "person", "case"}
    assert keys(board["break_desk"], "used") == keys(board["break_desk"], "budgets") == {"a"}


def test_an_agent_sees_their_own() -> None:
    board = seen(AGENT)
    assert keys(board, "help") == {"one"}
    assert keys(board, "breaks") == {"one"}
    own = {"used": {"a": {"meal": [1, 2]}}, "budgets": {"a": {"shift": "s1"}}}
    assert board["break_desk"] == {"kinds": {"meal": {}}} | own
    assert keys(board, "alerts") == {"person"}
    assert keys(board, "incidents") == {"told"}
    assert keys(board, "announcements") == {"all"}
    assert keys(board, "faults") == {"one"}
    assert board["help_limit"] == 60
    assert not {"patrols", "handover"} & board.keys()


def test_nobody_hears_of_another_teams_help_not_even_that_it_changed() -> None:
    board = Board()
    hub = hub_of(board, ManualClock())
    board.tell(*(((part,), value) for part, value in BOARD.items()))
    screens = [hub.join(Audience("floor", who)) for who in (A_LEAD, AGENT, of("display"))]
    for screen in screens:
        waiting(screen)
    board.tell((("help", "three"), {"agent": "b", "team": "B"}), (("breaks", "two", "state"), "granted"))
    hub.flush()
    board.tell((("incidents", "thought", "text"), "x"), delete=(("help", "three"),))
    hub.flush()
    told = [waiting(screen) for screen in screens]
    assert [len(frames) for frames in told] == [1, 0, 0]
    assert b"three" not in told[0][0]


def test_who_keeps_the_register_hears_who_was_told_of_a_case() -> None:
    board = Board()
    hub = hub_of(board, ManualClock())
    board.tell(*(((part,), value) for part, value in BOARD.items()))
    screens = [hub.join(Audience("floor", who)) for who in (of("complaints"), of("display"))]
    for screen in screens:
        waiting(screen)
    board.tell((("alerts", "case", "told"), [1, 2]), (("alerts", "quiet", "told"), [3]))
    hub.flush()
    assert [len(waiting(screen)) for screen in screens] == [1, 0]


ids = st.sampled_from(["i", "j"])
scopes = st.sampled_from(["case:k1", "floor"])
fields = st.fixed_dictionaries(
    {},
    optional={
        "team": st.sampled_from(["A", "B"]),
        "agent": st.sampled_from(["a", "b"]),
        "queue": st.sampled_from(["q1", "q2"]),
        "state": st.sampled_from(["proposed", "confirmed", "firing"]),
        "wall": st.just(True),
        "teams": st.lists(st.sampled_from(["A", "B"]), max_size=2, unique=True),
        "text": st.just("t"),
        "scope": scopes,
        "secret": st.integers(0, 2),
    },
)
tables = st.sampled_from(
    ["alerts", "cases", "breaks", "help", "incidents", "announcements", "thanks", "faults"]
)
cards = st.fixed_dictionaries(
    {
        "team": st.sampled_from(["A", "B"]),
        "queues": st.lists(st.sampled_from(["q1", "q2"]), max_size=2, unique=True),
    }
)
told = st.one_of(
    st.tuples(st.tuples(tables, ids), fields),
    st.tuples(st.tuples(tables), st.dictionaries(ids, fields)),
    st.tuples(st.tuples(tables, ids, st.just("state")), st.sampled_from(["proposed", "confirmed"])),
    st.tuples(st.tuples(tables, ids, st.just("secret")), st.integers(0, 3)),
    st.tuples(st.tuples(tables, ids, st.just("agent")), st.sampled_from(["a", "b"])),
    st.tuples(st.tuples(st.just("alerts"), ids, st.just("scope")), scopes),
    st.tuples(st.tuples(st.just("agents"), st.sampled_from(["a", "b"])), cards),
    st.tuples(
        st.tuples(st.just("break_desk"), st.sampled_from(["used", "budgets"]), st.sampled_from(["a", "b"])),
        st.fixed_dictionaries({"meal": st.integers(0, 2)}),
    ),
    st.tuples(st.just(("break_desk", "kinds", "meal")), st.fixed_dictionaries({"lasts": st.integers(0, 2)})),
    st.tuples(st.tuples(st.just("patrols"), st.sampled_from(["A", "B"])), st.just({"made": []})),
    st.tuples(st.just(("help_limit",)), st.integers(1, 3)),
)
gone: st.SearchStrategy[Path] = st.one_of(
    st.tuples(tables),
    st.tuples(tables, ids),
    st.tuples(tables, ids, st.sampled_from(["team", "agent", "teams", "wall"])),
    st.sampled_from([("agents", "a"), ("agents", "b", "team"), ("break_desk",), ("break_desk", "used")]),
)
steps = st.builds(Difference, set=st.lists(told, max_size=5), delete=st.lists(gone, max_size=2))


@settings(max_examples=60)
@given(st.lists(steps, max_size=8), st.lists(st.booleans(), min_size=8, max_size=8))
def test_snapshot_and_patches_are_the_filtered_board_for_everybody(
    steps: list[Difference], takes: list[bool]
) -> None:
    board = Board()
    hub = hub_of(board, ManualClock())
    screens = [(who, hub.join(Audience("floor", who)), Glass()) for who in EVERYBODY]
    for changes, take in zip(steps, takes, strict=False):
        board.tell(*changes.set, delete=tuple(changes.delete))
        hub.flush()
        if not take:
            continue
        for who, screen, glass in screens:
            frames = waiting(screen)
            for frame in frames:
                glass.show(frame)
            assert glass.board == Sight.of(who).board(hub.mirror), who
            if who.role == "display":
                assert all(b'"secret"' not in frame for frame in frames)
                assert all(b'"help"' not in frame for frame in frames)
