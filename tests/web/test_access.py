"""The door: tokens, sessions, tries."""

import pytest

from ccwall.access import Access, Key, Refused, TooManyTries, mask
from ccwall.access.tries import Tries
from ccwall.clock import ManualClock
from ccwall.events import Principal
from tests.web.house import BOSS, TOKENS, WALL

HERE = "192.0.2.5"
DAY = 86_400.0


def test_a_known_token_lets_in(access: Access) -> None:
    assert access.enter(token=BOSS, session=None, client=HERE) == TOKENS[BOSS]


@pytest.mark.parametrize("token", ["", "wrong", BOSS[:-1], BOSS + "x", "张三", BOSS.upper()])
def test_any_other_token_does_not(access: Access, token: str) -> None:
    with pytest.raises(Refused):
        access.enter(token=token, session=None, client=HERE)


def test_nobody_is_not_let_in(access: Access) -> None:
    with pytest.raises(Refused):
        access.enter(token=None, session=None, client="127.0.0.1")


def test_no_token_is_kept(access: Access) -> None:
    kept = repr(access.keys)
    assert not any(token in kept for token in TOKENS)


def test_a_session_stands_for_its_token(access: Access) -> None:
    session, _ = access.session(access.by_token(WALL, HERE))
    assert WALL not in session
    assert access.enter(token=None, session=session, client=HERE) == TOKENS[WALL]


def test_a_session_outlives_a_restart_of_the_server(access: Access, clock: ManualClock) -> None:
    session, _ = access.session(access.by_token(WALL, HERE))
    restarted = Access([Key.of(WALL, TOKENS[WALL])], clock=clock)
    assert restarted.by_session(session) == TOKENS[WALL]


def test_a_session_ends_when_its_token_is_taken_away(access: Access, clock: ManualClock) -> None:
    session, _ = access.session(access.by_token(WALL, HERE))
    assert Access([Key.of(BOSS, TOKENS[BOSS])], clock=clock).by_session(session) is None


@pytest.mark.parametrize(("token", "lasts"), [(BOSS, DAY / 2), (WALL, 400 * DAY)])
async def test_a_persons_session_lasts_a_shift_and_a_walls_a_year(
    access: Access, clock: ManualClock, token: str, lasts: float
) -> None:
    session, expires = access.session(access.by_token(token, HERE))
    assert expires == clock.now() + lasts
    await clock.advance(lasts - 1)
    assert access.by_session(session) is not None
    await clock.advance(1)
    assert access.by_session(session) is None


def test_a_session_cannot_be_lengthened_or_passed_to_another(access: Access) -> None:
    session, _ = access.session(access.by_token(WALL, HERE))
    key, expires, signature = session.split(".")
    boss = Key.of(BOSS, TOKENS[BOSS]).id
    for forged in (
        f"{key}.{int(expires) + 1}.{signature}",
        f"{boss}.{expires}.{signature}",
        f"{key}.{expires}.",
    ):
        assert access.by_session(forged) is None


@pytest.mark.parametrize("session", ["", ".", "..", "a.b.c", "张.1.三", "a.١.c", "a." + "9" * 400 + ".c"])
def test_a_senseless_session_is_nobody(access: Access, session: str) -> None:
    assert access.by_session(session) is None


def test_an_ended_session_is_worth_nothing(access: Access) -> None:
    session, _ = access.session(access.by_token(BOSS, HERE))
    access.end(session)
    assert access.by_session(session) is None


async def test_wrong_tries_run_out_and_come_back_with_time(access: Access, clock: ManualClock) -> None:
    for _ in range(10):
        with pytest.raises(Refused, match="not known"):
            access.by_token("guess", HERE)
    with pytest.raises(TooManyTries) as refused:
        access.by_token(BOSS, HERE)
    await clock.advance(refused.value.wait)
    assert access.by_token(BOSS, HERE).principal == TOKENS[BOSS]


def test_the_tries_of_one_are_not_those_of_another(access: Access) -> None:
    for _ in range(10):
        with pytest.raises(Refused):
            access.by_token("guess", "203.0.113.9")
    assert access.by_token(BOSS, HERE).principal == TOKENS[BOSS]


def test_good_tokens_use_up_no_tries(access: Access) -> None:
    for _ in range(100):
        access.by_token(BOSS, HERE)


def test_a_household_of_ipv6_addresses_is_one_client() -> None:
    tries = Tries(burst=1)
    tries.failed("2001:db8::1", 0.0)
    assert tries.wait("2001:db8::2", 0.0) > 0
    assert tries.wait("2001:db8:0:1::2", 0.0) == 0


def test_a_flood_of_addresses_is_remembered_within_bounds() -> None:
    tries = Tries(clients=100)
    for number in range(1000):
        tries.failed(f"client {number}", 0.0)
    assert len(tries) == 100


@pytest.mark.parametrize("client", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_the_demo_is_open_on_its_own_machine(clock: ManualClock, client: str) -> None:
    demo = Principal(id="demo", role="display")
    assert Access(clock=clock, open_to=demo).enter(token=None, session=None, client=client) == demo


@pytest.mark.parametrize("client", [HERE, "::ffff:192.0.2.5", "", "localhost.evil.example"])
def test_the_demo_is_closed_to_others(clock: ManualClock, client: str) -> None:
    access = Access(clock=clock, open_to=Principal(id="demo", role="display"))
    with pytest.raises(Refused):
        access.enter(token=None, session=None, client=client)


@pytest.mark.parametrize("token", ["", "x" * 513])
def test_a_key_needs_a_token_of_sensible_length(token: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        Key.of(token, TOKENS[BOSS])


MASKED = [
    ("79123454034", "791****4034"),
    ("13812345678", "138****5678"),
    ("057188886666", "057****6666"),
    ("8801", "****"),
    ("84951234", "****"),
    ("4951234567", "****"),
    ("anonymous", "****"),
    ("alice@customer.example", "****"),
    ("１３８１２３４５６７８", "****"),
]


@pytest.mark.parametrize(("number", "shown"), MASKED)
def test_a_masked_number_shows_no_more_than_its_ends(number: str, shown: str) -> None:
    assert mask(number) == shown
