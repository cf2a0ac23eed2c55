"""The mirror and the patches made from it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ccwall.clock import ManualClock
from ccwall.events import AgentId, Principal, QueueId
from ccwall.hub import Audience
from ccwall.mirror import MISSING, Mirror, Path, Sight
from tests.hub.glass import Board, Difference, Glass, a_floor, apply, audience, hub_of, waiting

keys = st.sampled_from(["a", "b", "c"])
paths = st.lists(keys, min_size=1, max_size=4).map(tuple)
values: st.SearchStrategy[object] = st.recursive(
    st.integers(0, 9) | st.lists(st.integers(0, 3), max_size=2),
    lambda inner: st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
differences = st.builds(
    Difference, set=st.lists(st.tuples(paths, values), max_size=4), delete=st.lists(paths, max_size=3)
)

places = st.sampled_from([
    ("agents", "a1"), ("agents", "a2"), ("agents", "a2", "state"), ("agents", "a3", "team"), ("teams", "A"), ("teams", "B"),
    ("teams", "B", "today"), ("queues", "q1"), ("floor", "waiting"), ("curve",), ("something_new", "secret"),
    ("sources", "pbx1", "detail"), ("sources", "pbx1", "state"),
])  # fmt: skip
differences_on_a_floor = st.builds(
    Difference,
    set=st.lists(st.tuples(places, st.integers(0, 9).map(lambda n: {"state": n})), max_size=3),
    delete=st.lists(places, max_size=2),
)


def plainly(changes: Difference, board: dict[str, Any]) -> None:
    """The rule of web/README.md, written again without any cleverness; a parent that is no object is replaced."""
    for path in changes.delete:
        here: Any = board
        for key in path[:-1]:
            here = here.get(key) if isinstance(here, dict) else None
        if isinstance(here, dict):
            here.pop(path[-1], None)
    for path, value in changes.set:
        here = board
        for key in path[:-1]:
            if not isinstance(here.get(key), dict):
                here[key] = {}
            here = here[key]
        apply(here, [((path[-1],), value)], [])


@given(st.lists(differences, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_merged_patches_equal_the_patches_one_by_one(told: list[Difference], takes: list[bool]) -> None:
    board, clock = Board(), ManualClock()
    hub = hub_of(board, clock)
    quick, slow = hub.join(audience(who="quick")), hub.join(audience(who="slow"))
    seen_quick, seen_slow, truth = Glass(), Glass(), dict[str, Any]()
    for screen, glass in ((quick, seen_quick), (slow, seen_slow)):
        assert [glass.show(frame) for frame in waiting(screen)] == ["snapshot"]
    for changes, take in zip(told, takes, strict=False):
        board.tell(*changes.set, delete=tuple(changes.delete))
        plainly(changes, truth)
        hub.flush()
        for frame in waiting(quick):
            assert seen_quick.show(frame) == "patch"
        assert seen_quick.board == truth
        if take:
            assert [seen_slow.show(frame) for frame in waiting(slow)] in ([], ["patch"])
            assert seen_slow.board == truth
    for frame in waiting(slow):
        seen_slow.show(frame)
    assert seen_slow.board == truth
    assert not seen_slow.lost


agent_cards = st.fixed_dictionaries(
    {
        "team": st.sampled_from(["A", "B"]),
        "queues": st.lists(st.sampled_from(["q1", "q2"]), max_size=2, unique=True),
    }
)
floor_values = st.one_of(
    st.tuples(st.tuples(st.just("agents"), st.sampled_from(["x", "y"])), agent_cards),
    st.tuples(
        st.tuples(st.just("agents"), st.sampled_from(["x", "y"]), st.just("queues")),
        st.lists(st.sampled_from(["q1", "q2"]), max_size=2, unique=True),
    ),
    st.tuples(
        st.tuples(st.just("agents"), st.sampled_from(["x", "y"]), st.just("team")),
        st.sampled_from(["A", "B"]),
    ),
    st.tuples(
        st.tuples(st.just("queues"), st.sampled_from(["q1", "q2"]), st.just("waiting")), st.integers(0, 3)
    ),
    st.tuples(st.tuples(st.sampled_from(["floor", "lines", "sites"]), st.just("waiting")), st.integers(0, 3)),
    st.tuples(
        st.tuples(st.just("teams"), st.sampled_from(["A", "B"]), st.just("answered")), st.integers(0, 3)
    ),
    st.tuples(st.just(("teams",)), st.dictionaries(st.sampled_from(["A", "B"]), st.just({"answered": 1}))),
    st.tuples(
        st.just(("sources", "pbx1")),
        st.fixed_dictionaries({"state": st.just("down"), "detail": st.just("Words")}),
    ),
    st.tuples(st.just(("sources", "pbx1", "detail")), st.sampled_from(["Words", "Other words"])),
    st.tuples(st.just(("agents",)), st.dictionaries(st.sampled_from(["x", "y"]), agent_cards)),
)
floor_deletes = st.sampled_from(
    [
        ("agents",),
        ("agents", "x"),
        ("agents", "y"),
        ("queues", "q1"),
        ("queues",),
        ("agents", "x", "team"),
        ("teams", "B"),
        ("teams",),
        ("sources", "pbx1", "detail"),
    ]
)
floors = st.builds(
    Difference, set=st.lists(floor_values, max_size=4), delete=st.lists(floor_deletes, max_size=2)
)
sights = st.sampled_from(
    [
        Sight(frozenset({QueueId("q1")})),
        Sight(None, frozenset({"A"})),
        Sight(frozenset({QueueId("q1")}), frozenset({"A"})),
        Sight(frozenset()),
        Sight(),
        Sight(staff=True),
        Sight(frozenset({QueueId("q1")}), staff=True),
    ]
)


@given(st.lists(floors, max_size=10), st.lists(st.booleans(), min_size=10, max_size=10), sights)
def test_narrow_audiences_always_have_exactly_the_narrowed_board(
    told: list[Difference], takes: list[bool], sight: Sight
) -> None:
    board = Board()
    hub = hub_of(board, ManualClock())
    narrow = audience(
        None if sight.queues is None else tuple(sight.queues),
        None if sight.teams is None else tuple(sight.teams),
        role="manager" if sight.staff else "display",
    )
    screen, glass = hub.join(narrow), Glass()
    for changes, take in zip(told, takes, strict=False):
        board.tell(*changes.set, delete=tuple(changes.delete))
        hub.flush()
        if take:
            frames = waiting(screen)
            assert all(b'"q2"' not in frame for frame in frames) or sight.queues is None
            assert all(b"ords" not in frame for frame in frames) or sight.staff
            assert all(b'"B"' not in frame for frame in frames) or sight.teams is None
            for frame in frames:
                glass.show(frame)
            assert glass.board == sight.board(hub.mirror)
            assert not {"floor", "lines", "sites"} & glass.board.keys() or sight.queues is None
            assert not glass.lost


def test_a_lead_hears_of_no_other_team_not_even_that_it_changed() -> None:
    board = Board()
    hub = hub_of(board, ManualClock())
    board.tell((("teams",), {"A": {"answered": 1}, "B": {"answered": 1}}))
    screen, glass = hub.join(audience(None, ("A",))), Glass()
    board.tell((("teams", "B", "answered"), 2))
    hub.flush()
    board.tell((("teams", "A", "answered"), 2), (("teams", "B", "answered"), 3))
    hub.flush()
    frames = waiting(screen)
    board.tell((("teams", "B", "answered"), 4))
    hub.flush()
    assert waiting(screen) == []
    for frame in frames:
        assert b'"B"' not in frame
        glass.show(frame)
    assert glass.board["teams"] == {"A": {"answered": 2}}


def test_strangers_are_for_those_who_see_everybody() -> None:
    mirror = Mirror()
    mirror.apply(Difference(set=[(("strangers",), {"agents": ["pbx1/SIP/9"], "devices": {}, "seats": {}})]))
    path = ("strangers", "agents")
    narrow = (Sight(teams=frozenset({"north"})), Sight(queues=frozenset({QueueId("q")}), staff=True))
    for sight in narrow:
        assert sight.read(mirror, path) is MISSING
        assert "strangers" not in sight.board(mirror)
        assert list(sight.narrow([path], frozenset(), frozenset())) == []
    for sight in (Sight(), Sight(staff=True)):
        assert sight.read(mirror, path) == ["pbx1/SIP/9"]
        assert list(sight.narrow([path], frozenset(), frozenset())) == [path]


def test_setting_below_a_missing_parent_changes_the_parent() -> None:
    mirror = Mirror()
    assert mirror.apply(Difference(set=[(("a", "b", "c"), 1)])) == [("a",)]
    assert mirror.root == {"a": {"b": {"c": 1}}}


def test_deleting_what_is_not_there_changes_nothing() -> None:
    mirror = Mirror()
    assert mirror.apply(Difference(delete=[("a",), ("b", "c")])) == []


def test_the_mirror_shares_no_object_with_the_engine() -> None:
    mirror, theirs = Mirror(), {"b": {"c": 1}}
    mirror.apply(Difference(set=[(("a",), theirs)]))
    mirror.apply(Difference(set=[(("a", "b", "c"), 2)]))
    assert theirs == {"b": {"c": 1}}


def test_reading_beside_the_tree_is_missing() -> None:
    mirror = Mirror()
    mirror.apply(Difference(set=[(("a",), 1)]))
    beside: list[Path] = [("b",), ("a", "b")]
    assert [mirror.read(path) for path in beside] == [MISSING, MISSING]


def the_board_of(agent: str, *teams: str) -> Sight:
    return Sight.of(Principal(id="x", role="agent", teams=teams, agent=AgentId(agent)))


FLOOR: dict[str, Any] = {
    **a_floor(),
    "site": {"zone": "UTC"},
    "teams": {"A": {"today": {"answered": 3}}, "B": {"today": {"answered": 4}}},
    "strangers": {"agents": {}},
    "lines": {"inbound": {}},
    "something_new": {"secret": 1},
    "sources": {"pbx1": {"name": "pbx1", "state": "live", "detail": "the far end's words"}},
}


def test_who_takes_calls_sees_themselves_and_their_teams_totals() -> None:
    mirror = Mirror()
    mirror.apply(Difference(set=[((part,), value) for part, value in FLOOR.items()]))
    seen = the_board_of("a2", "B").board(mirror)
    assert seen == {
        "site": FLOOR["site"],
        "agents": {"a2": FLOOR["agents"]["a2"]},
        "teams": {"B": FLOOR["teams"]["B"]},
        "sources": {"pbx1": {"name": "pbx1", "state": "live"}},
    }
    for nobody in (the_board_of("", "B"), Sight.of(Principal(id="x", role="agent"))):
        assert nobody.board(mirror)["agents"] == {}


@given(st.lists(differences_on_a_floor, max_size=8), st.sampled_from(["a1", "a2", "a3", "", "nobody"]))
def test_what_an_agent_is_sent_bit_by_bit_is_what_they_may_see(told: list[Difference], agent: str) -> None:
    board, clock = Board(*(((part,), value) for part, value in FLOOR.items())), ManualClock()
    hub = hub_of(board, clock)
    who = Principal(id="x", role="agent", teams=("B",), agent=AgentId(agent))
    screen, glass = hub.join(Audience("floor", who)), Glass()
    for changes in (Difference(), *told):
        board.tell(*changes.set, delete=tuple(changes.delete))
        hub.flush()
        for frame in waiting(screen):
            glass.show(frame)
        assert glass.board == Sight.of(who).board(hub.mirror)
        assert not glass.lost
        assert set(glass.board.get("agents", {})) <= {agent}
