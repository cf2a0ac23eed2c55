"""Why a number is what it is, over HTTP: who may ask what, what is shown to whom, and what is on record."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from ccwall import events
from ccwall.access import Access, Key
from ccwall.api import Floor, Instruments
from ccwall.clock import ManualClock
from ccwall.engine.catalogue import METRICS
from ccwall.events import AgentCard, LineCard, Policy, Principal, QueueCard
from ccwall.explaining import Asked, Explaining
from ccwall.hub import Hub
from ccwall_web.app import create_app
from ccwall_web.explained import Catalogue, Explanation, Metrics
from ccwall_web.schema.problem import ProblemDocument
from tests.engine import journal as facts
from tests.engine.advice.floors import CONSULT, seated
from tests.engine.advice.floors import NOW as SEATED
from tests.engine.journal import ANNA, NOON, OLEG, PBX, PROMO, Q

EXPLAIN, METRICS_OF, CATALOGUE = "/api/v1/explain", "/api/v1/metrics", "/api/v1/catalogue"
NOW = NOON + 300

WHO = {
    "boss": Principal(id="chen", role="manager"),
    "lead": Principal(id="wu", role="lead", teams=("north",)),
    "whole": Principal(id="lin", role="lead"),
    "narrow": Principal(id="zhao", role="supervisor", queues=(PROMO,)),
    "wall": Principal(id="wall-1", role="display"),
}


class Noon(ManualClock):
    """Of the floor: five minutes past noon."""

    def now(self) -> float:
        return NOW


def a_floor() -> facts.Floor:
    policy = Policy(
        queues={Q: QueueCard(names={"zh-CN": "咨询"}, line="service"), PROMO: QueueCard()},
        lines={"service": LineCard()},
        agents={ANNA: AgentCard(team="north"), OLEG: AgentCard(team="south")},
    )
    floor = facts.Floor(policy).say(*facts.connected(NOON))
    for agent, device in ((ANNA, "PJSIP/1"), (OLEG, "PJSIP/2")):
        floor.say(facts.member(NOON, agent=agent, interface=device), facts.phone(NOON, "idle", agent, device))
    for n, (wait, agent) in enumerate([(5.0, ANNA), (30.0, ANNA), (40.0, OLEG)]):
        floor.say(facts.queued(NOON + n, f"c{n}"), facts.answered(NOON + n + wait, f"c{n}", agent))
        floor.say(facts.released(NOON + 90 + n, f"c{n}", agent))
    floor.say(facts.queued(NOON, "p", PROMO), facts.queued(NOW - 60, "w"), facts.queued(NOON, "a"))
    floor.say(facts.abandoned(NOON + 50, "a"), facts.alerting(NOON + 1, "w", OLEG))
    return floor


@pytest.fixture
async def people(hub: Hub) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A signed-in client for each of `WHO`."""
    tokens = {who: f"{who}-{'x' * 32}" for who in WHO}
    access = Access([Key.of(token, WHO[who]) for who, token in tokens.items()], clock=ManualClock())
    instruments = Instruments(heard=lambda: {PBX: NOW - 0.5})
    app = create_app(Floor(a_floor().engine, Noon(), instruments), hub, access)
    async with AsyncExitStack() as stack:
        yield {
            who: await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app, client=("192.0.2.5", 40000)),
                    base_url="http://127.0.0.1",
                    headers={"Authorization": f"Bearer {token}"},
                )
            )
            for who, token in tokens.items()
        }


People = dict[str, httpx.AsyncClient]


async def answer(client: httpx.AsyncClient, **asked: str | int) -> Explanation:
    response = await client.get(EXPLAIN, params=asked)
    assert response.status_code == 200, response.text
    assert b"null" not in response.content
    return Explanation.model_validate_json(response.content)


def problem(response: httpx.Response, status: int) -> ProblemDocument:
    assert response.status_code == status
    return ProblemDocument.model_validate_json(response.content)


async def test_a_manager_is_told_everything(people: People) -> None:
    told = await answer(people["boss"], metric="service_level", scope=f"queue:{Q}")
    assert (told.value, told.verdict, told.checked) == (0.2, "bad", True)
    assert told.scope.names == {"zh-CN": "咨询"}
    assert told.contacts is not None
    assert [(card.id, card.part, card.caller) for card in told.contacts.cards] == [
        ("w", "overdue", "13800138000"),
        ("c2", "late", "13800138000"),
        ("c1", "late", "13800138000"),
        ("a", "abandoned", "13800138000"),
    ]
    (source,) = told.sources
    assert (source.source, source.state, source.heard, source.age) == (PBX, "live", NOW - 0.5, 0.5)


@pytest.mark.parametrize("metric", METRICS)
async def test_every_number_of_the_catalogue_is_explained_as_its_description_says(
    people: People, metric: str
) -> None:
    for scope in ("floor", f"queue:{Q}", "line:service", "team:north", f"agent:{ANNA}"):
        if scope.partition(":")[0] in METRICS[metric].scopes:
            for part in ("", "out"):
                await answer(people["boss"], metric=metric, scope=scope, part=part)


async def test_who_may_not_see_callers_gets_their_numbers_masked(people: People) -> None:
    told = await answer(people["whole"], metric="offered")
    assert told.contacts is not None
    assert {card.caller for card in told.contacts.cards} == {"138****8000"}


async def test_a_display_gets_the_explanation_and_nobodys_visit(people: People) -> None:
    with capture_logs() as log:
        told = await answer(people["wall"], metric="service_level", part="miss", limit=200)
        shift = await answer(people["wall"], metric="occupancy")
    assert (told.contacts, shift.people, log) == (None, None, [])
    assert told.value is not None
    assert told.groups is not None


async def test_every_look_at_visits_is_on_record_without_their_numbers(people: People) -> None:
    with capture_logs() as log:
        await answer(
            people["whole"], metric="service_level", scope=f"queue:{Q}", window="rolling:30", limit=2
        )
    (entry,) = log
    kept = (
        "event",
        "what",
        "who",
        "metric",
        "scope",
        "window",
        "part",
        "count",
        "people",
        "callers",
        "client",
    )
    assert [entry[key] for key in kept] == [
        "looked up", "explain", "lin", "service_level", f"queue:{Q}", "rolling:30", "miss", 2, 0, "masked", "192.0.2.5",
    ]  # fmt: skip
    assert "13800138000" not in str(entry)
    assert "****8000" not in str(entry)


async def test_a_look_at_what_people_did_is_on_record(people: People) -> None:
    with capture_logs() as log:
        told = await answer(people["boss"], metric="occupancy")
    assert told.people is not None
    assert [(entry["count"], entry["people"]) for entry in log] == [(0, len(told.people))]


async def test_without_a_limit_nobody_is_listed_and_nothing_recorded(people: People) -> None:
    with capture_logs() as log:
        told = await answer(people["boss"], metric="service_level", limit=0)
    assert (told.contacts, log) == (None, [])


@pytest.mark.parametrize(
    ("who", "scope"),
    [
        ("lead", "team:south"),
        ("lead", f"agent:{OLEG}"),
        ("narrow", "floor"),
        ("narrow", "line:service"),
        ("narrow", "site:site"),
        ("narrow", f"queue:{Q}"),
        ("narrow", "queue:nowhere"),
        ("narrow", "team:north"),
        ("narrow", f"agent:{ANNA}"),
    ],
)
@pytest.mark.parametrize("path", [EXPLAIN, METRICS_OF])
async def test_what_is_beyond_ones_own_is_refused_and_the_try_is_on_record(
    people: People, who: str, scope: str, path: str
) -> None:
    with capture_logs() as log:
        asked = {"scope": scope} | ({"metric": "answered"} if path == EXPLAIN else {})
        problem(await people[who].get(path, params=asked), 403)
    assert [(entry["event"], entry["who"]) for entry in log] == [("refused", WHO[who].id)]


async def test_ones_own_is_explained(people: People) -> None:
    assert (await answer(people["narrow"], metric="offered", scope=f"queue:{PROMO}")).value == 1
    assert (await answer(people["lead"], metric="answered", scope="team:north")).value == 2
    shift = await answer(people["lead"], metric="occupancy", scope="team:north")
    assert [person.agent for person in shift.people or []] == [ANNA]
    queue = await answer(people["lead"], metric="occupancy", scope=f"queue:{Q}")
    assert [person.agent for person in queue.people or []] == [ANNA]


async def test_a_lead_is_shown_no_visit_of_another_team(people: People) -> None:
    told = await answer(people["lead"], metric="service_level", scope=f"queue:{Q}", part="late")
    assert told.contacts is not None
    assert ([card.id for card in told.contacts.cards], told.contacts.total) == (["c1"], 1)
    assert told.value == 0.2


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({}, "query.metric"),
        ({"metric": "joy"}, "query.metric"),
        ({"metric": "x" * 61}, "query.metric"),
        ({"metric": "asa", "scope": "galaxy:7"}, "query.scope"),
        ({"metric": "asa", "scope": "queue:nowhere"}, "query.scope"),
        ({"metric": "forecast", "scope": "team:north"}, "query.scope"),
        ({"metric": "asa", "window": "yesterday"}, "query.window"),
        ({"metric": "asa", "window": "interval:17"}, "query.window"),
        ({"metric": "asa", "window": "rolling:٣٠"}, "query.window"),
        ({"metric": "asa", "basis": "guess"}, "query.basis"),
        ({"metric": "asa", "variant": "offered"}, "query.variant"),
        ({"metric": "service_level", "variant": "best"}, "query.variant"),
        ({"metric": "asa", "part": "'; drop table"}, "query.part"),
        ({"metric": "asa", "limit": "201"}, "query.limit"),
        ({"metric": "asa", "sudo": "1"}, "query.sudo"),
    ],
)
async def test_a_wrong_question_is_told_what_is_wrong_where_and_what_next(
    people: People, asked: dict[str, str], where: str
) -> None:
    told = problem(await people["boss"].get(EXPLAIN, params=asked), 422)
    assert told.mistakes[0].where == where
    assert told.mistakes[0].what
    assert told.next


async def test_an_unknown_cursor_is_a_mistake_of_the_asker(people: People) -> None:
    told = problem(await people["boss"].get(EXPLAIN, params={"metric": "asa", "after": "c99"}), 400)
    assert "after" in told.detail


async def test_pages_follow_each_other(people: People) -> None:
    seen: list[str] = []
    after = ""
    for _ in range(5):
        page = (await answer(people["boss"], metric="offered", limit=2, after=after)).contacts
        assert page is not None
        seen += [card.id for card in page.cards]
        if not (after := page.next or ""):
            break
    assert seen == ["w", "c2", "c1", "p", "c0", "a"]


async def test_all_numbers_of_a_scope_in_one_answer(people: People) -> None:
    response = await people["wall"].get(METRICS_OF, params={"scope": f"queue:{Q}", "window": "rolling:30"})
    told = Metrics.model_validate_json(response.content)
    assert b"null" not in response.content
    assert (told.scope, told.window, told.numbers["answered"]) == (f"queue:{Q}", "rolling:30", 3)
    person = Metrics.model_validate_json(
        (await people["boss"].get(METRICS_OF, params={"scope": f"agent:{ANNA}"})).content
    )
    assert person.numbers["answered"] == 2
    problem(await people["boss"].get(METRICS_OF, params={"scope": "queue:nowhere"}), 422)
    problem(
        await people["boss"].get(METRICS_OF, params={"scope": f"agent:{ANNA}", "window": "rolling:5"}), 422
    )


async def test_the_catalogue_names_everything_in_all_languages(people: People) -> None:
    told = Catalogue.model_validate_json((await people["wall"].get(CATALOGUE)).content)
    assert {metric.key for metric in told.metrics} == set(METRICS)
    for named in (*told.terms.values(), *(metric.names for metric in told.metrics)):
        assert set(named) == {"en", "zh-CN", "zh-TW"}


@pytest.mark.parametrize("path", [EXPLAIN, METRICS_OF, CATALOGUE])
async def test_nobody_is_told_anything(people: People, path: str) -> None:
    del people["boss"].headers["Authorization"]
    problem(await people["boss"].get(path, params={"metric": "asa"}), 401)


async def test_a_source_that_is_away_stands_still_and_says_so(hub: Hub) -> None:
    floor = a_floor().say(events.SourceDown(at=NOON + 250, reason="eof"))
    access = Access([Key.of("b" * 32, WHO["boss"])], clock=ManualClock())
    app = create_app(Floor(floor.engine, Noon(), Instruments()), hub, access)
    transport = httpx.ASGITransport(app, client=("192.0.2.5", 40000))
    headers = {"Authorization": f"Bearer {'b' * 32}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
        told = await answer(client, metric="longest_since")
    assert (told.as_of, told.value) == (NOON + 250, 250.0)
    assert told.incomplete == (NOON + 250, 0)


async def test_a_page_that_asks_again_and_again_is_one_look_a_minute(hub: Hub) -> None:
    clock, token = ManualClock(), "x" * 32
    access = Access([Key.of(token, WHO["boss"])], clock=clock)
    app = create_app(Floor(a_floor().engine, Noon(), Instruments()), hub, access)
    transport = httpx.ASGITransport(app, client=("192.0.2.5", 40000))
    signed = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=signed) as boss:
        with capture_logs() as said:
            for _ in range(40):
                await boss.get(EXPLAIN, params={"metric": "service_level"})
                await clock.advance(2.0)
            await boss.get(EXPLAIN, params={"metric": "answer_rate"})
    looks = [(line["metric"], line["looks"]) for line in said if line["event"] == "looked up"]
    assert looks == [("service_level", 1), ("service_level", 30), ("answer_rate", 1)]


async def test_a_lead_may_ask_about_the_floor_and_sees_nobody_elses_visits(people: People) -> None:
    asked = {"metric": "answered", "part": "hit"}
    whole = (await people["whole"].get(EXPLAIN, params=asked)).json()
    lead = (await people["lead"].get(EXPLAIN, params=asked)).json()
    assert lead["value"] == whole["value"] == 3
    assert [card["agent"] for card in lead["contacts"]["cards"]] == [ANNA, ANNA]
    assert len(whole["contacts"]["cards"]) == 3


def test_a_queue_out_of_sight_counts_in_a_forecast_and_has_no_name() -> None:
    calls = {CONSULT: (120.0, 180.0), PROMO: (60.0, 180.0)}
    floor = seated([(CONSULT, PROMO)] * 8, calls)

    class Then(ManualClock):
        def now(self) -> float:
            return SEATED

    explaining = Explaining(floor.engine, Then(), dict)
    asked = Asked(metric="forecast", scope=f"queue:{CONSULT}")
    narrow = msgspec.structs.replace(WHO["narrow"], queues=(CONSULT,))
    whole: Any = explaining.explain(WHO["boss"], asked)["beside"]
    part: Any = explaining.explain(narrow, asked)["beside"]
    (seen,), (hidden,) = whole, part
    assert (seen["queue"], seen["part"]) == (PROMO, 1.0)
    assert hidden == {**seen, "queue": "", "names": {}}
