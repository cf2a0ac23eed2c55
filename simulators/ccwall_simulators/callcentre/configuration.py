"""The ccwall configuration that fits a scenario, as TOML: docs/configuration.md describes it."""

import json
from collections.abc import Iterator

from .roster import memberships
from .scenario import AgentPart, Names, Scenario, Wall


def configuration(scenario: Scenario, *, source: str, url: str, own: str) -> str:
    return "\n".join(_lines(scenario, source, url, own)) + "\n"


def _lines(scenario: Scenario, source: str, url: str, own: str) -> Iterator[str]:
    yield "[site]"
    yield f"name = {_names(scenario.floor.name)}"
    yield f"zone = {_text(scenario.floor.zone)}"
    yield from ("", "[defaults]", *_wall(scenario.wall))
    yield from ("", "[[source]]", f"name = {_text(source)}", 'type = "asterisk-ami"', f"url = {_text(url)}")
    if own:
        yield own.strip("\n")
    for line in scenario.line:
        yield from ("", "[[line]]", f"id = {_text(line.id)}")
        if line.title:
            yield f"name = {_names(line.title)}"
    for queue in scenario.queue:
        yield from ("", "[[queue]]", f"native = {_text(queue.name)}")
        if queue.title:
            yield f"name = {_names(queue.title)}"
        if queue.line:
            yield f"line = {_text(queue.line)}"
        if queue.wall is not None:
            yield from _wall(queue.wall)
        if queue.wrap_up:
            yield f"wrap_up = {_duration(queue.wrap_up)}"
    for agent in scenario.agents():
        yield from _agent(agent, source)
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


def _agent(agent: AgentPart, source: str) -> Iterator[str]:
    yield from ("", "[[agent]]", f"id = {_text(agent.id)}", f"name = {_names(agent.name)}")
    if agent.team:
        yield f"team = {_text(agent.team)}"
    if agent.seat:
        yield f"seat = {_text(agent.seat)}"
    own = dict.fromkeys([agent.phone, *(m.interface or agent.phone for m in memberships(agent))])
    yield f"interfaces.{_text(source)} = [{', '.join(_text(interface) for interface in own)}]"


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
