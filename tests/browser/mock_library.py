"""Boards, plans and pictures of a mock wall, in memory: what docs/boards.md says of the requests, and no more judging than
tests of a page need."""

import hashlib
import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import msgspec

from ccwall.boards.plan import PlanError, parsed
from tests.browser.boards import Json

KINDS = {"boards": "board", "plans": "plan"}
Answer = tuple[int, dict[str, str], bytes]


class MockLibrary:
    """`documents[kind][id]` has every version, oldest first, a deletion as None; the presets are version 0."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.presets: dict[str, Json] = {
            each.name.removesuffix(".json"): json.loads(each.read_text(encoding="utf-8"))
            for each in (files("ccwall.boards") / "presets").iterdir()
            if each.name.endswith(".json")
        }
        self.documents: dict[str, dict[str, list[Json]]] = {"boards": {}, "plans": {}}
        self.pictures: dict[str, tuple[str, bytes]] = {}
        self.reports: list[Json] = []
        self.embed: list[str] = []
        self.default = "floor"
        self.may_edit = True
        self.parsed: Callable[[str], Any] = read_plan
        self.changes = 0
        """What the pulse says as `boards`."""

    def save(self, kind: str, id: str, document: Json | None, by: str = "mock", note: str = "") -> None:
        """As if somebody at another screen did it."""
        versions = self.documents[kind].setdefault(id, [])
        versions.append(
            {"version": len(versions) + 1, "at": self._now(), "by": by, "note": note, "is": document}
        )
        self.changes += 1

    def answer(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer | None:
        """None: this path is somebody else's."""
        parts = path.removeprefix("/api/v1/").split("/")
        if parts[0] == "screens":
            if method == "POST":
                self.reports.append(json.loads(body))
                return 204, {}, b""
            return _json(200, {"screens": self.reports})
        if parts[0] == "pictures":
            return self._pictures(method, parts[1:], query, headers, body)
        if parts[0] not in KINDS:
            return None
        if method != "GET" and not self.may_edit:
            return _problem(403, "The role display may not change boards.")
        if parts == ["plans", "look"]:
            return self._look(json.loads(body)["text"])
        if len(parts) == 1:
            return self._list(parts[0]) if method == "GET" else self._write(parts[0], "", json.loads(body))
        if len(parts) > 2:
            return self._versions(parts[0], parts[1], parts[3:])
        if method == "GET":
            return self._one(parts[0], parts[1], headers)
        if method == "DELETE":
            return self._delete(parts[0], parts[1])
        return self._write(parts[0], parts[1], json.loads(body))

    def _entry(self, kind: str, id: str) -> tuple[Json, Json] | None:
        """The entry and the document as it is now."""
        versions = self.documents[kind].get(id, [])
        preset = self.presets.get(id) if kind == "boards" else None
        if versions and versions[-1]["is"] is not None:
            last = versions[-1]
            entry = {"version": last["version"], "changed_at": last["at"], "changed_by": last["by"]}
            document = last["is"]
        elif preset is not None:
            entry, document = {"version": 0}, preset
        else:
            return None
        entry["preset"] = preset is not None
        if kind == "plans":
            entry["seats"] = len(self.parsed(document["text"]).get("seats", ()))
        return {"id": id, "name": document.get("name", {}), **entry}, document

    def _list(self, kind: str) -> Answer:
        ids = sorted({*self.documents[kind], *(self.presets if kind == "boards" else ())})
        told: Json = {kind: [found[0] for id in ids if (found := self._entry(kind, id))]}
        if kind == "boards":
            told |= {"default": self.default, "embed": self.embed}
        return _json(200, told | {"kept": True, "may_edit": self.may_edit})

    def _one(self, kind: str, id: str, headers: Mapping[str, str], status: int = 200) -> Answer:
        found = self._entry(kind, id)
        if found is None:
            return _problem(404, f"There is no {KINDS[kind]} {id} here.")
        told: Json = {"entry": found[0], KINDS[kind]: found[1]}
        if kind == "plans":
            told["parsed"] = self.parsed(found[1]["text"])
        digest = hashlib.blake2b(json.dumps(found[1]).encode(), digest_size=6).hexdigest()
        tag = f'"{found[0]["version"]}-{digest}"'
        if status == 200 and headers.get("if-none-match") == tag:
            return 304, {"etag": tag}, b""
        status, more, body = _json(status, told)
        return status, more | {"etag": tag, "cache-control": "no-cache"}, body

    def _look(self, text: str) -> Answer:
        try:
            return _json(200, {"parsed": self.parsed(text)})
        except PlanError as error:
            mistakes = [{"where": "plan.text", "what": str(each)} for each in error.mistakes]
            return _problem(422, str(error), mistakes=mistakes)

    def _write(self, kind: str, id: str, asked: Json) -> Answer:
        document = asked[KINDS[kind]]
        if kind == "plans" and (refused := self._look(document["text"]))[0] == 422:
            return refused
        found = self._entry(kind, id or document["id"])
        if id and found is None:
            return _problem(404, f"There is no {KINDS[kind]} {id} here.")
        if found is not None and not id:
            return _conflict(f"There is a {KINDS[kind]} {document['id']} already.", found[0])
        if found is not None and asked["base"] != found[0]["version"]:
            return _conflict(f"{found[0].get('changed_by', '')} saved it meanwhile.", found[0])
        self.save(kind, document["id"], document, note=asked.get("note", ""))
        return self._one(kind, document["id"], {}, 200 if id else 201)

    def _delete(self, kind: str, id: str) -> Answer:
        found = self._entry(kind, id)
        if found is None:
            return _problem(404, f"There is no {KINDS[kind]} {id} here.")
        if found[0]["version"] == 0:
            return _conflict("A preset that nobody changed cannot be deleted.", found[0])
        self.save(kind, id, None)
        return 204, {}, b""

    def _versions(self, kind: str, id: str, rest: list[str]) -> Answer:
        versions = self.documents[kind].get(id, [])
        if not rest:
            if not versions and self._entry(kind, id) is None:
                return _problem(404, f"There is no {KINDS[kind]} {id} here.")
            return _json(200, {"versions": [_version(each) for each in reversed(versions)]})
        if rest == ["0"] and kind == "boards" and id in self.presets:
            return _json(
                200,
                {"version": {"version": 0, "at": 0, "by": "ccwall", "note": ""}, "board": self.presets[id]},
            )
        for each in versions:
            if str(each["version"]) == rest[0] and each["is"] is not None:
                return _json(200, {"version": _version(each), KINDS[kind]: each["is"]})
        return _problem(404, f"There is no version {rest[0]} of {id}.")

    def _picture(self, id: str) -> Json:
        kind, body = self.pictures[id]
        told = {"id": id, "version": 1, "type": kind, "bytes": len(body), "width": 64, "height": 64}
        return told | {"changed_at": self._now(), "changed_by": "mock"}

    def _pictures(
        self, method: str, parts: list[str], query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        if not parts and method == "GET":
            entries = [self._picture(id) for id in self.pictures]
            return _json(200, {"pictures": entries, "kept": True, "may_edit": self.may_edit})
        if not self.may_edit and method != "GET":
            return _problem(403, "The role display may not change pictures.")
        if method in {"POST", "PUT"}:
            id = (
                parts[0]
                if parts
                else query.get("id") or "p-" + hashlib.blake2b(body, digest_size=6).hexdigest()
            )
            self.pictures[id] = headers.get("content-type", "image/png"), body
            self.changes += 1
            return _json(201 if method == "POST" else 200, {"entry": self._picture(id)})
        found = self.pictures.get(parts[0])
        if found is None:
            return _problem(404, f"There is no picture {parts[0]} here.")
        if method == "DELETE":
            del self.pictures[parts[0]]
            self.changes += 1
            return 204, {}, b""
        return 200, {"content-type": found[0], "x-content-type-options": "nosniff"}, found[1]


def read_plan(text: str) -> Any:
    return msgspec.to_builtins(parsed(text))


def _version(each: Json) -> Json:
    told = {key: value for key, value in each.items() if key != "is"}
    return told if each["is"] is not None else told | {"deleted": True}


def _json(status: int, document: Json) -> Answer:
    return status, {"content-type": "application/json"}, json.dumps(document).encode()


def _conflict(detail: str, entry: Json) -> Answer:
    return _problem(
        409, detail, **{key: entry[key] for key in ("version", "changed_by", "changed_at") if key in entry}
    )


def _problem(status: int, detail: str, **more: Any) -> Answer:
    told = {
        "type": "about:blank",
        "title": "No",
        "status": status,
        "detail": detail,
        "instance": "",
        "next": "Look again.",
        **more,
    }
    return status, {"content-type": "application/problem+json"}, json.dumps(told).encode()
