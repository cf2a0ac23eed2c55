"""The own configuration keys of an adapter or an outlet into its own Struct, field by field, so that every mistake is told."""

from typing import Literal, get_args, get_origin

import msgspec

from ccwall import registry
from ccwall.sheet import Sheet, meant, seconds, secret, shown

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
        if (rows := _rows(field.type)) is not None:
            values[key] = _tables(sheet, key, rows, observe)
            continue
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
        key, colon, text = str(error).partition(": ")  # a Struct may say of which key
        if colon and key in wanted.__struct_fields__:
            sheet.wrong(key, text)
        else:
            sheet.mistakes.append((sheet.path, str(error)))
        return None, ()


def _rows(kind: object) -> type[msgspec.Struct] | None:
    """The Struct of each table where a field is a tuple of them (`[[source.map]]`)."""
    row, *_ = (*get_args(kind), None)
    if get_origin(kind) is tuple and isinstance(row, type) and issubclass(row, msgspec.Struct):
        return row
    return None


def _tables(sheet: Sheet, key: str, row: type[msgspec.Struct], observe: bool) -> tuple[msgspec.Struct, ...]:
    """Those that are right. No secrets are in them."""
    read = [own_keys(each, row, observe)[0] for each in sheet.tables(key)]
    return tuple(each for each in read if each is not None)


def _setting(key: str, value: object, kind: object, observe: bool) -> tuple[object, str]:
    """The value as its field wants it, and the secret in it, if it is one."""
    hidden = ""
    if key in _SECRET_KEYS or (isinstance(value, dict) and set(value) in ({"env"}, {"file"})):
        value = hidden = secret(value, required=not observe)
    if isinstance(value, str) and float in (kind, *get_args(kind)):
        value = seconds(value)
    if get_origin(kind) is Literal and value not in (words := get_args(kind)):
        known = [str(word) for word in words if word != ""]
        raise ValueError(f"must be one of {', '.join(known)}, not {shown(value)}{meant(str(value), known)}")
    try:
        return msgspec.convert(value, kind), hidden
    except msgspec.ValidationError as error:
        raise ValueError(f"{error}, got {shown(value)}") from None
