"""The own configuration keys of an adapter or an outlet into its own Struct, field by field, so that every mistake is told."""

from typing import get_args

import msgspec

from ccwall import registry
from ccwall.sheet import Sheet, seconds, secret, shown

_SECRET_KEYS = ("secret", "password", "token")
"""Never a literal, whatever the adapter."""


def own_keys(
    sheet: Sheet, wanted: type[msgspec.Struct], observe: bool
) -> tuple[msgspec.Struct | None, tuple[str, ...]]:
    """The settings as the `wanted` Struct, None when any of them is wrong, and the secrets among them.

    ``observe``: nobody will log in, so what is required may be missing.
    """
    values: dict[str, object] = {}
    secrets: list[str] = []
    before = len(sheet.mistakes)
    for field in msgspec.structs.fields(wanted):
        key = field.encode_name
        value = sheet.raw(key)
        if value is None:
            if field.required and observe:
                values[key] = registry.empty(field.type)
            elif field.required:
                sheet.wrong(key, "is missing")
            continue
        try:
            values[key], hidden = _setting(key, value, field.type, observe)
            secrets += [hidden] if hidden else []
        except ValueError as error:  # msgspec.ValidationError is one
            sheet.wrong(key, str(error))
    sheet.finish()
    if len(sheet.mistakes) > before:
        return None, ()
    try:
        return msgspec.convert(values, wanted), tuple(secrets)
    except msgspec.ValidationError as error:  # what only the whole Struct can know
        sheet.mistakes.append((sheet.path, str(error)))
        return None, ()


def _setting(key: str, value: object, kind: object, observe: bool) -> tuple[object, str]:
    """The value as its field wants it, and the secret in it, if it is one."""
    hidden = ""
    if key in _SECRET_KEYS or (isinstance(value, dict) and set(value) in ({"env"}, {"file"})):
        value = hidden = secret(value, required=not observe)
    if isinstance(value, str) and float in (kind, *get_args(kind)):
        value = seconds(value)
    try:
        return msgspec.convert(value, kind), hidden
    except msgspec.ValidationError as error:
        raise ValueError(f"{error}, got {shown(value)}") from None
