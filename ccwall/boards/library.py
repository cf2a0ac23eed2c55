"""The boards, floor plans and pictures of one house: judged, kept in versions, and given out."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeVar
from zlib import crc32

import msgspec

from ccwall.boards import pictures, shipped
from ccwall.boards.checking import board_of, format_is_known
from ccwall.boards.objections import Conflict, NoRoom, NotKept, NotThere, Refused
from ccwall.boards.paper import Mistake, Mistaken, Paper
from ccwall.boards.store import Draft, Full, Kind, Stale, Store, Unwritable, Version

MOST_NOTE = 200
Tree = dict[str, Any]
Now = Callable[[], float]
T = TypeVar("T")


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A document that may be kept."""

    id: str
    about: Tree
    body: bytes


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A document as it is now, or was: its entry in the list, what is in it, and a tag that changes with both."""

    entry: Tree
    body: bytes
    tag: str


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """To save: the document as it was sent, and by whom. ``base`` is the version it was made from, None for a new one."""

    told: object
    by: str
    base: int | None = None
    note: str = ""


class Shelf:
    """All documents of one kind. ``check`` judges one; ``presets`` are shown where nobody made their own."""

    def __init__(
        self,
        kind: Kind,
        store: Store,
        now: Now,
        check: Callable[[object], Checked],
        presets: Callable[[], Mapping[str, Checked]] = dict,
    ) -> None:
        self._kind, self._store, self._now, self._check, self._presets = kind, store, now, check, presets

    async def entries(self) -> Sequence[Tree]:
        """Of every document, by id."""
        await self._store.ready()
        made, presets = self._store.newest(self._kind), self._presets()
        there = {*presets, *(id for id, version in made.items() if not version.deleted)}
        return [(await self.entry(id))[0] for id in sorted(there)]

    def knows(self, id: str) -> bool:
        return self._made(id) is not None or id in self._presets()

    async def entry(self, id: str) -> tuple[Tree, str]:
        """The entry, and a tag of the document: two with the same tag are the same."""
        await self._store.ready()
        made = self._made(id)
        if made is not None:
            return self._entry_of(made), _tag(made)
        preset = self._presets().get(id)
        if preset is None:
            raise NotThere(f"There is no {self._kind} {id} here.")
        return {"id": id, **preset.about, "version": 0, "preset": True}, f'"0-{crc32(preset.body):08x}"'

    async def one(self, id: str) -> Shown:
        entry, tag = await self.entry(id)
        body = await self._body(id, entry["version"]) if entry["version"] else self._presets()[id].body
        return Shown(entry=entry, body=body, tag=tag)

    async def create(self, wish: Wish) -> Shown:
        """A document that was not there; `Conflict` when its id is taken."""
        checked = await self._checked(wish)
        if self.knows(checked.id):
            made = self._made(checked.id)
            told = f"There is a {self._kind} {checked.id} already. Give this one another id, or open that one and save over it."
            raise Conflict(told, 0 if made is None else made.version, made)
        return await self._save(checked, wish, 0)

    async def change(self, id: str, wish: Wish) -> Shown:
        """A new version over ``wish.base``; `Conflict` when somebody else saved meanwhile."""
        if not self.knows(id):
            raise NotThere(
                f"There is no {self._kind} {id} here; somebody may have deleted it. Save it as a new one."
            )
        checked = await self._checked(wish)
        if checked.id != id:
            what = f"is {checked.id}, and the address says {id}; to copy a {self._kind}, save it as a new one"
            raise Refused(Mistaken([Mistake("id", what)]), self._kind)
        return await self._save(checked, wish, wish.base or 0)

    async def delete(self, id: str, by: str, base: int | None = None) -> Version:
        """Gone from the list; its versions stay for a while. Of a preset, what people made of it."""
        made = self._made(id)
        if made is None:
            if id in self._presets():
                raise Conflict("This preset comes with ccwall and cannot be deleted; nobody has changed it.")
            raise NotThere(f"There is no {self._kind} {id} here.")
        wanted = made.version if base is None else base
        return await self._keep(Draft(kind=self._kind, id=id, base=wanted, at=self._now(), by=by))

    async def versions(self, id: str) -> Sequence[Tree]:
        """Newest first, without the preset."""
        found = await self._asked(self._store.versions(self._kind, id))
        if not found and not self.knows(id):
            raise NotThere(f"There is no {self._kind} {id} here.")
        return [_version(each) for each in found]

    async def version(self, id: str, number: int) -> tuple[Tree, bytes]:
        """One of them and what is in it; 0 is the preset."""
        if number == 0 and (preset := self._presets().get(id)) is not None:
            return {"version": 0, "at": 0.0, "by": "ccwall", "note": ""}, preset.body
        found = await self._asked(self._store.versions(self._kind, id))
        for each in found:
            if each.version == number and not each.deleted:
                return _version(each), await self._body(id, number)
        raise NotThere(f"There is no version {number} of the {self._kind} {id}, or it is no longer kept.")

    async def _save(self, checked: Checked, wish: Wish, base: int) -> Shown:
        draft = Draft(
            kind=self._kind,
            id=checked.id,
            base=base,
            at=self._now(),
            by=wish.by,
            note=wish.note,
            about=checked.about,
            body=checked.body,
        )
        version = await self._keep(draft)
        return Shown(entry=self._entry_of(version), body=checked.body, tag=_tag(version))

    async def _keep(self, draft: Draft) -> Version:
        try:
            return await self._store.save(draft)
        except Stale as stale:
            current = stale.current
            if current is None:
                told = f"The {self._kind} {draft.id} was deleted meanwhile. Load it again, or save yours as a new one."
                raise Conflict(told) from None
            told = f"{current.by} saved version {current.version} of {draft.id} meanwhile, and yours is made from version {draft.base}. "
            raise Conflict(
                told + "Load it again, or save yours under another id.", current.version, current
            ) from None
        except Full as full:
            raise NoRoom(str(full)) from None
        except Unwritable as error:
            raise NotKept(f"Not saved: {error}. What hangs on the walls stays as it is.") from None

    async def _checked(self, wish: Wish) -> Checked:
        """In a thread: a large plan takes a while, and the walls must not wait."""
        try:
            return await asyncio.to_thread(self._check, wish.told)
        except Mistaken as error:
            raise Refused(error, self._kind) from None

    async def _body(self, id: str, version: int) -> bytes:
        try:
            return await self._asked(self._store.body(self._kind, id, version))
        except KeyError:
            raise NotThere(
                f"There is no version {version} of the {self._kind} {id}, or it is no longer kept."
            ) from None

    async def _asked(self, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except Unwritable as error:
            raise NotKept(f"It cannot be read: {error}.") from None

    def _made(self, id: str) -> Version | None:
        """What people made, unless they deleted it."""
        made = self._store.newest(self._kind).get(id)
        return None if made is None or made.deleted else made

    def _entry_of(self, version: Version) -> Tree:
        told = {
            "id": version.id,
            **version.about,
            "version": version.version,
            "changed_at": version.at,
            "changed_by": version.by,
        }
        return told if self._kind == "picture" else told | {"preset": version.id in self._presets()}


class Library:
    """The three shelves. ``embed``: the origins whose pages boards may show."""

    def __init__(self, store: Store, now: Now, embed: Sequence[str] = ()) -> None:
        self.embed = tuple(embed)
        self._store = store
        allowed = frozenset(embed)
        self.boards = Shelf("board", store, now, lambda told: _board(told, allowed), _presets)
        self._demo = False
        self.plans = Shelf("plan", store, now, _plan, lambda: _demo_plans() if self._demo else {})
        self.pictures = Shelf("picture", store, now, _picture)

    def show_demo(self) -> None:
        """This is the demo's floor: its plan comes with ccwall."""
        self._demo = True

    @property
    def default(self) -> str:
        return shipped.DEFAULT

    @property
    def kept(self) -> bool:
        return self._store.kept

    @property
    def changes(self) -> int:
        return self._store.changes

    async def parsed(self, text: str) -> Tree:
        """A kept plan as a map shows it."""
        try:
            return await asyncio.to_thread(_parsed, text)
        except Mistaken as error:
            raise Refused(error, "plan") from None


def _board(told: object, embed: frozenset[str]) -> Checked:
    board = board_of(told, embed)
    return Checked(id=board.id, about={"name": board.name}, body=msgspec.json.encode(board))


@lru_cache(maxsize=1)
def _presets() -> Mapping[str, Checked]:
    return {
        id: Checked(id=id, about={"name": board.name}, body=msgspec.json.encode(board))
        for id, board in shipped.presets().items()
    }


@lru_cache(maxsize=1)
def _demo_plans() -> Mapping[str, Checked]:
    return {each.id: each for each in map(_plan, shipped.demo_plans())}


def _plan(told: object) -> Checked:
    if not isinstance(told, dict):
        raise Mistaken([Mistake("", "a plan must be an object with format, id, name and text")])
    format_is_known(told, "plan")
    mistakes: list[Mistake] = []
    paper = Paper("", told, mistakes)
    paper.take("format")
    id = paper.id("id", required=True)
    paper.names("name", required=True)
    text = paper.take("text", required=True)
    if text is not None and not isinstance(text, str):
        paper.wrong("text", "must be text: a grid of seat ids, or an SVG")
    paper.finish()
    if mistakes or id is None or not isinstance(text, str):
        raise Mistaken(mistakes)
    seats = len(_parsed(text).get("seats", ()))
    return Checked(id=id, about={"name": told["name"], "seats": seats}, body=msgspec.json.encode(told))


@lru_cache(maxsize=16)
def _parsed(text: str) -> Tree:
    from ccwall.boards.plan import PlanError, parsed

    try:
        plan = parsed(text)
    except PlanError as error:
        raise Mistaken([Mistake("text", str(each)) for each in error.mistakes]) from None
    found: Tree = msgspec.to_builtins(plan)
    return found


def _picture(told: object) -> Checked:
    """``told`` is the id, which may be empty, and the bytes."""
    id, content = told if isinstance(told, tuple) else ("", b"")
    try:
        found = pictures.picture_of(content)
    except ValueError as error:
        raise Mistaken([Mistake("", f"the picture {error}")]) from None
    about = {"type": found.type, "width": found.width, "height": found.height, "bytes": len(content)}
    own = f"p-{blake2b(content, digest_size=8).hexdigest()}"
    return Checked(id=id or own, about=about, body=content)


def _tag(version: Version) -> str:
    """Of a version that people made; the instant tells it from one of the same number in a store that was lost."""
    return f'"{version.version}-{crc32(repr(version.at).encode()):08x}"'


def _version(version: Version) -> Tree:
    told: Tree = {"version": version.version, "at": version.at, "by": version.by, "note": version.note}
    return told | {"deleted": True} if version.deleted else told
