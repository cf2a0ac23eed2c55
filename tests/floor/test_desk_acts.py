"""Acts about help, incidents, notices, patrols, notes and faults: who may, in whose scope, and who was faster."""

import asyncio
from itertools import count
from typing import Any

import pytest

from ccwall import events
from ccwall.clock import ManualClock
from ccwall.config import HOUSE
from ccwall.engine import Engine
from ccwall.events import AgentCard, AgentId, Policy, Principal, SiteId
from ccwall.floor import desk_faults, desk_help, desk_incidents, desk_notices, desk_patrols
from ccwall.floor.acts import Acts, Bench
from ccwall.floor.codes import Codes, Place, key_in
from ccwall.floor.wish import Forbidden, Mistaken, NotNow, NotThere, Objection
from ccwall.intake import Intake

ACTS = (
    *desk_help.ACTS,
    *desk_incidents.ACTS,
    *desk_notices.ACTS,
    *desk_patrols.ACTS,
    *desk_faults.ACTS,
)
ANNA, BO = AgentId("anna"), AgentId("bo")
SONG = Principal(id="song", role="lead", name="宋佳", teams=("north",))
HE = Principal(id="he", role="lead", name="何平", teams=("north", "south"))
SOUTH = Principal(id="wu", role="lead", name="吴", teams=("south",))
LIN = Principal(id="lin", role="supervisor", name="林")
QUALITY = Principal(id="qa", role="quality")
HERSELF = Principal(id="a", role="agent", agent=ANNA, teams=("north",))
OTHER = Principal(id="b", role="agent", agent=BO, teams=("south",))
EVERYBODY = (SONG, HE, SOUTH, LIN, QUALITY, HERSELF, OTHER, Principal(id="wall", role="display"))


class Room:
    """A house of acts only."""

    def __init__(self) -> None:
        self.clock, self.engine = ManualClock(), Engine()
        self.intake = Intake(SiteId("site"), self.engine.apply)
        ids = count()
        self.codes = Codes(lambda: b"k" * 32)
        bench = Bench(
            self.engine,
            self.intake.take,
            self.clock,
            house=HOUSE,
            ids=lambda: f"id{next(ids)}",
            codes=self.codes,
        )
        self.acts = Acts(bench, ACTS)
        policy = Policy(agents={ANNA: AgentCard(team="north"), BO: AgentCard(team="south")})
        self.intake.take(
            HOUSE, [events.ConfigApplied(at=self.clock.now(), hash="", policy=policy)], self.clock.now()
        )

    def do(self, who: Principal, name: str, **arguments: Any) -> dict[str, Any]:
        return asyncio.run(self.acts.do(who, name, arguments))

    def objection(self, who: Principal, name: str, **arguments: Any) -> Objection:
        before = self.intake.seq
        with pytest.raises(Objection) as caught:
            self.do(who, name, **arguments)
        assert self.intake.seq == before, "an objection, and yet something was recorded"
        return caught.value


@pytest.fixture
def place() -> Room:
    return Room()


MAY: dict[str, tuple[Principal, ...]] = {
    "help.request": (SONG, HE, SOUTH, LIN, QUALITY, HERSELF, OTHER),
    "help.take": (SONG, HE, SOUTH, LIN),
    "help.end": (SONG, HE, SOUTH, LIN, HERSELF, OTHER),
    "incident.propose": (SONG, HE, SOUTH, LIN),
    "incident.confirm": (LIN,),
    "incident.edit": (LIN,),
    "incident.dismiss": (LIN,),
    "incident.close": (LIN,),
    "announcement.post": (SONG, HE, SOUTH, LIN),
    "announcement.withdraw": (SONG, HE, SOUTH, LIN),
    "thanks.give": (SONG, HE, SOUTH, LIN, QUALITY),
    "thanks.withdraw": (SONG, HE, SOUTH, LIN, QUALITY),
    "patrol.make": (SONG, HE, SOUTH, LIN),
    "patrol.codes": (SONG, HE, SOUTH, LIN),
    "patrol.code": (SONG, HE, SOUTH, LIN),
    "handover.note": (SONG, HE, SOUTH, LIN),
    "handover.read": (SONG, HE, SOUTH, LIN),
    "fault.report": (SONG, HE, SOUTH, LIN, QUALITY, HERSELF, OTHER),
    "fault.take": (SONG, HE, SOUTH, LIN),
    "fault.close": (SONG, HE, SOUTH, LIN),
}


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.id)
def test_which_role_may_do_what(place: Room, who: Principal) -> None:
    assert set(MAY) == {act.name for act in ACTS}
    assert set(place.acts.may(who)) == {name for name, people in MAY.items() if who in people}


def test_help_from_the_call_to_its_end(place: Room) -> None:
    told = place.do(HERSELF, "help.request", topic=" 条款 ")
    assert place.do(HERSELF, "help.request", topic="again") == told
    help_id = told["help"]
    assert place.do(SONG, "help.take", help=help_id) == {"help": help_id}
    assert place.do(SONG, "help.take", help=help_id) == {"help": help_id}
    late = place.objection(HE, "help.take", help=help_id)
    assert isinstance(late, NotNow)
    assert (late.more["done"], late.more["by"]) == ("taken", "宋佳")
    place.do(HE, "help.take", help=help_id, join=True)
    assert isinstance(place.objection(HERSELF, "help.end", help=help_id), Forbidden)
    place.do(SONG, "help.end", help=help_id)
    assert isinstance(place.objection(HERSELF, "help.end", help=help_id, how="withdrawn"), NotNow)
    call = place.engine.desk.help[help_id]
    assert (call.topic, len(call.taken), call.state) == ("条款", 2, "ended")
    assert place.do(HERSELF, "help.request")["help"] != help_id


def test_help_is_for_those_who_see_the_person(place: Room) -> None:
    help_id = place.do(HERSELF, "help.request")["help"]
    for who, act in ((SOUTH, "help.take"), (SOUTH, "help.end"), (OTHER, "help.end")):
        assert isinstance(place.objection(who, act, help=help_id), NotThere)
    assert isinstance(place.objection(SONG, "help.request", agent="bo"), NotThere)
    assert isinstance(place.objection(HERSELF, "help.request", agent="bo"), NotThere)
    assert isinstance(place.objection(LIN, "help.request"), Mistaken)
    assert isinstance(place.objection(LIN, "help.take", help="nothing"), NotThere)
    place.do(SONG, "help.request", agent="anna")
    place.do(HERSELF, "help.end", help=help_id, how="withdrawn")


def test_nobody_takes_their_own_call(place: Room) -> None:
    both = Principal(id="d", role="lead", agent=ANNA, teams=("north",))
    help_id = place.do(both, "help.request")["help"]
    assert isinstance(place.objection(both, "help.take", help=help_id), NotNow)


def test_an_incident_from_the_proposal_to_the_close(place: Room) -> None:
    incident = place.do(SONG, "incident.propose", kind="system", text="CRM 慢")["incident"]
    again = place.objection(HE, "incident.propose", kind="system")
    assert isinstance(again, NotNow)
    assert again.more["by"] == "宋佳"
    assert isinstance(place.objection(LIN, "incident.close", incident=incident), NotNow)
    assert isinstance(
        place.objection(LIN, "incident.confirm", incident=incident, texts={"en": " "}), Mistaken
    )
    assert isinstance(
        place.objection(LIN, "incident.confirm", incident=incident, texts={"fr": "x"}), Mistaken
    )
    now = place.clock.now()
    place.do(LIN, "incident.confirm", incident=incident, texts={"en": "CRM is slow"}, expected_end=now + 600)
    other = Principal(id="chen", role="manager", name="陈")
    for act, more in (("confirm", {"texts": {"en": "x"}}), ("dismiss", {})):
        late = place.objection(other, f"incident.{act}", incident=incident, **more)
        assert isinstance(late, NotNow)
        assert (late.more["done"], late.more["by"]) == ("confirmed", "林")
    place.do(LIN, "incident.edit", incident=incident, texts={"en": "CRM is down"})
    assert isinstance(place.objection(LIN, "incident.edit", incident=incident), Mistaken)
    asyncio.run(place.clock.advance(300))
    assert isinstance(place.objection(LIN, "incident.close", incident=incident, ended=now + 9999), Mistaken)
    told = place.do(LIN, "incident.close", incident=incident, cause="disk")
    assert told["effect"]["seconds"] == 300
    assert {"offered", "abandoned", "before_offered"} <= told["effect"].keys()
    late = place.objection(other, "incident.close", incident=incident)
    assert isinstance(late, NotNow)
    assert late.more["done"] == "closed"
    assert place.engine.desk.incidents[incident].texts == {"en": "CRM is down"}


def test_announcements_are_for_the_teams_one_leads(place: Room) -> None:
    mine = place.do(SONG, "announcement.post", texts={"zh-CN": "开会"})["announcement"]
    assert place.engine.desk.notices.announcements[mine].teams == ("north",)
    assert isinstance(
        place.objection(SONG, "announcement.post", texts={"en": "x"}, teams=["south"]), Mistaken
    )
    assert isinstance(place.objection(SOUTH, "announcement.withdraw", announcement=mine), NotThere)
    assert isinstance(
        place.objection(SOUTH, "announcement.post", texts={"en": "x"}, announcement=mine), NotThere
    )
    place.do(SONG, "announcement.post", texts={"en": "later"}, announcement=mine)
    for until in (place.clock.now(), place.clock.now() + 20 * 86400):
        assert isinstance(place.objection(LIN, "announcement.post", texts={"en": "x"}, until=until), Mistaken)
    everybody = place.do(LIN, "announcement.post", texts={"en": "all"})["announcement"]
    assert place.engine.desk.notices.announcements[everybody].teams == ()
    assert isinstance(place.objection(SONG, "announcement.withdraw", announcement=everybody), NotThere)
    place.do(HE, "announcement.withdraw", announcement=mine)


def test_thanks_go_to_somebody(place: Room) -> None:
    assert isinstance(place.objection(SONG, "thanks.give", text="x"), Mistaken)
    assert isinstance(place.objection(SONG, "thanks.give", text="x", agent="bo"), NotThere)
    assert isinstance(place.objection(SONG, "thanks.give", text="x", team="south"), NotThere)
    thanks = place.do(SONG, "thanks.give", text="谢谢", agent="anna")["thanks"]
    assert isinstance(place.objection(SOUTH, "thanks.withdraw", thanks=thanks), NotThere)
    place.do(HE, "thanks.withdraw", thanks=thanks)
    assert place.engine.desk.notices.thanks == {}


def test_a_double_press_is_one_patrol(place: Room) -> None:
    first = place.do(SONG, "patrol.make", team="north")
    asyncio.run(place.clock.advance(10))
    assert place.do(SONG, "patrol.make", team="north") == first
    assert place.do(HE, "patrol.make", team="north") != first
    assert place.do(SONG, "patrol.make", team="north", findings=["noise"]) != first
    asyncio.run(place.clock.advance(60))
    assert place.do(SONG, "patrol.make", team="north")["patrol"] != first["patrol"]
    assert isinstance(place.objection(SONG, "patrol.make", team="south"), NotThere)
    assert isinstance(place.objection(SONG, "patrol.make", findings=["<b>"]), Mistaken)


def test_a_code_says_where_one_stands(place: Room) -> None:
    sheet = place.do(SONG, "patrol.codes", team="north", rows=["A", "B", "A"], days=30)
    assert [each["row"] for each in sheet["codes"]] == ["A", "B"]
    code = sheet["codes"][1]["code"]
    assert place.do(HE, "patrol.code", code=code) == {"team": "north", "row": "B", "until": sheet["until"]}
    made = place.do(HE, "patrol.make", code=code, team="ignored", row="ignored")
    assert (made["team"], made["row"]) == ("north", "B")
    assert place.engine.desk.patrols.made["north"][-1].via == "code"
    assert isinstance(place.objection(SOUTH, "patrol.make", code=code), NotThere)
    assert isinstance(place.objection(SOUTH, "patrol.code", code=code), NotThere)
    assert isinstance(place.objection(SONG, "patrol.codes", team="south", rows=["A"]), NotThere)
    asyncio.run(place.clock.advance(31 * 86400))
    assert isinstance(place.objection(HE, "patrol.make", code=code), NotNow)


def _flip(code: str, at: int) -> str:
    return code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :]


CODE = Codes(lambda: b"k" * 32).make(Place("north", "B", 4e9))


FORGED = (
    "",
    "x",
    CODE.partition(".")[0],
    CODE.partition(".")[0] + ".",
    CODE + "A",
    CODE + "=",
    CODE.replace(".", ".."),
    "码" + CODE,
    "A" * 5000,
    Codes(lambda: b"j" * 32).make(Place("north", "B", 4e9)),
    *(_flip(CODE, at) for at in range(len(CODE)) if CODE[at] != "."),
)


def test_a_forged_code_opens_nothing() -> None:
    codes = Codes(lambda: b"k" * 32)
    assert codes.read(CODE, 1.0) == Place("north", "B", 4e9)
    assert [code for code in FORGED if codes.read(code, 1.0) is not None] == []
    assert codes.read(CODE, 4e9) is None


def test_the_key_of_the_house_stays(tmp_path: Any) -> None:
    key = key_in(tmp_path)
    assert key_in(tmp_path) == key
    assert (tmp_path / "patrol.key").stat().st_mode & 0o077 == 0
    (tmp_path / "patrol.key").write_bytes(b"short")
    assert len(key_in(tmp_path)) == 32
    assert key_in(None) != key_in(None)


def test_a_note_is_read_by_those_it_is_for(place: Room) -> None:
    note = place.do(SONG, "handover.note", text="一\n二", team="north")["handover"]
    assert isinstance(place.objection(SOUTH, "handover.read", handover=note), NotThere)
    place.do(HE, "handover.read", handover=note)
    before = place.intake.seq
    place.do(HE, "handover.read", handover=note)
    assert place.intake.seq == before
    assert isinstance(place.objection(SONG, "handover.note", text="x", team="south"), NotThere)
    assert isinstance(place.objection(SONG, "handover.note", text="\x07"), Mistaken)


def test_faults_are_reported_once_and_looked_after_by_one(place: Room) -> None:
    fault = place.do(HERSELF, "fault.report", fault="headset", agent="anna")["fault"]
    assert place.do(HERSELF, "fault.report", fault="headset")["fault"] == fault
    assert isinstance(place.objection(SOUTH, "fault.take", fault=fault), NotThere)
    place.do(SONG, "fault.take", fault=fault)
    place.do(SONG, "fault.take", fault=fault)
    late = place.objection(HE, "fault.take", fault=fault)
    assert isinstance(late, NotNow)
    assert late.more["by"] == "宋佳"
    place.do(HE, "fault.close", fault=fault, how="replaced")
    assert isinstance(place.objection(SONG, "fault.close", fault=fault), NotNow)
    assert isinstance(place.objection(SONG, "fault.report", fault="x"), Mistaken)
    assert isinstance(place.objection(OTHER, "fault.report", fault="x", agent="anna"), NotThere)
    somewhere = place.do(OTHER, "fault.report", fault="network", note="row C")["fault"]
    assert place.engine.desk.faults[somewhere].agent == BO


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("help.request", {"topic": "x" * 200}),
        ("help.request", {"topic": "a\u202eb"}),
        ("help.request", {"unknown": 1}),
        ("incident.propose", {"kind": "party"}),
        ("incident.propose", {"kind": "other", "scope": "moon:1"}),
        ("incident.propose", {"kind": "other", "began": 1e9}),
        ("thanks.give", {"text": "x" * 2000, "agent": "anna"}),
        ("patrol.codes", {"team": "north", "rows": []}),
        ("patrol.codes", {"team": "north", "rows": ["A"], "days": 4000}),
        ("handover.note", {"text": ""}),
        ("fault.report", {"fault": "x", "seat": "\x00"}),
    ],
)
def test_words_are_looked_at(place: Room, name: str, arguments: dict[str, Any]) -> None:
    assert isinstance(place.objection(LIN, name, **arguments), Mistaken)
