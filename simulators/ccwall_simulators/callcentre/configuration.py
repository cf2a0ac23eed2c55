"""The ccwall configuration that fits a scenario, as TOML: docs/configuration.md describes it."""

import json
from collections.abc import Callable, Iterator, Mapping

import msgspec

from .roster import memberships
from .scenario import AgentPart, Names, Product, Scenario, Wall


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a product calls what the floor has: a queue, the ways in which it knows a person. `own`: more lines of its source."""

    type: str
    queue: Callable[[str], str] = str
    interfaces: Callable[[AgentPart], list[str]]
    own: Callable[[Scenario], Iterator[str]] = lambda _: iter(())


def configuration(
    scenario: Scenario, *, source: str, url: str, own: str, product: Product = "asterisk"
) -> str:
    return "\n".join(_lines(scenario, source, url, own, _words(product))) + "\n"


def source_lines(scenario: Scenario, *, source: str, url: str, own: str, product: Product) -> list[str]:
    """The source alone."""
    return list(_source(scenario, source, url, own, _words(product)))


def _words(product: Product) -> Words:
    """Products know the floor, the floor knows none of them: looked up when somebody asks."""
    from ccwall_simulators.freeswitch.names import agent_name, queue_name

    known: Mapping[Product, Words] = {
        "asterisk": Words(type="asterisk-ami", interfaces=_interfaces),
        "freeswitch": Words(
            type="freeswitch-esl",
            queue=queue_name,
            interfaces=lambda agent: [agent_name(each) for each in _interfaces(agent)],
        ),
        "csta": Words(type="csta-xml", interfaces=_logins, own=_monitored),
    }
    return known[product]


def _interfaces(agent: AgentPart) -> list[str]:
    """As the floor rings them."""
    return list(dict.fromkeys([agent.phone, *(m.interface or agent.phone for m in memberships(agent))]))


def _logins(agent: AgentPart) -> list[str]:
    """The login, and the phones."""
    from ccwall_simulators.csta.agents import phone_of

    return list(dict.fromkeys([agent.id, *(phone_of(each) for each in _interfaces(agent))]))


def _monitored(scenario: Scenario) -> Iterator[str]:
    """Phones and groups, which CSTA does not list by itself."""
    from ccwall_simulators.csta.agents import phone_of
    from ccwall_simulators.csta.switch import group_of

    everything = {each for agent in scenario.agents() for each in _interfaces(agent)}
    phones = sorted({phone_of(each) for each in everything})
    yield f"devices = [{', '.join(_text(phone) for phone in phones)}]"
    groups = (f"{_text(group_of(place))} = {_text(queue.name)}" for place, queue in enumerate(scenario.queue))
    yield f"groups = {{ {', '.join(groups)} }}"


def _source(scenario: Scenario, source: str, url: str, own: str, words: Words) -> Iterator[str]:
    yield from ("[[source]]", f"name = {_text(source)}", f"type = {_text(words.type)}", f"url = {_text(url)}")
    yield from words.own(scenario)
    if own:
        yield own.strip("\n")


def _lines(scenario: Scenario, source: str, url: str, own: str, words: Words) -> Iterator[str]:
    yield "[site]"
    yield f"name = {_names(scenario.floor.name)}"
    yield f"zone = {_text(scenario.floor.zone)}"
    yield from ("", "[defaults]", *_wall(scenario.wall))
    yield from ("", *_source(scenario, source, url, own, words))
    for line in scenario.line:
        yield from ("", "[[line]]", f"id = {_text(line.id)}")
        if line.title:
            yield f"name = {_names(line.title)}"
    for queue in scenario.queue:
        yield from ("", "[[queue]]", f"native = {_text(words.queue(queue.name))}")
        if queue.title:
            yield f"name = {_names(queue.title)}"
        if queue.line:
            yield f"line = {_text(queue.line)}"
        if queue.wall is not None:
            yield from _wall(queue.wall)
        if queue.wrap_up:
            yield f"wrap_up = {_duration(queue.wrap_up)}"
    for agent in scenario.agents():
        yield from _agent(agent, source, words)
    yield from ("", "[not_ready]")
    kinds = {reason: rest.kind for rest in scenario.breaks for reason in rest.reasons}
    kinds.setdefault(scenario.handling.after_call_reason, "away")
    for walk_out in scenario.walk_out:
        kinds.setdefault(walk_out.reason, "training")
    for reason, kind in kinds.items():
        yield f"{_text(reason)} = {_text(kind)}"


def _wall(wall: Wall) -> Iterator[str]:
    yield f"threshold = {_duration(wall.threshold)}"
    yield f"short = {_duration(wall.short)}"
    yield f"service_level_target = {wall.service_level_target}"
    yield f"answer_rate_target = {wall.answer_rate_target}"
    yield f"longest_wait_limit = {_duration(wall.longest_wait_limit)}"
    yield f"waiting_limit = {wall.waiting_limit}"


def _agent(agent: AgentPart, source: str, words: Words) -> Iterator[str]:
    yield from ("", "[[agent]]", f"id = {_text(agent.id)}", f"name = {_names(agent.name)}")
    if agent.team:
        yield f"team = {_text(agent.team)}"
    if agent.seat:
        yield f"seat = {_text(agent.seat)}"
    own = ", ".join(_text(interface) for interface in words.interfaces(agent))
    yield f"interfaces.{_text(source)} = [{own}]"


def _names(names: Names) -> str:
    if "" in names:
        return _text(names[""])
    return "{ " + ", ".join(f"{_text(language)} = {_text(name)}" for language, name in names.items()) + " }"


def _duration(length: float) -> str:
    """Whole milliseconds, as configuration writes them."""
    whole = round(length * 1000)
    return _text(f"{whole // 1000}s" if whole % 1000 == 0 else f"{whole}ms")


def _text(text: str) -> str:
    """A basic string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)
