"""Group robots and webhooks, each against a far end that checks what the vendor documents."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest

from ccwall.clock import ManualClock
from ccwall.delivery import BY_TYPE, Channel, Failed, Note, Ok, Person, Retry, post
from ccwall.delivery.post import MOST_ANSWER
from ccwall_simulators.robots import (
    DingTalkRobot,
    Fault,
    FeishuRobot,
    Phone,
    Response,
    Robot,
    Robots,
    WebhookEnd,
    WeComRobot,
)
from tests.delivery.making import NOW, WANG, channel, note

SECRET = "SEC000000000000000000000018ada8a4"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TYPES = ("wecom", "dingtalk", "feishu", "webhook")
ROBOTS = TYPES[:3]
SIGNED = TYPES[1:]

Make = Callable[..., Channel]


class Far:
    """All four on one port, and the phone of who is in the groups."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.phone = Phone()
        self.ends: dict[str, Robot] = {
            "wecom": WeComRobot(self.phone),
            "dingtalk": DingTalkRobot(self.phone, secret=SECRET),
            "feishu": FeishuRobot(self.phone, secret=SECRET),
            "webhook": WebhookEnd(self.phone, secret=WEBHOOK_SECRET),
        }
        self.robots = Robots(list(self.ends.values()), self.clock.now)
        self.made: list[Channel] = []

    def channel(self, kind: str, language: str = "zh-CN", **settings: Any) -> Channel:
        told: dict[str, Any] = {"url": self.robots.url(self.ends[kind])}
        if kind in SIGNED:
            told["secret"] = WEBHOOK_SECRET if kind == "webhook" else SECRET
        made = channel(kind, self.clock, language, **{**told, **settings})
        self.made.append(made)
        return made


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    made = Far()
    async with made.robots:
        yield made
        for each in made.made:
            await each.close()


@pytest.mark.parametrize("kind", TYPES)
async def test_a_note_arrives_with_all_that_a_lead_must_know(far: Far, kind: str) -> None:
    outcome = await far.channel(kind).send([note()])
    assert isinstance(outcome, Ok)
    (message,) = far.phone.messages
    for part in ("最久等待过长", "客服热线", "95 s", "60 s", "排队 7 人", "请小休的同事回线"):
        assert part in message.text
    assert message.rings == ()


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize(("language", "words"), [("zh-TW", "嚴重"), ("en", "Critical")])
async def test_it_speaks_the_language_of_the_channel(far: Far, kind: str, language: str, words: str) -> None:
    await far.channel(kind, language).send([note(severity="critical")])
    (message,) = far.phone.messages
    assert words in message.text


@pytest.mark.parametrize(
    ("kind", "rings"), [("wecom", "wangmin"), ("dingtalk", "manager7"), ("feishu", "ou_7d8a")]
)
async def test_who_is_to_be_told_is_rung_and_nobody_else(far: Far, kind: str, rings: str) -> None:
    assert isinstance(await far.channel(kind).send([note(mentions=(WANG,))]), Ok)
    (message,) = far.phone.messages
    assert message.rings == (rings,)
    assert not message.everybody


@pytest.mark.parametrize(
    ("kind", "rings"), [("wecom", "13800001111"), ("dingtalk", "13800001111"), ("feishu", "wang@example.org")]
)
async def test_who_has_no_id_there_is_rung_by_number_or_mail(far: Far, kind: str, rings: str) -> None:
    known = Person(name="王敏", phone="13800001111", email="wang@example.org")
    await far.channel(kind).send([note(mentions=(known,))])
    (message,) = far.phone.messages
    assert message.rings == (rings,)


@pytest.mark.parametrize("kind", ROBOTS)
async def test_what_is_over_rings_nobody(far: Far, kind: str) -> None:
    await far.channel(kind).send([note(kind="resolved", mentions=(WANG,))])
    (message,) = far.phone.messages
    assert message.rings == ()


HOSTILE = (
    '<at user_id="all">所有人</at>',
    "<at id=all></at>",
    "<@all>",
    "<@wangmin>",
    "@all @13800001111 @所有人",
    "](https://evil.example) [click](https://evil.example)",
    "**bold** `code` <font color='info'>ok</font>",
    "\n# heading\r\n> quote\u2028\u202e",
    '"},"at":{"isAtAll":true}',
    "all",
    "@all",
    "@ALL",
    "\x00\x1b[31m",
)


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_name_from_the_network_rings_nobody_and_is_no_markup(far: Far, kind: str, name: str) -> None:
    bad = Person(name=name, phone=name, wecom=name, dingtalk=name, feishu=name, email=name)
    everywhere = {"zh-CN": name}
    hostile = note(
        scope=name,
        value=name,
        threshold=name,
        title=everywhere,
        text=everywhere,
        todo=everywhere,
        mentions=(bad,),
    )
    for notes in ([hostile], [hostile, note("alert/2")]):
        assert isinstance(await far.channel(kind).send(notes), Ok)
        message = far.phone.messages[-1]
        assert not message.everybody
        assert message.rings == ()
        assert "](http" not in message.text
        assert "https://evil" not in message.text
        assert "<font color='" not in message.text


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize("many", [1, 2, 300])
async def test_the_longest_chinese_texts_are_cut_to_what_the_robot_takes(
    far: Far, kind: str, many: int
) -> None:
    long = {"zh-CN": '"最久等待过长\\' * 300}
    notes = [
        note(f"alert/{n}", title=long, text=long, todo=long, scope="客服" * 100, mentions=mentions)
        for n in range(many)
        for mentions in ((WANG,) if n % 2 else (),)
    ]
    outcome = await far.channel(kind).send(notes)
    assert isinstance(outcome, Ok)
    (message,) = far.phone.messages
    assert "�" not in message.text
    assert outcome.left_out == 0 if many == 1 else outcome.left_out < many
    if many == 300:
        assert f"另有 {outcome.left_out} 条未列出" in message.text


@pytest.mark.parametrize("kind", ROBOTS)
async def test_a_digest_lists_the_worst_first_and_what_is_over_last(far: Far, kind: str) -> None:
    notes = [
        note("1", "info", scope="甲"),
        note("2", "critical", scope="乙", kind="resolved"),
        note("3", "critical", scope="丙"),
        note("4", "warn", scope="丁"),
    ]
    assert await far.channel(kind).send(notes) == Ok("success" if kind == "feishu" else "ok")
    (message,) = far.phone.messages
    assert "共 4 条" in message.text
    places = [message.text.index(name) for name in "丙丁甲乙"]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", SIGNED)
async def test_a_wrong_secret_is_refused_for_good_and_says_what_to_do(far: Far, kind: str) -> None:
    wrong = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" if kind == "webhook" else "SECwrong"
    outcome = await far.channel(kind, secret=wrong).send([note()])
    assert isinstance(outcome, Failed)
    assert "sign" in outcome.why
    assert kind == "webhook" or "secret" in outcome.why
    assert far.phone.messages == []


@pytest.mark.parametrize("kind", SIGNED)
async def test_a_clock_that_is_wrong_is_refused(far: Far, kind: str) -> None:
    made = far.channel(kind)
    far.robots._now = lambda: NOW + 7200
    assert isinstance(await made.send([note()]), Failed)


@pytest.mark.parametrize(("kind", "number"), [("wecom", 93000), ("dingtalk", 300001)])
async def test_an_address_that_is_no_robots_is_refused_for_good(far: Far, kind: str, number: int) -> None:
    url = far.robots.url(far.ends[kind]) + "x"
    outcome = await far.channel(kind, url=url).send([note()])
    assert isinstance(outcome, Failed)
    assert str(number) in outcome.why
    assert "copy" in outcome.why


@pytest.mark.parametrize(
    ("kind", "sends", "pause"), [("wecom", 21, 60.0), ("dingtalk", 21, 600.0), ("feishu", 6, 60.0)]
)
async def test_a_robot_that_was_spoken_to_too_fast_says_so(
    far: Far, kind: str, sends: int, pause: float
) -> None:
    made = far.channel(kind)
    outcomes = [await made.send([note()]) for _ in range(sends)]
    assert all(isinstance(each, Ok) for each in outcomes[:-1])
    last = outcomes[-1]
    assert isinstance(last, Retry)
    assert last.after == pause


@pytest.mark.parametrize("kind", ROBOTS)
async def test_the_limits_we_keep_are_no_wider_than_the_robots_own(far: Far, kind: str) -> None:
    made = far.channel(kind)
    for limit in made.limits:
        fresh = Far()
        async with fresh.robots:
            told = fresh.channel(kind)
            outcomes = []
            for _ in range(limit.messages):
                outcomes.append(await told.send([note()]))
                await fresh.clock.advance((limit.seconds if limit.seconds > 1 else 0.9) / limit.messages)
            await told.close()
        assert all(isinstance(each, Ok) for each in outcomes)


@pytest.mark.parametrize(
    ("kind", "code", "outcome"),
    [
        ("wecom", {"errcode": -1, "errmsg": "system busy"}, Retry),
        ("wecom", {"errcode": 45033, "errmsg": "api concurrent out of limit"}, Retry),
        ("wecom", {"errcode": 40058, "errmsg": "exceed max length"}, Failed),
        ("wecom", {"errcode": 93004, "errmsg": "robot disabled"}, Failed),
        ("dingtalk", {"errcode": -1, "errmsg": "系统繁忙"}, Retry),
        ("dingtalk", {"errcode": 660026, "errmsg": "too fast"}, Retry),
        ("dingtalk", {"errcode": 410100, "errmsg": "发送速度太快而限流"}, Retry),
        ("dingtalk", {"errcode": 400102, "errmsg": "机器人已停用"}, Failed),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, Failed),
        ("feishu", {"code": 9499, "msg": "too many request", "data": {}}, Retry),
        ("feishu", {"code": 9499, "msg": "Bad Request", "data": {}}, Failed),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, Retry),
        ("feishu", {"code": 19022, "msg": "Ip Not Allowed"}, Failed),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, Failed),
        ("feishu", {"code": "0"}, Retry),
        ("wecom", {"errcode": True}, Retry),
        ("wecom", [], Retry),
    ],
)
async def test_every_code_is_either_tried_again_or_told(
    far: Far, kind: str, code: object, outcome: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Response(body=msgspec.json.encode(code))
    monkeypatch.setattr(far.ends[kind], "answer", lambda request, now: answer)
    assert isinstance(await far.channel(kind).send([note()]), outcome)


FAULTS: list[tuple[Fault, type]] = [
    ("hang", Retry),
    ("reset", Retry),
    ("half", Retry),
    ("lost", Retry),
    ("error", Retry),
    ("busy", Retry),
    ("elsewhere", Failed),
]


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(("fault", "outcome"), FAULTS)
async def test_whatever_happens_on_the_way_there_is_an_outcome(
    far: Far, kind: str, fault: Fault, outcome: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "ANSWER_WITHIN", 0.15)
    far.robots.fault = fault
    if kind == "webhook" and fault == "half":
        far.ends["webhook"].says = Response(body=b"x" * 100)  # type: ignore[attr-defined]
    found = await far.channel(kind).send([note()])
    assert isinstance(found, outcome), found
    if fault == "busy":
        assert isinstance(found, Retry)
        assert found.after == 7.0


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize("fault", ["garbage", "endless"])
async def test_an_answer_that_is_none_is_not_taken_for_yes(far: Far, kind: str, fault: Fault) -> None:
    far.robots.fault = fault
    outcome = await far.channel(kind).send([note()])
    assert isinstance(outcome, Retry)
    assert len(outcome.why) < 400 < MOST_ANSWER


@pytest.mark.parametrize("kind", TYPES)
async def test_nobody_there_is_tried_again(far: Far, kind: str) -> None:
    made = far.channel(kind)
    await far.robots.close()
    assert isinstance(await made.send([note()]), Retry)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Ok),
        (204, Ok),
        (400, Failed),
        (410, Failed),
        (413, Failed),
        (408, Retry),
        (429, Retry),
        (502, Retry),
    ],
)
async def test_a_webhook_is_judged_by_its_status(far: Far, status: int, outcome: type) -> None:
    far.ends["webhook"].says = Response(status=status, headers={"retry-after": "30"})  # type: ignore[attr-defined]
    found = await far.channel("webhook").send([note()])
    assert isinstance(found, outcome)
    assert not isinstance(found, Retry) or found.after == 30.0


async def test_a_webhook_gets_all_of_every_note_and_the_same_id_for_the_same_notes(far: Far) -> None:
    made, end = far.channel("webhook"), far.ends["webhook"]
    notes = [note("b", mentions=(WANG,)), note("a")]
    await made.send(notes)
    await made.send(notes[::-1])
    await made.send(notes[:1])
    (first, body), (again, _), (other, alone) = end.seen  # type: ignore[attr-defined]
    assert first == again != other
    told = msgspec.json.decode(body)
    assert told["type"] == "alert.digest"
    assert [msgspec.convert(each, Note) for each in told["data"]["notes"]] == [notes[1], notes[0]]
    assert msgspec.convert(msgspec.json.decode(alone)["data"], Note) == notes[0]


async def test_no_log_has_an_address_in_it(far: Far, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await far.channel("wecom").send([note()])
    assert "693a91f6" not in caplog.text


async def test_the_systems_proxy_is_not_used(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert isinstance(await far.channel("wecom").send([note()]), Ok)


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
async def test_a_keyword_that_the_robot_wants_stands_in_every_message(far: Far, kind: str) -> None:
    far.ends[kind]._keyword = "告警中心"  # type: ignore[attr-defined]
    assert isinstance(await far.channel(kind).send([note()]), Failed)
    assert isinstance(await far.channel(kind, keyword="告警中心").send([note()]), Ok)


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "ftp://example.org", "https://a b", "https://u:p@host/x", "x"]
)
@pytest.mark.parametrize("kind", ROBOTS)
def test_an_address_must_be_one_that_a_secret_may_go_to(kind: str, url: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="https://"):
        msgspec.convert({"url": url}, BY_TYPE[kind].settings)
