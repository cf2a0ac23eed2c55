"""A source's own names to ids."""

from ccwall.config import Agent, Config, Queue
from ccwall.directory import ConfiguredDirectory
from ccwall.events import AgentCard, AgentId, QueueCard, QueueId, SourceId

PBX1, PBX2 = SourceId("pbx1"), SourceId("pbx2")
CONFIG = Config(
    wrap_up=2.0,
    queues=(
        Queue(id=QueueId("q1"), natives=((PBX1, "consult"), (PBX2, "1000")), card=QueueCard(), wrap_up=5.0),
    ),
    agents=(
        Agent(
            id=AgentId("a1"),
            card=AgentCard(),
            interfaces={PBX1: ("PJSIP/1001", "Local/1001@agents/n"), PBX2: ("SIP/7",)},
        ),
    ),
)
one, two = ConfiguredDirectory(PBX1, CONFIG), ConfiguredDirectory(PBX2, CONFIG)


def test_two_native_queues_may_be_one() -> None:
    assert one.queue("consult") == two.queue("1000") == "q1"


def test_a_mapping_is_of_one_source_alone() -> None:
    assert two.queue("consult") == "pbx2/consult"
    assert two.agent("PJSIP/1001") == "pbx2/PJSIP/1001"


def test_any_interface_finds_the_person() -> None:
    assert one.agent("hint:1001@ext", "PJSIP/1001") == "a1"
    assert two.agent("SIP/7") == "a1"


def test_the_most_telling_key_names_a_stranger() -> None:
    assert one.agent("PJSIP/9", "Local/9@agents") == "pbx1/PJSIP/9"


def test_a_local_interface_is_the_same_with_and_without_its_option() -> None:
    assert one.agent("Local/1001@agents") == one.agent("Local/1001@agents/n") == "a1"


def test_interfaces_differ_by_case() -> None:
    assert one.agent("pjsip/1001") == "pbx1/pjsip/1001"


def test_a_key_of_the_sources_own_is_made_unique() -> None:
    assert one.own("17.1") == "pbx1/17.1"


def test_wrap_up_is_the_queues_or_the_default() -> None:
    assert (one.wrap_up("consult"), one.wrap_up("promo")) == (5.0, 2.0)
