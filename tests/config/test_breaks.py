"""``[breaks]`` and ``[[break]]``: what is said, what is left as it is, and what is wrong."""

import tomllib

import pytest

from ccwall.config import policy, read
from ccwall.engine.words import break_kind, state_of
from ccwall.errors import ConfigError
from ccwall.events import BREAK_KINDS, BreakLimit, BreakPolicy, LengthQuota, ShiftQuota

PBX = '[[source]]\nname = "pbx1"\ntype = "asterisk-ami"\nurl = "tcp://pbx:5038"\nusername = "w"\nsecret = { env = "X" }\n'


def said(text: str) -> BreakPolicy:
    return policy(read(tomllib.loads(text), "test.toml", "", observe=True)).breaks


def test_nothing_said_is_the_shipped_desk() -> None:
    assert said("") == BreakPolicy()
    assert BreakPolicy().known == BREAK_KINDS


def test_a_shipped_kind_is_changed_taken_away_or_joined_by_another() -> None:
    breaks = said('[[break]]\nid = "meal"\nlasts = "45m"\nquota = "0s"\n[[break]]\nid = "coaching"\nenabled = false\n'
                  '[[break]]\nid = "prayer"\nname = "Prayer"\nlasts = "10m"\nstate = "breather"\n')  # fmt: skip
    assert (
        breaks.known["meal"].lasts,
        breaks.known["meal"].quota_times,
        breaks.known["meal"].quota_seconds,
    ) == (2700, 1, None)
    assert "coaching" not in breaks.known
    assert breaks.known["prayer"].state == "breather"
    assert breaks.known["short"] == BREAK_KINDS["short"]


def test_limits_of_floor_team_and_line() -> None:
    breaks = said('[breaks]\ncap = 6\n[[breaks.limit]]\nteam = "A"\nminimum = 2\nfrom = "11:30"\nuntil = "13:30"\n'
                  '[[breaks.limit]]\nline = "enquiry"\nshare = 0.2\n')  # fmt: skip
    assert breaks.limits == (
        BreakLimit(cap=6),
        BreakLimit(kind="team", id="A", minimum=2, begins=41_400, ends=48_600),
        BreakLimit(kind="line", id="enquiry", share=0.2),
    )


def test_reasons_by_source_and_what_a_pbx_is_told() -> None:
    breaks = said(PBX + '[not_ready]\nA7 = "coaching"\n[[break]]\nid = "prayer"\nname = "P"\nstate = "breather"\n'
                  'reasons.pbx1 = ["7"]\nasks = ["want out"]\nsays.pbx1 = "Namaz"\n')  # fmt: skip
    assert [break_kind(breaks, {}, "pbx1", word) for word in ("7", "namaz", "a7")] == [
        "prayer",
        "prayer",
        "coaching",
    ]
    assert break_kind(breaks, {}, "pbx2", "7") == "away"
    assert (breaks.asked_by("pbx1", "Want Out"), breaks.says) == ("prayer", {"pbx1/prayer": "Namaz"})
    assert state_of(breaks, {}, "pbx1", "7") == "breather"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ('[breaks]\nautomatic = ["shrt"]', "breaks.automatic", 'did you mean "short"?'),
        ('[breaks]\nbutton = "x"', "breaks.button", "no kind of break"),
        ('[breaks]\ncapp = 3', "breaks.capp", "not a key I know"),
        ('[[breaks.limit]]\ncap = 3', "breaks.limit[1].team", "either a team or a line"),
        ('[[breaks.limit]]\nteam = "A"\nfrom = "25:00"', "breaks.limit[1].from", "no time of day"),
        ('[[break]]\nid = "Big One"\n', "break[1].id", "small letters"),
        ('[[break]]\nid = "meal"\n[[break]]\nid = "meal"\n', "break[2].id", "already"),
        ('[[break]]\nid = "meal"\nlasts = "5s"\n', "break[1].lasts", "at least a minute"),
        ('[[break]]\nid = "meal"\nreasons.pbx9 = ["1"]\n', "break[1].reasons.pbx9", "not the name of a [[source]]"),
        ('[[break]]\nid = "a"\nreasons = ["x"]\n[[break]]\nid = "b"\nreasons = ["x"]\n', "break[2].reasons", "already means"),
        ('[not_ready]\nx = "siesta"', "not_ready.x", "must be one of"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_is(text: str, where: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        said(text)
    assert any(key == where and what in told for key, told in caught.value.mistakes), caught.value.mistakes


def test_a_shorter_shift_has_other_quotas() -> None:
    meal = said('[[break]]\nid = "meal"\nquota = "60m"\nby_length = [{ up_to = "6h", quota = "30m" }, { up_to = "4h", quota = "0s", quota_times = 0 }]\n').known["meal"]  # fmt: skip
    assert (meal.quota_times, meal.quota_seconds) == (1, 3600)
    assert meal.by_length == (
        LengthQuota(up_to=14_400, times=0, seconds=0.0),
        LengthQuota(up_to=21_600, seconds=1800.0),
    )


def test_a_letter_of_the_rota_has_quotas_of_its_own() -> None:
    text = '[[break]]\nid = "prayer"\nname = "P"\n[[shift]]\ncode = "S"\nbegins = "08:00"\nends = "12:00"\n[shift.quotas]\nmeal = "15m"\nprayer = { quota_times = 1 }\n'
    (code,) = read(tomllib.loads(text), "test.toml", "", observe=True).shifts.values()
    assert code.quotas == (ShiftQuota(kind="meal", seconds=900.0), ShiftQuota(kind="prayer", times=1))


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ('[[break]]\nid = "meal"\nby_length = [{ quota = "30m" }]\n', "break[1].by_length[1].up_to", "must say how long"),
        ('[[break]]\nid = "meal"\nby_length = [{ up_to = "4h" }]\n', "break[1].by_length[1].quota", "must say what there is"),
        ('[[break]]\nid = "meal"\nby_length = [{ up_to = "4h", quota_times = 1 }, { up_to = "240m", quota_times = 2 }]\n', "break[1].by_length[2].up_to", "is already said"),
        ('[[shift]]\ncode = "S"\nbegins = "08:00"\nends = "12:00"\nquotas = { meals = "15m" }\n', "shift[1].quotas.meals", 'did you mean "meal"'),
        ('[[shift]]\ncode = "S"\nbegins = "08:00"\nends = "12:00"\nbreaks = ["10:00-10:15 meel"]\n', "shift[1].breaks", 'did you mean "meal"'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_quotas_of_shifts(text: str, where: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        said(text)
    assert where in str(caught.value)
    assert what in str(caught.value)
