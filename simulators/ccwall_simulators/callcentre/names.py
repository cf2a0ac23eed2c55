"""Names for agents nobody named, and what an agent's table leaves out."""

from collections.abc import Iterator

import msgspec

from .scenario import AgentPart, Crowd, Names, Scenario

# surname and given name, simplified, traditional, and as they are written abroad
SURNAMES = (
    ("王", "王", "Wang"),
    ("李", "李", "Li"),
    ("张", "張", "Zhang"),
    ("刘", "劉", "Liu"),
    ("陈", "陳", "Chen"),
    ("杨", "楊", "Yang"),
    ("赵", "趙", "Zhao"),
    ("黄", "黃", "Huang"),
    ("周", "周", "Zhou"),
    ("吴", "吳", "Wu"),
    ("徐", "徐", "Xu"),
    ("孙", "孫", "Sun"),
    ("马", "馬", "Ma"),
    ("朱", "朱", "Zhu"),
    ("胡", "胡", "Hu"),
    ("林", "林", "Lin"),
    ("郭", "郭", "Guo"),
)
GIVEN = (
    ("敏", "敏", "Min"),
    ("静", "靜", "Jing"),
    ("丽丽", "麗麗", "Lili"),
    ("伟", "偉", "Wei"),
    ("芳", "芳", "Fang"),
    ("晓燕", "曉燕", "Xiaoyan"),
    ("建国", "建國", "Jianguo"),
    ("婷", "婷", "Ting"),
    ("雪梅", "雪梅", "Xuemei"),
    ("强", "強", "Qiang"),
    ("文博", "文博", "Wenbo"),
    ("佳怡", "佳怡", "Jiayi"),
    ("磊", "磊", "Lei"),
)
ENGLISH = (
    "Peter O'Neil",
    "Grace Liang",
    "Tom Baker",
    "Priya Nair",
    "Smith, John",
    "Anna Ivanova",
    "Kevin Ho",
    "Emily Clarke",
)


def filled_in(scenario: Scenario) -> tuple[AgentPart, ...]:
    everybody = [*scenario.agent, *(agent for crowd in scenario.crowd for agent in _members(crowd))]
    return tuple(_whole(agent, place) for place, agent in enumerate(everybody))


def _members(crowd: Crowd) -> Iterator[AgentPart]:
    for number in range(crowd.first, crowd.first + crowd.count):
        yield AgentPart(
            id=str(number), team=crowd.team, queues=crowd.queues, joins=crowd.joins, shift=crowd.shift
        )


def _whole(agent: AgentPart, place: int) -> AgentPart:
    names = agent.name or named(place)
    phone = agent.phone or f"PJSIP/{agent.id}"
    return msgspec.structs.replace(
        agent,
        name=names,
        native=agent.native or names.get("zh-CN") or names.get("") or agent.id,
        phone=phone,
        extension=agent.extension or phone.partition("/")[2] or agent.id,
    )


def named(place: int) -> Names:
    """A name for the agent at this place, always the same one.

    >>> named(0)["en"]
    'Wang Min'
    """
    if place % 9 == 8:
        name = ENGLISH[place // 9 % len(ENGLISH)]
        return {"": name}
    surname, given = SURNAMES[place % len(SURNAMES)], GIVEN[place * 5 % len(GIVEN)]
    simplified, traditional, english = (surname[i] + (" " * (i == 2)) + given[i] for i in range(3))
    return {"zh-CN": simplified, "zh-TW": traditional, "en": english}
