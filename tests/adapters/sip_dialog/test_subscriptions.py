"""Subscriptions as they are begun, kept and lost, against a simulated server in memory."""

import pytest

from ccwall.errors import AuthRejected, LinkSilent
from ccwall.events import DeviceSeen, DeviceStateChanged, SourceResyncFinished
from ccwall_simulators.sip import Behaviour, Mischief

from .joined import Joined, wall


def test_after_login_every_phone_is_told_of() -> None:
    floor = Joined(wall())
    floor.phones["1002"].main = "c1"  # type: ignore[union-attr]
    floor.open().run(2)
    assert floor.kinds()[:4] == ["source.up", "source.resync_started", "device.seen", "device.seen"]
    assert floor.kinds()[-1] == "source.resync_finished"
    assert floor.states == {"1001": "idle", "1002": "in_use"}
    assert floor.session.state == "live"
    assert [fact.limits for fact in floor.facts if isinstance(fact, SourceResyncFinished)] == [()]
    seen = [fact for fact in floor.facts if isinstance(fact, DeviceSeen)]
    assert [(fact.device, fact.kind, fact.name) for fact in seen] == [
        ("src/1001", "phone", "1001"),
        ("src/1002", "phone", "1002"),
    ]
    first = [fact for fact in floor.facts if isinstance(fact, DeviceStateChanged)]
    assert not any(fact.age_known for fact in first)  # they may have been so for long


@pytest.mark.parametrize("scheme", ["udp", "tcp", "tls"])
@pytest.mark.parametrize("partial", [True, False])
def test_a_phone_rings_talks_holds_and_is_free_again(scheme: str, partial: bool) -> None:
    floor = Joined(wall(), behaviour=Behaviour(partial=partial), scheme=scheme).open().run(2)
    told = []
    changes: list[dict[str, object]] = [
        {"early": "c1"},
        {"early": "", "main": "c1"},
        {"held": True},
        {"sides": {"s1": None}},
        {"sides": {}},
        {"held": False},
        {"early": "c2"},
        {"main": "", "early": ""},
    ]
    for change in changes:
        floor.phone("1001", **change)
        told.append(floor.run(0.5).states["1001"])
    assert told == ["ringing", "in_use", "on_hold", "in_use", "on_hold", "in_use", "in_use", "idle"]
    assert floor.states["1002"] == "idle"


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(algorithm="MD5"),
        Behaviour(algorithm="MD5", qop=""),
        Behaviour(algorithm="MD5-sess"),
        Behaviour(algorithm="SHA-256"),
        Behaviour(algorithm="SHA-256-sess"),
        Behaviour(proxy=True),
        Behaviour(nonce_lasts=2.0),
    ],
)
def test_it_proves_itself(behaviour: Behaviour) -> None:
    floor = Joined(wall(), behaviour=behaviour).open().run(40)
    floor.phone("1001", main="c1")
    assert floor.run(1).states == {"1001": "in_use", "1002": "idle"}
    assert floor.faults == {}


@pytest.mark.parametrize("mischief", [None, Mischief(late=1.0, delay=0.8)])
def test_a_wrong_secret_is_refused_once_and_not_for_every_phone(mischief: Mischief | None) -> None:
    floor = Joined(wall(secret="wrong", watch=("1001-1050",)), mischief=mischief)
    with pytest.raises(
        AuthRejected, match=r"refuses the user 'wall'.*pbx.example.*Check username and secret"
    ):
        floor.open().run(10)
    assert floor.notifier.counts["SUBSCRIBE 401"] == 2
    floor.close("rejected")
    assert floor.kinds() == ["source.down"]


def test_a_server_that_wants_a_secret_and_gets_none_is_said() -> None:
    with pytest.raises(AuthRejected, match="Check username and secret"):
        Joined(wall(secret="")).open().run(5)


def test_subscriptions_are_begun_at_a_pace() -> None:
    floor = Joined(wall(watch=("1001-1400",), pace=50), users=tuple(str(n) for n in range(1001, 1401))).open()
    counts = [len(floor.run(1.0).notifier.subscribers) for _ in range(9)]
    assert all(later - before <= 63 for before, later in zip([0, *counts], counts, strict=False))
    assert counts[-1] == 400
    assert floor.run(2).session.state == "live"


def test_they_are_refreshed_before_they_end() -> None:
    floor = Joined(wall(expires=60.0)).open().run(1)
    for _ in range(100):
        assert len(floor.run(3).notifier.subscribers) == 2
    assert floor.notifier.counts["SUBSCRIBE 481"] == 0
    assert floor.notifier.counts["NOTIFY 481"] == 0
    assert floor.states == {"1001": "idle", "1002": "idle"}


def test_forty_are_all_refreshed_in_time() -> None:
    """So many that the looks at forgetful servers, one in 5 s, do not do it by chance."""
    users = tuple(str(n) for n in range(1001, 1041))
    floor = Joined(wall(watch=users, expires=60.0), users).open().run(2)
    begun = set(floor.notifier.subscribers)
    for _ in range(60):
        assert floor.run(3).notifier.subscribers.keys() == begun
    assert floor.notifier.counts["SUBSCRIBE 481"] == 0


@pytest.mark.parametrize(("scheme", "times"), [("udp", 6), ("tcp", 1)])
def test_a_question_is_asked_again_over_datagrams_alone(scheme: str, times: int) -> None:
    floor = Joined(wall(watch=("1001",), ping_every=0.0), scheme=scheme)
    floor.up = False
    floor.open().run(14)
    asked = b"".join(step.data for step in floor.steps if step.kind == "tx").count(b"SUBSCRIBE sip:")
    assert asked == times


def test_a_server_that_grants_less_is_believed() -> None:
    floor = Joined(wall(), behaviour=Behaviour(longest=20)).open().run(1)
    for _ in range(40):
        assert len(floor.run(3).notifier.subscribers) == 2


def test_a_server_that_wants_longer_gets_it() -> None:
    floor = Joined(wall(expires=60.0), behaviour=Behaviour(min_expires=120)).open().run(3)
    assert floor.states == {"1001": "idle", "1002": "idle"}
    assert floor.notifier.counts["SUBSCRIBE 423"] == 2


def test_a_notify_may_come_before_the_answer() -> None:
    floor = Joined(wall(), behaviour=Behaviour(notifies_first=True)).open().run(2)
    floor.phone("1001", early="c1")
    assert floor.run(1).states == {"1001": "ringing", "1002": "idle"}
    assert floor.notifier.counts["NOTIFY 481"] == 0


def test_after_a_gap_the_whole_is_asked_for() -> None:
    floor = Joined(wall()).open().run(2)
    floor.notifier.behaviour = Behaviour(leaves_out=100)
    floor.phone("1001", early="c1")
    floor.phone("1001", early="", main="c1")
    floor.notifier.behaviour = Behaviour()
    floor.phone("1001", early="c2")  # partial: says nothing of c1
    assert floor.states["1001"] == "ringing"
    assert floor.run(1.5).states["1001"] == "in_use"


def test_what_comes_before_the_whole_does_not_put_it_off() -> None:
    """Nor does it that the server shortens the subscription meanwhile."""
    floor = Joined(wall()).open().run(3)
    subscriber = next(one for one in floor.notifier.subscribers.values() if one.user == "1001")
    floor.notifier.behaviour = Behaviour(leaves_out=100)
    floor.phone("1001", main="c1")
    floor.notifier.behaviour = Behaviour()
    for call in ("c2", "c3", "c4"):
        subscriber.ends -= 10.0
        floor.phone("1001", early=call)
    assert floor.states["1001"] == "ringing"
    assert floor.run(1.5).states["1001"] == "in_use"


@pytest.mark.parametrize("status", [403, 404, 480, 489, 500, 503, 603])
def test_one_that_is_refused_does_not_hurt_the_others(status: int) -> None:
    floor = Joined(wall(), behaviour=Behaviour(refuses={"1001": status})).open().run(15)
    assert floor.states == {"1001": "unavailable" if status == 404 else "unknown", "1002": "idle"}
    assert floor.faults["1001"].startswith(f"dialog: cannot be watched: {status} No")
    assert [fact.limits for fact in floor.facts if isinstance(fact, SourceResyncFinished)] == [("devices",)]
    # At once, after 5 s, after 10 s more; every 7 s where Retry-After says so; every 5 minutes when it was a plain no.
    times = {480: 3, 503: 3, 500: 2}.get(status, 1)
    assert floor.notifier.counts[f"SUBSCRIBE {status}"] == times
    floor.notifier.behaviour = Behaviour()
    floor.run(320)
    assert floor.states == {"1001": "idle", "1002": "idle"}
    assert floor.faults == {}
    limits = [fact.limits for fact in floor.facts if isinstance(fact, SourceResyncFinished)]
    assert limits == [("devices",), ()]


def test_a_package_that_the_server_does_not_have_is_named() -> None:
    floor = Joined(wall(events=("dialog", "presence")), behaviour=Behaviour(events=("dialog",))).open().run(3)
    assert floor.states == {"1001": "idle", "1002": "idle"}
    assert (
        floor.faults["1001"]
        == "presence: cannot be watched: 489 Bad Event (it has no event package presence)"
    )


@pytest.mark.parametrize(
    ("reason", "again_after", "meanwhile"),
    [
        ("deactivated", 1.0, "in_use"),
        ("timeout", 1.0, "in_use"),
        ("probation", 6.0, "unknown"),
        ("giveup", 6.0, "unknown"),
        ("", 6.0, "unknown"),
        ("rejected", 301.0, "unknown"),
        ("noresource", 301.0, "unavailable"),
    ],
)
def test_one_that_is_terminated_is_begun_again_as_the_reason_says(
    reason: str, again_after: float, meanwhile: str
) -> None:
    floor = Joined(wall()).open().run(20)
    floor.phone("1001", main="c1")
    floor.run(1)
    before = floor.notifier.counts["SUBSCRIBE 200"]
    subscriber = next(one for one in floor.notifier.subscribers.values() if one.user == "1001")
    floor.notifier.terminate(subscriber, reason, floor.now)
    assert floor.run(0.05).states["1001"] == meanwhile
    assert floor.notifier.counts["SUBSCRIBE 200"] == before
    floor.run(again_after)
    assert {one.user for one in floor.notifier.subscribers.values()} == {"1001", "1002"}
    assert floor.run(1).states == {"1001": "in_use", "1002": "idle"}


def test_retry_after_is_kept() -> None:
    floor = Joined(wall()).open().run(20)
    subscriber = next(one for one in floor.notifier.subscribers.values() if one.user == "1001")
    floor.notifier.terminate(subscriber, "probation", floor.now, retry_after=60)
    floor.run(58)
    assert {one.user for one in floor.notifier.subscribers.values()} == {"1002"}
    floor.run(4)
    assert {one.user for one in floor.notifier.subscribers.values()} == {"1001", "1002"}


def test_one_that_is_ended_as_soon_as_it_is_begun_is_not_hammered() -> None:
    floor = Joined(wall()).open().run(10)
    before = floor.notifier.counts["SUBSCRIBE 200"]
    for _ in range(1200):
        for subscriber in list(floor.notifier.subscribers.values()):
            floor.notifier.terminate(subscriber, "deactivated", floor.now)
        floor.run(0.05)
    assert floor.notifier.counts["SUBSCRIBE 200"] - before < 20


@pytest.mark.parametrize("clean", [True, False])
def test_a_restart_that_forgets_every_subscription_is_noticed(clean: bool) -> None:
    floor = Joined(wall()).open().run(20)
    floor.phone("1001", main="c1")
    floor.run(1)
    floor.notifier.restart(floor.now, clean=clean)
    floor.phones["1001"].main = ""  # type: ignore[union-attr]
    floor.phones["1002"].early = "c2"  # type: ignore[union-attr]
    floor.run(1.0 if clean else 8.0)
    assert floor.states == {"1001": "idle", "1002": "ringing"}
    assert "unknown" not in [fact.state for fact in floor.facts if isinstance(fact, DeviceStateChanged)]


def test_a_server_that_is_gone_is_silent_within_ten_seconds() -> None:
    floor = Joined(wall()).open().run(20)
    floor.up = False
    began = floor.now
    with pytest.raises(LinkSilent, match="said nothing for 10 s, not even to OPTIONS"):
        floor.run(20)
    assert floor.now - began < 10.0


def test_a_quiet_floor_is_not_a_silent_link() -> None:
    floor = Joined(wall()).open().run(200)
    assert floor.session.state == "live"
    assert floor.notifier.counts["OPTIONS 200"] > 20


def test_who_answers_options_and_no_subscribe_is_named() -> None:
    floor = Joined(wall())
    floor.notifier.behaviour = Behaviour()
    receive = floor.notifier.receive

    def deaf(wire: bytes, client: object, now: float, *, reliable: bool = False) -> None:
        if wire.startswith(b"OPTIONS"):
            receive(wire, client, now, reliable=reliable)

    floor.notifier.receive = deaf  # type: ignore[method-assign]
    with pytest.raises(LinkSilent, match="no SUBSCRIBE was answered within 40 s"):
        floor.open().run(60)


def test_after_a_loss_all_is_told_again() -> None:
    floor = Joined(wall()).open().run(5)
    floor.phone("1001", main="c1")
    floor.run(1).close()
    assert floor.kinds()[-1] == "source.down"
    floor.facts.clear()
    floor.phones["1001"].main = ""  # type: ignore[union-attr]
    floor.open().run(3)
    assert floor.states == {"1001": "idle", "1002": "idle"}
    assert floor.kinds().count("device.seen") == 2


def test_unregistered_phones_are_unavailable_where_presence_tells() -> None:
    floor = Joined(wall(events=("dialog", "presence"))).open().run(3)
    floor.phone("1001", registered=False)
    floor.phone("1002", main="c1")
    assert floor.run(1).states == {"1001": "unavailable", "1002": "in_use"}
    floor.phone("1001", registered=True)
    assert floor.run(1).states["1001"] == "idle"


def test_presence_alone_knows_who_is_on_the_phone() -> None:
    floor = Joined(wall(events=("presence",))).open().run(3)
    floor.phone("1001", main="c1")
    floor.phone("1002", registered=False)
    assert floor.run(1).states == {"1001": "in_use", "1002": "unavailable"}


def test_behind_a_nat_the_contact_is_the_address_that_is_seen() -> None:
    floor = Joined(wall())
    floor.session.located("udp", "10.0.0.5:5070", "192.0.2.1:5060")
    floor.facts += floor.session.open(floor.now)
    floor.run(3)
    contacts = {one.target for one in floor.notifier.subscribers.values()}
    assert contacts == {"sip:wall@192.0.2.7:40000"}


def test_a_contact_that_is_configured_is_kept() -> None:
    floor = Joined(wall(contact="203.0.113.9:5099")).open().run(3)
    assert {one.target for one in floor.notifier.subscribers.values()} == {"sip:wall@203.0.113.9:5099"}


@pytest.mark.parametrize("seed", range(12))
def test_on_a_bad_way_the_last_state_is_right(seed: int) -> None:
    """A fifth is lost, some is doubled, a third is late, versions have gaps; every phone ends as it is."""
    bad = Mischief(drop=0.2, double=0.15, late=0.35, delay=1.5)
    users = tuple(str(n) for n in range(1001, 1009))
    behaviour = Behaviour(leaves_out=10, seed=seed, notifies_first=seed % 2 == 0)
    settings = wall(watch=users, events=("dialog", "presence") if seed % 3 == 0 else ("dialog",))
    floor = Joined(settings, users, behaviour, bad, seed=seed).open()
    for turn in range(60):
        user = users[(turn * 7 + seed) % len(users)]
        stage = (turn + seed) % 4
        floor.phone(
            user,
            early=f"c{turn}" if stage == 0 else "",
            main=f"c{turn}" if stage in (1, 2) else "",
            held=stage == 2,
        )
        floor.run(0.4 + (turn % 5) * 0.3)
    floor.settle()
    wanted = {}
    for user in users:
        phone = floor.phones[user]
        assert phone is not None
        busy = "on_hold" if phone.held else "in_use"
        wanted[user] = busy if phone.main else "ringing" if phone.early else "idle"
    assert floor.states == wanted
    assert floor.session.state == "live"
