"""Rotas as spreadsheets have them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.events import AgentCard, AgentId, BreakKind, PlannedBreak, ShiftQuota
from ccwall.floor.rota.roster import Roster
from ccwall.floor.rota.table import MOST_MISTAKES, Code, Found, Table, decoded

SHANGHAI = ZoneInfo("Asia/Shanghai")
LI, WANG, WANG2 = AgentId("li"), AgentId("wang"), AgentId("wang2")
CARDS = {
    LI: AgentCard(names={"zh-CN": "李伟", "en": "Li Wei"}, extension="1001"),
    WANG: AgentCard(names={"zh-CN": "王芳"}),
    WANG2: AgentCard(names={"zh-CN": "王芳"}),
}
EARLY = Code(begins=8 * 3600.0, ends=16 * 3600.0, breaks=((12 * 3600.0, 12.5 * 3600.0, "meal"),))
NIGHT = Code(begins=22 * 3600.0, ends=6 * 3600.0)


def read(text: str, zone: ZoneInfo = SHANGHAI) -> Found:
    return Table(Roster(CARDS, {}), {"A": EARLY, "夜": NIGHT}, zone).read(text)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def test_a_row_a_shift_in_english() -> None:
    found = read(
        "agent,date,begins,ends,seat,breaks,note\n"
        "Li Wei,2026-11-02,09:00,18:00,A-07,15:00-15:10 short; 12:00-12:45 meal,first day\n"
    )
    (shift,) = found.shifts
    assert not found.mistakes
    assert (shift.agent, shift.begins, shift.ends) == (LI, at("2026-11-02T09:00"), at("2026-11-02T18:00"))
    assert (shift.seat, shift.note, shift.kind) == ("A-07", "first day", "work")
    assert shift.breaks == (
        PlannedBreak(begins=at("2026-11-02T12:00"), ends=at("2026-11-02T12:45"), kind="meal"),
        PlannedBreak(begins=at("2026-11-02T15:00"), ends=at("2026-11-02T15:10"), kind="short"),
    )


def test_a_row_a_shift_in_chinese_from_excel() -> None:
    content = "工号;姓名;日期;上班;下班;班次\nli;;2026/11/2;9:00;18:00;\n1001;;2026年11月3日;;;休\nli;;20261104;;;夜\n".encode(
        "gb18030"
    )
    found = read(decoded(content))
    assert not found.mistakes
    assert [s.begins for s in found.shifts] == [at("2026-11-02T09:00"), at("2026-11-04T22:00")]
    assert found.shifts[1].ends == at("2026-11-05T06:00")  # the night ends on the day after


def test_a_break_of_the_night_is_on_the_day_after() -> None:
    night = read("agent,date,begins,ends,breaks\nli,2026-11-02,22:00,06:00,02:00-02:30 meal\n")
    assert not night.mistakes
    assert night.shifts[0].breaks[0].begins == at("2026-11-03T02:00")


def test_a_row_a_person() -> None:
    found = read("姓名,2026-11-02,2026-11-03,2026-11-04,2026-11-05,备注\n李伟,A,休,年假,10:00-19:00,x\n")
    assert not found.mistakes
    assert [(s.kind, s.begins) for s in found.shifts] == [
        ("work", at("2026-11-02T08:00")),
        ("leave", at("2026-11-04T00:00")),
        ("work", at("2026-11-05T10:00")),
    ]
    assert found.shifts[0].breaks[0].kind == "meal"
    assert found.shifts[1].ends == at("2026-11-05T00:00")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "line 1", "is empty"),
        ("who,what\n1,2\n", "line 1", "must name agent and date"),
        (
            "agent,date,begins,ends\n王芳,2026-11-02,9:00,18:00\n",
            "line 2, column 1",
            "could be wang or wang2",
        ),
        (
            "agent,date,begins,ends\nLi Wie,2026-11-02,9:00,18:00\n",
            "line 2, column 1",
            'did you mean "li wei"?',
        ),
        ("agent,date,begins,ends\nli,2026-13-02,9:00,18:00\n", "line 2, column 2", "month must be"),
        ("agent,date,begins,ends\nli,2.11.,9:00,18:00\n", "line 2, column 2", "is not a day like 2026-11-02"),
        ("agent,date,begins,ends\nli,2026-11-02,9,18:00\n", "line 2, column 3", "is not a time like 09:00"),
        ("agent,date,begins,ends\nli,2026-11-02,25:00,18:00\n", "line 2, column 3", "is not a time of a day"),
        ("agent,date,code\nli,2026-11-02,B\n", "line 2, column 3", "is no shift I know"),
        (
            "agent,date,begins,ends,breaks\nli,2026-11-02,9:00,18:00,19:00-19:30 meal\n",
            "line 2",
            "a break outside of the shift",
        ),
        (
            "agent,date,begins,ends,breaks\nli,2026-11-02,9:00,18:00,noon\n",
            "line 2, column 5",
            "is no break like",
        ),
        (
            "agent,date,begins,ends,breaks\nli,2026-11-02,9:00,18:00,12:00-12:30 meel\n",
            "line 2, column 5",
            '"meel" is no kind of break; did you mean "meal"?',
        ),
        (
            "agent,date,begins,ends,quotas\nli,2026-11-02,9:00,18:00,nap 20m\n",
            "line 2, column 5",
            '"nap" is no kind of break',
        ),
        (
            "agent,date,begins,ends\nli,2026-11-02,9:00,18:00\nli,2026-11-02,9:00,17:00\n",
            "line 3",
            "is the same shift as line 2",
        ),
        ('agent,date\n"li,2026', "line 2", "is not CSV"),
    ],
)
def test_a_mistake_says_where_and_what(text: str, where: str, what: str) -> None:
    found = read(text)
    assert found.mistakes[0][0] == where
    assert what in found.mistakes[0][1]


def test_one_bad_line_does_not_lose_the_others() -> None:
    found = read("agent,date,begins,ends\nnobody,2026-11-02,9:00,18:00\nli,2026-11-02,9:00,18:00\n")
    assert len(found.shifts) == len(found.mistakes) == 1


def test_mistakes_are_counted_beyond_those_that_are_listed() -> None:
    found = read("agent,date,begins,ends\n" + "nobody,2026-11-02,9:00,18:00\n" * 500)
    assert (len(found.mistakes), found.more) == (MOST_MISTAKES, 500 - MOST_MISTAKES)


def test_a_shift_on_the_day_that_clocks_change_is_by_the_clock_on_the_wall() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    (shift,) = read("agent,date,begins,ends\nli,2026-10-25,00:00,08:00\n", berlin).shifts
    assert shift.ends - shift.begins == 9 * 3600.0


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(ValueError, match="CSV UTF-8"):
        decoded(b"PK\x03\x04\0\0\0\0")
    assert decoded("\ufeff工号".encode()) == "工号"
    assert decoded("工号".encode("utf-16")) == "工号"


@given(st.text(max_size=200).filter(lambda text: "agent" not in text))
def test_what_is_no_rota_is_said_to_be_none(text: str) -> None:
    found = read(text)
    assert found.mistakes
    assert not found.shifts


@given(
    st.lists(
        st.sampled_from(
            ["li", "Li Wei", "2026-11-02", "09:00", "A", ",", "\n", "休", '"', ";", "agent,date\n"]
        )
    )
)
def test_pieces_of_rotas_never_break_it(pieces: list[str]) -> None:
    found = read("agent,date,begins,ends\n" + "".join(pieces))
    assert len({shift.shift_id for shift in found.shifts}) == len(found.shifts)
    assert all(shift.begins < shift.ends for shift in found.shifts)


def test_a_shift_has_quotas_of_its_own_by_a_column_or_by_its_letter() -> None:
    found = read(
        "agent,date,begins,ends,quotas\nli,2026-11-02,09:00,18:00,meal 60m; short 20m 2x；breather 0x\nli,2026-11-03,09:00,13:00,\n"
    )
    assert not found.mistakes
    assert found.shifts[0].quotas == (
        ShiftQuota(kind="meal", seconds=3600.0),
        ShiftQuota(kind="short", times=2, seconds=1200.0),
        ShiftQuota(kind="breather", times=0),
    )
    assert found.shifts[1].quotas == ()
    short = Code(begins=8 * 3600.0, ends=12 * 3600.0, quotas=(ShiftQuota(kind="meal", seconds=900.0),))
    by_letter = Table(Roster(CARDS, {}), {"S": short}, SHANGHAI).read("agent,2026-11-02\nli,S\n")
    assert by_letter.shifts[0].quotas == short.quotas


def test_a_kind_of_break_may_be_written_by_any_of_its_names() -> None:
    kinds = {"tea": BreakKind(names={"zh-CN": "茶歇", "en": "Tea break"}), "meal": BreakKind()}
    text = "agent,date,begins,ends,breaks,quotas\nli,2026-11-02,09:00,18:00,10:00-10:15 茶歇; 12:00-13:00,tea break 20m 2x\n"
    found = Table(Roster(CARDS, {}), {}, SHANGHAI, kinds).read(text)
    assert not found.mistakes
    assert [each.kind for each in found.shifts[0].breaks] == ["tea", "meal"]
    assert found.shifts[0].quotas == (ShiftQuota(kind="tea", times=2, seconds=1200.0),)


@pytest.mark.parametrize("text", ["meal", "meal an hour", "meal 60m 30m", "meal 60m; meal 2x", "meal 2x 3x"])
def test_what_is_no_quota_is_said(text: str) -> None:
    found = read(f"agent,date,begins,ends,quotas\nli,2026-11-02,09:00,18:00,{text}\n")
    assert found.mistakes[0][0] == "line 2, column 5"
    assert 'is no quota like "meal 60m" or "short 20m 2x"' in found.mistakes[0][1]
