"""What differs between two boards: the smallest differences, leaf by leaf, so that a screen is sent what changed."""

import msgspec

Path = tuple[str, ...]
Tree = dict[str, object]

WHOLE = "rolling"
"""What is below changes as a whole: most of it does at every step."""
TREND = "trend"
"""This changes as a whole."""


class Changes(msgspec.Struct):
    """Apply ``delete`` before ``set``. A value is a scalar, an array, or a whole new object."""

    set: list[tuple[Path, object]]
    delete: list[Path]


ABSENT = object()


def differ(path: Path, before: Tree | None, after: Tree, changes: Changes) -> None:
    if before is None:
        changes.set.append((path, copied(after)))
    else:
        compare(path, before, after, changes)


def compare(path: Path, before: object, after: object, changes: Changes) -> None:
    """Say the smallest differences between two values, leaf by leaf; arrays are whole."""
    if before is after:
        return
    whole = WHOLE in path[-2:-1] or path[-1:] == (TREND,)
    if whole or not (isinstance(before, dict) and isinstance(after, dict)):
        if before != after:
            changes.set.append((path, copied(after)))
        return
    if not before.keys() <= after.keys():
        changes.delete.extend((*path, key) for key in before if key not in after)
    for key, value in after.items():
        old = before.get(key, ABSENT)
        if old is value:
            continue
        if isinstance(value, dict) and isinstance(old, dict):
            compare((*path, key), old, value, changes)
        elif old != value:
            changes.set.append(((*path, key), copied(value)))


def copied(value: object) -> object:
    """What is given away may be changed by whoever takes it; what is kept may not."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value
