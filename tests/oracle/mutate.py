"""How a bug is planted: a line of the engine is changed while a trial runs, wherever the function is already known."""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from types import FunctionType

Change = tuple[str, str, str]
"""``module:function`` (or ``module:Class.method``), the text of the function to be changed, and what it becomes."""


def _function(path: str) -> FunctionType:
    name, _, inside = path.partition(":")
    found: object = import_module(f"ccwall.engine.{name}")
    for part in inside.split("."):
        found = inspect.getattr_static(found, part)
    if isinstance(found, staticmethod | classmethod):
        found = found.__func__
    if isinstance(found, property):
        found = found.fget
    assert isinstance(found, FunctionType), f"{path} is no function"
    return found


@contextmanager
def changed(path: str, old: str, new: str) -> Iterator[None]:
    """The function does something else until the block ends; LookupError when it does not say ``old`` exactly once."""
    function = _function(path)
    source = textwrap.dedent(inspect.getsource(function))
    if source.count(old) != 1:
        raise LookupError(f"{path} says {source.count(old)} times: {old!r}")
    space: dict[str, object] = {}
    exec(compile(source.replace(old, new), f"<{path}, planted>", "exec"), function.__globals__, space)
    planted = space[function.__name__]
    if isinstance(planted, property):
        planted = planted.fget
    if isinstance(planted, staticmethod | classmethod):
        planted = planted.__func__
    assert isinstance(planted, FunctionType)
    code = function.__code__
    function.__code__ = planted.__code__
    try:
        yield
    finally:
        function.__code__ = code


def plant(*changes: Change) -> Callable[[], ExitStack]:
    """A bug of one or more changed lines, to be entered with ``with``."""

    def planted() -> ExitStack:
        stack = ExitStack()
        for path, old, new in changes:
            stack.enter_context(changed(path, old, new))
        return stack

    return planted
